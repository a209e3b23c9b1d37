import Foundation

/// The decimals that the numbers of one row share.
internal struct RoundedNumber {
  /// The power of ten of the last digit.
  private let last: Int
  /// The power of ten that is split off; `nil` for numbers without one.
  private let power: Int?

  /// Two digits of the error.
  init(value: Double, error: Double) {
    guard value.isFinite, error.isFinite, error > 0 else {
      self.init(value: value, digits: 6)
      return
    }
    // The digits of a double end at the seventeenth.
    let largest = max(Self.exponent(value), Self.exponent(error))
    self.init(largest: largest, last: max(Self.exponent(error, digits: 2) - 1, largest - 16))
  }

  init(value: Double, digits: Int) {
    let largest = Self.exponent(value, digits: digits)
    self.init(largest: largest, last: largest - digits + 1)
  }

  private init(largest: Int, last: Int) {
    self.last = last
    power = (-5...7).contains(largest) ? nil : largest
  }

  /// The power of ten of the first digit, after rounding to some digits.
  private static func exponent(_ number: Double, digits: Int = 1) -> Int {
    guard number != 0, number.isFinite else { return 0 }
    let text = String(format: "%.\(digits - 1)e", abs(number))
    return text.split(separator: "e").last.flatMap { Int($0) } ?? 0
  }

  func text(_ number: Double) -> String {
    guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
    guard let power else {
      // Beyond the point, digits that the error does not support become zeros.
      let unit = pow(10, Double(last))
      let rounded = last > 0 ? (number / unit).rounded() * unit : number
      return Self.withoutMinusZero(String(format: "%.\(max(-last, 0))f", rounded))
    }
    // Two steps, because 10^power alone may underflow.
    let scaled = number / pow(10, Double(power / 2)) / pow(10, Double(power - power / 2))
    return Self.withoutMinusZero(String(format: "%.\(max(power - last, 0))f", scaled)) + "e\(power)"
  }

  private static func withoutMinusZero(_ text: String) -> String {
    text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) } ? String(text.dropFirst()) : text
  }
}
