import Foundation

extension NiceTicks {
  /// Returns ticks for a logarithmic axis: powers of ten. A range of at most two decades also has 2 and 5 times the powers;
  /// a range of more than eight decades has only some of the powers.
  ///
  /// A range that reaches zero or below has no logarithm and gets linear ticks.
  ///
  /// ```swift
  /// NiceTicks.logarithmic(covering: 0.1...2).values  // [0.1, 0.2, 0.5, 1.0, 2.0]
  /// ```
  public static func logarithmic(covering range: ClosedRange<Double>) -> NiceTicks {
    guard range.lowerBound > 0 else { return NiceTicks(covering: range) }
    let lower = min(max(range.lowerBound, 1e-300), 1e300)
    let upper = min(max(range.upperBound, 1e-300), 1e300)
    var first = Int(log10(lower).rounded(.down))
    var last = Int(log10(upper).rounded(.up))
    // log10 of a power of ten may differ from the integer by rounding.
    if power(first + 1) <= lower { first += 1 }
    if power(last - 1) >= upper { last -= 1 }
    last = max(last, first + 1)

    let mantissas: [Double] = log10(upper / lower) <= 2 ? [1, 2, 5] : [1]
    let stride = (last - first + 7) / 8
    var ticks: [(mantissa: Double, exponent: Int)] = []
    var exponent = first
    while exponent < last {
      ticks += mantissas.map { ($0, exponent) }
      exponent += stride
    }
    ticks.append((1, exponent))
    while ticks.count > 2, value(ticks[1]) <= lower { ticks.removeFirst() }
    while ticks.count > 2, value(ticks[ticks.count - 2]) >= upper { ticks.removeLast() }
    return NiceTicks(values: ticks.map(value), labels: labels(for: ticks))
  }

  private static func value(_ tick: (mantissa: Double, exponent: Int)) -> Double {
    tick.exponent < 0 ? tick.mantissa / power(-tick.exponent) : tick.mantissa * power(tick.exponent)
  }

  private static func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

  /// Plain numbers if they are short, else powers of ten; never both on one axis.
  private static func labels(for ticks: [(mantissa: Double, exponent: Int)]) -> [String] {
    let isPlain = ticks.allSatisfy { (-4...5).contains($0.exponent) }
    return ticks.map { tick in
      if isPlain { return NumberText.fixed(value(tick), decimals: max(0, -tick.exponent)) }
      let factor = tick.mantissa == 1 ? "" : NumberText.fixed(tick.mantissa, decimals: 0) + "×"
      return factor + "10" + superscript(tick.exponent)
    }
  }
}
