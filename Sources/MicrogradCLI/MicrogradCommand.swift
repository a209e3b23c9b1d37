import ArgumentParser

@main
struct MicrogradCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "micrograd",
    abstract: "Trains small neural networks by backpropagation over scalar values.",
    subcommands: [MoonsCommand.self, TrainCommand.self, PredictCommand.self, GPTCommand.self])
}
