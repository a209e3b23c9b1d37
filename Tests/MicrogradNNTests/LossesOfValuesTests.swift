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
}
