import Foundation

/// Formats numbers with fixed decimals, a decimal point in every locale, and no exponent.
enum NumberText {
  private static let powersOfTen: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

  /// The largest number of decimals of `fixed`.
  static let maximumDecimals = 9

  /// Returns `value` with exactly `decimals` digits after the point; `nan`, `inf` or `-inf` as in C.
  static func fixed(_ value: Double, decimals: Int) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let decimals = min(max(decimals, 0), maximumDecimals)
    let scaled = (value.magnitude * powersOfTen[decimals]).rounded()
    // Beyond 2^53 a double has no fraction, and beyond 2^63 it does not fit an Int.
    guard scaled < 9e15 else { return "\(value)" }
    var digits = String(Int(scaled))
    if decimals > 0 {
      digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
      digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
    }
    return value < 0 && scaled != 0 ? "-" + digits : digits
  }

  /// Returns `value` in at most eleven characters, for the boxes of a graph: with four decimals, with fewer where it is large,
  /// and with an exponent where it is very large or small. (Three digits of an exponent make it twelve.)
  static func node(_ value: Double) -> String {
    let size = value.magnitude
    if !value.isFinite || size == 0 || (size >= 0.0001 && size < 1e5) { return fixed(value, decimals: 4) }
    return size >= 1e5 && size < 1e7 ? fixed(value, decimals: size < 1e6 ? 3 : 2) : scientific(value)
  }

  /// Returns `value` with four decimals at most and a minus sign as it is printed.
  static func short(_ value: Double) -> String {
    let size = value.magnitude
    let isPlain = !value.isFinite || size == 0 || (size >= 0.0001 && size < 1e6)
    let text = !isPlain ? scientific(value) : value.isFinite ? compact(value, decimals: 4) : fixed(value, decimals: 0)
    return text.replacingOccurrences(of: "-", with: "−")
  }

  /// Returns `value` with one digit before the point, four after it, and an exponent: `1.2346e-09`.
  static func scientific(_ value: Double) -> String { String(format: "%.4e", value) }

  /// Returns `value` with at most `decimals` digits after the point, without trailing zeros, for coordinates.
  ///
  /// An SVG coordinate must be a number, so a value that is not finite becomes 0. Callers leave out such points before.
  static func compact(_ value: Double, decimals: Int = 2) -> String {
    guard value.isFinite else { return "0" }
    let text = fixed(min(max(value, -1e9), 1e9), decimals: decimals)
    guard text.contains(".") else { return text }
    var end = text.endIndex
    while text[text.index(before: end)] == "0" { end = text.index(before: end) }
    if text[text.index(before: end)] == "." { end = text.index(before: end) }
    return String(text[..<end])
  }
}
