import Micrograd
import MicrogradOptimization
import XCTest

final class FitTableTests: XCTestCase {
  private let line = fixtureModel("line")

  func testTheTableOfPuromycin() throws {
    let fit = try Fixture.intervals.statistics[0].fit()
    let lines = "\(fit)".components(separatedBy: "\n")
    XCTAssertEqual(
      lines.dropLast(),
      [
        // Standard errors and the residual standard deviation are those of R's summary(nls): 6.947, 0.008281, 10.93.
        "parameter   value  standard error    95 % interval",
        "p[0]        212.7             6.9    197.2 … 228.2",
        "p[1]       0.0641          0.0083  0.0457 … 0.0826",
        "",
        "points: 12, degrees of freedom: 10",
        "sum of squares: 1195.45, residual standard deviation: 10.9337",
        "R²: 0.961261, AIC: 59.2164, BIC: 60.1863",
      ])
    XCTAssertEqual(lines.last, "\(fit.iterations) iterations: \(fit.reason)")
  }

  func testKnownDeviationsHaveAReducedChiSquare() throws {
    let fit = try Fixture.intervals.statistics[3].fit()
    XCTAssertTrue("\(fit)".contains(", reduced χ²: "), "\(fit)")
    XCTAssertFalse("\(try Fixture.intervals.statistics[1].fit())".contains("χ²"))
  }

  func testAParameterAtItsBoundIsMarked() throws {
    let fit = try fitCurve(
      x: [0, 1, 2, 3], y: [1, 3.1, 4.9, 7.2], from: [0, 0], bounds: [0...0.5, -10...10], model: line)
    let rows = "\(fit)".components(separatedBy: "\n")
    XCTAssertEqual(rows[1].split(separator: " ").joined(separator: " "), "p[0] 0.500000 – – at its bound")
  }

  func testUndeterminedParametersAreMarkedAndExplained() throws {
    let fit = try fitCurve(x: [0, 1, 2], y: [1, 3, 5], from: [1, 1, 1]) { p, x in p[0] + p[1] + p[2] * x }
    let rows = "\(fit)".components(separatedBy: "\n")
    XCTAssertTrue(
      rows[1].hasSuffix("–  –  undetermined") || rows[1].hasSuffix("–              –  undetermined"), rows[1])
    XCTAssertTrue(
      rows.contains(
        "no standard errors: the data do not determine p[0], p[1]; fix one by its bounds, or give other data"), "\(fit)"
    )
  }

  func testWithoutDegreesOfFreedomTheTableSaysSo() throws {
    let text = "\(try fitCurve(x: [0, 1], y: [1, 3], from: [0, 0], model: line))"
    XCTAssertTrue(
      text.contains("no standard errors: 2 points leave no degree of freedom for 2 parameters; give more points"), text)
    XCTAssertTrue(text.contains("degrees of freedom: 0"), text)
  }

  func testAFitThatHasNotConvergedShowsNoErrors() throws {
    let set = Fixture.intervals.statistics[0]
    let fit = try fitCurve(
      x: set.x, y: set.y, from: [10, 10], options: FitOptions(maximumIterations: 1), model: fixtureModel(set.model))
    let text = "\(fit)"
    XCTAssertTrue(
      text.contains("no standard errors: the fit has not converged (the maximum number of iterations was reached)"),
      text)
    XCTAssertTrue(text.hasSuffix("1 iteration: the maximum number of iterations was reached"), text)
  }

  func testNumbersKeepTwoDigitsOfTheirErrors() throws {
    // The weighted mean of one parameter has the standard error 1 / √Σ 1/σ².
    for (value, error, text) in [
      (2.4938, 0.0317, "2.494 0.032 2.432 … 2.556"), (238_942.7, 2707, "238900 2700 233600 … 244200"),
      (6.62607015e-34, 1.3e-38, "6.62607e-34 0.00013e-34 6.62582e-34 … 6.62632e-34"),
      (1.5e12, 4e9, "1.5000e12 0.0040e12 1.4922e12 … 1.5078e12"), (0.3, 12, "0 12 -23 … 24"),
      (-0.001234, 0.0000996, "-0.00123 0.00010 -0.00143 … -0.00104"),
    ] {
      let fit = try fitCurve(x: [0], y: [value], from: [value], weighting: .standardDeviations([error])) { p, _ in
        p[0] * 1
      }
      let row = "\(fit)".components(separatedBy: "\n")[1].split(separator: " ").dropFirst().joined(separator: " ")
      XCTAssertEqual(row, text)
    }
  }
}
