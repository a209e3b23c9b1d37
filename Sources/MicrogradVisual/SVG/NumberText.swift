/// Numbers as text: fixed decimals, a point as separator whatever the locale, and never an exponent.
enum NumberText {
  private static let powersOfTen: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

  /// Decimals that `fixed` can print; more would be noise in a picture.
  static let maximumDecimals = 9

  /// `value` with exactly `decimals` digits behind the point; `nan`, `inf`, `-inf` as C prints them.
  static func fixed(_ value: Double, decimals: Int) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let decimals = min(max(decimals, 0), maximumDecimals)
    let scaled = (value.magnitude * powersOfTen[decimals]).rounded()
    // Beyond 2^53 a double has no fraction left, and beyond 2^63 an Int no room.
    guard scaled < 9e15 else { return "\(value)" }
    var digits = String(Int(scaled))
    if decimals > 0 {
      digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
      digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
    }
    return value < 0 && scaled != 0 ? "-" + digits : digits
  }

  /// `value` with at most `decimals` digits behind the point, trailing zeros dropped: what a coordinate
  /// needs.
  ///
  /// An SVG coordinate must be a number, so what is not finite becomes 0; callers leave such points out
  /// before.
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
