import ArgumentParser

@main
struct MicrogradCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "micrograd",
    abstract: "Backpropagation over scalar values: the demonstrations.",
    subcommands: [MoonsCommand.self])
}
