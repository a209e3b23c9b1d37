import Foundation
import Micrograd
import MicrogradNN
import XCTest

final class LayersTests: XCTestCase {
  private var random = PythonRandom(seed: 11)

  private func batch(_ rows: Int, _ columns: Int) -> [[Double]] {
    (0..<rows).map { _ in (0..<columns).map { _ in random.uniform(-2, 2) } }
  }

  func testSequentialNamesItsParametersAsPyTorchDoes() {
    let model = Sequential(
      Linear(3, 4, using: &random), Activation.tanh, Dropout(0.5), LayerNorm(4),
      Linear(4, 2, hasBias: false, using: &random))
    XCTAssertEqual(
      model.namedParameters.map(\.name), ["0.weight", "0.bias", "3.weight", "3.bias", "4.weight"])
    XCTAssertEqual(model.namedParameters.map(\.shape), [[4, 3], [4], [4], [4], [2, 4]])
    XCTAssertEqual(model.parameters.count, 12 + 4 + 8 + 8)
  }

  func testLinearIsWeightedSumsPlusBiases() {
    let layer = Linear(2, 3, using: &random)
    let x = batch(4, 2)
    let (w, b) = (layer.namedParameters[0].data, layer.namedParameters[1].data)
    for (row, y) in zip(x, (0..<4).map { layer(Matrix.constant(x)).row($0).data }) {
      for j in 0..<3 { XCTAssertEqual(y[j], b[j] + w[2 * j] * row[0] + w[2 * j + 1] * row[1], accuracy: 1e-15) }
    }
    XCTAssertTrue((w + b).allSatisfy { abs($0) <= 1 / 2.0.squareRoot() })
  }

  func testLinearWithReLUIsOneBlockWithTheSameGradients() {
    let linear = Linear(3, 5, using: &random)
    let x = Matrix(batch(6, 3)), y = Matrix(rows: 6, columns: 3, x.data)
    Sequential(linear, Activation.relu)(x).squared().sum().backward()
    let fused = linear.namedParameters.map(\.gradients)
    linear.zeroGradients()
    let before = Tape.current.nodeCount
    linear(y).relu().squared().sum().backward()
    XCTAssertEqual(Tape.current.nodeCount - before, 3 * (30 + 1) + 1)
    for (a, b) in zip(fused.joined(), linear.namedParameters.flatMap(\.gradients)) {
      XCTAssertEqual(a, b, accuracy: 1e-13)
    }
    for (a, b) in zip(x.gradients, y.gradients) { XCTAssertEqual(a, b, accuracy: 1e-13) }
  }

  func testDropoutTellsAWatchThatItDraws() {
    Tape.scope {
      var random = PythonRandom(seed: 5)
      let x = Matrix([[1, 2]])
      for (probability, draws) in [(0.25, true), (0, false)] {
        let watch = RecordingWatch()
        watch.watch(.current) { _ = Dropout(probability)(x, training: &random) }
        XCTAssertEqual(watch.drawn, draws)
      }
    }
  }

  func testDropoutKeepsTheMeanWhileTrainingAndEverythingElsewhere() {
    let x = Matrix.constant(rows: 100, columns: 100, Array(repeating: 1, count: 10_000))
    let y = Dropout(0.25)(x, training: &random).data
    XCTAssertEqual(Set(y), [0, 1 / 0.75])
    // The mean of 10⁴ draws is within 5 of its standard deviations, 0.0058 each.
    XCTAssertEqual(y.reduce(0, +) / 10_000, 1, accuracy: 0.03)
    XCTAssertEqual(Dropout(0.25)(x).data, x.data)
    let leaves = Matrix([[1, 2, 3, 4]])
    let dropped = Sequential(Dropout(0.5))(leaves, training: &random)
    dropped.sum().backward()
    XCTAssertEqual(leaves.gradients, zip(dropped.data, leaves.data).map { $0 / $1 })
  }

  func testEmbeddingLooksRowsUp() {
    let table = Embedding(count: 5, width: 2, using: &random)
    let rows = table.namedParameters[0].data
    XCTAssertEqual(table([3, 0]).data, Array(rows[6..<8] + rows[0..<2]))
    let pairs = table(Matrix.constant([[1, 1], [4, 2]]))
    XCTAssertEqual([pairs.rows, pairs.columns], [2, 4])
    pairs.sum().backward()
    XCTAssertEqual(table.namedParameters[0].gradients, [0, 0, 2, 2, 1, 1, 0, 0, 1, 1])
  }

  /// operations.py says which operations are layers of `torch.nn`.
  func testThereIsAnActivationForEveryLayerOfTheOracles() throws {
    struct File: Decodable { let layers: [String] }
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appendingPathComponent("Fixtures/edges.json"))
    let layers = Set(try JSONDecoder().decode(File.self, from: data).layers)
    let all = Set(Activation.all.map { $0.module.joined(separator: " ") })
    XCTAssertEqual(layers.subtracting(all), [], "add a case to Activation and to Activation.all")
    XCTAssertEqual(all.subtracting(layers), ["Identity"], "say in operations.py which layer it is")
  }

  func testEveryActivationOfAMatrixIsThatOfValues() {
    let all: [Activation] = Activation.all.map(\.activation) + [.leakyReLU(slope: 0.3), .elu(scale: 2)]
    let numbers = [-2.0, -0.3, 0.4, 1.7]
    for activation in all {
      XCTAssertEqual(
        activation(Matrix([numbers])).data, numbers.map { activation(Value($0)).data }, "\(activation)")
      XCTAssertEqual(activation.predictor()(numbers), activation(Matrix([numbers])).data, "\(activation)")
    }
  }

  /// A block of one's own with a detour, and a layer that is used twice.
  private struct Residual: Model, CompositeModule {
    let inner: Linear
    let outer: Linear
    var children: KeyValuePairs<String, any Module> { ["inner": inner, "outer": outer, "again": inner] }
    func callAsFunction(_ batch: Matrix) -> Matrix { batch + outer(inner(inner(batch).tanh()).relu()) }
    func predictor() -> Predictor {
      let (inner, outer) = (inner.predictor(), outer.predictor())
      return Predictor { x in x + outer(inner(inner(x).tanh()).relu()) }
    }
  }

  func testAModuleOfOnesOwnTrains() throws {
    let model = Sequential(
      Residual(inner: Linear(2, 2, using: &random), outer: Linear(2, 2, using: &random)), Linear(2, 1, using: &random))
    XCTAssertEqual(
      model.namedParameters.map(\.name),
      ["0.inner.weight", "0.inner.bias", "0.outer.weight", "0.outer.bias", "1.weight", "1.bias"])
    let x = batch(40, 2), expected = x.map { $0[0] * $0[0] - $0[1] }
    var optimizer = SGD(model, learningRate: 0.02)
    var losses: [Double] = []
    for _ in 0..<600 {
      losses.append(
        Tape.scope {
          let loss = meanSquaredError(predicted: model(Matrix.constant(x)), expected: expected)
          model.zeroGradients()
          loss.backward()
          optimizer.step()
          return loss.data
        })
    }
    XCTAssertLessThan(losses[599], losses[0] / 4)
    XCTAssertEqual(try model.predictor()(x), (0..<40).map { model(Matrix.constant(x)).row($0).data })
  }

  func testGradientsOfSharedWeightsAddUp() {
    let layer = Linear(2, 2, using: &random)
    let w = layer.namedParameters[0].data
    func twice(_ w: [Double]) -> Double {
      layer.namedParameters[0].data = w
      return withoutGradients { layer(layer(Matrix.constant([[0.3, -0.7]]))).sum().data }
    }
    layer(layer(Matrix([[0.3, -0.7]]))).sum().backward()
    let gradients = layer.namedParameters[0].gradients
    for k in w.indices {
      var (up, down) = (w, w)
      up[k] += 1e-6
      down[k] -= 1e-6
      XCTAssertEqual(gradients[k], (twice(up) - twice(down)) / 2e-6, accuracy: 1e-8)
    }
  }
}
