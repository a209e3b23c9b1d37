import ArgumentParser
import Micrograd

@main
struct MicrogradCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "micrograd",
    abstract: "Train small neural networks by backpropagation over scalar values.",
    subcommands: [
      MoonsCommand.self, TrainCommand.self, PredictCommand.self, ExportCommand.self, GradCommand.self, FitCommand.self,
      GPTCommand.self,
    ])

  // Not ArgumentParser's version flag: its text would be made, and OpenBLAS loaded for it, at every start.
  @Flag(help: "Show the version and the library for large matrix products.")
  var version = false

  func run() throws {
    guard version else { throw CleanExit.helpRequest(self) }
    try Console.print("micrograd for Swift, development version")
    try Console.print("matrix products: \(blasDescription)")
  }

  static func main() {
    do {
      var command = try parseAsRoot(FormulaArguments.protected(Array(CommandLine.arguments.dropFirst())))
      try command.run()
    } catch {
      // Help is written to standard output, which may fail.
      guard exitCode(for: error) == .success else { exit(withError: error) }
      do {
        let text = fullMessage(for: error)
        if !text.isEmpty { try Console.print(text) }
      } catch {
        exit(withError: error)
      }
    }
  }
}
