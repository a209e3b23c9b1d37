import ArgumentParser
import Foundation
import MicrogradDistributed

/// Runs commands on the ranks that a launcher such as `mpirun` started.
enum Ranks {
  /// Runs a command: on ranks if a launcher started this process.
  static func run(_ command: inout any ParsableCommand, launcher: Launcher?) throws {
    guard let launcher else { return try command.run() }
    guard let ranked = command as? any RankedCommand else {
      if launcher.size == 1 { return try command.run() }
      let name = type(of: command)._commandName
      throw refusal(
        "micrograd \(name) runs in one process, but \(launcher.name) started \(launcher.size): start it without mpirun.",
        launcher)
    }
    #if MPI
      let code: ExitCode? = MPICommunicator.run { communicator in
        do {
          try ranked.run(on: communicator)
          return nil
        } catch let code as ExitCode {
          return code
        } catch {
          MPICommunicator.abort(MicrogradCommand.message(for: error), rank: communicator.rank)
        }
      }
      if let code { throw code }
    #else
      if launcher.size == 1 { return try command.run() }
      throw refusal(
        """
        \(launcher.name) started \(launcher.size) processes, but this micrograd was built without MPI, and each would \
        write the same files: start it without mpirun, or build it with \
        swift build -c release --product micrograd --traits Commands,OpenBLAS,MPI.
        """, launcher)
    #endif
  }

  /// Returns the error on rank 0. Other ranks are silent, and later: a launcher ends all ranks when one has ended with an
  /// error.
  private static func refusal(_ message: String, _ launcher: Launcher) -> any Error {
    if launcher.rank == 0 { return ExitMessage(message) }
    Thread.sleep(forTimeInterval: 1)
    return ExitCode.failure
  }
}
