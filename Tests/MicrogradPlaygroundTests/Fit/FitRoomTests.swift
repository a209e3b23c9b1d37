import Foundation
import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

@testable import MicrogradPlayground

final class FitRoomTests: FitRoomTestCase {
  // MARK: - NIST

  private struct NIST: Decodable {
    struct Certified: Decodable {
      let name: String
      let parameters, standardDeviations: [Double]
      let residualSumOfSquares, residualStandardDeviation: Double
      let degreesOfFreedom: Int
      let x: [[Double]]
      let y: [Double]
    }
    let sets: [Certified]
  }

  /// Fits a set as a user does: pastes its columns, types the formula, and gives no starts.
  private func fitNIST(_ name: String, _ formula: String, _ text: (Double) -> String, separator: String) throws {
    let set = try XCTUnwrap(readFixture("nist.json", NIST.self).sets.first { $0.name == name })
    let rows = zip(set.x, set.y).map { [text($0[0]), text($1)].joined(separator: separator) }
    try paste((["x\(separator)y"] + rows).joined(separator: "\n"))
    let fit = try fit(formula)
    XCTAssertEqual(fit["isConverged"] as? Bool, true, name)
    XCTAssertEqual(try statistic("sum", of: fit) / set.residualSumOfSquares, 1, accuracy: 1e-9, name)
    XCTAssertEqual(try statistic("deviation", of: fit) / set.residualStandardDeviation, 1, accuracy: 1e-9, name)
    XCTAssertEqual(try statistic("degreesOfFreedom", of: fit), Double(set.degreesOfFreedom))
    for (k, expected) in set.parameters.enumerated() {
      let found = try parameter("b\(k + 1)", of: fit)
      XCTAssertEqual((found["value"] as? Double ?? .nan) / expected, 1, accuracy: 1e-8, "\(name) b\(k + 1)")
      let error = found["standardError"] as? Double ?? .nan
      XCTAssertEqual(error / set.standardDeviations[k], 1, accuracy: 1e-6, "\(name) b\(k + 1)")
      XCTAssertEqual(found["isGuessed"] as? Bool, true)
    }
  }

  func testCertifiedNumbersOfNIST() throws {
    try fitNIST("Misra1a", "y ~ b1*(1 - exp(-b2*x))", { "\($0)" }, separator: ",")
    try fitNIST("DanWood", "y ~ b1*x**b2", { "\($0)".replacing(".", with: ",") }, separator: "\t")
    try fitNIST("BoxBOD", "y ~ b1*(1 - exp(-b2*x))", { "\($0)" }, separator: "   ")
    try fitNIST(
      "Thurber", "y ~ (b1 + b2*x + b3*x**2 + b4*x**3)/(1 + b5*x + b6*x**2 + b7*x**3)",
      { "\($0)".replacing(".", with: ",") }, separator: ";")
  }

  // MARK: - Iterations

  func testIterationsLeadFromTheStartToTheFit() throws {
    try paste(Self.tea)
    let fit = try fit(Self.cooling, ["starts": ["room": 10, "start": 100, "tau": 10]])
    let iterations = try XCTUnwrap(fit["iterations"] as? [JSON])
    XCTAssertEqual(iterations.first?["values"] as? [Double], [10, 100, 10])
    XCTAssertEqual(iterations.last?["values"] as? [Double], try parameters(fit).map { $0["value"] as? Double ?? .nan })
    let sums = iterations.map { $0["sum"] as? Double ?? .nan }
    for (before, after) in zip(sums, sums.dropFirst()) {
      XCTAssertLessThan(after, before * (1 + 1e-12), "each iteration lowers the sum of squares, up to rounding")
    }
    XCTAssertGreaterThan(iterations.count, 3)
    XCTAssertEqual(try parameters(fit).map { $0["isGuessed"] as? Bool }, [false, false, false])
    // By hand, from the table of the README.
    let celsius = [88.6, 64.0, 49.0, 38.1, 32.4, 28.1, 25.0]
    let residuals = celsius.enumerated().map { $1 - (10 + 90 * Foundation.exp(-Double($0))) }
    XCTAssertEqual(sums[0], residuals.reduce(0) { $0 + $1 * $1 }, accuracy: 1e-9)
    let view = try ask("view", ["values": [10, 100, 10]])
    XCTAssertEqual(view["sum"] as? Double ?? .nan, sums[0], accuracy: 1e-9)
    for (found, expected) in zip(try XCTUnwrap(view["residuals"] as? [Double]), residuals) {
      XCTAssertEqual(found, expected, accuracy: 1e-12)
    }
  }

  func testNumbersAreThoseOfTheLibrary() throws {
    try paste(Self.tea)
    let fit = try fit(Self.cooling, ["starts": ["room": 10, "start": 100, "tau": 10], "level": 0.9])
    let direct = try fitCurve(
      x: [0, 10, 20, 30, 40, 50, 60], y: [88.6, 64.0, 49.0, 38.1, 32.4, 28.1, 25.0],
      from: ["room": 10, "start": 100, "tau": 10]
    ) { (p: NamedValues, t: Double) in p["room"] + (p["start"] - p["room"]) * exp(-t / p["tau"]) }
    let intervals = try direct.confidenceIntervals(level: 0.9)
    for (k, found) in try parameters(fit).enumerated() {
      XCTAssertEqual(found["value"] as? Double ?? .nan, direct.parameters[k], accuracy: 1e-9)
      XCTAssertEqual(found["standardError"] as? Double ?? .nan, direct.standardErrors?[k] ?? 0, accuracy: 1e-9)
      let interval = try XCTUnwrap(found["interval"] as? [Double])
      XCTAssertEqual(interval[0], intervals[k].lowerBound, accuracy: 1e-8)
      XCTAssertEqual(interval[1], intervals[k].upperBound, accuracy: 1e-8)
    }
    XCTAssertEqual(try statistic("rSquared", of: fit), try XCTUnwrap(direct.rSquared), accuracy: 1e-12)
    XCTAssertEqual(fit["reason"] as? String, "\(direct.reason)")
  }

  // MARK: - Held, bounded, left out

  func testHeldParametersKeepTheirNumber() throws {
    try paste(Self.tea)
    let fit = try fit(Self.cooling, ["held": ["room": 21.25]])
    XCTAssertEqual(try number("room", of: fit), 21.25)
    XCTAssertEqual(try parameter("room", of: fit)["isHeld"] as? Bool, true)
    XCTAssertNil(try parameter("room", of: fit)["standardError"] as? Double)
    XCTAssertNotNil(try parameter("tau", of: fit)["standardError"] as? Double)
    XCTAssertEqual(try statistic("degreesOfFreedom", of: fit), 5)
    let all = try problem("fit", ["formula": Self.cooling, "held": ["room": 20, "start": 90, "tau": 20]])
    XCTAssertEqual(all.message, "all parameters are fixed, so there is nothing to fit: free one")
    XCTAssertEqual(all.field, "parameters")
  }

  func testBoundsAreKept() throws {
    try paste(Self.tea)
    let fit = try fit(Self.cooling, ["bounds": ["room": ["low": 22], "tau": ["low": 1, "high": 1000]]])
    XCTAssertEqual(try number("room", of: fit), 22)
    XCTAssertEqual(try parameter("room", of: fit)["isAtBound"] as? Bool, true)
    let crossed = try problem("fit", ["formula": Self.cooling, "bounds": ["tau": ["low": 2, "high": 1]]])
    XCTAssertEqual(crossed.field, "parameters")
    let outside = try problem(
      "fit", ["formula": Self.cooling, "starts": ["tau": 5], "bounds": ["tau": ["low": 10]]])
    XCTAssertEqual(outside.message, "“tau” starts at 5, outside its bounds 10:: start within them.")
  }

  func testFitNearParametersIsTheSameMinimum() throws {
    try paste(Self.tea)
    let first = try fit(Self.cooling)
    let near = try fit(Self.cooling, ["near": ["room": 19, "start": 90, "tau": 21]])
    XCTAssertEqual(try number("tau", of: near), try number("tau", of: first), accuracy: 1e-7)
  }

  func testPointsCanBeLeftOutAndPutBack() throws {
    let table = "x\ty\n" + (0..<10).map { "\($0)\t\($0 == 6 ? 100 : 1 + 2 * $0)" }.joined(separator: "\n")
    try paste(table)
    let with = try fit("y ~ a + b*x")
    let plot = try XCTUnwrap(with["plot"] as? JSON)
    XCTAssertEqual(plot["far"] as? [Int], [6], "the outlier is marked")
    let without = try fit("y ~ a + b*x", ["leftOut": [6]])
    XCTAssertEqual(try number("a", of: without), 1, accuracy: 1e-12)
    XCTAssertEqual(try number("b", of: without), 2, accuracy: 1e-12)
    let points = try XCTUnwrap((without["plot"] as? JSON)?["points"] as? [JSON])
    XCTAssertEqual(points.count, 10, "points that are left out are still drawn")
    XCTAssertEqual(points.map { $0["isLeftOut"] as? Bool }, (0..<10).map { $0 == 6 })
    XCTAssertEqual(points[6]["line"] as? Int, 8)
    let back = try fit("y ~ a + b*x")
    XCTAssertEqual(try number("a", of: back), try number("a", of: with))
    XCTAssertEqual(
      try problem("fit", ["formula": "y ~ a + b*x", "leftOut": Array(0..<10)]).message,
      "no row of the table is left: put some back.")
  }

  func testRobustLossGivesAnOutlierLittleWeight() throws {
    let table = "x\ty\n" + (0..<10).map { "\($0)\t\($0 == 6 ? 100 : 1 + 2 * $0)" }.joined(separator: "\n")
    try paste(table)
    let fit = try fit("y ~ a + b*x", ["loss": "cauchy", "lossScale": 0.1])
    XCTAssertEqual(try number("b", of: fit), 2, accuracy: 0.01)
    XCTAssertEqual((fit["statistics"] as? JSON)?["loss"] as? String, "Cauchy's, scale 0.1")
  }

  func testColumnOfDeviationsWeighsTheRows() throws {
    try paste("x,y,dy\n0,1,0.1\n1,3.1,0.1\n2,4.9,0.2\n3,7.3,0.4\n")
    let fit = try fit("y ~ a + b*x", ["scatter": "deviations", "scatterColumn": "dy"])
    let direct = try fitCurve(
      x: [0, 1, 2, 3], y: [1, 3.1, 4.9, 7.3], from: [0, 0], weighting: .standardDeviations([0.1, 0.1, 0.2, 0.4])
    ) { p, x in p[0] + p[1] * x }
    XCTAssertEqual(try number("b", of: fit), direct.parameters[1], accuracy: 1e-12)
    XCTAssertEqual(try statistic("reducedChiSquare", of: fit), try XCTUnwrap(direct.reducedChiSquare), accuracy: 1e-12)
    let points = try XCTUnwrap((fit["plot"] as? JSON)?["points"] as? [JSON])
    XCTAssertEqual((points[3]["bar"] as? [Double])?.count, 2)
  }

  // MARK: - Several columns, units

  func testPlaneIsShownOverAChosenColumn() throws {
    var table = "a b z\n"
    for k in 0..<20 {
      let (a, b) = (Double(k % 5), Double(k / 5))
      table += "\(a) \(b) \(1 + 2 * a - 3 * b)\n"
    }
    try paste(table)
    let fit = try fit("z ~ p + q*a + r*b", ["axis": "b"])
    let plot = try XCTUnwrap(fit["plot"] as? JSON), view = try XCTUnwrap(fit["view"] as? JSON)
    XCTAssertEqual(plot["isCurve"] as? Bool, false)
    XCTAssertEqual(plot["choices"] as? [String], ["a", "b"])
    XCTAssertEqual((plot["x"] as? JSON)?["name"] as? String, "b")
    XCTAssertNil(view["curve"] as? JSON)
    XCTAssertEqual((view["predicted"] as? [Double])?.count, 20)
    XCTAssertEqual(((view["residualPlot"] as? JSON)?["x"] as? JSON)?["name"] as? String, "predicted z")
  }

  func testPascalsAndHertzHaveRoundTicks() throws {
    let rows = (0..<21).map { k -> String in
      let f = 1e5 + 50 * Double(k - 10)
      return "\(f),\(3e-9 / (1 + ((f - 1e5) / 120) * ((f - 1e5) / 120)))"
    }
    try paste("hertz,metres\n" + rows.joined(separator: "\n"))
    let fit = try fit("metres ~ A/(1 + ((hertz - f0)/w)**2)")
    XCTAssertEqual(try number("f0", of: fit), 1e5, accuracy: 1e-3)
    XCTAssertEqual(try number("A", of: fit), 3e-9, accuracy: 1e-15)
    XCTAssertEqual(abs(try number("w", of: fit)), 120, accuracy: 1e-3)
    let plot = try XCTUnwrap(fit["plot"] as? JSON)
    let labels = try ["x", "y"].map { axis -> [String] in
      try XCTUnwrap((plot[axis] as? JSON)?["ticks"] as? [JSON]).map { $0["label"] as? String ?? "" }
    }
    XCTAssertTrue(labels[0].contains("100000"), "\(labels)")
    XCTAssertTrue(labels[1].contains("3×10⁻⁹") || labels[1].contains("3.0×10⁻⁹"), "\(labels)")
    for axis in labels { XCTAssertTrue((3...10).contains(axis.count), "\(labels)") }
  }

  // MARK: - Errors

  func testBadCellsAreNamedWithLineAndColumn() throws {
    let text = "x,y\n1,2\n2,4\n3,abc\n4,8\n"
    try paste(text)
    let bad = try problem("fit", ["formula": "y ~ a*x"])
    XCTAssertTrue(bad.message.hasPrefix("line 4, column “y”: “abc”"), bad.message)
    XCTAssertEqual(bad.field, "table")
    XCTAssertEqual(bad.place, 14, "the place of abc")
    try paste("x,y\n1,2\n2,NaN\n3,6\n4,8\n")
    let missing = try problem("fit", ["formula": "y ~ a*x"])
    XCTAssertTrue(missing.message.hasPrefix("line 3, column “y”: “NaN” stands for a missing value"), missing.message)
    let fit = try fit("y ~ a*x", ["skipsMissing": true])
    XCTAssertEqual(try number("a", of: fit), 2, accuracy: 1e-12)
    XCTAssertEqual(fit["notes"] as? [String], ["1 row with missing values left out (line 3)"])
  }

  func testErrorsNameTheirFieldAndRemedy() throws {
    XCTAssertEqual(try problem("fit", ["formula": "y ~ x"]).message, "there is no table: paste one")
    XCTAssertEqual(try problem("view", ["values": [1]]).field, nil)
    for text in ["", "  \n ", "x,y\n"] { XCTAssertEqual(try problem("table", ["text": text]).field, "table") }
    let row = try problem("table", ["text": "x,y\n1,2\n1,2,3\n"])
    XCTAssertTrue(row.message.hasPrefix("line 3: the row has 3 fields"), row.message)
    XCTAssertEqual(row.place, 8)
    try paste("x,y\n1,2\n2,4\n3,7\n")
    let cases: [(formula: String, field: String, part: String)] = [
      ("z ~ a*x", "formula", "“z”, left of the tilde, is no column of the table"),
      ("y ~ x", "formula", "there is nothing to fit: add a parameter"),
      ("y ~ a*x +", "formula", "after “+”"), ("y", "formula", "a model needs a response"),
      ("y ~ a*exp(-b*x) + c + d*x", "table", "3 rows of the table cannot determine 4 parameters"),
      ("y ~ a*log(-x)", "parameters", "no starts could be guessed"),
      ("log(y - 2) ~ a*x", "table", "line 2: log(y - 2) is -inf at y = 2"),
    ]
    for (formula, field, part) in cases {
      let found = try problem("fit", ["formula": formula])
      XCTAssertEqual(found.field, field, formula)
      XCTAssertTrue(found.message.contains(part), found.message)
    }
    XCTAssertEqual(try problem("fit", ["formula": "y ~ a*x +"]).place, 9)
  }

  func testConstantColumnDoesNotDetermineASlope() throws {
    try paste("x,y\n2,1\n2,2\n2,3\n2,4\n")
    let fit = try fit("y ~ a + b*x")
    XCTAssertEqual(
      fit["withoutErrors"] as? String,
      "no standard errors: the data do not determine a, b; fix one by its bounds, or give other data")
    XCTAssertEqual(try parameters(fit).map { $0["isUndetermined"] as? Bool }, [true, true])
  }

  func testMessagesOutOfRangeAreErrors() throws {
    try paste("x,y\n1,2\n2,4\n3,7\n")
    let bad: [JSON] = [
      ["level": 0], ["level": 1], ["level": -3], ["level": "nan"], ["held": ["a": "inf"]], ["starts": ["a": "nan"]],
      ["bounds": ["a": ["low": "nan"]]], ["bounds": ["a": ["low": "inf"]]], ["scatter": "deviation"],
      ["scatter": "deviation", "scatterNumber": -1], ["scatter": "deviations", "scatterColumn": "q"],
      ["scatter": "weights"], ["scatter": "odd"], ["loss": "odd"], ["loss": "huber", "lossScale": 0],
      ["leftOut": "all"], ["near": ["a": "inf"]], ["formula": String(repeating: "a+", count: 1_000_000) + "x"],
      ["formula": (0..<40).map { "a\($0)*x" }.joined(separator: " + ") + " ~ y"],
    ]
    for settings in bad {
      let answer = try ask("fit", ["formula": "y ~ a*x"].merging(settings) { $1 })
      XCTAssertEqual(answer["kind"] as? String, "error", "\(settings.keys)")
    }
    // Rows that are not there, and names of another formula, do not count.
    let fit = try fit("y ~ a*x", ["leftOut": [-1, 99, 1, 1], "starts": ["b": 1], "held": ["c": 2]])
    XCTAssertEqual(try statistic("points", of: fit), 2)
    for values in [[], [1, 2], ["nan"]] as [[Any]] {
      XCTAssertEqual(try ask("view", ["values": values])["kind"] as? String, "error")
    }
    XCTAssertEqual(try ask("view", ["values": [1e300]])["kind"] as? String, "view")
  }

  func testStartsOfManyParametersAreAskedFor() throws {
    try paste("x,y\n" + (0..<20).map { "\($0),\($0 % 3)\n" }.joined())
    let formula = "y ~ " + (0..<10).map { "a\($0)*x**\($0)" }.joined(separator: " + ")
    let found = try problem("fit", ["formula": formula])
    XCTAssertEqual(found.field, "parameters")
    XCTAssertTrue(found.message.hasPrefix("at most 9 starts are guessed, and 10 parameters have none"), found.message)
    XCTAssertEqual(try parameters(fit(formula, ["starts": ["a0": 1]])).count, 10)
  }

  func testManyRowsAreAnsweredOrRefused() throws {
    let rows = (0..<100_000).map { "\($0),\(3 + 0.5 * Double($0) + Double($0 % 7))" }
    try paste("x,y\n" + rows.joined(separator: "\n"))
    let fit = try fit("y ~ a + b*x")
    XCTAssertEqual(try number("b", of: fit), 0.5, accuracy: 1e-4)
    let plot = try XCTUnwrap(fit["plot"] as? JSON)
    XCTAssertLessThan(try XCTUnwrap(plot["points"] as? [JSON]).count, 1700)
    XCTAssertEqual(plot["rows"] as? Int, 100_000)
    let many = try problem("table", ["text": "x\n" + String(repeating: "1\n", count: 200_001)])
    XCTAssertTrue(many.message.contains("200001 rows"), many.message)
  }
}
