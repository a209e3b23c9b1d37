import Micrograd
import MicrogradNN
import TestSupport
import XCTest

final class InitializerTests: XCTestCase {
  private struct Content: Decodable {
    struct Record: Decodable {
      let name: String
      let weights, biases: [Double]
    }

    let seed, inputs, outputs: Int
    let layers: [Record]
  }

  private let initializers: [String: Initializer] = [
    "micrograd": .micrograd,
    "uniform": .uniform(-0.25, 0.25),
    "normal": .normal(standardDeviation: 0.01),
    "Glorot uniform": .glorotUniform(),
    "Glorot uniform for tanh": .glorotUniform(gain: 5.0 / 3),
    "Glorot normal": .glorotNormal(),
    "He uniform": .heUniform,
    "He normal": .heNormal,
    "torch.nn.Linear": .torchLinear,
  ]

  func testNumbersAreThoseOfPythonToPyTorchsFormulas() throws {
    let content: Content = try readFixture("initializers.json")
    XCTAssertEqual(Set(content.layers.map(\.name)), Set(initializers.keys))
    for record in content.layers {
      var random = PythonRandom(seed: content.seed)
      let layer = Layer(
        content.inputs, content.outputs, initializer: try XCTUnwrap(initializers[record.name]), using: &random)
      let biases = record.biases.isEmpty ? Array(repeating: 0, count: content.outputs) : record.biases
      assertClose(layer.namedParameters[0].data, record.weights, 1e-15)
      assertClose(layer.namedParameters[1].data, biases, 1e-15)
    }
  }

  func testMicrogradsNumbersAreTheDefaultBitForBit() {
    var (random, python) = (PythonRandom(seed: 7), PythonRandom(seed: 7))
    let model = MLP(3, [4, 2], using: &random)
    for layer in model.layers {
      XCTAssertEqual(
        layer.namedParameters[0].data, layer.namedParameters[0].data.map { _ in python.uniform(-1, 1) })
      XCTAssertTrue(layer.namedParameters[1].data.allSatisfy { $0 == 0 })
    }
  }

  func testConstantsFillWeightsAndBiases() {
    let neuron = Neuron(2, initializer: .constant(0.5))
    XCTAssertEqual(neuron.trainedParameters.data, [0.5, 0.5, 0.5])
    let network = MLP(2, [2, 1], initializer: .zeros)
    XCTAssertEqual(network.trainedParameters.data, Array(repeating: 0, count: 9))
  }

  /// The bound or the standard deviation as the papers give it, for 300 inputs and 100 outputs.
  private let scales: [(Initializer, bound: Double?, variance: Double)] = [
    (.uniform(-1, 1), 1, 1.0 / 3),
    (.normal(standardDeviation: 0.2), nil, 0.04),
    (.glorotUniform(), (6.0 / 400).squareRoot(), 2.0 / 400),
    (.glorotUniform(gain: 2), 2 * (6.0 / 400).squareRoot(), 4 * 2.0 / 400),
    (.glorotNormal(), nil, 2.0 / 400),
    (.glorotNormal(gain: 0.5), nil, 0.25 * 2.0 / 400),
    (.heUniform, (6.0 / 300).squareRoot(), 2.0 / 300),
    (.heNormal, nil, 2.0 / 300),
    (.torchLinear, (1.0 / 300).squareRoot(), 1.0 / 900),
  ]

  /// With n = 30 000 draws the mean has the standard error √(σ²/n), and the variance σ² √((κ - 1)/n), the kurtosis κ being
  /// 3 of a normal and 1.8 of a uniform distribution. For one seed in 10⁵, one of 18 such numbers is beyond 5 standard errors.
  func testLargeSamplesHaveTheMeanAndVarianceOfTheFormula() {
    for (k, scale) in scales.enumerated() {
      var random = PythonRandom(seed: 100 + k)
      let weights = scale.0.weights(300, 100, using: &random)
      let n = Double(weights.count)
      let mean = weights.reduce(0, +) / n
      let variance = weights.reduce(0) { $0 + $1 * $1 } / n
      let kurtosis = scale.bound == nil ? 3 : 1.8
      XCTAssertEqual(mean, 0, accuracy: 5 * (scale.variance / n).squareRoot(), "\(scale), seed \(100 + k)")
      XCTAssertEqual(
        variance, scale.variance, accuracy: 5 * scale.variance * ((kurtosis - 1) / n).squareRoot(),
        "\(scale), seed \(100 + k)")
      guard let bound = scale.bound else { continue }
      let largest = weights.map(abs).max() ?? 0
      XCTAssertLessThanOrEqual(largest, bound, "\(scale)")
      // That none of 30 000 comes within a thousandth of the bound has a probability of 10⁻¹³.
      XCTAssertGreaterThan(largest, 0.999 * bound, "\(scale)")
    }
  }
}
