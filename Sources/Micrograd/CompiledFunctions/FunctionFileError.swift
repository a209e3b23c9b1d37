/// An error in a file of a compiled function: what is wrong, where, and what to do.
///
/// Its description says all three, as in `model.function: cannot be read: No such file or directory`.
public struct FunctionFileError: Error, Equatable {
  /// What is wrong. Offsets count the bytes of the file from 0.
  public enum Problem: Equatable, Sendable {
    /// The file cannot be opened or read. `reason` is the system's message.
    case cannotRead(reason: String)
    /// The file cannot be written, or the disk is full. `reason` is the system's message. An existing file is unchanged.
    case cannotWrite(reason: String)
    /// There is not enough memory for the file's content.
    case outOfMemory(byteCount: Int)
    /// The file does not begin as ``CompiledFunction/save(to:)`` writes it.
    case notAFunction
    /// The file has another version of the format.
    case version(Int, supported: Int)
    /// The file is shorter or longer than it says.
    case byteCount(expected: Int, found: Int)
    /// The checksum is wrong: the file was changed after it was written.
    case checksum
    /// The file says something that cannot be.
    case damaged(reason: String, offset: Int)
    /// The function uses an operation that this version of the library does not have.
    case unknownOperation(String)
    /// The function calls a ``CustomOperation``, which is Swift code and cannot be saved. The text is its name.
    case customOperation(String)
  }

  /// What is wrong.
  public let problem: Problem
  /// The path of the file; `nil` without a file.
  public let path: String?

  internal init(_ problem: Problem, path: String? = nil) { (self.problem, self.path) = (problem, path) }

  internal init(_ error: SystemFileError) {
    let problem: Problem =
      switch error {
      case .cannotRead(let reason): .cannotRead(reason: reason)
      case .cannotWrite(let reason): .cannotWrite(reason: reason)
      case .outOfMemory(let count): .outOfMemory(byteCount: count)
      }
    self.init(problem)
  }
}

extension FunctionFileError: CustomStringConvertible {
  /// A message that names the file, the cause and the remedy.
  public var description: String { (path.map { "\($0): " } ?? "") + problem.text }
}

extension FunctionFileError.Problem {
  fileprivate var text: String {
    switch self {
    case .cannotRead(let reason): "cannot be read: \(reason)"
    case .cannotWrite(let reason): "cannot be written: \(reason)"
    case .outOfMemory(let count): "not enough memory: \(count) bytes are needed"
    case .notAFunction: "this is not a file of a compiled function: give one that CompiledFunction.save(to:) wrote"
    case .version(let found, let supported):
      "the file has version \(found) of the format, this library reads version \(supported): "
        + (found > supported ? "update the library, or save the function anew" : "save the function anew")
    case .byteCount(let expected, let found):
      "the file says that it has \(expected) bytes, but it has \(found): "
        + (found < expected ? "it was truncated. " : "bytes were added. ") + "Copy or save it anew."
    case .checksum: "the checksum is wrong: the file was damaged. Copy or save it anew."
    case .damaged(let reason, let offset): "the file is damaged near byte \(offset): \(reason). Save it anew."
    case .unknownOperation(let name):
      "the function uses the operation \(name.debugDescription), which this version of the library does not have: update it"
    case .customOperation(let name):
      """
      the function uses the operation \(name), whose rules are Swift code: it cannot be saved. Write it with the operations \
      of Value.
      """
    }
  }
}
