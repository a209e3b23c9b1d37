import Foundation
import Micrograd

/// Words and numbers of messages about fits.
package enum FitText {
  /// The shortest text that reads back as the number, without “.0”.
  package static func number(_ number: Double) -> String {
    // -0 is 0 to a reader, and NaN has no sign.
    let text = number == 0 ? "0" : number.isNaN ? "nan" : number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Four significant digits.
  package static func rounded(_ number: Double) -> String { String(format: "%.4g", number) }

  /// The bounds, as `low:high`. An end without a bound is empty.
  package static func bounds(_ range: ClosedRange<Double>) -> String {
    func end(_ x: Double) -> String { x.isFinite ? number(x) : "" }
    return "\(end(range.lowerBound)):\(end(range.upperBound))"
  }

  /// At most 40 characters of a text.
  package static func shortened(_ text: String) -> String { text.count > 40 ? text.prefix(39) + "…" : text }

  /// A suggestion of the name that is meant; empty if none is close.
  package static func meant(_ name: String, _ known: [String]) -> String {
    Spelling.closest(to: name, among: known).map { "; did you mean “\($0)”?" } ?? ""
  }

  /// At most twelve names.
  package static func listed(_ names: [String]) -> String {
    names.prefix(12).map { "“\(shortened($0))”" }.joined(separator: ", ")
      + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }

  /// A number of things.
  package static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
}
