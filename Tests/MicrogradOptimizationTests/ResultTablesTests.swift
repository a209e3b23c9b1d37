import Micrograd
import MicrogradOptimization
import XCTest

final class ResultTablesTests: XCTestCase {
  func testAMinimumPrintsATable() throws {
    let result = try minimize({ x in (x[0] - 3).squared() + (x[1] + 1e-6).squared() * 1e12 + 5 }, from: [1, 1e-6])
    let lines = "\(result)".split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    XCTAssertEqual(lines[0].split(separator: " "), ["parameter", "value", "slope"])
    XCTAssertEqual(lines[1].split(separator: " ").prefix(2), ["x[0]", "3.00000"])
    XCTAssertTrue(lines[2].contains("-1.00000e-6"), lines[2])
    XCTAssertEqual(lines[3], "")
    XCTAssertEqual(lines[4], "value: 5.00000")
    XCTAssertEqual(lines[5], "\(result.iterations) iterations: \(result.reason)")
    XCTAssertEqual(lines.count, 6)
  }

  func testAMinimumWithConstraintsPrintsTheirMultipliers() throws {
    // Least x² + y² with x + y = 2 and x at least 1.5: multipliers 1 and 2, by hand.
    let result = try minimize(
      { x in x[0].squared() + x[1].squared() }, from: [1.6, 1],
      subjectTo: [.equal(to: 2) { x in x[0] + x[1] }, .atLeast(1.5) { x in x[0] }, .atMost(9) { x in x[1] }])
    XCTAssertEqual(
      "\(result)",
      """
      parameter     value  bound's multiplier
      x[0]        1.50000             0.00000
      x[1]       0.500000             0.00000

      constraint     value  multiplier
      0            2.00000     1.00000  active
      1            1.50000     2.00000  active
      2           0.500000     0.00000

      value: 2.50000, largest violation: 0.00000
      \(result.iterations) iterations: \(result.reason)
      """)
  }

  func testOfManyParametersTheFirstArePrinted() throws {
    let result = try minimize({ x in dot(x, x) }, from: [Double](repeating: 1, count: 1000))
    let lines = "\(result)".split(separator: "\n", omittingEmptySubsequences: false)
    XCTAssertEqual(lines.count, 25)
    XCTAssertEqual(lines[21], "… and 980 more")
  }
}
