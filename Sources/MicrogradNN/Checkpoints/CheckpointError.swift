/// Why a file of tensors cannot be read, written or loaded into a module: what is wrong, and where.
///
///     do {
///       try model.load(from: URL(fileURLWithPath: "model.safetensors"))
///     } catch {
///       print(error)  // model.safetensors: the tensor "layers.0.bias" has the shape [4], where [16] is wanted
///     }
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
  /// What is wrong. Offsets count the bytes of the file from 0.
  public enum Problem: Equatable, Sendable {
    /// The file cannot be opened or read, for the system's reason.
    case cannotRead(reason: String)
    /// The file cannot be written, for the system's reason; what was there before is still there.
    case cannotWrite(reason: String)
    /// There are fewer than the 8 bytes that say how long the header is.
    case tooShort(byteCount: Int)
    /// The header is said to be longer than the rest of the file, or than the 100 MB that the format allows.
    case headerLength(UInt64, fileByteCount: Int)
    /// The header is not valid UTF-8 from this byte on.
    case headerNotUTF8(offset: Int)
    /// The header is not the JSON object that it should be.
    case headerNotJSON(reason: String)
    /// Two tensors, or two keys of one object of the header, have one name; names that differ only by Unicode normalization
    /// count as one.
    case duplicateName(String, offset: Int)
    /// A tensor has a type of which the format does not know.
    case unknownElementType(String, tensor: String)
    /// The shape, the element type and the place of a tensor contradict one another.
    case tensorSize(tensor: String, reason: String)
    /// A tensor does not begin in the data section where the one before it ends: they overlap, or leave a hole.
    case tensorPlace(tensor: String, expected: Int, found: Int)
    /// The data section is shorter or longer than the header says.
    case dataByteCount(expected: Int, found: Int)
    /// There is not as much memory as the tensors take.
    case outOfMemory(byteCount: Int)
    /// The file was written here, and is not as it was written.
    case checksum(reason: String)

    /// The file has no tensors of these names.
    case missing(tensors: [String])
    /// The file has tensors of these names, which nobody wants.
    case unexpected(tensors: [String])
    /// A tensor has another shape than the module's.
    case shape(tensor: String, expected: [Int], found: [Int])
    /// A tensor that is wanted has elements of a type that is not read.
    case elementType(String, tensor: String)
    /// A number that is finite, but too large for the precision asked for.
    case overflow(tensor: String, index: Int, value: Double)
    /// A name or a key that is kept for the checkpoint's own use.
    case reservedName(String)
    /// A part of the training state is missing or senseless.
    case state(String, reason: String)
  }

  /// What is wrong.
  public let problem: Problem

  /// The file, where there is one.
  public let path: String?

  internal init(_ problem: Problem, path: String? = nil) {
    self.problem = problem
    self.path = path
  }

  internal func of(_ path: String) -> CheckpointError { CheckpointError(problem, path: path) }

  /// The file, what is wrong with it, and where.
  public var description: String { (path.map { "\($0): " } ?? "") + problem.text }
}

extension CheckpointError.Problem {
  fileprivate var text: String {
    switch self {
    case .cannotRead(let reason): "cannot be read: \(reason)"
    case .cannotWrite(let reason): "cannot be written: \(reason)"
    case .tooShort(let count): "\(count) bytes are no safetensors file: 8 bytes say how long its header is"
    case .headerLength(let length, let count):
      length > UInt64(SafeTensors.longestHeader)
        ? "the header is said to have \(length) bytes, more than the 100 MB allowed: this is no safetensors file"
        : "the header is said to have \(length) bytes, but the file has \(count) in all: it was cut"
    case .headerNotUTF8(let offset): "byte \(offset), in the header, is not UTF-8"
    case .headerNotJSON(let reason): "the header is not as it should be: \(reason)"
    case .duplicateName(let name, let offset): "the name \(quoted(name)) is there twice, again at byte \(offset)"
    case .unknownElementType(let type, let tensor): "the tensor \(quoted(tensor)) has the unknown type \(quoted(type))"
    case .tensorSize(let tensor, let reason): "the tensor \(quoted(tensor)) \(reason)"
    case .tensorPlace(let tensor, let expected, let found):
      "the tensor \(quoted(tensor)) begins at byte \(found) of the data, where \(expected) comes next: "
        + (found < expected ? "it overlaps another" : "nothing covers the bytes between")
    case .dataByteCount(let expected, let found):
      "the header says that \(expected) bytes of data follow, but there are \(found): "
        + (found < expected ? "the file was cut" : "nothing covers the rest")
    case .outOfMemory(let count): "\(count) bytes of memory are needed, which are not to be had"
    case .checksum(let reason):
      "\(reason): the file was damaged, or changed by a program that kept the entry \(Checksum.key) of its metadata"
    case .missing(let tensors): "there is no \(list(tensors))"
    case .unexpected(let tensors): "nothing takes the \(list(tensors)): ignore what is too much with strict: false"
    case .shape(let tensor, let expected, let found):
      "the tensor \(quoted(tensor)) has the shape \(found), where \(expected) is wanted"
        + (found.count == 2 && found == expected.reversed() ? ": transpose it, weights are [outputs, inputs]" : "")
    case .elementType(let type, let tensor):
      "the tensor \(quoted(tensor)) is of type \(type): F64, F32, F16 and BF16 can be read"
    case .overflow(let tensor, let index, let value):
      "number \(index) of the tensor \(quoted(tensor)), \(value), is too large for float32: write float64"
    case .reservedName(let name): "the name \(quoted(name)) is kept for the checkpoint's own use: choose another"
    case .state(let key, let reason): "\(quoted(key)) \(reason)"
    }
  }

  /// Escaped, so that a hostile name cannot steer a terminal, and shortened.
  private func quoted(_ name: String) -> String {
    name.count <= 200 ? name.debugDescription : String(name.prefix(200)).debugDescription + "…"
  }

  private func list(_ names: [String]) -> String {
    let shown = names.prefix(8).map(quoted).joined(separator: ", ")
    return "tensor\(names.count == 1 ? "" : "s") \(shown)\(names.count > 8 ? " and \(names.count - 8) more" : "")"
  }
}
