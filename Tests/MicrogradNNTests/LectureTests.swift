import Micrograd
import MicrogradNN
import TestSupport
import XCTest

/// Networks with any activation, trained as in the lecture; losses by PyTorch, from Tests/Fixtures/make_lecture.py.
final class LectureTests: XCTestCase {
  private struct Fixture: Decodable {
    struct Run: Decodable {
      let seed: Int
      let rate: Double
      let losses, predictions: [Double]
    }
    let throughout, hidden, sigmoid: [Run]
  }

  private static let fixture: Fixture = try! readFixture("lecture.json")
  private let xs: [[Double]] = [[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1], [1, 1, -1]]
  private let ys: [Double] = [1, -1, -1, 1]

  /// The lecture's loop: losses before each step, and predictions after the last.
  private func train(
    _ run: Fixture.Run, _ model: some Module, _ predict: ([Double]) -> Value, line: UInt = #line
  ) {
    for (step, expected) in run.losses.enumerated() {
      Tape.scope {
        let loss = zip(xs, ys).map { x, y in (predict(x) - y) ** 2 }.sum()
        XCTAssertEqual(loss.data, expected, accuracy: 1e-12 * max(1, expected), "step \(step)", line: line)
        model.zeroGradients()
        loss.backward()
      }
      for p in model.parameters { p.data -= run.rate * p.grad }
    }
    for (x, expected) in zip(xs, run.predictions) {
      XCTAssertEqual(Tape.scope { predict(x).data }, expected, accuracy: 1e-12, line: line)
    }
  }

  func testTheLecturesLoopReachesItsLossInEveryEvaluation() {
    for run in Self.fixture.throughout {
      for evaluation in Evaluation.allCases {
        var random = PythonRandom(seed: run.seed)
        let model = MLP(
          3, [4, 4, 1], activation: .tanh, outputActivation: .tanh, evaluation: evaluation, initializer: .lecture,
          using: &random)
        train(run, model) { model($0)[0] }
        XCTAssertEqual(model.parameterCount, 41)
      }
    }
  }

  func testWithoutAnOutputActivationTheLastLayerIsLinear() {
    for run in Self.fixture.hidden {
      var random = PythonRandom(seed: run.seed)
      let model = MLP(3, [4, 4, 1], activation: .tanh, initializer: .lecture, using: &random)
      train(run, model) { x in model(x.map { Value($0) })[0] }
    }
  }

  func testActivationsMayDifferByLayer() {
    for run in Self.fixture.sigmoid {
      var random = PythonRandom(seed: run.seed)
      let model = MLP(
        3, [4, 4, 1], activation: .sigmoid, outputActivation: .tanh, initializer: .lecture, using: &random)
      train(run, model) { model($0)[0] }
    }
  }

  func testAChainOfLayersTakesListsOfValues() {
    for run in Self.fixture.throughout {
      var random = PythonRandom(seed: run.seed)
      let model = Sequential(
        Layer(3, 4, activation: .tanh, initializer: .lecture, using: &random),
        Linear(4, 4, initializer: .lecture, using: &random), Activation.tanh,
        Layer(4, 1, activation: .identity, initializer: .lecture, using: &random), Activation.tanh)
      train(run, model) { x in model(x.map { Value($0) })[0] }
    }
  }

  func testBatchesGiveWhatSamplesGive() {
    for (_, _, activation) in Activation.all {
      var random = PythonRandom(seed: 8)
      let model = MLP(3, [5, 4, 2], activation: activation, outputActivation: activation, using: &random)
      Tape.scope {
        let batch = model(xs)
        for (row, x) in xs.enumerated() {
          let sample: [Value] = model(x)
          for (column, output) in sample.enumerated() {
            XCTAssertEqual(batch[row, column].data, output.data, accuracy: 1e-13, "\(activation)")
          }
        }
      }
    }
  }

  func testPredictorsApplyTheActivations() {
    for (_, _, activation) in Activation.all {
      var random = PythonRandom(seed: 9)
      let model = MLP(3, [5, 4, 2], activation: activation, outputActivation: .sigmoid, using: &random)
      let predictor = model.predictor()
      Tape.scope {
        XCTAssertEqual(predictor(xs).flatMap(\.self), model(xs).data, "\(activation)")
        let sample: [Value] = model(xs[0])
        XCTAssertEqual(predictor(xs[0]), sample.map(\.data), "\(activation)")
      }
    }
  }

  func testDescriptionsNameTheActivation() {
    XCTAssertEqual("\(Neuron(2, activation: .tanh))", "TanhNeuron(2)")
    XCTAssertEqual("\(Neuron(2))", "ReLUNeuron(2)")
    XCTAssertEqual("\(Neuron(2, isNonlinear: false))", "LinearNeuron(2)")
    XCTAssertEqual(
      "\(MLP(2, [1, 1], activation: .leakyReLU(slope: 0.2), outputActivation: .sigmoid))",
      "MLP of [Layer of [LeakyReLUNeuron(2)], Layer of [SigmoidNeuron(1)]]")
    let neuron = Layer(2, 3, activation: .silu).neurons[1]
    XCTAssertEqual("\(neuron)", "SiLUNeuron(2)")
    XCTAssertEqual(neuron.activation, .silu)
  }

  func testANeuronOfALayerComputesItsOutput() {
    var random = PythonRandom(seed: 4)
    let layer = Layer(3, 4, activation: .softplus, using: &random)
    Tape.scope {
      let outputs: [Value] = layer(xs[1])
      XCTAssertEqual(layer.neurons.map { $0(xs[1]).data }, outputs.map(\.data))
    }
  }
}
