import Foundation
import MicrogradTables
import TestSupport
import XCTest

@testable import MicrogradCLI

final class FitCommandTests: CommandTestCase {
  private func fit(_ arguments: [String]) throws -> Executable.Result { try Executable.run(["fit"] + arguments) }

  private struct Report: Decodable {
    struct Parameter: Decodable {
      let value: Double
      let standardError: Double?
      let interval: [Double]?
      let isFixed: Bool?
      let isAtBound: Bool?
    }
    let parameters: [String: Parameter]
    let sumOfSquares: Double
    let points: Int
    let isConverged: Bool
    let guessedStarts: [String: Double]?
    let loss: String?
  }

  private func report(_ arguments: [String]) throws -> Report {
    let result = try fit(arguments + ["--json"])
    XCTAssertEqual(result.status, 0, result.errors)
    return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
  }

  private func writeDecay(to name: String = "decay.csv", gaps: Bool = false) throws -> String {
    let rows = (0..<30).map { k -> String in
      let x = 0.25 * Double(k)
      let y = 2.5 * exp(-0.7 * x) + 0.4 + 0.02 * sin(37 * x)
      return gaps && k % 10 == 3 ? "\(x),NA\n" : "\(x),\(y)\n"
    }
    return try write("x,y\n" + rows.joined(), to: name)
  }

  func testACurveWhoseBandsCannotBeComputedSaysSo() throws {
    let result = try fit([try writeDecay(), "y ~ a*b*x + c", "--output", path("out")])
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertTrue(result.output.contains("curve, without bands, which could not be computed: "), result.output)
    XCTAssertTrue(try fit([try writeDecay(), "y ~ a*x + c", "--output", path("out")]).output.contains("\ncurve: "))
  }

  // MARK: - SciPy

  private struct SciPy: Decodable {
    struct Fit: Decodable {
      let name, formula: String
      let columns: [String]
      let data: [[Double]]
      let sigma: String?
      let parameters: [String]
      let values, standardErrors: [Double]
    }
    let fits: [Fit]
  }

  func testParametersAndStandardErrorsAreSciPysWithoutAnyStart() throws {
    for fit in try readFixture("formula_fits.json", SciPy.self).fits {
      #if DEBUG
        // Without the optimiser, three and more nonlinear parameters take long.
        if ["two peaks", "Hill"].contains(fit.name) { continue }
      #endif
      var text = CSVText.line(fit.columns)
      for row in fit.data[0].indices { text += CSVText.line(fit.data.map { "\($0[row])" }) }
      let table = try write(text, to: "table.csv")
      let report = try report([table, fit.formula] + (fit.sigma.map { ["--sigma", $0] } ?? []))
      XCTAssertTrue(report.isConverged, fit.name)
      XCTAssertEqual(Set(report.parameters.keys), Set(fit.parameters), fit.name)
      for (k, name) in fit.parameters.enumerated() {
        let found = try XCTUnwrap(report.parameters[name])
        // The sign of a width, a phase up to half a turn, and which of two peaks comes first, are open.
        guard fit.name != "two peaks" else { continue }
        if fit.name == "damped oscillation", name == "p" {
          XCTAssertEqual(remainder(found.value - fit.values[k], .pi), 0, accuracy: 1e-6)
          continue
        }
        XCTAssertEqual(
          abs(found.value), abs(fit.values[k]), accuracy: 1e-6 * abs(fit.values[k]), "\(fit.name): \(name)")
        XCTAssertEqual(
          found.standardError ?? 0, fit.standardErrors[k], accuracy: 1e-4 * fit.standardErrors[k],
          "\(fit.name): \(name)")
      }
      if fit.name == "two peaks" {
        let heights = [report.parameters["a"], report.parameters["b"]].compactMap { $0?.value }.sorted()
        XCTAssertEqual(heights[0], fit.values[3], accuracy: 1e-6)
        XCTAssertEqual(heights[1], fit.values[0], accuracy: 1e-6)
      }
    }
  }

  // MARK: - Output

  func testTheTableIsPrintedAndTheGuessIsSaid() throws {
    let result = try fit([writeDecay(), "y ~ a*exp(-b*x) + c"])
    XCTAssertTrue(result.output.hasPrefix("parameter ") && result.output.contains("95 % interval\na "), result.output)
    XCTAssertTrue(
      result.errors.contains("parameters: a, b, c; columns: x; 30 rows\nstarts, guessed: a="), result.errors)
    let given = try fit([writeDecay(), "y ~ a*exp(-b*x) + c", "--start", "a=1", "b=1", "c=0", "--confidence", "0.9"])
    XCTAssertTrue(given.output.hasPrefix("parameter ") && given.output.contains("90 % interval\na "), given.output)
    XCTAssertFalse(given.errors.contains("guessed"))
    XCTAssertEqual(try fit([writeDecay(), "y ~ a*exp(-b*x) + c", "--quiet"]).errors, "")
  }

  func testFilesAreWritten() throws {
    let result = try fit([writeDecay(), "y ~ a*exp(-b*x) + c", "--output", path("out")])
    XCTAssertEqual(result.status, 0)
    XCTAssertTrue(try text("out/fit.svg").contains("95 % confidence"))
    let residuals = try text("out/residuals.csv").split(separator: "\n")
    XCTAssertEqual(residuals[0], "line,x,y,predicted,residual")
    XCTAssertEqual(residuals.count, 31)
    XCTAssertTrue(residuals[1].hasPrefix("2,0,2.9,"), String(residuals[1]))
    let report = try JSONDecoder().decode(Report.self, from: Data(text("out/parameters.json").utf8))
    XCTAssertEqual(report.parameters["a"]?.value ?? 0, 2.5, accuracy: 0.05)
    XCTAssertTrue(result.output.contains("PNG") || exists("out/fit.png"), result.output)
    _ = try fit([writeDecay(), "y ~ a*exp(-b*x) + c", "--output", path("two"), "--json"])
    XCTAssertTrue(exists("two/fit.svg"))
  }

  func testResidualsAreDrawnForSeveralColumns() throws {
    let rows = (0..<20).map { k -> String in
      let (x, y) = (Double(k % 5), Double(k / 5))
      return "\(x),\(y),\(1.5 * x - y + 4 + 0.01 * Double(k * k % 7))\n"
    }
    let table = try write("x 1,y,z (m)\n" + rows.joined(), to: "plane.csv")
    let result = try fit([table, "`z (m)` ~ a*`x 1` + b*y + c", "--output", path("out")])
    XCTAssertTrue(result.output.contains("residuals by predicted response: "), result.output + result.errors)
    XCTAssertTrue(try text("out/fit.svg").contains("predicted z (m)"))
    XCTAssertTrue(try text("out/residuals.csv").hasPrefix("line,x 1,y,z (m),predicted,residual\n"))
  }

  func testALeftSideMayBeAFormula() throws {
    let rows = (1..<20).map { k in "\(k),\(exp(0.3 * Double(k) + 1))\n" }
    let report = try report([write("t,n\n" + rows.joined(), to: "growth.csv"), "log(n) ~ a + r*t"])
    XCTAssertEqual(report.parameters["r"]?.value ?? 0, 0.3, accuracy: 1e-9)
  }

  // MARK: - Options

  func testFixedAndBoundedParametersKeepTheirNumbers() throws {
    let report = try report([writeDecay(), "y ~ a*exp(-b*x) + c", "--fix", "c=0.4", "--bounds", "b=0:0.6"])
    XCTAssertEqual(report.parameters["c"]?.value, 0.4)
    XCTAssertEqual(report.parameters["c"]?.isFixed, true)
    XCTAssertEqual(report.parameters["b"]?.value, 0.6)
    XCTAssertEqual(report.parameters["b"]?.isAtBound, true)
  }

  func testARobustLossIgnoresOutliers() throws {
    let rows = (0..<40).map { k -> String in
      let y = 2 * Double(k) + 3 + 0.1 * sin(Double(k * k))
      return "\(k),\(k % 9 == 4 ? 500 : y)\n"
    }
    let table = try write("x,y\n" + rows.joined(), to: "outliers.csv")
    for loss in ["huber", "cauchy", "soft-l1:0.1"] {
      let report = try report([table, "y ~ a*x + b", "--robust", loss])
      XCTAssertEqual(report.parameters["a"]?.value ?? 0, 2, accuracy: 0.02, loss)
      XCTAssertNotNil(report.loss)
    }
  }

  func testProfileIntervalsArePrinted() throws {
    let result = try fit([writeDecay(), "y ~ a*exp(-b*x) + c", "--profile", "--confidence", "0.99"])
    XCTAssertTrue(result.output.contains("profile intervals of 99 %:\n  a: 2."), result.output)
  }

  func testRowsWithMissingValuesAreAnErrorOrLeftOut() throws {
    let table = try writeDecay(gaps: true)
    let refused = try fit([table, "y ~ a*exp(-b*x) + c"])
    XCTAssertEqual(refused.status, 1)
    XCTAssertTrue(
      refused.errors.contains("decay.csv, line 5, column “y”: “NA”") && refused.errors.contains("--skip-missing"),
      refused.errors)
    let result = try fit([table, "y ~ a*exp(-b*x) + c", "--skip-missing"])
    XCTAssertTrue(result.errors.contains("3 rows with missing values left out (line 5, 15, 25)"), result.errors)
    XCTAssertTrue(result.output.contains("points: 27"))
  }

  // MARK: - Errors

  func testMistakesAreNamed() throws {
    let decay = try writeDecay()
    let model = "y ~ a*exp(-b*x) + c"
    let text = try write("x,y\n1,2\n2,3\n3,red\n4,5\n", to: "text.csv")
    let cases: [([String], String)] = [
      ([decay, "y ~ a*epx(-b*x)"], "y ~ a*epx(-b*x)\n      ^\nthere is no function “epx”; did you mean “exp”?"),
      ([decay, "a*x + b"], "needs a response"),
      ([decay, "yy ~ a*x"], "“yy”, left of the tilde, is no column of \(decay); did you mean “y”?"),
      ([decay, "y ~ x"], "nothing to fit"),
      ([decay, "2 ~ a*x"], "has no column"), ([decay, model, "--start", "d=1"], "--start: “d” is no parameter"),
      ([decay, model, "--start", "x=1"], "“x” is a column of the table"),
      ([decay, model, "--start", "a=1", "a=2"], "“a” is given twice"),
      ([decay, model, "--start", "a=5", "--bounds", "a=0:1"], "“a” starts at 5, outside its bounds 0:1"),
      ([decay, model, "--bounds", "a=1"], "write it as a=0:10"),
      ([decay, model, "--bounds", "a=2:1"], "write the lower one first"),
      ([decay, model, "--fix", "a=1", "b=1", "c=1"], "all parameters are fixed"),
      ([decay, model, "--fix", "a=1", "--start", "a=1"], "fixed by --fix"),
      ([decay, model, "--sigma", "dx"], "--sigma is “dx”, which is no column"),
      ([decay, model, "--sigma", "0"], "--sigma is 0.0"),
      ([decay, "log(y - 2) ~ a*x"], "line 5: log(y - 2) is nan at y ="),
      ([text, "y ~ a*x"], "text.csv, line 4, column “y”: “red”"),
      ([path("none.csv"), model], "none.csv"), ([decay, "y ~ a*log(-1 - x**2*b**2)"], "no starts could be guessed"),
      ([decay, "y ~ a*log(b*x - 1)", "--start", "a=1", "b=1"], "log(b*x - 1) is nan in line 2"),
      ([try write("x,y\n1,2\n", to: "one.csv"), "y ~ a*x + b", "--start", "a=1", "b=1"], "1 row of"),
    ]
    for (arguments, message) in cases {
      let result = try fit(arguments)
      XCTAssertEqual(result.status, 1, "\(arguments): \(result.errors)")
      XCTAssertTrue(result.errors.contains(message), "\(arguments): \(result.errors)")
    }
    for arguments in [
      ["--confidence", "1"], ["--robust", "hubber"], ["--robust", "huber:0"], ["--sigma", "y", "--weights", "y"],
    ] {
      XCTAssertEqual(try fit([decay, model] + arguments).status, 64, "\(arguments)")
    }
  }

  func testAParameterThatLooksLikeAColumnIsNoted() throws {
    let table = try write("temp,rate\n" + (1..<20).map { "\($0),\(3 * $0 + $0 % 3)\n" }.joined(), to: "rates.csv")
    let result = try fit([table, "rate ~ a*tmep"])
    XCTAssertTrue(
      result.errors.contains("“tmep” is taken as a parameter; if the column “temp” is meant"), result.errors)
    XCTAssertTrue(result.errors.contains("has no column; the columns are"), result.errors)
  }

  func testStandardInputIsRead() throws {
    let table = try writeDecay()
    let result = try Executable.run(script: "cat '\(table)' | \"$micrograd\" fit - 'y ~ a*exp(-b*x) + c' --quiet")
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertTrue(result.output.contains("points: 30"))
  }
}
