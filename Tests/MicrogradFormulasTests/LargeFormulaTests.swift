import Micrograd
import XCTest

@testable import MicrogradFormulas

final class LargeFormulaTests: XCTestCase {
  private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  func testAMillionParenthesesAreParsedPrintedAndEvaluated() throws {
    let n = 1_000_000
    let plain = try Formula(repeated("(", n) + "x" + repeated(")", n))
    XCTAssertEqual(plain, try Formula("x"))
    XCTAssertThrowsError(try Formula(repeated("(", n))) { XCTAssertEqual(($0 as? FormulaError)?.position, n - 1) }
    XCTAssertThrowsError(try Formula(repeated("(", n) + "x" + repeated(")", n + 1)))
  }

  func testDeepTreesAreParsedPrintedDifferentiatedAndFreed() throws {
    let n = 20_000
    let deep = [
      repeated("sin(", n) + "x" + repeated(")", n), repeated("-", n) + "x", repeated("x**", n) + "1",
      repeated("x - (", n) + "1" + repeated(")", n),
      repeated("x < 0 ? 1 : ", n) + "x", repeated("x < 0 ? ", n) + "1" + repeated(" : x", n),
      "x" + repeated("²", 1) + repeated(" + x", n),
      repeated("if(x > 0, ", n) + "x" + repeated(", 1)", n), "x" + repeated("*x", n),
    ]
    for text in deep {
      let formula = try Formula(text)
      XCTAssertEqual(try Formula(formula.description), formula)
      let value = formula([0.5])
      let (recorded, gradient) = valueWithGradient(at: [0.5]) { formula($0) }
      XCTAssertEqual(recorded, value, text.prefix(20) + "…")
      XCTAssertEqual(gradient.count, 1)
    }
  }

  func testAMillionCharactersTakeTimeInProportion() throws {
    func seconds(_ text: String) -> Double {
      let start = ContinuousClock.now
      _ = try? Formula(text)
      return Double((ContinuousClock.now - start).components.attoseconds) * 1e-18
        + Double((ContinuousClock.now - start).components.seconds)
    }
    for piece in [
      "a + ", "f(", "a b ", "0,5 ", "v = v1; ", "`x` * ", "(", "a ? b : ", "1_000", "sine(x) + ", "²", "\n", "#", "a <",
    ] {
      let count = 1_000_000 / piece.count
      // A quadratic algorithm would take hours.
      XCTAssertLessThan(seconds(repeated(piece, count)), 20, piece)
    }
    XCTAssertLessThan(seconds("s = x0; " + (1..<60_000).map { "s = s + x\($0); " }.joined()), 20)
  }
}
