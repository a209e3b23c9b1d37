import Dispatch
import Micrograd
import MicrogradNN
import XCTest

/// A predictor gives the bits of the model it was taken from, anywhere.
final class PredictorTests: XCTestCase {
  private func samples(_ count: Int, _ width: Int) -> [[Double]] {
    var random = PythonRandom(seed: count + width)
    return (0..<count).map { _ in (0..<width).map { _ in random.uniform(-1, 1) } }
  }

  func testNetworksInEveryEvaluation() {
    var random = PythonRandom(seed: 3)
    for sizes in [[2, 16, 16, 1], [7, 5, 3], [150, 140, 4], [300, 300]] {
      for evaluation in Evaluation.allCases {
        let model = MLP(sizes[0], Array(sizes.dropFirst()), evaluation: evaluation, using: &random)
        let predictor = model.predictor(), x = samples(30, sizes[0])
        Tape.scope {
          XCTAssertEqual(predictor(x).flatMap(\.self), model(x).data, "\(sizes) \(evaluation), a batch")
          let sample: [Value] = model(x[0])
          XCTAssertEqual(predictor(x[0]), sample.map(\.data), "\(sizes) \(evaluation), a sample")
          let plain: [Value] = withoutGradients { model(x[0]) }
          XCTAssertEqual(predictor(x[0]), plain.map(\.data), "\(sizes) \(evaluation), without gradients")
        }
      }
    }
  }

  func testChainsOfEveryLayer() throws {
    var random = PythonRandom(seed: 4)
    let model = Sequential(
      Linear(6, 20, using: &random), Activation.relu, LayerNorm(20), Linear(20, 20, hasBias: false, using: &random),
      Activation.gelu, Dropout(0.3), RMSNorm(20), Layer(20, 9, using: &random),
      Sequential(Linear(9, 3, using: &random)),
      Activation.softplus)
    let predictor = try model.predictor(), x = samples(17, 6)
    XCTAssertEqual(predictor(x).flatMap(\.self), Tape.scope { model(Matrix(x)).data })
    XCTAssertEqual(predictor.inputCount, 6)
    let words = Embedding(count: 4, width: 3, using: &random)
    XCTAssertEqual(words.predictor()([2, 0]), words([2, 0]).data)
  }

  func testTrainingGoesOnWithoutIt() {
    let model = MLP(2, [3, 1])
    let predictor = model.predictor(), before = predictor([0.5, 1])
    for parameter in model.parameters { parameter.data += 1 }
    XCTAssertEqual(predictor([0.5, 1]), before)
    XCTAssertNotEqual(model.predictor()([0.5, 1]), before)
  }

  func testManyThreadsAtOnceRecordNothing() {
    var random = PythonRandom(seed: 5)
    let model = MLP(40, [60, 60, 3], using: &random)
    let predictor = model.predictor(), x = samples(64, 40)
    let expected = predictor(x)
    let nodes = Tape.current.nodeCount
    DispatchQueue.concurrentPerform(iterations: 64) { k in
      XCTAssertEqual(predictor(x), expected)
      XCTAssertEqual(predictor(x[k]).count, 3)
    }
    XCTAssertEqual(Tape.current.nodeCount, nodes)
  }

  func testNoSamplesGiveNoOutputs() {
    XCTAssertEqual(MLP(2, [1]).predictor()([[Double]]()), [])
  }

  private struct Residual: Model, CompositeModule {
    let inner: Linear
    let outer: Linear
    var children: KeyValuePairs<String, any Module> { ["inner": inner, "outer": outer] }
    func callAsFunction(_ batch: Matrix) -> Matrix { batch + outer(inner(batch).gelu()) }
  }

  func testACompositeModelIsCompiledForItsPredictor() throws {
    var random = PythonRandom(seed: 6)
    let model = Residual(inner: Linear(5, 7, using: &random), outer: Linear(7, 5, using: &random))
    let x = samples(30, 5)
    let predictors = [
      try model.predictor(), try model.predictor(inputCount: 5), try Sequential(model, Activation.relu).predictor(),
    ]
    let expected = Tape.scope { model(Matrix(x)).data }
    for parameter in model.parameters { parameter.data += 1 }
    DispatchQueue.concurrentPerform(iterations: 30) { k in
      for (predictor, end) in zip(predictors, [{ $0 }, { $0 }, { max($0, 0) }] as [@Sendable (Double) -> Double]) {
        XCTAssertEqual(predictor.inputCount, 5)
        for (found, value) in zip(predictor(x[k]), expected[k * 5..<(k + 1) * 5]) {
          XCTAssertEqual(found, end(value), accuracy: 1e-14)
        }
      }
    }
    XCTAssertEqual(predictors[0](x).count, 30)
    XCTAssertEqual(predictors[0]([[Double]]()), [])
  }

  func testAModelWithoutAKnownNumberOfInputsNeedsIt() throws {
    struct Twice: Model {
      var parameters: [Value] { [] }
      func callAsFunction(_ batch: Matrix) -> Matrix { batch * 2 }
    }
    struct Same: Model, CompositeModule {
      let children: KeyValuePairs<String, any Module> = ["activation": Activation.relu]
      func callAsFunction(_ batch: Matrix) -> Matrix { batch }
    }
    for model in [Twice(), Same(), Sequential(Twice())] as [any Model] {
      XCTAssertThrowsError(try model.predictor()) { error in
        XCTAssertTrue("\(error)".contains("call predictor(inputCount:)"), "\(error)")
      }
    }
    XCTAssertThrowsError(try Sequential(Twice()).predictor()) { XCTAssertEqual(($0 as? NoPredictor)?.model, "Twice") }
    XCTAssertEqual(try Twice().predictor(inputCount: 2)([1, -3]), [2, -6])
  }

  func testAModelThatComparesSamplesIsRefused() {
    struct Bent: Model {
      var parameters: [Value] { [] }
      func callAsFunction(_ batch: Matrix) -> Matrix { batch[0, 0] < 0 ? batch * 2 : batch }
    }
    XCTAssertThrowsError(try Bent().predictor(inputCount: 1)) { error in
      XCTAssertTrue("\(error)".contains("compares Values that depend on the sample"), "\(error)")
    }
  }
}
