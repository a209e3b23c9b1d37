import ArgumentParser
import Foundation
import Micrograd
import MicrogradNN
import MicrogradVisual

/// `micrograd moons`: the demo notebook of micrograd, with pictures.
struct MoonsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moons",
    abstract: "Train a network on the two-moons data and draw its decision boundary.",
    discussion: """
      The defaults are those of micrograd's demo notebook and give its numbers: 100 points, a 2-16-16-1 network, \
      max-margin loss with an L2 penalty, 100 steps of gradient descent on all points at once.

      Examples:
        micrograd moons
        micrograd moons --notebook --quiet
        micrograd moons --hidden 32,32 --noise 0.2 --samples 400 --steps 300
        micrograd moons --optimizer adam --batch-size 20 --steps 200
        micrograd moons --samples 400 --noise 0.2 --csv moons.csv
      """)

  @Option(help: "Seed of the data's and the network's random streams, 0 to 4294967295.")
  var seed: UInt32 = 1337

  @Option(help: "Training steps, at least 1.")
  var steps = 100

  @Option(help: "Points, at least 2.")
  var samples = 100

  @Option(help: "Standard deviation of the noise on the points, at least 0.")
  var noise = 0.1

  @Option(help: "Neurons in each hidden layer, 1 to 4096 each, separated by commas; or none.")
  var hidden = HiddenLayers(sizes: [16, 16])

  @Option(help: "Optimiser.")
  var optimizer = OptimizerChoice.sgd

  @Option(help: "Points per step, at least 1, in a new order each epoch; or all.")
  var batchSize = BatchSize.all

  @Option(
    help: """
      Learning rate of the first step, above 0; it falls linearly to a tenth. (default: 1 for sgd and lbfgs, 0.1 for \
      adagrad, 0.01 for the others)
      """)
  var learningRate: Double?

  @Option(help: "How layers are recorded: scalar, fused, blas or automatic.")
  var evaluation = Evaluation.automatic

  @Option(help: ArgumentHelp("Folder for the pictures; created if missing.", valueName: "dir"))
  var output = "out/moons"

  @Option(
    help: ArgumentHelp("Also write the points to this CSV file, for train; - is standard output.", valueName: "file")
  )
  var csv: String?

  @Flag(help: "Print the lines of micrograd's notebook, one per step, instead of the usual report.")
  var notebook = false

  @Flag(help: "Print errors only; with --notebook, the notebook's lines too.")
  var quiet = false

  private var firstRate: Double { learningRate ?? (optimizer == .sgd ? 1 : optimizer.learningRate) }

  func validate() throws {
    try check(steps >= 1, "--steps", steps, "give at least 1")
    try check(samples >= 2, "--samples", samples, "give at least 2, one for each moon")
    try check(noise >= 0 && noise.isFinite, "--noise", noise, "give 0 or more")
    try check(firstRate > 0 && firstRate.isFinite, "--learning-rate", firstRate, "give a number above 0")
    try optimizer.check(batchSize)
    try refuse(
      csv == "-" && (!quiet || notebook), "--csv is -, and messages go to standard output too",
      "give --quiet, and no --notebook")
  }

  func run() throws {
    let folder = try PictureFolder(path: output, flag: "--output")
    let file = try csv.map { try OutputFile($0, flag: "--csv") }
    var run = try MoonsRun(
      seed: seed, samples: samples, noise: noise, hidden: hidden.sizes, optimizer: optimizer, batchSize: batchSize,
      steps: steps, learningRate: firstRate,
      evaluation: notebook && evaluation == .automatic ? .scalar : evaluation)
    try file?.write(run.table())
    let report: any TrainingReport =
      notebook ? NotebookReport() : quiet ? SilentReport() : standardReport(steps: steps)
    let outcome = try run.train(report: report)

    var messages = try folder.write(run.boundaryPicture(), as: "boundary.svg", "decision boundary")
    messages += try folder.write(run.curvePicture(), as: "loss.svg", "loss and accuracy")
    messages += try folder.writeGraph(neuronGraph(seed: Int(seed)), as: "neuron", "graph of a neuron")
    if let csv { messages.append("points: \(csv)") }
    if !quiet { try Console.print(messages.joined(separator: "\n")) }

    if case .diverged(let step) = outcome {
      throw ExitMessage(
        "the loss is not finite at step \(step): try a --learning-rate below \(firstRate). "
          + "The pictures show the run up to that step.")
    }
  }
}

extension Evaluation: ExpressibleByArgument {}
