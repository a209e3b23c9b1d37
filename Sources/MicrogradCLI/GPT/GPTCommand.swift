import ArgumentParser
import Foundation
import MicrogradGPT
import MicrogradNN

/// `micrograd gpt`: microgpt, trained on a file of names.
struct GPTCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gpt",
    abstract: "Train a small GPT on a list of names and generate new names.",
    discussion: """
      The model and its training are those of A. Karpathy's microgpt (2026): one attention layer, 16 numbers per \
      character, Adam on one name per step. Names are cut to 16 characters.

      Examples:
        micrograd gpt
        micrograd gpt names.txt --mode scalar
        micrograd gpt names.txt --mode compiled --batch-size 16 --every 100
      """)

  @Argument(
    help: "UTF-8 text file with one name per line; - is standard input. (default: 400 invented river names)",
    completion: .file())
  var file: String?

  @Option(help: "How the loss is computed: scalar (each operation is a node), fused, or compiled.")
  var mode = GPTMode.fused

  @Option(help: "Training steps, at least 1.")
  var steps = 1000

  @Option(help: "Names per step, at least 1.")
  var batchSize = 1

  @Option(help: "Learning rate of the first step, above 0; it falls linearly to 0.")
  var learningRate = 0.01

  @Option(help: "Number of names to generate after training, at least 0.")
  var samples = 20

  @Option(help: "Sampling temperature, above 0; lower values give more common names.")
  var temperature = 0.5

  @Option(help: "Seed for the order of names, the initial parameters and the generated names.")
  var seed = 42

  @Option(
    help: """
      Print a line with the loss every N steps, and at the first and the last step; at least 1. (default: 1, or one line \
      that is overwritten on a terminal)
      """)
  var every: Int?

  @Flag(help: "Print only the generated names.")
  var quiet = false

  func validate() throws {
    try check(steps >= 1, "--steps", steps, "give at least 1")
    try check((1...1_000_000).contains(batchSize), "--batch-size", batchSize, "give 1 to 1000000")
    try check(learningRate > 0 && learningRate.isFinite, "--learning-rate", learningRate, "give a number above 0")
    try check(samples >= 0, "--samples", samples, "give 0 or more")
    try check(temperature > 0 && temperature.isFinite, "--temperature", temperature, "give a number above 0")
    if let every { try check(every >= 1, "--every", every, "give at least 1") }
  }

  func run() throws {
    let names = try file.map(GPTCommand.names) ?? documents(in: RiverNames.text)
    var options = GPTTraining.Options()
    options.mode = mode
    options.steps = steps
    options.batchSize = batchSize
    options.seed = seed
    options.learningRate = learningRate
    var training = GPTTraining(names, options)
    if !quiet {
      try Console.print("names: \(names.count)")
      try Console.print("tokens: \(training.tokenizer.count)")
      try Console.print("parameters: \(training.parameters.parameterCount)")
    }
    try train(&training)
    if !quiet && samples > 0 { try Console.print("generated names:") }
    for number in 0..<samples {
      guard let name = training.sample(temperature: temperature) else {
        throw ExitMessage(
          "the logits of the next character are not finite: try a --learning-rate below \(learningRate) or a "
            + "--temperature above \(temperature).")
      }
      try Console.print(quiet ? name : "sample \(padded(number + 1, to: "\(samples)".count)): \(name)")
    }
  }

  private func train(_ training: inout GPTTraining) throws {
    let report = report()
    var duration = Duration.zero
    for step in 1...steps {
      var loss = 0.0
      duration += ContinuousClock().measure { loss = training.step() }
      try report.stepped(step, loss: loss)
      if !loss.isFinite {
        try report.ended()
        throw ExitMessage(
          "the loss is not finite at step \(step): try a --learning-rate below \(learningRate).")
      }
    }
    try report.ended()
    if quiet { return }
    let seconds = duration / .seconds(1)
    let each = seconds / Double(steps) / Double(batchSize) * 1e6
    try Console.print("time: \(String(format: "%.3f", seconds)) s, \(String(format: "%.1f", each)) µs per name")
  }

  private func report() -> any GPTReport {
    if quiet { return SilentGPTReport() }
    if every == nil, TerminalLine.isAvailable { return GPTBar(steps: steps) }
    return GPTLines(steps: steps, every: every ?? 1)
  }

  /// Returns the names in a file. Errors name the file.
  private static func names(inFile path: String) throws -> [String] {
    let data: Data
    do {
      data = try InputFile(path).data()
    } catch {
      throw ExitMessage(
        "cannot read \(path) (\(systemReason(error))): give the path of a text file with one name per line.")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw ExitMessage("\(InputFile(path).shown) is not UTF-8 text: give a text file with one name per line.")
    }
    let names = documents(in: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
    if names.isEmpty {
      throw ExitMessage("\(InputFile(path).shown) has no names: give a text file with one name per line.")
    }
    return names
  }
}

extension GPTMode: ExpressibleByArgument {}
