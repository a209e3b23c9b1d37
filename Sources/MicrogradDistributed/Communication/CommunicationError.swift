/// An error of the ranks of a ``Communicator``.
public enum CommunicationError: Error, Equatable, Sendable {
  /// Another rank has thrown an error, so that this one would wait forever.
  case rankFailed(rank: Int, reason: String)
  /// A message is longer or shorter than expected: the ranks do not run the same code on the same data. Lengths are in bytes.
  case length(from: Int, expected: Int, received: Int)
  /// The ranks differ in something that must be the same, such as their data.
  case differs(rank: Int, what: String)
  /// The launcher started several processes, but the MPI library of the program does not see them.
  case launcher(name: String, started: Int, library: String, found: Int)
  /// A function of MPI failed.
  case mpi(function: String, reason: String)
}

extension CommunicationError: CustomStringConvertible {
  /// A message that says what is wrong and what to do.
  public var description: String {
    switch self {
    case .rankFailed(let rank, let reason): "rank \(rank) failed: \(reason)"
    case .length(let sender, let expected, let received):
      """
      a message of rank \(sender) has \(received) bytes, and \(expected) were expected: start the same program with the \
      same data on all ranks
      """
    case .differs(let rank, let what):
      "rank \(rank) differs from rank 0 in \(what): start the same program with the same arguments and data on all ranks"
    case .launcher(let name, let started, let library, let found):
      """
      \(name) started \(started) processes, but the program's MPI library (\(library)) found \(found): start it with the \
      mpirun of that library, or build it with the other MPI
      """
    case .mpi(let function, let reason): "\(function) failed: \(reason)"
    }
  }
}
