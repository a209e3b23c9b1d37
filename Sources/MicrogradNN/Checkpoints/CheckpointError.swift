/// An error in a safetensors file or a checkpoint: what is wrong, and where.
///
/// ```swift
/// do {
///   try model.load(from: URL(fileURLWithPath: "model.safetensors"))
/// } catch {
///   print(error)  // model.safetensors: the tensor "layers.0.bias" has the shape [4], but [16] is expected
/// }
/// ```
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
  /// What is wrong. Offsets count the bytes of the file from 0.
  public enum Problem: Equatable, Sendable {
    /// The file cannot be opened or read. `reason` is the system's message.
    case cannotRead(reason: String)
    /// The file cannot be written. `reason` is the system's message. An existing file is unchanged.
    case cannotWrite(reason: String)
    /// The file is shorter than the 8 bytes of the header's length.
    case tooShort(byteCount: Int)
    /// The header's length exceeds the rest of the file, or the format's limit of 100 MB.
    case headerLength(UInt64, fileByteCount: Int)
    /// The header is not valid UTF-8 from this byte on.
    case headerNotUTF8(offset: Int)
    /// The header is not valid JSON, or not the object that the format requires.
    case headerNotJSON(reason: String)
    /// Two tensors, or two keys of an object in the header, have the same name. Names that differ only by Unicode
    /// normalisation are the same.
    case duplicateName(String, offset: Int)
    /// The element type of a tensor is unknown to the format.
    case unknownElementType(String, tensor: String)
    /// The shape, the element type and the place of a tensor contradict one another.
    case tensorSize(tensor: String, reason: String)
    /// A tensor overlaps the previous one in the data section, or leaves a gap.
    case tensorPlace(tensor: String, expected: Int, found: Int)
    /// The data section is shorter or longer than the header says.
    case dataByteCount(expected: Int, found: Int)
    /// There is not enough memory for the tensors.
    case outOfMemory(byteCount: Int)
    /// The checksum is wrong: the file was changed after it was written.
    case checksum(reason: String)

    /// The file has no tensors of these names.
    case missing(tensors: [String])
    /// The file has tensors that the module does not have.
    case unexpected(tensors: [String])
    /// The shape of a tensor differs from the module's.
    case shape(tensor: String, expected: [Int], found: [Int])
    /// The element type of a tensor is not supported.
    case elementType(String, tensor: String)
    /// A finite number is too large for the requested precision.
    case overflow(tensor: String, index: Int, value: Double)
    /// A name or a key is reserved for checkpoints.
    case reservedName(String)
    /// A part of the training state is missing or invalid.
    case state(String, reason: String)
  }

  /// What is wrong.
  public let problem: Problem

  /// The path of the file; `nil` without a file.
  public let path: String?

  internal init(_ problem: Problem, path: String? = nil) {
    self.problem = problem
    self.path = path
  }

  internal func of(_ path: String) -> CheckpointError { CheckpointError(problem, path: path) }

  /// A message that names the file, what is wrong, and where.
  public var description: String { (path.map { "\($0): " } ?? "") + problem.text }
}

extension CheckpointError.Problem {
  fileprivate var text: String {
    switch self {
    case .cannotRead(let reason): "cannot be read: \(reason)"
    case .cannotWrite(let reason): "cannot be written: \(reason)"
    case .tooShort(let count):
      "\(count) bytes are too few for a safetensors file: its first 8 bytes are the length of its header"
    case .headerLength(let length, let count):
      length > UInt64(SafeTensors.longestHeader)
        ? "the header's length is \(length) bytes, more than the 100 MB allowed: this is not a safetensors file"
        : "the header's length is \(length) bytes, but the file has only \(count) bytes: it was truncated"
    case .headerNotUTF8(let offset): "byte \(offset), in the header, is not UTF-8"
    case .headerNotJSON(let reason): "the header is invalid: \(reason)"
    case .duplicateName(let name, let offset):
      "the name \(quoted(name)) occurs twice, the second time at byte \(offset)"
    case .unknownElementType(let type, let tensor): "the tensor \(quoted(tensor)) has the unknown type \(quoted(type))"
    case .tensorSize(let tensor, let reason): "the tensor \(quoted(tensor)) \(reason)"
    case .tensorPlace(let tensor, let expected, let found):
      "the tensor \(quoted(tensor)) begins at byte \(found) of the data, where \(expected) comes next: "
        + (found < expected ? "it overlaps another" : "there is a gap before it")
    case .dataByteCount(let expected, let found):
      "the header says that \(expected) bytes of data follow, but there are \(found): "
        + (found < expected ? "the file was truncated" : "there are extra bytes")
    case .outOfMemory(let count): "not enough memory: \(count) bytes are needed"
    case .checksum(let reason):
      "\(reason): the file was damaged, or changed by a program that kept the entry \(Checksum.key) of its metadata"
    case .missing(let tensors): "the file has no \(list(tensors))"
    case .unexpected(let tensors): "the module has no \(list(tensors)): pass strict: false to ignore extra tensors"
    case .shape(let tensor, let expected, let found):
      "the tensor \(quoted(tensor)) has the shape \(found), but \(expected) is expected"
        + (found.count == 2 && found == expected.reversed() ? ": transpose it, weights are [outputs, inputs]" : "")
    case .elementType(let type, let tensor):
      "the tensor \(quoted(tensor)) is of type \(type): F64, F32, F16 and BF16 can be read"
    case .overflow(let tensor, let index, let value):
      "number \(index) of the tensor \(quoted(tensor)), \(value), is too large for float32: write float64"
    case .reservedName(let name): "the name \(quoted(name)) is reserved for checkpoints: choose another name"
    case .state(let key, let reason): "\(quoted(key)) \(reason)"
    }
  }

  /// Returns the text escaped, so that a malicious name cannot control a terminal, and shortened.
  private func quoted(_ name: String) -> String {
    name.count <= 200 ? name.debugDescription : String(name.prefix(200)).debugDescription + "…"
  }

  private func list(_ names: [String]) -> String {
    let shown = names.prefix(8).map(quoted).joined(separator: ", ")
    return "tensor\(names.count == 1 ? "" : "s") \(shown)\(names.count > 8 ? " and \(names.count - 8) more" : "")"
  }
}
