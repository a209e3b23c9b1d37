import Foundation

/// Parses the numbers of tables: an optional sign, decimal digits with at most one point, an optional exponent.
///
/// A number is read as `w · 10^q` with an integer `w` of at most 19 digits. If `w` and the power of ten are exact doubles, one
/// rounded operation gives the nearest double. Else `DecimalScaling` gives it in almost all cases, and `strtod` in the rest.
enum CSVNumber {
  /// Returns the number in the bytes; nil if they are not a finite number.
  ///
  /// The result is the nearest `Double`.
  ///
  /// - Parameter point: The byte of the decimal mark.
  static func value(_ bytes: UnsafeBufferPointer<UInt8>, point: UInt8 = UInt8(ascii: ".")) -> Double? {
    guard let scan = Scan(bytes, point: point) else {
      return point == UInt8(ascii: ",") ? valueWithThousands(bytes) : nil
    }
    if let quick = scan.quickValue { return quick }
    var text = Array(bytes)
    if let place = text.firstIndex(of: point) { text[place] = UInt8(ascii: ".") }
    guard let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite else { return nil }
    return number
  }

  /// Returns the number in bytes such as `1.234.567,5`: with a decimal comma, and points between groups of three digits.
  private static func valueWithThousands(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    let (dot, comma) = (UInt8(ascii: "."), UInt8(ascii: ","))
    let sign = bytes.prefix { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    let whole = bytes[sign.endIndex...].prefix { $0 != comma }
    let groups = whole.split(separator: dot, omittingEmptySubsequences: false)
    guard groups.count > 1, (1...3).contains(groups[0].count), groups.dropFirst().allSatisfy({ $0.count == 3 }),
      groups.allSatisfy({ $0.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } })
    else { return nil }
    let text = Array(sign) + groups.joined() + bytes[whole.endIndex...]
    return text.withUnsafeBufferPointer { Scan($0, point: comma) == nil ? nil : value($0, point: comma) }
  }

  /// Returns true if the text is spelled as a number, of any size, with a decimal point.
  static func isSpelled(_ text: some StringProtocol) -> Bool {
    Array(text.utf8).withUnsafeBufferPointer { Scan($0, point: UInt8(ascii: ".")) != nil }
  }

  /// A text that is spelled as a number.
  private struct Scan {
    private var isNegative = false
    /// The digits as an integer, if there are at most 19.
    private var mantissa: UInt64 = 0
    /// The number of digits from the first that is not 0.
    private var digits = 0
    /// The power of ten of the last digit.
    private var exponent = 0

    /// Returns nil if the text is not spelled as a number.
    @inline(__always)
    init?(_ bytes: UnsafeBufferPointer<UInt8>, point: UInt8) {
      guard var next = bytes.baseAddress else { return nil }
      let end = next + bytes.count
      @inline(__always)
      func takeSign() -> Bool {
        guard next < end, next.pointee == UInt8(ascii: "-") || next.pointee == UInt8(ascii: "+") else { return false }
        defer { next += 1 }
        return next.pointee == UInt8(ascii: "-")
      }
      isNegative = takeSign()
      var mantissa: UInt64 = 0
      var digits = 0
      @inline(__always)
      func takeDigits() -> Int {
        let start = next
        while next < end {
          let digit = next.pointee &- 0x30
          guard digit < 10 else { break }
          if digits < 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
          if mantissa != 0 { digits += 1 }
          next += 1
        }
        return next - start
      }
      var all = takeDigits()
      if next < end, next.pointee == point {
        next += 1
        let decimals = takeDigits()
        all += decimals
        exponent = -decimals
      }
      guard all > 0 else { return nil }
      if next < end, next.pointee | 0x20 == UInt8(ascii: "e") {
        next += 1
        let isBelowOne = takeSign()
        guard next < end else { return nil }
        var power = 0
        while next < end {
          let digit = next.pointee &- 0x30
          guard digit < 10 else { break }
          power = min(power * 10 + Int(digit), 100_000)
          next += 1
        }
        guard (next - 1).pointee &- 0x30 < 10 else { return nil }
        exponent += isBelowOne ? -power : power
      }
      guard next == end else { return nil }
      self.mantissa = mantissa
      self.digits = digits
    }

    /// The nearest double, if it is found without arithmetic of many digits; else nil.
    @inline(__always)
    var quickValue: Double? {
      guard digits <= 19 else { return nil }
      if mantissa <= 1 << 53, abs(exponent) <= 22 {
        let number = exponent < 0 ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
        return isNegative ? -number : number
      }
      if mantissa == 0 { return isNegative ? -0.0 : 0.0 }
      return DecimalScaling.nearestDouble(mantissa, exponent).map { isNegative ? -$0 : $0 }
    }
  }
}

private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]
