import XCTest

@testable import MicrogradFormulas

final class FormulaErrorTests: XCTestCase {
  private func error(_ text: String, file: StaticString = #filePath, line: UInt = #line) -> FormulaError? {
    do {
      _ = try Formula(text)
      XCTFail("\(text.prefix(100)) is a formula", file: file, line: line)
      return nil
    } catch {
      return error
    }
  }

  func testAnErrorShowsItsPlace() {
    XCTAssertEqual(
      error("a*sine(b)")?.description,
      """
      a*sine(b)
        ^
      there is no function “sine”; did you mean “sin”?
      """)
    XCTAssertEqual(
      error("e = a*b\n  d = e +* c\nd")?.description,
      """
      d = e +* c
             ^
      after “+” a number, a name or a parenthesis is missing; add one
      """)
    XCTAssertEqual(error("e = a*b\nd = e +* c\nd")?.line, 2)
    XCTAssertEqual(error("größe + 你好 @ x")?.description.split(separator: "\n")[1], "             ^")
  }

  func testOfALongLineThePartAroundThePlaceIsShown() throws {
    let long = String(repeating: "a + ", count: 100_000)
    let found = try XCTUnwrap(error(long + "sine(b) + " + long + "a"))
    let lines = found.description.split(separator: "\n")
    XCTAssertEqual(found.position, 400_000)
    XCTAssertTrue(lines[0].hasPrefix("…a + a") && lines[0].hasSuffix("…"), String(lines[0]))
    XCTAssertLessThan(lines[0].count, 80)
    XCTAssertEqual(Array(lines[0])[lines[1].count - 1], "s")
  }

  func testEveryMistakeIsNamedWithItsCure() {
    let expected: [(text: String, position: Int, message: String)] = [
      ("", 0, "the formula is empty"), ("  # nothing", 11, "the formula is empty"),
      ("2x", 1, "for a product, write 2*x"),
      ("2(x + 1)", 1, "write 2*(…)"), ("(a)(b)", 3, "(…)*(…)"), ("a b", 2, "write a*b"),
      ("sin x", 0, "sin is a function; write sin(…)"),
      ("a(b)", 0, "for a product, write a*(…)"), ("x(3) + x", 0, "write x*(…)"), ("0,5*x", 1, "write 0.5"),
      ("exp(0,5)", 0, "write 0.5"), ("a, b", 1, "a comma separates arguments"), ("max()", 0, "at least 1 argument"),
      ("max(a,)", 6, "argument is missing"), ("max(,a)", 4, "argument is missing"), ("()", 1, "nothing between"),
      ("(a + b", 0, "never closed"), ("a + b)", 5, "closes nothing"), ("sin(a", 3, "never closed"),
      ("a +", 3, "after “+”"),
      ("* a", 0, "nothing on its left"), ("a ** * b", 5, "after “**”"), ("hypot(a)", 0, "2 arguments, but has 1"),
      ("log(8, 2)", 0, "log(x)/log(b)"), ("atan(y, x)", 0, "atan2(y, x)"), ("if(a, b)", 0, "if(condition, a, b)"),
      ("a < b < c", 6, "a < b and b < c"), ("a + not b", 4, "parentheses"), ("a ? b", 2, "no “:”"),
      ("a : b", 2, "without “?”"),
      ("a + b = c", 6, "write =="), ("pi = 3", 0, "cannot be assigned"), ("sin = 3", 0, "cannot be assigned"),
      ("a + 1; b", 0, "not used"), ("d*2; d = 3", 0, "not used"), ("c = d; d = 3", 7, "used above"),
      ("y ~ x", 2, "only a fit has"),
      ("``", 0, "no name"), ("`a", 0, "not closed"), ("`a\nb`", 0, "not closed"), ("1.2.3", 3, "second point"),
      ("1..2", 2, "second point"),
      ("1e", 0, "no digits"), ("1e+", 0, "no digits"), ("1e999", 0, "too large"), ("7 // 2", 2, "floor(a / b)"),
      ("n!", 1, "gamma(n + 1)"),
      ("a & b", 2, "write and"), ("a | b", 2, "write or"), ("x[0]", 1, "parentheses"), ("7 % 2", 2, "fmod"),
      ("“a”", 0, "remove it"),
      ("√x", 0, "sqrt"), ("∞", 0, "infinity"), ("a @ b", 2, "“@”"), ("a \u{0} b", 2, "U+0000"),
      ("sqroot(x)", 0, "no function"),
      ("logistc(x)", 0, "did you mean “logistic”"), ("SIN(x)", 0, "did you mean “sin”"),
      ("Exp(x)", 0, "did you mean “exp”"),
      ("polygamma(x, y)", 0, "whole number"), ("root(x, n)", 0, "whole number"), ("root(x, 1.5)", 0, "whole number"),
      ("0x10", 1, "write 0*x10"), ("3 4", 2, "write 3*4"), ("a = ", 4, "after “=”"), ("= 3", 0, "assigns a name"),
      ("a = = 3", 4, "after “=”"),
      ("a ++ ", 5, "after “+”"), ("inf(3)", 0, "no function"), ("a;;b c", 0, "not used"), ("1 if x else 2", 2, "1*if"),
      ("!a", 0, "write not"),
    ]
    for (text, position, message) in expected {
      guard let found = error(text) else { continue }
      XCTAssertTrue(found.message.contains(message), "\(text): \(found.message)")
      XCTAssertEqual(found.position, position, "\(text): \(found.message)")
    }
  }
}
