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
        micrograd moons --hidden 32,32 --noise 0.2 --samples 400 --steps 300 --output out/noisy
      """)

  @Option(help: "Seed of the data's and the network's random streams, 0 to 4294967295.")
  var seed: UInt32 = 1337

  @Option(help: "Training steps, at least 1.")
  var steps = 100

  @Option(help: "Points, at least 2.")
  var samples = 100

  @Option(help: "Standard deviation of the noise on the points, at least 0.")
  var noise = 0.1

  @Option(help: "Neurons in each hidden layer, 1 to 4096 each, separated by commas.")
  var hidden = HiddenLayers(sizes: [16, 16])

  @Option(help: "Learning rate at the first step, above 0; it falls in a straight line to a tenth of it.")
  var learningRate = 1.0

  @Option(help: "How layers are put on the tape: scalar, fused, blas or automatic.")
  var evaluation = Evaluation.automatic

  @Option(help: ArgumentHelp("Folder for the pictures; made if need be.", valueName: "dir"))
  var output = "out/moons"

  @Flag(help: "Print the lines of micrograd's notebook, one a step, and nothing else about training.")
  var notebook = false

  @Flag(help: "Say nothing but what went wrong (and, with --notebook, the notebook's lines).")
  var quiet = false

  func validate() throws {
    guard steps >= 1 else { throw ValidationError("--steps is \(steps): give at least 1.") }
    guard samples >= 2 else { throw ValidationError("--samples is \(samples): give at least 2, one a moon.") }
    guard noise >= 0, noise.isFinite else { throw ValidationError("--noise is \(noise): give 0 or more.") }
    guard learningRate > 0, learningRate.isFinite else {
      throw ValidationError("--learning-rate is \(learningRate): give a number above 0.")
    }
  }

  func run() throws {
    let folder = try PictureFolder(path: output)
    var run = MoonsRun(
      seed: seed, samples: samples, noise: noise, hidden: hidden.sizes, steps: steps,
      learningRate: learningRate, evaluation: notebook && evaluation == .automatic ? .scalar : evaluation)
    let report: any TrainingReport =
      notebook ? NotebookReport() : quiet ? SilentReport() : standardReport(steps: steps)
    let outcome = run.train(report: report)

    var messages = try folder.write(run.boundaryPicture(), as: "boundary.svg", "decision boundary")
    messages += try folder.write(run.curvePicture(), as: "loss.svg", "loss and accuracy")
    messages += try folder.writeGraph(neuronGraph(seed: Int(seed)), as: "neuron", "graph of a neuron")
    if !quiet { print(messages.joined(separator: "\n")) }

    if case .diverged(let step) = outcome {
      throw ExitMessage(
        "the loss is not a number any more at step \(step): try a --learning-rate below \(learningRate). "
          + "The pictures show the run until then.")
    }
  }
}

/// The sizes in `--hidden 16,16`.
struct HiddenLayers: ExpressibleByArgument, CustomStringConvertible {
  let sizes: [Int]

  init(sizes: [Int]) { self.sizes = sizes }

  init?(argument: String) {
    let sizes = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard sizes.allSatisfy({ ($0 ?? 0) >= 1 && ($0 ?? 0) <= 4096 }) else { return nil }
    self.sizes = sizes.compactMap(\.self)
  }

  var description: String { sizes.map(String.init).joined(separator: ",") }
  var defaultValueDescription: String { description }
}

extension Evaluation: ExpressibleByArgument {}

/// An error that was explained in full: one line on standard error, exit status 1.
struct ExitMessage: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
