import Micrograd

/// The content of a safetensors file: named tensors, and metadata.
///
/// ```swift
/// let file = SafeTensors([.init("scale", shape: [2], [0.5, 2])], metadata: ["from": "a test"])
/// try file.write(to: url)
/// try SafeTensors(contentsOf: url).tensors[0].data  // [0.5, 2.0]
/// ```
///
/// The format is that of the Python package `safetensors`, and files can be exchanged in both directions. A file consists
/// of 8 bytes for the length of the header; the header in JSON, with the type, shape and position of each tensor; and the
/// numbers. Files written by this library have a checksum in their metadata, which other programs ignore.
public struct SafeTensors: Sendable, Equatable {
  /// A named tensor of numbers.
  public struct Tensor: Sendable, Equatable {
    /// The name: any text except `__metadata__`.
    public let name: String

    /// The size of each dimension, the first varying slowest; an empty array for a scalar.
    public let shape: [Int]

    /// The numbers, row-major. Their count is the product of the shape.
    public let data: [Double]

    /// Creates a named tensor.
    ///
    /// - Precondition: The count of numbers is the product of the shape, and the name is not `__metadata__`.
    public init(_ name: String, shape: [Int], _ data: [Double]) {
      require(name != SafeTensors.metadataName, "a tensor cannot be called \(name): the format reserves that name")
      require(
        shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == data.count,
        "the tensor \(name) of shape \(shape) has \(data.count) numbers: give one for each element")
      self.name = name
      self.shape = shape
      self.data = data
    }
  }

  /// A tensor of a type that is not read: integers, booleans, complex numbers, and floating point of 8 bits or less.
  public struct UnreadTensor: Sendable, Equatable {
    /// The name.
    public let name: String

    /// The element type in the file, such as `I64`.
    public let elementType: String

    /// The size of each dimension.
    public let shape: [Int]
  }

  /// The precision of numbers in a file.
  public enum Precision: String, Sendable, CaseIterable {
    /// 64 bits: every number exactly.
    case float64 = "F64"
    /// 32 bits: every number rounded to nearest. A finite number that would become infinite is an error.
    case float32 = "F32"
  }

  /// The tensors, sorted by the bytes of their names, in the order of the Python package.
  public let tensors: [Tensor]

  /// The tensors of a file that could not be read, sorted by name. They are not written.
  public let unread: [UnreadTensor]

  /// The metadata: texts by key.
  ///
  /// The keys `micrograd.format` and `micrograd.checksum` are not included: they are written and checked automatically.
  public var metadata: [String: String]

  /// Creates content to be written.
  ///
  /// - Precondition: All names are different. (Names that differ only by Unicode normalisation are equal.)
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

  /// Returns the tensor with this name; `nil` if it does not exist.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// The name of the metadata entry in the header.
  internal static let metadataName = "__metadata__"
  /// The largest header that the Python package reads.
  internal static let longestHeader = 100_000_000
  internal static let formatKey = "micrograd.format"
  internal static let formatVersion = "1"
}
