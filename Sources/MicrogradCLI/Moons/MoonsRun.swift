import Micrograd
import MicrogradNN
import MicrogradTables
import MicrogradVisual

/// A training run on the moons, with its pictures.
struct MoonsRun {
  enum Outcome: Equatable {
    case finished
    case diverged(step: Int)
  }

  private let points: LabeledPoints
  private let data: Dataset
  private let expected: [Double]
  private let model: MLP
  private let parameters: [Value]
  private var optimizer: any ResumableOptimizer
  private let batchSize: BatchSize
  private var shuffling: PythonRandom
  /// The remaining batches of the epoch.
  private var batches: Slice<Batches>
  private let steps: Int
  private var losses: [Double] = []
  private var accuracies: [Double] = []

  /// Draws the points from NumPy's random stream and the network from Python's, both with `seed`, as in the notebook.
  init(
    seed: UInt32, samples: Int, noise: Double, hidden: [Int], optimizer: OptimizerChoice, batchSize: BatchSize,
    steps: Int, learningRate: Double, evaluation: Evaluation
  ) throws {
    var numpy = NumPyRandom(seed: seed)
    points = makeMoons(count: samples, noise: noise, using: &numpy)
    expected = points.signedLabels
    data = try Dataset(points)
    batches = data.batches(of: samples).prefix(0)
    var python = PythonRandom(seed: Int(seed))
    model = MLP(2, hidden + [1], evaluation: evaluation, using: &python)
    parameters = model.parameters
    let schedule = LearningRateSchedule.linear(from: learningRate, to: learningRate / 10, steps: steps)
    self.optimizer = optimizer(model, schedule)
    self.batchSize = batchSize
    shuffling = python
    self.steps = steps
  }

  /// Trains. Stops before a step whose loss is not finite.
  mutating func train(report: any TrainingReport) throws -> Outcome {
    for step in 0..<steps {
      let progress = takeStep(step)
      losses.append(progress.loss)
      accuracies.append(progress.accuracy)
      guard progress.loss.isFinite else {
        try report.ended()
        return .diverged(step: step)
      }
      try report.stepped(progress)
    }
    try report.ended()
    return .finished
  }

  /// Takes a step, unless the loss is not finite. Returns the progress before the step.
  private mutating func takeStep(_ step: Int) -> TrainingProgress {
    let batch = nextBatch()
    let progress = evaluate(batch, step)
    guard progress.loss.isFinite else { return progress }
    if var optimizer = optimizer as? any ClosureOptimizer {
      _ = optimizer.step { evaluate(batch, step).loss }
      self.optimizer = optimizer
    } else if var optimizer = optimizer as? any Optimizer {
      optimizer.step()
      self.optimizer = optimizer
    }
    return progress
  }

  private mutating func nextBatch() -> [Int] {
    guard let size = batchSize.count else { return Array(expected.indices) }
    if batches.isEmpty { batches = data.batches(of: size, shuffledBy: &shuffling)[...] }
    return batches.removeFirst()
  }

  /// Computes the loss on a batch and, if it is finite, the gradients.
  private func evaluate(_ batch: [Int], _ step: Int) -> TrainingProgress {
    Tape.scope {
      let expected = batch.map { self.expected[$0] }
      let scores = batch.map { model(points.inputs[$0])[0] }
      let loss = maxMarginLoss(scores: scores, expected: expected) + l2Penalty(parameters, weight: 1e-4)
      let accuracy = signAccuracy(scores: scores.map(\.data), expected: expected)
      if loss.data.isFinite {
        model.zeroGradients()
        loss.backward()
      }
      return TrainingProgress(
        step: step, loss: loss.data, accuracy: accuracy, learningRate: optimizer.learningRate)
    }
  }

  /// Returns the points as CSV.
  func table() -> String {
    zip(points.inputs, points.labels).reduce(into: CSVText.line(["x", "y", "moon"])) { text, row in
      text += CSVText.line([row.0[0].description, row.0[1].description, row.1 == 0 ? "outer" : "inner"])
    }
  }

  func boundaryPicture() throws -> String {
    try DecisionBoundary(
      points: points.inputs, labels: points.labels, title: "Two moons, separated by \(model.parameterCount) parameters",
      classNames: ["outer moon", "inner moon"]
    ) { x, y in
      withoutGradients { model([x, y])[0].data }
    }.svg()
  }

  func curvePicture() -> String {
    TrainingCurve(loss: losses, accuracy: accuracies, title: "Training on two moons").svg()
  }
}

/// Returns the graph of a neuron with two inputs after backpropagation, as in micrograd's trace notebook.
func neuronGraph(seed: Int) -> Graph {
  Tape.scope {
    var random = PythonRandom(seed: seed)
    let neuron = Neuron(2, evaluation: .scalar, using: &random)
    let x = [Value(1.0), Value(-2.0)]
    let y = neuron(x)
    y.backward()
    let w = neuron.weights
    return Graph(of: y, labels: ["x0": x[0], "x1": x[1], "w0": w[0], "w1": w[1], "b": neuron.bias, "y": y])
  }
}
