import Micrograd
import XCTest

/// Sums of products of all kinds, which the compiler takes apart and puts together anew.
final class CompiledSumsTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private let w = Parameters([0.5, -1.5, 2, 0.25])
  private let batch = Samples([[1, 2], [-0.5, 0.75], [3, -2], [0, 0]])

  private func check(_ f: @escaping ([Value]) -> Value, line: UInt = #line) throws {
    try assertAgrees(try compile(at: [0.5, 0.5], of: f), with: f, at: batch, parameters: Array(w), line: line)
  }

  func testProductsOfParametersAreInSumsOfSamplesProducts() throws {
    let w = w
    try check { x in dot([w[0], x[0]], [w[1], x[1]]) }
    try check { x in dot([w[0], x[0], w[2]], [w[1], w[3], w[2]]) }
    try check { x in dot([x[0], w[0], w[1], x[1]], [w[0], w[0], w[2], w[3]]) + 3 }
    let rows = { (x: [Value]) in
      Matrix(rows: 1, columns: 3, values: [x[0], w[0], x[1]])
        .affine(weights: Matrix(rows: 2, columns: 3, values: [w[0], w[1], w[2], w[3], w[0], w[1]]))
    }
    try check { x in rows(x).squared().sum() }
    try check { x in rows(x).relu().sum() * w[2] }
  }

  func testGradientsByInputsNeedNoBiases() throws {
    let w = w
    let f = try compile(at: [0, 0]) { x in
      let biases = [exp(w[0]), w[1] * w[2], sin(w[3])]
      let sums = biases.map { bias in w[0] * x[0] + w[1] * x[1] + bias }
      let last = w[2] * x[0] - x[1] * w[3]
      return sum(sums) + 2 * (last + exp(w[1]))
    }
    XCTAssertEqual(try f.gradients(at: batch).rows, batch.rows.map { _ in [5.5, -5] })
  }

  func testSumsWithinSumsKeepWhatTheyNeedOfParameters() throws {
    let w = w
    try check { x in dot([0.5, 0.25, -0.5], [w[0], w[1], x[0] * x[1] + w[0] * w[1]]) }
    try check { x in
      let inner = x[0] * w[0] * w[1] + exp(w[2]) * x[1]
      return (inner + w[3] * w[3]) * -2 + x[0] * 3
    }
    try check { x in
      let inner = x[1] - (x[0] + w[1]) * 4
      let outer = x[0] - w[0] * w[0] * inner
      return (3 - outer) * 2 / 5
    }
  }

  func testEqualTermsDoNotVanishAndOppositeOnesDo() throws {
    let w = w
    try check { x in
      let products = x[0] * x[1] - x[1] * x[0]
      return x[0] + x[0] + products + w[0] - w[0]
    }
    try check { x in (x[0] - x[0]) * w[0] + (w[1] - w[1]) * x[1] }
    try check { x in
      let cube = x[0] * x[0] * x[0], mixed = x[0] * x[1] * w[0]
      return cube + x[0] * w[0] * w[0] - mixed * 2
    }
  }

  func testThePenaltyOfTheParametersCountsOnceASample() throws {
    let w = w
    try check { x in w[0] * x[0] + 0.1 * dot(Array(w), Array(w)) }
    try check { x in
      let penalty = sum(w.map { $0 * $0 }) * 0.1 + exp(w[1]) * w[2]
      return (w[0] * x[0]).squared() + penalty
    }
  }
}
