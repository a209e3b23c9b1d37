import Foundation
import Micrograd
import MicrogradFormulas
import TestSupport
import XCTest

@testable import MicrogradPlayground

final class ExpressionFilesTests: XCTestCase {
  func testCSVHasEveryNode() throws {
    let page = ExpressionConversation()
    try page.open(Lecture.formula, Lecture.values)
    let text = try XCTUnwrap(page.ask("csv", ["values": Lecture.values])["text"] as? String)
    XCTAssertEqual(
      text,
      """
      name,operation,value,grad
      a,,2.0,6.0
      b,,-3.0,-4.0
      c,,10.0,-2.0
      f,,-2.0,4.0
      e,*,-6.0,-2.0
      d,+,4.0,-2.0
      L,*,-8.0,1.0

      """)
    try page.open("`a, \"b\"`*2 + " + Array(repeating: "x", count: 400).joined(separator: "*x+"), [:])
    let large = try XCTUnwrap(page.ask("csv", ["values": [:]])["text"] as? String)
    XCTAssertTrue(large.contains("\n\"a, \"\"b\"\"\",,1.0,2.0\n"))
    XCTAssertGreaterThan(large.split(separator: "\n").count, 800)
  }

  /// The program prints what the page shows, to the bit.
  func testSwiftProgramPrintsTheSameNumbers() throws {
    let every = [
      "abs(x)", "sign(x)", "floor(3*x)", "ceil(x)", "round(x)", "rint(x)", "trunc(x)", "detach(x)*x", "sqrt(x)",
      "cbrt(x)",
      "root(x, 5)", "square(x)", "cube(x)", "pow(x, y)", "exp(x)", "expm1(x)", "exp2(x)", "exp10(x)", "log(x)",
      "log1p(x)",
      "log2(x)", "log10(x)", "log1mexp(-x)", "sin(x)", "cos(x)", "tan(x)", "asin(x)", "acos(x)", "atan(x)",
      "atan2(x, y)",
      "sinh(x)", "cosh(x)", "tanh(x)", "asinh(x)", "acosh(y)", "atanh(x)", "hypot(x, y)", "erf(x)", "erfc(x)",
      "normcdf(x)",
      "gamma(y)", "lgamma(y)", "digamma(y)", "polygamma(2, y)", "relu(x)", "sigmoid(x)", "logit(x)", "softplus(x)",
      "softsign(x)", "silu(x)", "mish(x)", "gelu(x)", "gelu_tanh(x)", "leaky_relu(-x)", "leaky_relu(-x, 0.2)",
      "leaky_relu(-x, y)", "elu(-x)", "elu(-x, 0.5)", "elu(-x, y*y)", "max(x)", "max(x, y, 2)", "min(x, 0.1)",
      "clamp(x, 0, 0.5)",
      "clamp(x, y, 3)", "clamp(2, x, y)", "clamp(x, 3, 1)", "fmod(y, x)", "remainder(y, 0.4)", "sum(x, 2, y)",
      "logsumexp(x, y, 0)",
    ]
    let one = every.enumerated().map { "f\($0) = \($1)" }.joined(separator: "; ")
    let total = every.indices.map { "f\($0)" }.joined(separator: " + ")
    let formulas: [(String, [String: Double])] = [
      (Lecture.formula, Lecture.values), ("\(one); \(total)", ["x": 0.3, "y": 1.7]), ("2*3", [:]), ("x", ["x": 5]),
      ("k = 2*pi; k*x + log(0)*0", ["x": 1.25]),
      ("`two words`**2 - gamma*exp(-gamma)", ["two words": 3, "gamma": 0.2]),
      ("s = x; s = s*x; s = s - -1; -s**2/3*-s", ["x": 1.1]), ("a - (b - c) - a/(b/c)/b", ["a": 1, "b": 2, "c": 3]),
      ("(a + b)*(a - b)**(c - 1)**2/(2 - a)", ["a": 2.5, "b": 1, "c": 1.5]),
      (
        "if(x > 0 and not y < 0, x*y, if(x, 1, 2)) + (x <= y) + (1 or x) + (x or y) + (2 > 1 ? x : y)",
        ["x": 0.5, "y": -1]
      ),
      ("let = print*in; self = let + Value; self**-2", ["print": 1.5, "in": 2, "Value": -0.0]),
      ("größe*α + x₁*δ**2 + 名", ["größe": 1, "α": 2, "x₁": 3, "δ": 0.1, "名": 7]),
      ("x/`a\"b\\c`", ["x": 1, "a\"b\\c": 2]),
      ("x" + String(repeating: "*sin(x) + 0.5/x - x", count: 40), ["x": 0.9]),
      ("x*y", ["x": 3 * .leastNonzeroMagnitude, "y": 1e300]),
      ("x*y", ["x": .infinity, "y": .nan]), ("-(-x) - (-(y - 1))", ["x": 2, "y": 3]),
      ("2**-x**-1 + (-2)**3*x", ["x": 3]),
      ("p = p0*exp(-h/8435); 100*(1 - p/p0)", ["p0": 101325, "h": 8848]),
    ]
    try assertPrint(formulas)
  }

  private func assertPrint(_ formulas: [(String, [String: Double])]) throws {
    let programs = try formulas.map { text, values in
      let page = ExpressionConversation(), values = values.mapValues { $0.isFinite ? $0 : "\($0)" as Any }
      XCTAssertEqual(try page.ask("open", ["formula": text, "values": values])["kind"] as? String, "opened", text)
      return try XCTUnwrap(page.ask("swift", ["values": values])["text"] as? String)
    }
    let printed = try SwiftCompiler.printed(by: programs)
    for (k, (text, values)) in formulas.enumerated() {
      let expected = ["name,value,gradient"] + (try Self.lines(text, values))
      XCTAssertEqual(printed[k].map { $0.replacing("-nan", with: "nan") }, expected, "\(text)\n\(programs[k])")
    }
  }

  func testSwiftProgramIsAMainFile() throws {
    let page = ExpressionConversation()
    try page.open(Lecture.formula, Lecture.values)
    let program = try XCTUnwrap(page.ask("swift", ["values": Lecture.values])["text"] as? String)
    let printed = try SwiftCompiler.output(of: program)
    XCTAssertEqual(
      printed,
      "name,value,gradient\na,2.0,6.0\nb,-3.0,-4.0\nc,10.0,-2.0\nf,-2.0,4.0\ne,-6.0,-2.0\nd,4.0,-2.0\nL,-8.0,1.0\n")
  }

  /// What the program is to print: computed with the library, not by the room.
  private static func lines(_ text: String, _ values: [String: Double]) throws -> [String] {
    try Tape.scope {
      let formula = try Formula(text), inputs = formula.names.map { Value(values[$0] ?? 1) }
      let statements = formula.statements(inputs), result = statements[statements.count - 1].value
      if !result.isConstant { result.backward() }
      var rows = zip(formula.names, inputs).map { ($0, $1) }
      for statement in statements {
        let name = statement.name ?? "result"
        rows.removeAll { $0.0 == name }
        rows.append((name, statement.value))
      }
      // NaN has no sign.
      return rows.map { "\($0),\($1.data),\($1.grad)".replacing("-nan", with: "nan") }
    }
  }
}
