import TestSupport
import XCTest

@testable import MicrogradFormulas

final class FormulaFuzzTests: XCTestCase {
  private static let tokens = [
    "a", "b", "x", "e", "α", "sin", "exp", "max", "if", "where", "gamma", "polygamma", "and", "or", "not", "pi", "(",
    "(", ")", ")", ",", "+", "-",
    "*", "/", "**", "^", "²", "⁻¹", "<", "<=", "==", "!=", "?", ":", "=", "~", ";", "\n", " ", " ", "1", "2", "0.5",
    "1e-3", ".", "1e", "`T (K)`", "`",
    "#", "×", "−", "!", "&", "%", "[", "\u{0}", "é", "👩‍👩‍👧", "“",
  ]

  func testAnyTextIsAFormulaOrAnError() throws {
    let seed: UInt64 = 20
    var random = SplitMix64(seed: seed)
    var formulas = 0
    for round in 0..<60_000 {
      let text: String
      if round.isMultiple(of: 3) {
        text = String(
          decoding: (0..<random.below(24)).map { _ in UInt8.random(in: 0...255, using: &random) }, as: UTF8.self)
      } else {
        text = (0..<(1 + random.below(12))).map { _ in Self.tokens[random.below(Self.tokens.count)] }.joined()
      }
      do {
        let formula = try Formula(text)
        formulas += 1
        XCTAssertEqual(try Formula(formula.description), formula, "seed \(seed): \(text)")
        _ = formula(formula.names.map { _ in 0.5 })
      } catch {
        let count = text.unicodeScalars.count
        XCTAssertTrue((0...count).contains(error.position), "seed \(seed): \(text)")
        XCTAssertEqual(
          error.description.split(separator: "\n", omittingEmptySubsequences: false).count, 3, "seed \(seed): \(text)")
      }
      _ = try? ModelFormula(text)
    }
    XCTAssertGreaterThan(formulas, 1000)
  }
}
