import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

/// Models and functions that solvers compile, against the same ones recorded at every evaluation.
final class EvaluationTests: XCTestCase {
  private let x = (0..<60).map { 0.1 + 0.15 * Double($0) }
  private let recorded = FitOptions(compiles: false)

  /// Noise without a pattern, ±0.02.
  private func noisy(_ f: (Double) -> Double) -> [Double] {
    x.indices.map { f(x[$0]) + 0.02 * Double.sin(12.9898 * Double($0) * Double($0)) }
  }

  private func expectSameFit(
    _ y: [Double], from start: [Double], weighting: Weighting = .equal, line: UInt = #line,
    model: ([Value], Double) -> Value
  ) throws {
    let fit = try fitCurve(x: x, y: y, from: start, weighting: weighting, model: model)
    let other = try fitCurve(x: x, y: y, from: start, weighting: weighting, options: recorded, model: model)
    XCTAssertEqual(fit.evaluation, .compiled, line: line)
    XCTAssertEqual(other.evaluation, .recorded(reason: "the options say compiles: false"), line: line)
    for (a, b) in zip(fit.parameters, other.parameters) {
      XCTAssertEqual(a, b, accuracy: 1e-9 * max(abs(a), abs(b)), line: line)
    }
    XCTAssertEqual(fit.residualSumOfSquares, other.residualSumOfSquares, accuracy: 1e-9, line: line)
    let errors = zip(fit.standardErrors ?? [], other.standardErrors ?? [])
    for (a, b) in errors { XCTAssertEqual(a, b, accuracy: 1e-7 * b, line: line) }
    XCTAssertTrue(fit.isConverged, line: line)
  }

  func testModelsOfEachKindAreCompiled() throws {
    try expectSameFit(noisy { 2 * Double.exp(-0.5 * $0) + 0.3 }, from: [1, 1, 0]) { p, x in
      p[0] * exp(-p[1] * x) + p[2]
    }
    try expectSameFit(noisy { 2 * Double.pow($0, 1.5) }, from: [1, 1]) { p, x in p[0] * x ** p[1] }
    try expectSameFit(noisy { 3 / (1 + Double.exp(2 - $0)) }, from: [2, 1, 1]) { p, x in
      p[0] * sigmoid(p[2] * (x - p[1]))
    }
    try expectSameFit(noisy { 1 + 0.5 * $0 - 0.1 * $0 * $0 }, from: [0, 0, 0]) { p, x in
      dot(p, [1, x, x * x])
    }
    try expectSameFit(
      noisy { 1 + $0 / 2 }, from: [1, 1]
    ) { p, x in logSumExp(p) + p[0] * x }
    try expectSameFit(
      noisy { $0 / (2 + $0) }, from: [2, 1], weighting: .standardDeviations(x.map { 0.01 + 0.001 * $0 })
    ) { p, x in p[0] * Value(x) / (p[1] + x) }
  }

  func testABreakPointIsFitted() throws {
    try expectSameFit(noisy { $0 < 3 ? 1 + $0 : 4 + 0.2 * ($0 - 3) }, from: [1, 0.9, 0.1, 3.2]) { p, x in
      let before = p[0] + p[1] * x
      let after = p[0] + p[1] * p[3] + p[2] * (x - p[3])
      return select(p[3] > Value.constant(x), before, after)
    }
  }

  func testAnIfOnTheDataGivesSeveralFormulas() throws {
    try expectSameFit(noisy { $0 < 3 ? 1 + $0 : 4 + 0.2 * ($0 - 3) }, from: [0, 0.5, 0.5]) { p, x in
      x < 3 ? p[0] + p[1] * x : p[0] + p[1] * 3 + p[2] * (x - 3)
    }
  }

  func testWhatIsNotCompiledIsRecordedAndSaysWhy() throws {
    let y = noisy { 2 * $0 }
    func reason(_ model: ([Value], Double) -> Value) throws -> String {
      let fit = try fitCurve(x: x, y: y, from: [1, 1], model: model)
      XCTAssertEqual(fit.parameters[0], 2, accuracy: 0.01)
      guard case .recorded(let reason) = fit.evaluation else { return "compiled" }
      return reason
    }
    let compared = try reason { p, x in (p[0] < 100 ? p[0] : Value(100)) * x + 0.01 * p[1] }
    XCTAssertTrue(compared.contains("compares Values"), compared)
    let layered = try reason { p, x in pick(p, at: Value.constant(0)) * x + 0.01 * p[1] }
    XCTAssertTrue(layered.contains("operations that are not compiled row by row"), layered)
    var powers = 0
    let many = try reason { p, x in
      powers = (powers + 1) % 30
      return (0..<powers).reduce(p[0] * x + 0.01 * p[1]) { sum, _ in sum + 0 * p[1] }
    }
    XCTAssertTrue(many.contains("more than 16 different formulas"), many)
  }

  func testAModelMayKeepAValueForOtherRows() throws {
    let y = noisy { 2 * $0 * Double.exp(-0.3) }
    var factor: Value?
    let fit = try fitCurve(x: x, y: y, from: [1, 0.1]) { p, x in
      if x == self.x[0] { factor = p[0] * exp(-0.3 * p[1]) }
      return factor! * x + 0.01 * p[1]
    }
    let other = try fitCurve(x: x, y: y, from: [1, 0.1]) { p, x in p[0] * exp(-0.3 * p[1]) * x + 0.01 * p[1] }
    XCTAssertEqual(fit.residualSumOfSquares, other.residualSumOfSquares, accuracy: 1e-9)
    guard case .recorded(let reason) = fit.evaluation else { return XCTFail("it was compiled") }
    XCTAssertTrue(reason.contains("computed outside"), reason)
  }

  func testMinimisersCompileAndFindTheSame() throws {
    for method in [MinimizationMethod.lbfgs, .newtonCG, .trustRegion] {
      let start = [-1.2, 1, -0.5, 2]
      let found = try minimize(Valleys.rosenbrock, from: start, method: method)
      let other = try minimize(
        Valleys.rosenbrock, from: start, method: method, options: MinimizationOptions(compiles: false))
      XCTAssertEqual(found.evaluation, .compiled)
      for (a, b) in zip(found.position, other.position) { XCTAssertEqual(a, b, accuracy: 1e-8) }
    }
  }

  func testAFunctionThatChangesByItselfStaysRecorded() throws {
    var calls = 0.0
    let found = try minimize(
      { x in
        calls += 1
        return (x[0] - 3).squared() + 1 / calls
      }, from: [-7], options: MinimizationOptions(maximumIterations: 20))
    guard case .recorded(let reason) = found.evaluation else { return XCTFail("it was compiled") }
    XCTAssertTrue(
      reason.contains("does not seem to depend on its parameters alone") || reason.contains("few times"), reason)
  }

  func testAFunctionThatReadsNumbersStaysRecorded() throws {
    let found = try minimize(
      { x in (x[0] - 3).squared() * (1 + (x[0] - 3).squared()) + 0 * Value(x[0].data) }, from: [-7])
    guard case .recorded(let reason) = found.evaluation else { return XCTFail("it was compiled") }
    XCTAssertTrue(reason.contains("reads the number"), reason)
    XCTAssertEqual(found.position[0], 3, accuracy: 1e-6)
  }
}
