import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class NamedTests: XCTestCase {
  private let set = Fixture.intervals.statistics[1]

  private func decay(_ p: NamedValues, _ x: Double) -> Value {
    p["amplitude"] * exp(-p["rate"] * x) + p["offset"]
  }

  private let start: Named<Double> = ["amplitude": 2, "rate": 1, "offset": 0]

  func testANamedFitHasTheNumbersOfTheUnnamedOneToTheBit() throws {
    let named = try fitCurve(x: set.x, y: set.y, from: start, model: decay)
    let plain = try fitCurve(x: set.x, y: set.y, from: [2, 1, 0], model: fixtureModel("decay"))
    XCTAssertEqual(named.parameters, plain.parameters)
    XCTAssertEqual(named.covariance, plain.covariance)
    XCTAssertEqual(named.iterations, plain.iterations)
    XCTAssertEqual(named.evaluation, .compiled)
    XCTAssertEqual(named.names, ["amplitude", "rate", "offset"])
    XCTAssertEqual(plain.names, ["p[0]", "p[1]", "p[2]"])
  }

  func testParametersAreReadByName() throws {
    let fit = try fitCurve(x: set.x, y: set.y, from: start, model: decay)
    XCTAssertEqual(["amplitude", "rate", "offset"].map { fit[$0] }, fit.parameters)
  }

  func testTheTableHasTheNames() throws {
    let rows = "\(try fitCurve(x: set.x, y: set.y, from: start, model: decay))".components(separatedBy: "\n")
    XCTAssertEqual(rows[1...3].map { $0.prefix { $0 != " " } }, ["amplitude", "rate", "offset"])
  }

  func testOrderIsThatOfTheStart() throws {
    let fit = try fitCurve(x: set.x, y: set.y, from: ["rate": 1, "offset": 0, "amplitude": 2], model: decay)
    XCTAssertEqual(fit.names, ["rate", "offset", "amplitude"])
    XCTAssertEqual(fit["rate"], set.parameters[1], accuracy: 1e-9)
  }

  func testInputsOfAnyTypeMayHaveNamedParameters() throws {
    let fit = try fitCurve(inputs: [[0, 1], [1, 0], [1, 1]], y: [2, 3, 5.3], from: ["a": 0, "b": 0]) { p, x in
      p["a"] * x[0] + p["b"] * x[1]
    }
    XCTAssertEqual(fit.parameters, [3.1, 2.1], accuracy: 1e-14)
  }

  func testBoundsAreGivenByName() throws {
    let fit = try fitCurve(x: set.x, y: set.y, from: start, bounds: ["amplitude": 0...2.5], model: decay)
    XCTAssertEqual(fit["amplitude"], 2.5)
    XCTAssertEqual(fit.heldByBounds, [0])
    let plain = try fitCurve(
      x: set.x, y: set.y, from: [2, 1, 0],
      bounds: [0...2.5] + [ClosedRange](repeating: -.infinity ... .infinity, count: 2),
      model: fixtureModel("decay"))
    XCTAssertEqual(fit.parameters, plain.parameters)
  }

  func testANameThatTheModelAloneUsesIsAnError() {
    assertError(
      .unknownName("speed", known: ["amplitude", "rate", "offset"]),
      "there is no parameter speed; the parameters are amplitude, rate, offset"
    ) { try fitCurve(x: set.x, y: set.y, from: start) { p, x in p["amplitude"] * exp(-p["speed"] * x) } }
  }

  func testANameThatOnlyBoundsUseIsAnError() {
    assertError(
      .unknownName("speed", known: ["amplitude", "rate", "offset"]),
      "there is no parameter speed; the parameters are amplitude, rate, offset"
    ) { try fitCurve(x: set.x, y: set.y, from: start, bounds: ["speed": 0...1], model: decay) }
  }

  func testNamesMustDiffer() {
    assertError(.duplicateName("rate"), "two parameters are called rate; give each a name of its own") {
      try fitCurve(x: set.x, y: set.y, from: ["rate": 1, "rate": 2, "offset": 0], model: decay)
    }
    assertError(.duplicateName("rate"), "two parameters are called rate; give each a name of its own") {
      try fitCurve(x: set.x, y: set.y, from: start, bounds: ["rate": 0...1, "rate": 0...2], model: decay)
    }
  }

  func testErrorsNameParameters() {
    let names = ["amplitude", "rate", "offset"]
    assertError(
      .inNamedFit(.startNotFinite(parameter: 1, found: .infinity), names: names),
      "parameter rate starts at inf; give a finite number"
    ) { try fitCurve(x: set.x, y: set.y, from: ["amplitude": 2, "rate": .infinity, "offset": 0], model: decay) }
    assertError(
      .inNamedFit(.startOutsideBounds(parameter: 1, found: 1, bounds: 2...3), names: names),
      "parameter rate starts at 1.0, outside its bounds 2.0...3.0; start within them"
    ) { try fitCurve(x: set.x, y: set.y, from: start, bounds: ["rate": 2...3], model: decay) }
    assertError(
      .inNamedFit(.jacobianNotFinite(row: 1, parameter: 0, found: -.infinity), names: ["edge"]),
      "the derivative of residual 1 with respect to parameter edge is -inf at the start; start where it is finite"
    ) { try fitCurve(x: [1, 0], y: [1, 2], from: ["edge": 1]) { p, x in Value.sqrt(p["edge"] + (x - 1)) } }
  }

  func testOtherErrorsAreThoseOfUnnamedFits() {
    assertError(.dataNotFinite(row: 0), "row 0 has a number that is not finite; remove the row") {
      try fitCurve(x: [.nan, 1], y: [1, 2], from: ["a": 1]) { p, x in p["a"] * x }
    }
    assertError(.noParameters, "the start has no parameters; give at least one") {
      try fitCurve(x: [0, 1], y: [1, 2], from: [:]) { p, x in p["a"] * x }
    }
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
