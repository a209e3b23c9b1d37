import Micrograd
import MicrogradOptimization
import XCTest

final class OptimizationErrorTests: XCTestCase {
  private func assertError(
    _ expected: OptimizationError, _ message: String, line: UInt = #line, _ body: () throws -> some Any
  ) {
    XCTAssertThrowsError(try body(), line: line) { error in
      XCTAssertEqual(error as? OptimizationError, expected, line: line)
      XCTAssertEqual("\(error)", message, line: line)
      XCTAssertEqual((error as NSError).localizedDescription, message, line: line)
    }
  }

  private func square(_ x: [Value]) -> Value { dot(x, x) }

  func testAMinimumNeedsParameters() {
    assertError(.noParameters, "the start has no parameters; give at least one") { try minimize(square, from: []) }
  }

  func testAStartThatIsNotFiniteIsNamed() {
    assertError(
      .startNotFinite(parameter: 1, found: .infinity), "parameter 1 starts at inf; give a finite number"
    ) { try minimize(square, from: [0, .infinity]) }
  }

  func testEachParameterHasItsBounds() {
    assertError(
      .boundsCount(bounds: 1, parameters: 2),
      "2 parameters have 1 bounds; give one range for each, -Double.infinity ... .infinity for no bound"
    ) { try minimize(square, from: [0, 0], bounds: [0...1]) }
  }

  func testAStartOutsideOfItsBoundsIsNamed() {
    assertError(
      .startOutsideBounds(parameter: 1, found: 3, bounds: 0...1),
      "parameter 1 starts at 3.0, outside its bounds 0.0...1.0; start within them"
    ) { try minimize(square, from: [0, 3], bounds: [0...1, 0...1]) }
  }

  func testAFunctionThatIsNotFiniteAtTheStartIsRefused() {
    assertError(
      .valueNotFinite(found: -.infinity), "the function is -inf at the start; start where it is finite"
    ) { try minimize({ x in log(x[0]) }, from: [0]) }
  }

  func testADerivativeThatIsNotFiniteAtTheStartIsNamed() {
    assertError(
      .gradientNotFinite(parameter: 1, found: .infinity),
      "the derivative with respect to parameter 1 is inf at the start; start where it is finite"
    ) { try minimize({ x in x[0] + Value.sqrt(x[1]) }, from: [1, 0]) }
  }

  private func line(_ b: [Value], _ x: Double) -> Value { b[0] + b[1] * x }

  func testACurveNeedsAResponseForEachPredictor() {
    assertError(.dataCounts(x: 2, y: 3), "2 predictors have 3 responses; give one response for each predictor") {
      try fitCurve(x: [1, 2], y: [1, 2, 3], from: [0, 0], model: line)
    }
    assertError(.noData, "the data are empty; give at least as many rows as parameters") {
      try fitCurve(x: [], y: [], from: [0, 0], model: line)
    }
    assertError(
      .tooFewResiduals(residuals: 1, parameters: 2),
      "1 rows do not determine 2 parameters; give at least as many rows"
    ) { try fitCurve(x: [1], y: [1], from: [0, 0], model: line) }
  }

  func testDataThatAreNotFiniteAreNamedByRow() {
    assertError(.dataNotFinite(row: 2), "row 2 has a number that is not finite; remove the row") {
      try fitCurve(x: [1, 2, 3], y: [1, 2, .nan], from: [0, 0], model: line)
    }
    assertError(.dataNotFinite(row: 1), "row 1 has a number that is not finite; remove the row") {
      try fitCurve(x: [1, .infinity, 3], y: [1, 2, 3], from: [0, 0], model: line)
    }
    assertError(.dataNotFinite(row: 0), "row 0 has a number that is not finite; remove the row") {
      try fitCurve(inputs: [[.nan], [2], [3]], y: [1, 2, 3], from: [0, 0]) { b, x in b[0] + b[1] * x[0] }
    }
  }

  func testWeightsAreCheckedRowByRow() {
    let (x, y) = ([1.0, 2, 3], [1.0, 2, 3])
    assertError(.weightCount(weights: 2, rows: 3), "3 rows have 2 weights; give one weight for each row") {
      try fitCurve(x: x, y: y, from: [0, 0], weighting: .weights([1, 1]), model: line)
    }
    assertError(
      .invalidWeight(row: 1, found: -1),
      "row 1 has the weight or standard deviation -1.0; weights must be finite and at least 0, standard deviations finite and above 0"
    ) { try fitCurve(x: x, y: y, from: [0, 0], weighting: .weights([1, -1, 1]), model: line) }
    assertError(
      .invalidWeight(row: 2, found: 0),
      "row 2 has the weight or standard deviation 0.0; weights must be finite and at least 0, standard deviations finite and above 0"
    ) { try fitCurve(x: x, y: y, from: [0, 0], weighting: .standardDeviations([1, 1, 0]), model: line) }
    assertError(
      .tooFewResiduals(residuals: 1, parameters: 2),
      "1 rows do not determine 2 parameters; give at least as many rows"
    ) { try fitCurve(x: x, y: y, from: [0, 0], weighting: .weights([0, 1, 0]), model: line) }
  }

  func testAModelThatIsNotFiniteAtTheStartIsNamedByTheRowOfTheData() {
    assertError(
      .residualNotFinite(row: 2, found: .infinity),
      "the residual of row 2 is inf at the start; start where the model is finite"
    ) {
      try fitCurve(x: [2, 1, 0], y: [1, 2, 3], from: [1], weighting: .weights([1, 0, 1])) { b, x in log(b[0] * x) }
    }
    assertError(
      .jacobianNotFinite(row: 1, parameter: 0, found: -.infinity),
      "the derivative of residual 1 with respect to parameter 0 is -inf at the start; start where it is finite"
    ) { try fitCurve(x: [1, 0], y: [1, 2], from: [1]) { b, x in Value.sqrt(b[0] + (x - 1)) } }
  }

  func testResidualsMustBeAsManyEverywhere() {
    assertError(
      .residualCount(found: 3, expected: 2),
      "the function returned 3 residuals, but 2 at the start; always return the same number"
    ) { try leastSquares({ x in x[0].data == 5 ? [x[0], x[0]] : [x[0], x[0], x[0]] }, from: [5]) }
  }

  func testConstraintsAreCheckedAtTheStart() {
    XCTAssertThrowsError(
      try minimize(square, from: [1], subjectTo: [.equal(to: 1) { $0[0] }, .atLeast(.nan) { $0[0] }])
    ) { error in
      XCTAssertEqual(
        "\(error)", "constraint 1 has the levels nan and inf; give finite levels, or one that is not reached")
    }
    assertError(
      .constraintLevel(constraint: 0, lower: .infinity, upper: .infinity),
      "constraint 0 has the levels inf and inf; give finite levels, or one that is not reached"
    ) { try minimize(square, from: [1], subjectTo: [.equal(to: .infinity) { $0[0] }]) }
    assertError(
      .constraintNotFinite(constraint: 1, found: -.infinity),
      "constraint 1 is -inf at the start; start where it is finite"
    ) {
      try minimize(square, from: [0], subjectTo: [.eachAtLeast(0) { [$0[0], $0[0]] }, .atLeast(0) { log($0[0]) }])
    }
    assertError(
      .constraintGradientNotFinite(constraint: 0, parameter: 1, found: .infinity),
      "the derivative of constraint 0 with respect to parameter 1 is inf at the start; start where it is finite"
    ) { try minimize(square, from: [1, 0], subjectTo: [.atLeast(0) { x in x[0] + Value.sqrt(x[1]) }]) }
    assertError(
      .constraintCount(constraint: 0, found: 1, expected: 2),
      "constraint 0 returned 1 functions, but 2 at the start; always return the same number"
    ) {
      try minimize(square, from: [5], subjectTo: [.eachAtLeast(0) { x in x[0].data == 5 ? [x[0], x[0]] : [x[0]] }])
    }
    assertError(.valueNotFinite(found: .infinity), "the function is inf at the start; start where it is finite") {
      try minimize({ x in 1 / x[0] }, from: [0], subjectTo: [.atLeast(0) { $0[0] }])
    }
    assertError(
      .startOutsideBounds(parameter: 0, found: 3, bounds: 0...1),
      "parameter 0 starts at 3.0, outside its bounds 0.0...1.0; start within them"
    ) { try minimize(square, from: [3], subjectTo: [.atLeast(0) { $0[0] }], bounds: [0...1]) }
  }
}
