import ArgumentParser
import Foundation
import Micrograd
import MicrogradDistributed

@main
struct MicrogradCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "micrograd",
    abstract: "Train small neural networks by backpropagation over scalar values.",
    discussion: """
      Examples:
        micrograd moons
        micrograd train iris.csv --target species --save iris.safetensors
        micrograd predict iris.safetensors new.csv
        micrograd grad 'a*b + b**3' a=-4 b=2
        micrograd fit decay.csv 'y ~ a*exp(-b*x) + c'
        micrograd gpt names.txt
        micrograd play

      Exit status: 0 success; 1 an error in the data, in a file or in the output; 64 an error in the command line; \
      129, 130 or 143 after SIGHUP, Ctrl-C or SIGTERM.

      Output has no colours. Progress is one line that is overwritten on a terminal, and a line for every step elsewhere \
      or where TERM is dumb. MICROGRAD_BLAS=none keeps OpenBLAS from being loaded.

      mpirun -n 4 micrograd train … trains on four processes, also on several machines, if micrograd was built with the \
      trait MPI.

      Completion of commands and options by the shell:
        micrograd --generate-completion-script bash > ~/.local/share/bash-completion/completions/micrograd
        micrograd --generate-completion-script zsh > ~/.zfunc/_micrograd
        micrograd --generate-completion-script fish > ~/.config/fish/completions/micrograd.fish
      """,
    subcommands: [
      MoonsCommand.self, TrainCommand.self, PredictCommand.self, ExportCommand.self, ConvertCommand.self,
      GradCommand.self, FitCommand.self, GPTCommand.self, PlayCommand.self,
    ])

  // Not ArgumentParser's version flag: its text would be made, and OpenBLAS loaded for it, at every start.
  @Flag(help: "Show the version and the library for large matrix products.")
  var version = false

  func run() throws {
    guard version else { throw CleanExit.helpRequest(self) }
    try Console.print("micrograd for Swift, \(Library.version)")
    try Console.print("matrix products: \(blasDescription)")
  }

  static func main() {
    do {
      try checkSubcommand(of: CommandLine.arguments.dropFirst())
      var command = try parseAsRoot(FormulaArguments.protected(Array(CommandLine.arguments.dropFirst())))
      try Ranks.run(&command, launcher: Launcher(ProcessInfo.processInfo.environment))
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

  /// Throws if the first argument, or the one after `help`, is a word that is not a subcommand: ArgumentParser calls it an
  /// unexpected argument, and shows the general help after `help`.
  static func checkSubcommand(of arguments: some Collection<String>) throws(ValidationError) {
    let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard let word = words.first, !word.hasPrefix("-"), word != "help", !names.contains(word) else { return }
    let meant = Spelling.closest(to: word, among: names).map { " Did you mean '\($0)'?" } ?? ""
    throw ValidationError(
      "'\(word)' is not a subcommand.\(meant) The subcommands are \(names.joined(separator: ", ")).")
  }
}
