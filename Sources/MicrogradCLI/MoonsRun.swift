import Micrograd
import MicrogradNN
import MicrogradVisual

/// One training run on the moons, and what can be drawn of it.
struct MoonsRun {
  enum Outcome: Equatable {
    case finished
    case diverged(step: Int)
  }

  private let points: LabeledPoints
  private let model: MLP
  private var optimizer: SGD
  private let steps: Int
  private var losses: [Double] = []
  private var accuracies: [Double] = []

  /// Draws the points from NumPy's stream and the network from Python's, both with `seed`, as the notebook does.
  init(
    seed: UInt32, samples: Int, noise: Double, hidden: [Int], steps: Int, learningRate: Double,
    evaluation: Evaluation
  ) {
    var numpy = NumPyRandom(seed: seed)
    points = makeMoons(count: samples, noise: noise, using: &numpy)
    var python = PythonRandom(seed: Int(seed))
    model = MLP(2, hidden + [1], evaluation: evaluation, using: &python)
    let schedule = LearningRateSchedule.linear(from: learningRate, to: learningRate / 10, steps: steps)
    optimizer = SGD(model, schedule: schedule)
    self.steps = steps
  }

  /// Full-batch gradient descent; stops before the step whose loss is not finite.
  mutating func train(report: any TrainingReport) -> Outcome {
    let expected = points.signedLabels
    let parameters = model.parameters
    for step in 0..<steps {
      let progress = Tape.scope {
        let scores = points.inputs.map { model($0)[0] }
        let loss = maxMarginLoss(scores: scores, expected: expected) + l2Penalty(parameters, weight: 1e-4)
        let accuracy = signAccuracy(scores: scores.map(\.data), expected: expected)
        let progress = TrainingProgress(
          step: step, loss: loss.data, accuracy: accuracy, learningRate: optimizer.learningRate)
        guard loss.data.isFinite else { return progress }
        model.zeroGradients()
        loss.backward()
        optimizer.step()
        return progress
      }
      losses.append(progress.loss)
      accuracies.append(progress.accuracy)
      guard progress.loss.isFinite else {
        report.ended()
        return .diverged(step: step)
      }
      report.stepped(progress)
    }
    report.ended()
    return .finished
  }

  func boundaryPicture() throws -> String {
    try DecisionBoundary(
      points: points.inputs, labels: points.labels, title: "Two moons, parted by \(model.parameterCount) parameters",
      classNames: ["outer moon", "inner moon"]
    ) { x, y in
      withoutGradients { model([x, y])[0].data }
    }.svg()
  }

  func curvePicture() -> String {
    TrainingCurve(loss: losses, accuracy: accuracies, title: "Training on two moons").svg()
  }
}

/// A neuron with two inputs after backpropagation, as micrograd's trace notebook shows it.
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
