/// Multiplies integers by powers of ten, correctly rounded.
///
/// The method of Eisel and Lemire (D. Lemire, "Number Parsing at a Gigabyte per Second", Software: Practice and Experience
/// 51, 2021): `w` is multiplied by the leading 128 bits of 5^q. The product is too small by less than one unit of its last
/// bit, so that its leading 54 bits tell the nearest double, unless all bits below are ones.
enum DecimalScaling {
  private static let exponents = -64...55

  /// Returns the double nearest to `w · 10^q`, halves to even; nil if a slower method is needed.
  ///
  /// - Parameters:
  ///   - w: The integer, above 0.
  ///   - q: The exponent.
  @inline(__always)
  static func nearestDouble(_ w: UInt64, _ q: Int) -> Double? {
    guard exponents.contains(q) else { return nil }
    let power = powersOfFive[q - exponents.lowerBound]
    let shift = w.leadingZeroBitCount
    let normalised = w << UInt64(shift)
    var (high, low) = normalised.multipliedFullWidth(by: power.high)
    // Nine bits below the 55 that are needed: if they are ones, a carry from the lower half of the power may change them.
    if high & 0x1FF == 0x1FF {
      let (sum, hasCarry) = low.addingReportingOverflow(normalised.multipliedFullWidth(by: power.low).high)
      low = sum
      if hasCarry { high &+= 1 }
      if low == .max, !(-27...55).contains(q) { return nil }
    }
    let top = Int(high >> 63)
    // 54 bits are left: the leading one, 52 of the fraction, and one to round by.
    let dropped = UInt64(top + 9)
    var fraction = high >> dropped
    // floor(q · log2(10)), with log2(10) as a fraction of 2^16.
    var exponent = ((217_706 * q) >> 16) + 63 + top - shift + 1023
    guard exponent > 0, exponent < 2046 else { return nil }
    // Exactly half: only small powers of five can give it.
    if low <= 1, (-4...23).contains(q), fraction & 3 == 1, fraction << dropped == high { fraction &= ~1 }
    fraction = (fraction + (fraction & 1)) >> 1
    if fraction == 1 << 53 {
      fraction = 1 << 52
      exponent += 1
    }
    return Double(bitPattern: UInt64(exponent) << 52 | (fraction & ((1 << 52) - 1)))
  }

  /// The leading 128 bits of 5^q: rounded up for q from -27 to -1, and cut off for others.
  private static let powersOfFive: [(high: UInt64, low: UInt64)] = exponents.map { q in
    if q >= 0 {
      var power = (high: UInt64(0), low: UInt64(1))
      for _ in 0..<q {
        let low = power.low.multipliedFullWidth(by: 5)
        power = (power.high * 5 + low.high, low.low)
      }
      return normalised(power)
    }
    // 2^384 / 5^(-q), word by word from the highest, divided by 5 again and again: the rounded-down quotient stays exact.
    var words: [UInt64] = [1, 0, 0, 0, 0, 0, 0]
    for _ in 0..<(-q) {
      var remainder: UInt64 = 0
      for index in words.indices { (words[index], remainder) = UInt64(5).dividingFullWidth((remainder, words[index])) }
    }
    let start = words.firstIndex { $0 != 0 } ?? 0
    let shift = UInt64(words[start].leadingZeroBitCount)
    func word(_ index: Int) -> UInt64 { index < words.count ? words[index] : 0 }
    func shifted(_ index: Int) -> UInt64 {
      shift == 0 ? word(index) : word(index) << shift | word(index + 1) >> (64 - shift)
    }
    let (low, hasCarry) = shifted(start + 1).addingReportingOverflow(q >= -27 ? 1 : 0)
    return (shifted(start) &+ (hasCarry ? 1 : 0), low)
  }

  /// Returns the number with its highest bit shifted to the top.
  private static func normalised(_ number: (high: UInt64, low: UInt64)) -> (high: UInt64, low: UInt64) {
    var number = number
    while number.high >> 63 == 0 {
      number = (number.high << 1 | number.low >> 63, number.low << 1)
    }
    return number
  }
}
