import ArgumentParser
import Foundation
import Micrograd
import MicrogradNN
import MicrogradVisual

/// `micrograd moons`: the demo notebook of micrograd, with pictures.
struct MoonsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moons",
    abstract: "Train a network on two interleaving half circles and draw where it parts them.",
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

  @Option(help: "What moves the weights.")
  var optimizer = OptimizerChoice.sgd

  @Option(help: "Points a step, drawn in a new order each time all had their turn, at least 1; or all.")
  var batchSize = BatchSize.all

  @Option(
    help: """
      Learning rate at the first step, above 0; it falls in a straight line to a tenth of it. (default: 1 for sgd and \
      lbfgs, 0.1 for adagrad, 0.01 for the others)
      """)
  var learningRate: Double?

  @Option(help: "How layers are put on the tape: scalar, fused, blas or automatic.")
  var evaluation = Evaluation.automatic

  @Option(help: ArgumentHelp("Folder for the pictures; made if need be.", valueName: "dir"))
  var output = "out/moons"

  @Option(
    help: ArgumentHelp("CSV file for the points as well, for micrograd train; - is standard output.", valueName: "file")
  )
  var csv: String?

  @Flag(help: "Print the lines of micrograd's notebook, one a step, and nothing else about training.")
  var notebook = false

  @Flag(help: "Say nothing but what went wrong (and, with --notebook, the notebook's lines).")
  var quiet = false

  private var firstRate: Double { learningRate ?? (optimizer == .sgd ? 1 : optimizer.learningRate) }

  func validate() throws {
    try check(steps >= 1, "--steps", steps, "give at least 1")
    try check(samples >= 2, "--samples", samples, "give at least 2, one a moon")
    try check(noise >= 0 && noise.isFinite, "--noise", noise, "give 0 or more")
    try check(firstRate > 0 && firstRate.isFinite, "--learning-rate", firstRate, "give a number above 0")
    try optimizer.check(batchSize)
    try refuse(
      csv == "-" && (!quiet || notebook), "--csv is -, and what is said goes to standard output as well",
      "give --quiet, and no --notebook")
  }

  func run() throws {
    let folder = try PictureFolder(path: output, flag: "--output")
    let file = try csv.map { try OutputFile($0, flag: "--csv") }
    var run = MoonsRun(
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
        "the loss is not a number any more at step \(step): try a --learning-rate below \(firstRate). "
          + "The pictures show the run until then.")
    }
  }
}

extension Evaluation: ExpressibleByArgument {}
