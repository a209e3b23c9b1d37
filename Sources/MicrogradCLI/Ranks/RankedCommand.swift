import ArgumentParser
import MicrogradDistributed

/// A command that several processes, the ranks of an MPI job, can run together.
///
/// All ranks run the same code. Only rank 0 prints and writes files.
protocol RankedCommand: ParsableCommand {
  /// Runs the command.
  ///
  /// - Parameter communicator: The ranks; nil if the process was not started by a launcher such as `mpirun`.
  func run(on communicator: (any Communicator)?) throws
}

extension RankedCommand {
  func run() throws { try run(on: nil) }
}

extension Optional where Wrapped == any Communicator {
  /// True in the process that prints and writes files: rank 0, or the only one.
  var isFirst: Bool { self?.isFirst ?? true }
}
