import Foundation
import XCTest

@testable import MicrogradCLI

final class GradCommandTests: CommandTestCase {
  private func grad(_ arguments: String...) throws -> Executable.Result { try Executable.run(["grad"] + arguments) }

  func testValueAndGradientStandBelowEachOther() throws {
    let result = try grad("a*b + b**3", "a=-4", "b=2.5")
    XCTAssertEqual(
      result.output,
      """
      name    value   gradient
      a       -4       2.5
      b        2.5    14.75
      result   5.625   1

      """)
    XCTAssertEqual(result.status, 0)
    XCTAssertEqual(result.errors, "")
  }

  func testNamesThatAreAssignedHaveRows() throws {
    let result = try grad("e = a*b; d = e + c; L = d*f", "a=2", "b=-3", "c=10", "f=-2")
    XCTAssertEqual(
      result.output,
      """
      name  value  gradient
      a      2      6
      b     -3     -4
      c     10     -2
      f     -2      4
      e     -6     -2
      d      4     -2
      L     -8      1

      """)
  }

  func testTheHessianIsATable() throws {
    let result = try grad("x**2*y", "x=3", "y=2", "--hessian")
    XCTAssertTrue(result.output.hasSuffix("\nhessian  x  y\nx        4  6\ny        6  0\n"), result.output)
  }

  func testStepsOfTheSweepArePrinted() throws {
    let result = try grad("e = a*b; e + c", "a=2", "b=-3", "c=10", "--steps")
    XCTAssertTrue(
      result.output.contains("\n1. result = e + c: result.grad is 1\n  e.grad: 0 + 1 · 1 = 1 "),
      result.output + result.errors)
    XCTAssertTrue(result.output.contains("d(a * b)/da = b"), result.output)
  }

  func testTheGraphIsDrawn() throws {
    let result = try grad("e = a*b; e + c", "a=2", "b=-3", "c=10", "--graph", path("graph.svg"))
    XCTAssertEqual(result.status, 0, result.errors)
    let svg = try text("graph.svg")
    XCTAssertTrue(svg.hasPrefix("<svg") && svg.contains("result") && svg.contains("-3.0000"), svg)
    XCTAssertEqual(try grad("a", "a=1", "--graph", "-").status, 64)
    XCTAssertEqual(try grad("a", "a=1", "--graph", path("")).status, 1)
  }

  func testJSONHasValueGradientAndHessian() throws {
    let result = try grad("x**2*y", "x=3", "y=2", "--hessian", "--json")
    let object = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    XCTAssertEqual(object["value"] as? Double, 18)
    XCTAssertEqual(object["gradient"] as? [String: Double], ["x": 12, "y": 9])
    XCTAssertEqual((object["hessian"] as? [String: [String: Double]])?["x"], ["x": 4, "y": 6])
    let odd = try grad("`a \"b`/x", "`a \"b`=1", "x=0", "--json")
    let second = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(odd.output.utf8)) as? [String: Any])
    XCTAssertTrue(second["value"] is NSNull)
    XCTAssertEqual((second["inputs"] as? [String: Double])?["a \"b"], 1)
  }

  func testMinusSignsAtTheBeginningAreNoOptions() throws {
    XCTAssertTrue(try grad("-x**2", "x=-3").output.contains("result  -9"))
    XCTAssertTrue(try grad("-(x + 1)", "x=1e-3").output.contains("-1.001"))
    XCTAssertTrue(try grad("x", "x=-2*pi/4").output.contains("-1.57079632679"))
    XCTAssertTrue(try grad("-h").output.contains("USAGE: micrograd grad"))
  }

  func testMistakesAreNamed() throws {
    for (arguments, message) in [
      (["a*sine(b)", "a=1", "b=2"], "a*sine(b)\n  ^\nthere is no function “sine”; did you mean “sin”?"),
      (["a + b", "a=1"], "the formula needs “b”; give a number, as in b=1"),
      (["a + beta", "a=1", "beat=2"], "did you mean “beta”?"),
      (["a", "a=1,5"], "1,5\n ^\na comma separates arguments; as a decimal number, write 1.5"),
      (["a", "a=1", "a=2"], "“a” is given twice"),
      (["a", "a"], "“a” has no “=”"), (["a", "a="], "no number behind “=”"), (["a", "=1"], "no name before “=”"),
      (["a", "a=b"], "not a number"),
      (["a", "a=1e999"], "too large"), (["a", "a=1/0"], "not a finite number"), (["2", "a=1"], "no inputs"),
      ([""], "the formula is empty"),
      (["a = 1\nb = c d", "c=1"], "line 2:\nb = c d"), (["y ~ a", "a=1"], "only a fit has"),
      (["a", "a=inf"], "not a number"), (["a", "a=0x10"], "write 0*x10"),
    ] {
      let result = try Executable.run(["grad"] + arguments)
      XCTAssertEqual(result.status, 1, "\(arguments)")
      XCTAssertTrue(result.errors.contains(message), "\(arguments): \(result.errors)")
      XCTAssertEqual(result.output, "", "\(arguments)")
    }
    XCTAssertEqual(try grad("a", "a=1", "--jsno").status, 64)
  }

  func testANumberThatIsNotFiniteIsExplained() throws {
    let result = try grad("1 + sqrt(log(x) - 1)", "x=2")
    XCTAssertEqual(result.status, 0)
    XCTAssertEqual(result.errors, "note: sqrt(log(x) - 1) is nan there\n")
  }
}
