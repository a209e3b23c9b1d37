import Micrograd

/// The content of a file in the safetensors format: tensors with names, and texts about them.
///
/// ```swift
/// let file = SafeTensors([.init("scale", shape: [2], [0.5, 2])], metadata: ["from": "a test"])
/// try file.write(to: url)
/// try SafeTensors(contentsOf: url).tensors[0].data  // [0.5, 2.0]
/// ```
///
/// The format is that of the Python package `safetensors`, and files can be exchanged in both directions. A file has 8 bytes
/// for the length of the header; the header in JSON, with the type, shape and place of each tensor; and the numbers. Files
/// written by this library have a checksum in their metadata, which other programs ignore.
public struct SafeTensors: Sendable, Equatable {
  /// Numbers with a name and a shape.
  public struct Tensor: Sendable, Equatable {
    /// The name: any text but `__metadata__`.
    public let name: String

    /// The extent of each dimension, the first varying slowest; none for a single number, 0 for no numbers.
    public let shape: [Int]

    /// The numbers, row-major, as many as the product of the extents.
    public let data: [Double]

    /// Names some numbers.
    ///
    /// - Precondition: There are as many as the shape has places, and the name is not `__metadata__`.
    public init(_ name: String, shape: [Int], _ data: [Double]) {
      require(name != SafeTensors.metadataName, "a tensor cannot be called \(name): the format keeps that name")
      require(
        shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == data.count,
        "the tensor \(name) of shape \(shape) is given \(data.count) numbers: give each place one")
      self.name = name
      self.shape = shape
      self.data = data
    }
  }

  /// A tensor of a type that is not read: integers, truth values, complex numbers, and floating point of 8 bits or less.
  public struct UnreadTensor: Sendable, Equatable {
    /// The name.
    public let name: String

    /// The type of the elements, as the file has it: `I64`.
    public let elementType: String

    /// The extent of each dimension.
    public let shape: [Int]
  }

  /// How numbers are written.
  public enum Precision: String, Sendable, CaseIterable {
    /// 64 bits: every number as it is.
    case float64 = "F64"
    /// 32 bits: every number rounded to the nearest; those that would be infinite are an error.
    case float32 = "F32"
  }

  /// The tensors, sorted by the bytes of their names, as the Python package writes them.
  public let tensors: [Tensor]

  /// The tensors of a file that could not be read, sorted by name. They are not written.
  public let unread: [UnreadTensor]

  /// Texts about the tensors, by key.
  ///
  /// The keys `micrograd.format` and `micrograd.checksum` are not among them: they are written and checked, no more.
  public var metadata: [String: String]

  /// Tensors to be written.
  ///
  /// - Precondition: No two have the same name. (Names that differ only by Unicode normalization are the same.)
  public init(_ tensors: [Tensor], metadata: [String: String] = [:]) {
    self.init(tensors.sorted { $0.name.precedesInBytes($1.name) }, unread: [], metadata: metadata)
    var names: Set<String> = []
    for tensor in tensors { require(names.insert(tensor.name).inserted, "two tensors are called \(tensor.name)") }
  }

  internal init(_ tensors: [Tensor], unread: [UnreadTensor], metadata: [String: String]) {
    self.tensors = tensors
    self.unread = unread
    self.metadata = metadata
  }

  /// The tensor with this name; `nil` if there is none.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// What the format calls its entry for texts.
  internal static let metadataName = "__metadata__"
  /// The limit of the format's own reader.
  internal static let longestHeader = 100_000_000
  internal static let formatKey = "micrograd.format"
  internal static let formatVersion = "1"
}
