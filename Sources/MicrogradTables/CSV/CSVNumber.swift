import Foundation

/// Parses the numbers of tables: an optional sign, decimal digits with at most one point, an optional exponent.
enum CSVNumber {
  /// Returns the number in the bytes; nil if they are not a finite number.
  ///
  /// The result is the nearest `Double`.
  static func value(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    var scan = Scan(bytes)
    guard scan.isNumber else { return nil }
    if let quick = scan.quickValue { return quick }
    guard let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else { return nil }
    return number
  }

  /// Returns true if the text is spelled as a number, of any size.
  static func isSpelled(_ text: some StringProtocol) -> Bool {
    var scan = Scan(Array(text.utf8)[...])
    return scan.isNumber
  }

  /// Checks the spelling in one pass.
  private struct Scan<Bytes: Collection> where Bytes.Element == UInt8 {
    private var rest: Bytes.SubSequence
    private var isNegative = false
    private var mantissa: UInt64 = 0
    private var digits = 0
    private var decimals = 0
    private var exponent = 0

    init(_ bytes: Bytes) { rest = bytes[...] }

    /// Reads the number. Call it only once.
    var isNumber: Bool {
      mutating get {
        isNegative = takeSign()
        takeDigits()
        if rest.first == UInt8(ascii: ".") {
          rest.removeFirst()
          let whole = digits
          takeDigits()
          decimals = digits - whole
        }
        guard digits > 0 else { return false }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
          rest.removeFirst()
          let isBelowOne = takeSign()
          var count = 0
          while let digit = takeDigit() {
            exponent = min(exponent * 10 + digit, 100_000)
            count += 1
          }
          guard count > 0 else { return false }
          if isBelowOne { exponent = -exponent }
        }
        return rest.isEmpty
      }
    }

    /// Returns the value if one correctly rounded operation gives it: if the mantissa and the power of ten are exact.
    var quickValue: Double? {
      let scale = exponent - decimals
      guard digits <= 15, abs(scale) <= 22 else { return nil }
      let number = scale < 0 ? Double(mantissa) / powersOfTen[-scale] : Double(mantissa) * powersOfTen[scale]
      return isNegative ? -number : number
    }

    private mutating func takeSign() -> Bool {
      guard let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { return false }
      rest.removeFirst()
      return sign == UInt8(ascii: "-")
    }

    private mutating func takeDigits() {
      while let digit = takeDigit() {
        if digits < 15 { mantissa = mantissa * 10 + UInt64(digit) }
        digits += 1
      }
    }

    private mutating func takeDigit() -> Int? {
      guard let byte = rest.first, byte >= 0x30, byte <= 0x39 else { return nil }
      rest.removeFirst()
      return Int(byte - 0x30)
    }
  }
}

private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]
