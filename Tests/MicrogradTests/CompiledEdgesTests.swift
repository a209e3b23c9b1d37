import Micrograd
import XCTest

/// Infinities, NaN and adjoints of zero, as the recorded sweep has them: what is not reached has no derivative, however
/// infinite.
final class CompiledEdgesTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private func check(
    at numbers: [Double], _ parameters: Parameters? = nil, line: UInt = #line, _ f: @escaping ([Value]) -> Value
  ) throws {
    let compiled = try compile(at: [1], branching: .refuse) { x in f(x) }
    for number in numbers {
      try assertAgrees(
        compiled, with: f, at: samples([number, 0.5]), parameters: parameters.map(Array.init) ?? [], line: line)
    }
  }

  func testUntakenBranchesLeaveGradientsFinite() throws {
    let w = Parameters([0, 2]), numbers = [0, -0.0, 1, 0.25]
    try check(at: numbers, w) { x in select(x[0] > 0, sqrt(x[0]), 0) }
    try check(at: numbers, w) { x in select(x[0] > 0, log(x[0]) * x[0], x[0]) }
    try check(at: numbers, w) { x in select(x[0] != 0, w[1] / x[0], w[1]) }
    try check(at: numbers, w) { x in select(x[0] > 0, x[0], sqrt(w[0]) * x[0]) }
    try check(at: numbers, w) { x in max(-1 / x[0].squared(), -w[1]) + x[0] }
    try check(at: numbers, w) { x in min(1 / x[0].squared(), w[1]) * 2 }
    try check(at: numbers, w) { x in (-1 / x[0].squared()).relu() + w[1] * x[0] }
    try check(at: numbers, w) { x in (1 / x[0]).clamped(to: -2...2) * w[1] }
    try check(at: numbers, w) { x in pick([1 / x[0], w[1], sqrt(x[0])], at: Value(1)) }
    try check(at: numbers, w) { x in pick([w[1], 1 / x[0]], at: sign(x[0].squared())) }
  }

  func testNumbersThatAreNotFiniteFlowAsInARecording() throws {
    let edges = [0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 1e308]
    try check(at: edges) { x in x[0].relu() }
    try check(at: edges) { x in max(x[0], 1) }
    try check(at: edges) { x in min(x[0], x[0] * 2) }
    try check(at: edges) { x in abs(x[0]) }
    try check(at: edges) { x in sign(x[0]) + x[0] }
    try check(at: edges) { x in x[0].clamped(to: -1...1) }
    try check(at: edges) { x in select(x[0] < 1, 2 * x[0], 3 * x[0]) }
    try check(at: edges) { x in x[0] * x[0] }
    try check(at: edges) { x in 2 * x[0] + 3 }
    try check(at: edges) { x in 0 * x[0] }
    try check(at: edges) { x in 1 / x[0] }
    try check(at: edges) { x in x[0] ** 0 + x[0] ** 1.5 }
    try check(at: edges) { x in exp(-x[0]) }
    try check(at: edges) { x in log(x[0]) }
    try check(at: edges) { x in sqrt(x[0]) }
    try check(at: edges) { x in tanh(x[0]) }
    try check(at: edges) { x in x[0].sigmoid() }
    try check(at: edges) { x in hypot(x[0], 1) }
    try check(at: edges) { x in logSumExp([x[0], Value(1)]) }
    try check(at: edges) { x in atan2(x[0], 1) }
    try check(at: edges) { x in x[0].leakyReLU() }
    try check(at: edges) { x in x[0].softplus() }
    try check(at: edges) { x in x[0] / 2 / 2 }
  }

  func testASampleThatDivergesLeavesItsNeighboursAlone() throws {
    let w = Parameters([2])
    let f = try compile(at: [1]) { x in w[0] * log(x[0]) }
    let (values, gradients) = try f.valuesWithGradients(at: samples([1, -1, 0, .nan, 4]))
    XCTAssertEqual([values[0], values[2]], [0, -.infinity])
    XCTAssertTrue(values[1].isNaN && values[3].isNaN)
    XCTAssertEqual([gradients[0][0], gradients[4][0]], [2, 0.5])
  }

  func testConstantsFarFromOneAreNotMultipliedAmongThemselves() throws {
    func value(_ f: @escaping ([Value]) -> Value, _ at: Double) throws -> Double {
      try compile(at: [1], of: f).values(at: samples([at]))[0]
    }
    XCTAssertEqual(try value({ x in x[0] * 1e-200 * 1e-200 }, 1e300), 1e-100, accuracy: 1e-113)
    XCTAssertEqual(try value({ x in x[0] * 1e200 * 1e200 }, 1e-300), 1e100, accuracy: 1e87)
    let small = Double.leastNormalMagnitude / 64
    XCTAssertEqual(try value({ x in x[0] / small }, 1e-305), 1e-305 / small, accuracy: 1e-8)
    XCTAssertEqual(try value({ x in x[0] / 1.7e308 }, 1e308), 1 / 1.7, accuracy: 1e-14)
  }

  func testReluPassesNothingOnWhereItIsZero() throws {
    let w = Parameters([1, 2])
    try check(at: [.infinity], w) { x in (w[1] - w[0] * x[0] - 2 * x[0]).relu() }
    try check(at: [.infinity], w) { x in max(w[1] - w[0] * x[0], 3) + (w[0] * x[0]).clamped(to: ...1) }
  }
}
