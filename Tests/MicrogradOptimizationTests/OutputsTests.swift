import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class OutputsTests: XCTestCase {
  private let set = Fixture.intervals.outputs[0]

  /// The amounts of A and B in A → B → C.
  private func reaction(_ p: [Value], _ t: Double) -> [Value] {
    let a = p[0] * exp(-p[1] * t)
    return [a, p[0] * p[1] / (p[2] - p[1]) * (exp(-p[1] * t) - exp(-p[2] * t))]
  }

  private func assertRight(_ fit: FitResult, _ expected: IntervalsFixture.Outputs, line: UInt = #line) throws {
    XCTAssertTrue(fit.isConverged, line: line)
    XCTAssertEqual(fit.parameters, expected.parameters, accuracy: 1e-9, line: line)
    XCTAssertEqual(fit.residualSumOfSquares, expected.residualSumOfSquares, accuracy: 1e-9, line: line)
    XCTAssertEqual(try XCTUnwrap(fit.covariance), expected.covariance, accuracy: 1e-10, line: line)
    XCTAssertEqual(try XCTUnwrap(fit.rSquared), expected.rSquared, accuracy: 1e-10, line: line)
    XCTAssertEqual(fit.pointCount, 24, line: line)
  }

  func testTwoResponsesAreFittedAsBySciPy() throws {
    for expected in Fixture.intervals.outputs {
      let deviations = expected.deviations.map { pair in expected.rows.flatMap { _ in pair } }
      let weighting = deviations.map { Weighting.standardDeviations($0) } ?? .equal
      for compiles in [true, false] {
        let fit = try fitCurve(
          x: expected.x, outputs: expected.rows, from: [1.5, 1, 0.5], weighting: weighting,
          options: FitOptions(compiles: compiles), model: reaction)
        try assertRight(fit, expected)
        XCTAssertEqual(fit.evaluation == .compiled, compiles)
      }
    }
  }

  func testParametersMayHaveNamesAndInputsAnyType() throws {
    func reaction(_ p: NamedValues, _ t: Double) -> [Value] {
      let (amount, first, second) = (p["amount"], p["first"], p["second"])
      let a = amount * exp(-first * t)
      return [a, amount * first / (second - first) * (exp(-first * t) - exp(-second * t))]
    }
    let start: Named<Double> = ["amount": 1.5, "first": 1, "second": 0.5]
    let fit = try fitCurve(x: set.x, outputs: set.rows, from: start, model: reaction)
    try assertRight(fit, set)
    XCTAssertEqual(fit["second"], set.parameters[2], accuracy: 1e-9)
    let lists = try fitCurve(inputs: set.x.map { [$0] }, outputs: set.rows, from: start) { p, x in reaction(p, x[0]) }
    XCTAssertEqual(lists.parameters, fit.parameters)
  }

  func testAWeightForARowCountsForAllItsResponses() throws {
    let weights = set.x.indices.map { Double($0 % 3) }
    let byRow = try fitCurve(
      x: set.x, outputs: set.rows, from: [1.5, 1, 0.5], weighting: .weights(weights), model: reaction)
    let byResponse = try fitCurve(
      x: set.x, outputs: set.rows, from: [1.5, 1, 0.5], weighting: .weights(weights.flatMap { [$0, $0] }),
      model: reaction)
    XCTAssertEqual(byRow.parameters, byResponse.parameters)
    XCTAssertEqual(byRow.pointCount, 16)
  }

  func testResidualsAreListedRowByRow() throws {
    let fit = try fitCurve(x: set.x, outputs: set.rows, from: [1.5, 1, 0.5], model: reaction)
    for (row, x) in set.x.enumerated() {
      let found = Tape.scope { reaction(fit.parameters.map(Value.constant), x).map(\.data) }
      for k in 0..<2 { XCTAssertEqual(fit.residuals[2 * row + k], set.rows[row][k] - found[k], accuracy: 1e-12) }
    }
  }

  func testExampleOfTheDocumentation() throws {
    let fit = try fitCurve(x: [0, 1, 2], outputs: [[1, 0], [0.6, 0.4], [0.4, 0.6]], from: [0.3]) { p, t in
      let left = exp(-p[0] * t)
      return [left, 1 - left]
    }
    XCTAssertEqual(fit.parameters, [0.4785], accuracy: 1e-4)
  }

  func testShapesAreChecked() {
    assertError(
      .rowWidth(row: 1, found: 1, expected: 2),
      "row 1 has 1 responses, but row 0 has 2; give each row as many, at least one"
    ) {
      try fitCurve(x: [1, 2], outputs: [[1, 2], [3]], from: [1], model: { p, x in [p[0] * x, p[0]] })
    }
    assertError(
      .rowWidth(row: 0, found: 0, expected: 1),
      "row 0 has 0 responses, but row 0 has 1; give each row as many, at least one"
    ) {
      try fitCurve(x: [1, 2], outputs: [[], []], from: [1], model: { p, x in [] })
    }
    assertError(.dataCounts(x: 2, y: 1), "2 predictors have 1 responses; give one response for each predictor") {
      try fitCurve(x: [1, 2], outputs: [[1, 2]], from: [1], model: { p, x in [p[0] * x, p[0]] })
    }
    assertError(.noData, "the data are empty; give at least as many rows as parameters") {
      try fitCurve(x: [], outputs: [], from: [1], model: { p, x in [p[0] * x] })
    }
    assertError(.weightCount(weights: 3, rows: 2), "2 rows have 3 weights; give one weight for each row") {
      try fitCurve(
        x: [1, 2], outputs: [[1, 2], [3, 4]], from: [1], weighting: .weights([1, 1, 1]),
        model: { p, x in [p[0] * x, p[0]] })
    }
    assertError(.dataNotFinite(row: 1), "row 1 has a number that is not finite; remove the row") {
      try fitCurve(x: [1, 2], outputs: [[1, 2], [3, .nan]], from: [1], model: { p, x in [p[0] * x, p[0]] })
    }
  }

  func testAModelMustReturnAsManyResponsesAsTheDataHave() {
    for compiles in [true, false] {
      assertError(
        .outputCount(row: 1, found: 1, expected: 2),
        "the model returned 1 responses for row 1, which has 2; return one for each"
      ) {
        try fitCurve(
          x: [1, 2], outputs: [[1, 2], [3, 4]], from: [1], options: FitOptions(compiles: compiles)
        ) { p, x in x == 1 ? [p[0] * x, p[0] * 1] : [p[0] * x] }
      }
    }
  }

  func testAModelThatIsNotFiniteIsNamedByItsRow() {
    assertError(
      .residualNotFinite(row: 1, found: .infinity),
      "the residual of row 1 is inf at the start; start where the model is finite"
    ) { try fitCurve(x: [1, 0], outputs: [[1, 2], [3, 4]], from: [1]) { p, x in [p[0] * x, log(p[0] * x)] } }
  }

  private func assertError(
    _ expected: OptimizationError, _ message: String, line: UInt = #line, _ body: () throws -> some Any
  ) {
    XCTAssertThrowsError(try body(), line: line) { error in
      XCTAssertEqual(error as? OptimizationError, expected, line: line)
      XCTAssertEqual("\(error)", message, line: line)
    }
  }
}
