import Micrograd
import MicrogradNN
import XCTest

/// Losses against targets that are Values have the numbers and gradients of those against plain targets, which are tested
/// against PyTorch, recorded and compiled.
final class LossesOfValuesTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private let points: [(score: Double, target: Double)] = [
    (0.7, 1), (-1.3, 1), (2.5, -1), (-0.2, -1), (1.4, 1), (30, 1),
  ]

  private func check(
    _ targets: (Double) -> Double = { $0 }, line: UInt = #line,
    plain: (Value, Double) -> Value, valued: @escaping (Value, Value) -> Value
  ) throws {
    let compiled = try compile(at: [0.5, 1]) { x in valued(x[0], x[1]) }
    for (score, target) in points.map({ ($0.score, targets($0.target)) }) {
      let expected = valueWithGradient(at: score) { x in plain(x, target) }
      let recorded = valueWithGradient(at: score) { x in valued(x, Value(target)) }
      let scale = max(1, abs(expected.value))
      XCTAssertEqual(recorded.value, expected.value, accuracy: 1e-14 * scale, line: line)
      XCTAssertEqual(recorded.gradient, expected.gradient, accuracy: 1e-14 * scale, line: line)
      let (values, gradients) = try compiled.valuesWithGradients(at: Samples([[score, target]]))
      XCTAssertEqual(values[0], expected.value, accuracy: 1e-14 * scale, line: line)
      XCTAssertEqual(gradients[0][0], expected.gradient, accuracy: 1e-14 * scale, line: line)
    }
  }

  func testTheyAgreeWithLossesAgainstPlainTargets() throws {
    try check { x, y in
      maxMarginLoss(scores: [x], expected: [y])
    } valued: {
      maxMarginLoss(scores: [$0], expected: [$1])
    }
    try check { x, y in
      squaredHingeLoss(scores: [x], expected: [y])
    } valued: {
      squaredHingeLoss(scores: [$0], expected: [$1])
    }
    try check { x, y in
      meanSquaredError(predicted: [x], expected: [y])
    } valued: {
      meanSquaredError(predicted: [$0], expected: [$1])
    }
    try check { x, y in
      meanAbsoluteError(predicted: [x], expected: [y])
    } valued: {
      meanAbsoluteError(predicted: [$0], expected: [$1])
    }
    try check { x, y in
      huberLoss(predicted: [x], expected: [y], delta: 0.75)
    } valued: {
      huberLoss(predicted: [$0], expected: [$1], delta: 0.75)
    }
    try check({ ($0 + 1) / 2 }) { x, y in
      binaryCrossEntropy(logits: [x], expected: [y])
    } valued: {
      binaryCrossEntropy(logits: [$0], expected: [$1])
    }
  }

  func testTheClassOfACrossEntropyCanBeAnInput() throws {
    let logits = [0.3, -1.2, 2]
    let compiled = try compile(at: logits + [0]) { x in crossEntropy(logits: Array(x[0..<3]), class: x[3]) }
    for index in 0..<3 {
      let expected = valueWithGradient(at: logits) { x in crossEntropy(logits: x, class: index) }
      let (values, gradients) = try compiled.valuesWithGradients(at: Samples([logits + [Double(index)]]))
      XCTAssertEqual(values[0], expected.value, accuracy: 1e-14)
      for k in 0..<3 { XCTAssertEqual(gradients[0][k], expected.gradient[k], accuracy: 1e-14) }
    }
  }

  /// log(1 + e⁻³⁰) and its derivatives, by mpmath.
  func testALossThatIsNearlyZeroKeepsItsDigits() throws {
    let value = 9.357622968839737e-14, slope = 9.357622968839299e-14
    let losses: [(([Value]) -> Value, [Double])] = [
      ({ crossEntropy(logits: $0, class: 0) }, [-slope, slope]),
      ({ crossEntropy(logits: $0, class: Value(0)) }, [-slope, slope]),
      ({ binaryCrossEntropy(logits: [$0[0]], expected: [1]) }, [-slope, 0]),
      ({ binaryCrossEntropy(logits: [$0[0]], expected: [Value(1)]) }, [-slope, 0]),
      ({ binaryCrossEntropy(logits: [-$0[0]], expected: [Value(0)]) }, [-slope, 0]),
    ]
    for (loss, slopes) in losses {
      let found = valueWithGradient(at: [30, 0], of: loss)
      let compiled = try compile(at: [1, 2], of: loss), inner = try compile(at: [1, 2]) { gradient(at: $0, of: loss) }
      let samples = Samples([[30, 0]])
      for number in [found.value] + (try compiled.values(at: samples)) {
        XCTAssertEqual(number, value, accuracy: 4e-29)
      }
      let nested = gradient(at: [Value(30), Value(0)], of: loss).map(\.data)
      let all = [
        found.gradient, nested, try compiled.gradients(at: samples).rows[0], try inner.results(at: samples).rows[0],
      ]
      for gradient in all {
        for (a, b) in zip(gradient, slopes) { XCTAssertEqual(a, b, accuracy: 4e-29) }
      }
    }
  }

  func testACertainAndCorrectPredictionCostsNothing() throws {
    let losses: [(([Value]) -> Value, [Double])] = [
      ({ crossEntropy(logits: $0, class: 0) }, [.infinity, 0]),
      ({ crossEntropy(logits: $0, class: Value(0)) }, [.infinity, 0]),
      ({ crossEntropy(logits: $0, class: Value(1)) }, [-.infinity, 0]),
      ({ binaryCrossEntropy(logits: [$0[0]], expected: [1]) }, [.infinity, 0]),
      ({ binaryCrossEntropy(logits: [$0[0]], expected: [0]) }, [-.infinity, 0]),
      ({ binaryCrossEntropy(logits: [$0[0]], expected: [Value(1)]) }, [.infinity, 0]),
      ({ binaryCrossEntropy(logits: [$0[0]], expected: [Value(0)]) }, [-.infinity, 0]),
    ]
    for (number, (loss, x)) in losses.enumerated() {
      let found = valueWithGradient(at: x, of: loss), compiled = try compile(at: [1, 2], of: loss)
      XCTAssertEqual([found.value] + (try compiled.values(at: Samples([x]))), [0, 0], "\(number)")
      XCTAssertEqual(found.gradient, [0, 0], "\(number)")
      XCTAssertEqual(gradient(at: x.map { Value($0) }, of: loss).map(\.data), [0, 0], "\(number)")
      XCTAssertEqual(try compiled.gradients(at: Samples([x])).rows, [[0, 0]], "\(number), compiled")
    }
  }

  func testAProbabilityThatIsAValueHasADerivative() {
    // By y: log s(-x) - log s(x) = -x.
    for (x, y) in [(0.7, 0.25), (-3, 0), (2, 1)] {
      let slope = gradient(at: y) { y in binaryCrossEntropy(logits: [.constant(x)], expected: [y]) }
      XCTAssertEqual(slope, -x, accuracy: 1e-15)
    }
    let unknown = binaryCrossEntropy(logits: [Value(.nan)], expected: [Value(0)])
    XCTAssertTrue(unknown.data.isNaN)
  }

  func testNormsOfLargeRows() {
    let row = Matrix([[1e200, -1e200]]), ones = Vector.constant([1, 1]), zeros = Vector.constant([0, 0])
    XCTAssertEqual(row.layerNorm(gain: ones, bias: zeros).data, [1, -1])
    XCTAssertEqual(row.rmsNorm(gain: ones).data, [1, -1])
  }
}
