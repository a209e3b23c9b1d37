import Micrograd
import TestSupport
import XCTest

@testable import MicrogradFormulas

final class FormulaTests: XCTestCase {
  private struct Fixture: Decodable {
    struct Case: Decodable {
      let formula: String
      let names: [String]
      let at: [Double]
      let value: Double
      let gradient: [Double]
    }
    let cases: [Case]
  }

  func testValuesAndGradientsAreThoseOfMpmath() throws {
    let cases = try readFixture("formulas.json", Fixture.self).cases
    XCTAssertGreaterThan(cases.count, 400)
    for c in cases {
      let formula = try Formula(c.formula)
      let inputs = Dictionary(uniqueKeysWithValues: zip(c.names, c.at))
      let point = try formula.ordered(inputs)
      let (value, gradient) = valueWithGradient(at: point) { formula($0) }
      let expected = try formula.ordered(Dictionary(uniqueKeysWithValues: zip(c.names, c.gradient)))
      // Terms may cancel: rounding is measured by the largest change that an input makes.
      let scale = zip(expected, point).map { abs($0 * $1) }.reduce(abs(c.value)) { Swift.max($0, $1) }
      XCTAssertEqual(value, c.value, accuracy: 1e-13 * scale + 1e-300, c.formula)
      for (k, name) in formula.names.enumerated() {
        let size = Swift.max(abs(expected[k]), scale / Swift.max(abs(point[k]), 1e-300))
        XCTAssertEqual(gradient[k], expected[k], accuracy: 1e-11 * size + 1e-300, "\(c.formula) by \(name)")
      }
      // The same on plain numbers, on dual numbers, and compiled.
      XCTAssertEqual(formula(point), value, accuracy: 1e-14 * abs(value), c.formula)
      let compiled = try formula.compiled().valueWithGradient(at: point)
      XCTAssertEqual(compiled.value, value, accuracy: 1e-13 * scale, c.formula)
      for k in gradient.indices {
        XCTAssertEqual(compiled.gradient[k], gradient[k], accuracy: 1e-11 * abs(gradient[k]) + 1e-13, c.formula)
      }
    }
  }

  func testNamesAreInOrderOfFirstAppearance() throws {
    XCTAssertEqual(try Formula("c*b + a*c + pi").names, ["c", "b", "a"])
    XCTAssertEqual(try Formula("e = a*b; d = e + c; L = d*f").names, ["a", "b", "c", "f"])
    XCTAssertEqual(try Formula("e = a*b; d = e + c; L = d*f").assignedNames, ["e", "d", "L"])
    XCTAssertEqual(try Formula("2*pi").names, [])
    XCTAssertEqual(try Formula("α*x₀ + größe*`T (K)` + _x1").names, ["α", "x₀", "größe", "T (K)", "_x1"])
  }

  func testOperatorsGroupAsInPython() throws {
    let expected: [(String, Double)] = [
      ("-2**2", -4), ("2**-1", 0.5), ("2**3**2", 512), ("(-2)**2", 4), ("2**-2**2", 1 / 16.0), ("7 - 2 - 1", 4),
      ("8/4/2", 1), ("8/4*2", 4), ("2*3 + 4*5", 26), ("2 + 3*4**2", 50), ("-3*-2", 6), ("1 - -1", 2), ("--3", 3),
      ("+3", 3),
      ("2^3", 8), ("2 < 3", 1), ("3 < 2", 0), ("2 + 1 == 3", 1), ("1 < 2 and 3 < 2", 0), ("1 < 2 or 3 < 2", 1),
      ("not 1 < 2", 0), ("not 3 < 2 and 1 < 2", 1), ("1 < 2 ? 5 : 6", 5), ("0 ? 1 : 0 ? 2 : 3", 3),
      ("1 ? 0 ? 4 : 5 : 6", 5),
      ("if(2 > 1, 7, 8)", 7), ("where(2 > 1, 7, 8)", 7), ("1 or 0 and 0", 1), ("2 != 2", 0), ("2 <> 3", 1),
      ("2 >= 2 && 1 <= 1", 1),
      ("0 || 3", 1),
    ]
    for (text, value) in expected { XCTAssertEqual(try Formula(text)([Double]()), value, text) }
  }

  func testNumbersAreReadAsPythonReadsThem() throws {
    let expected: [(String, Double)] = [
      ("1", 1), (".5", 0.5), ("3.", 3), ("1e-3", 1e-3), ("2.5E6", 2.5e6), ("1_000.5", 1000.5), ("6.02e+23", 6.02e23),
      ("0.1", 0.1), ("1e-400", 0), ("1234567890123456789012345", 1.234567890123456789012345e24), ("007", 7),
    ]
    for (text, value) in expected { XCTAssertEqual(try Formula(text)([Double]()), value, text) }
  }

  func testTypographicSignsAreUnderstood() throws {
    XCTAssertEqual(try Formula("2×3·4 − 5"), try Formula("2*3*4 - 5"))
    XCTAssertEqual(try Formula("x² + x³ + x⁻¹ + x¹²"), try Formula("x**2 + x**3 + x**-1 + x**12"))
    XCTAssertEqual(try Formula("-x²"), try Formula("-(x**2)"))
    XCTAssertEqual(try Formula("a ≤ b ? a ÷ b : π"), try Formula("if(a <= b, a/b, pi)"))
    XCTAssertEqual(try Formula("a\u{a0}+ b"), try Formula("a + b"))
  }

  func testStatementsAreSeparatedBySemicolonsAndLines() throws {
    let lines = """
      e = a*b   # a comment
      d = (e +
           c)

      L = d *
        f

      """
    XCTAssertEqual(try Formula(lines), try Formula("e = a*b; d = e + c; L = d*f;"))
    XCTAssertEqual(try Formula(lines)([2.0, -3, 10, -2]), -8)
    XCTAssertEqual(try Formula("s = x; s = s*s; s = s + 1; s")([3.0]), 10)
    XCTAssertEqual(try Formula("a = 2*b\r\na + b")([1.0]), 3)
  }

  func testWholePowersAreExactAndTakeNegativeBases() throws {
    XCTAssertEqual(try Formula("x**2")([-3.0]), 9)
    XCTAssertEqual(try Formula("x**(1 + 2)")([-3.0]), -27)
    let fifth = try Formula("x**5"), sum = try Formula("x**2 + x**3")
    XCTAssertEqual(gradient(at: [-3]) { x in fifth(x) }, [405])
    let graph = Tape().use { Graph(of: sum([Value(2.0)])) }
    XCTAssertEqual(graph.nodes.compactMap(\.operation), ["** 2", "** 3", "+"])
  }

  func testConstantsRecordNothing() throws {
    let formula = try Formula("x*(2*pi/3) + 4**0.5")
    let graph = Tape().use { Graph(of: formula([Value(2.0)])) }
    XCTAssertEqual(graph.nodes.count, 3)
  }

  func testDerivativesOfAChoiceAreThoseOfTheChosenSide() throws {
    let f = try Formula("if(x > 0, sqrt(x), 0)")
    XCTAssertEqual(gradient(at: [0]) { f($0) }, [0])
    XCTAssertEqual(gradient(at: [4]) { f($0) }, [0.25])
    let g = try Formula("(x > 1)*x**2")
    XCTAssertEqual(gradient(at: [4]) { x in g(x) }, [8])
    // Compiled, one path serves all samples.
    let compiled = try f.compiled()
    XCTAssertEqual(try compiled.values(at: Samples([[4], [-4], [0]])), [2, 0, 0])
    XCTAssertEqual(compiled.pathCount, 1)
  }

  func testInputsByNameAreChecked() throws {
    let f = try Formula("alpha*x")
    XCTAssertEqual(try f.value(at: ["alpha": 2, "x": 3]), 6)
    XCTAssertThrowsError(try f.value(at: ["alpha": 2.0])) { XCTAssertEqual($0 as? FormulaInputError, .missing(["x"])) }
    XCTAssertThrowsError(try f.value(at: ["alhpa": 2.0, "x": 1])) {
      XCTAssertEqual("\($0)", "the formula has no “alhpa”; did you mean “alpha”?")
    }
  }

  func testTheFirstNumberThatIsNotFiniteIsNamed() throws {
    let f = try Formula("1 + sqrt(log(x) - 1)")
    XCTAssertEqual(f.firstNotFinite(at: [2])?.part, "sqrt(log(x) - 1)")
    XCTAssertNil(f.firstNotFinite(at: [9]))
  }
}
