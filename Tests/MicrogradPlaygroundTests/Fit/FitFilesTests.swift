import Foundation
import MicrogradTables
import TestSupport
import XCTest

@testable import MicrogradPlayground

final class FitFilesTests: FitRoomTestCase {
  private func file(_ action: String) throws -> String {
    let answer = try ask(action)
    XCTAssertEqual(answer["kind"] as? String, "file", "\(answer)")
    return try XCTUnwrap(answer["text"] as? String)
  }

  func testNumbersHaveDataPredictionsAndResiduals() throws {
    try paste("x;y\n1,5;2\n2,5;4\n\n3,5;7\n")
    let fit = try fit("y ~ a + b*x", ["leftOut": [1]])
    XCTAssertEqual(try number("b", of: fit), 2.5, accuracy: 1e-12)
    let table = try CSVTable(text: file("csv"))
    XCTAssertEqual(table.columns, ["line", "x", "y", "predicted", "residual"])
    XCTAssertEqual(try table.inputs(["line", "x", "y"]), [2, 1.5, 2, 5, 3.5, 7])
    let (residuals, predicted) = (try table.inputs(["residual"]), try table.inputs(["predicted"]))
    for (k, y) in [2.0, 7.0].enumerated() {
      XCTAssertEqual(residuals[k], y - predicted[k])
      XCTAssertEqual(predicted[k], y, accuracy: 1e-12)
    }
  }

  /// The program is compiled and run. It prints the table that the page shows.
  func testSwiftProgramPrintsTheSameTable() throws {
    let plane =
      "a b `c`\n" + (0..<12).map { "\($0 % 4) \($0 / 4) \($0 % 4 * 2 - $0 / 4 + ($0 == 5 ? 1 : 0))\n" }.joined()
    let cases: [(table: String, formula: String, settings: JSON)] = [
      (Self.tea, Self.cooling, [:]),
      (Self.tea, Self.cooling, ["held": ["room": 20.5], "bounds": ["tau": ["low": 1]], "level": 0.99]),
      (Self.tea, "log(celsius) ~ `a \"b\"` - k*minutes", ["loss": "huber", "leftOut": [2]]),
      (plane, "```c``` ~ p*a + q*b", ["loss": "cauchy", "lossScale": 0.5]),
      ("x,y,s\n1,2,0.1\n2,4.1,0.2\n3,5.8,0.3\n", "y ~ m*x", ["scatter": "deviations", "scatterColumn": "s"]),
      ("x,y,w\n1,2,1\n2,4.1,2\n3,5.8,3\n", "y ~ m", ["scatter": "weights", "scatterColumn": "w"]),
    ]
    let imports = ["Micrograd", "MicrogradFormulas", "MicrogradOptimization"].map { "import \($0)\n" }.joined()
    var (whole, output) = (imports, "")
    for (k, (table, formula, settings)) in cases.enumerated() {
      try paste(table)
      output += try XCTUnwrap(fit(formula, settings)["text"] as? String) + "\n"
      let parts = try file("swift").components(separatedBy: imports)
      XCTAssertEqual(parts.count, 2, "the program begins with a comment and its imports")
      // Compiled together, they take less time.
      whole += "func program\(k)() throws {\n\(parts[1])}\ntry program\(k)()\n"
    }
    let printed = try SwiftCompiler.output(of: whole, linking: ["MicrogradFormulas", "MicrogradOptimization"])
    XCTAssertEqual(printed, output)
  }

  func testProgramOfALargeTableIsRefused() throws {
    try paste("x,y\n" + (0..<2001).map { "\($0),\(2 * $0)\n" }.joined())
    _ = try fit("y ~ a*x")
    XCTAssertTrue(try problem("swift", [:]).message.contains("at most 2000 rows"))
    try paste("x,y\n1,2\n")
    XCTAssertTrue(try problem("csv", [:]).message.contains("nothing is fitted"))
  }
}
