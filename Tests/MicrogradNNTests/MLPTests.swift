import Micrograd
import MicrogradNN
import XCTest

final class MLPTests: XCTestCase {
  func testDescriptionIsMicrograds() {
    XCTAssertEqual(
      "\(MLP(2, [2, 1]))",
      "MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(2)]]")
  }

  func testWholeNumbersInALiteralAreAnInput() {
    let model = MLP(3, [4, 4, 1])
    XCTAssertEqual(model([2, 3, -1])[0].data, model([2.0, 3.0, -1.0])[0].data)
    XCTAssertEqual(Layer(2, 3)([1, 2]).count, 3)
  }

  func testParametersAreCountedOnce() {
    XCTAssertEqual(MLP(2, [16, 16, 1]).parameterCount, 337)
    XCTAssertEqual(MLP(3, [1]).parameters.count, 4)
  }

  func testNeuronIsTheWeightedSum() {
    var random = PythonRandom(seed: 2)
    let neuron = Neuron(3, isNonlinear: false, using: &random)
    let x = [0.5, -1.5, 2.5]
    let expected = zip(neuron.weights, x).reduce(neuron.bias.data) { $0 + $1.0.data * $1.1 }
    assertClose(neuron(x).data, expected, 1e-15)
  }

  func testParametersLieInRowMajorOrder() {
    let layer = Layer(3, 2)
    let weights = layer.neurons.flatMap(\.weights).compactMap(\.index)
    let biases = layer.neurons.compactMap(\.bias.index)
    XCTAssertEqual(weights + biases, Array(weights[0]..<(weights[0] + 8)))
  }

  func testParametersDieWithTheModel() {
    let tape = Tape()
    tape.use {
      var model: MLP? = MLP(2, [4, 1])
      XCTAssertEqual(tape.parameterCount, model?.parameterCount)
      model = nil
      XCTAssertEqual(tape.parameterCount, 0)
    }
  }

  func testZeroGradientsClearsAllParameters() {
    let model = MLP(2, [3, 1])
    Tape.scope { model([1.0, 2.0])[0].backward() }
    XCTAssertTrue(model.parameters.contains { $0.grad != 0 })
    model.zeroGradients()
    XCTAssertTrue(model.parameters.allSatisfy { $0.grad == 0 })
  }

  func testScalarEvaluationRecordsMicrogradsNodes() {
    // Neuron by neuron: as many products and sums as inputs, and a relu in all layers but the last.
    let model = MLP(2, [16, 16, 1], evaluation: .scalar)
    Tape.scope {
      let before = Tape.current.nodeCount
      _ = model([0.5, 0.5])
      XCTAssertEqual(Tape.current.nodeCount - before, 2 + 16 * (2 * 2 + 1) + 16 * (2 * 16 + 1) + 2 * 16)
    }
  }

  func testFusedEvaluationRecordsOneNodeANeuron() {
    let model = MLP(2, [16, 16, 1], evaluation: .fused)
    Tape.scope {
      let before = Tape.current.nodeCount
      _ = model([0.5, 0.5])
      XCTAssertEqual(Tape.current.nodeCount - before, 2 + 16 + 16 + 1)
    }
  }

  func testWithoutGradientsComputesTheSameAndRecordsNothing() {
    for evaluation in Evaluation.allCases {
      let model = MLP(3, [5, 2], evaluation: evaluation)
      let x = [0.1, -0.7, 1.3]
      let recorded = Tape.scope { model(x).map(\.data) }
      let before = Tape.current.nodeCount
      let plain = withoutGradients { model(x) }
      XCTAssertEqual(plain.map(\.data), recorded)
      XCTAssertTrue(plain.allSatisfy(\.isConstant))
      XCTAssertEqual(Tape.current.nodeCount, before)
    }
  }
}
