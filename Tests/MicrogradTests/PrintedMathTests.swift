import CMicrograd
import Foundation
import XCTest

@testable import Micrograd

final class PrintedMathTests: XCTestCase {
  /// What printed programs carry is the text of the engine's own files: run make math-text if this fails.
  func testPrintedFunctionsAreThoseOfTheEngine() throws {
    let engine = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("CSupport/CMicrograd")
    func words(_ text: String) -> String {
      let skipped = ["static", "inline", "MG_LIKELY", "MG_UNLIKELY"]
      var lines = text.split(separator: "\n", omittingEmptySubsequences: true)
      lines.removeAll { $0.hasPrefix("//") || $0.hasPrefix("#pragma") }
      var joined = lines.joined(separator: " ")
      for word in skipped { joined = joined.replacingOccurrences(of: word, with: " ") }
      return joined.split(separator: " ").joined()
    }
    let files = FileManager.default.enumerator(atPath: engine.path)?.compactMap { $0 as? String } ?? []
    let sources = files.filter { ($0.hasSuffix(".c") || $0.hasSuffix(".h")) && !$0.hasSuffix("mg_math_text.c") }
    let all = try sources.map { words(try String(contentsOf: engine.appendingPathComponent($0), encoding: .utf8)) }
    let printed = CText.definitions(
      for:
        "mg_silu_first mg_gelu_tanh_second mg_polygamma_of mg_softmax mg_power_bend_both mg_log_gamma mg_logit_second")
    let definitions = printed.components(separatedBy: "\n\n").map(words).filter { !$0.isEmpty }
    XCTAssertGreaterThan(definitions.count, 30)
    for definition in definitions {
      XCTAssertTrue(all.contains { $0.contains(definition) }, "no file has this any more: \(definition)")
    }
  }

  func testOnlyNeededFunctionsArePrinted() {
    XCTAssertEqual(CText.definitions(for: "const double v0 = exp(x[0]);"), "")
    XCTAssertTrue(CText.definitions(for: "mg_exp10(x[0])").contains("static double mg_exp10(double x)"))
    XCTAssertFalse(CText.definitions(for: "mg_exp10(x[0])").contains("mg_silu"))
  }

  func testNumbersAreReadBackAsTheyWere() {
    for x: Double in [
      0, -0.0, 1, -1, 0.1, 1 / 3, 1e22, 1e-5, Double.leastNonzeroMagnitude, -Double.leastNormalMagnitude * 0.3,
      .greatestFiniteMagnitude, .pi,
    ] {
      let text = CText.number(x).trimmingCharacters(in: CharacterSet(charactersIn: "()"))
      XCTAssertEqual(strtod(text, nil).bitPattern, x.bitPattern, text)
    }
    XCTAssertEqual(CText.number(2), "2.0")
    XCTAssertEqual(CText.number(-0.5), "(-0.5)")
    XCTAssertEqual(CText.number(.infinity), "(double)INFINITY")
  }
}
