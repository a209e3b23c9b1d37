import Foundation

/// Round tick values for a chart's axis: multiples of 1, 2 or 5 times a power of ten.
///
/// ```swift
/// NiceTicks(covering: 0.1...0.9).values      // [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
/// NiceTicks(covering: -3...12).labels        // ["−5", "0", "5", "10", "15"]
/// NiceTicks.logarithmic(covering: 0.02...30).labels  // ["0.01", "0.1", "1", "10", "100"]
/// ```
public struct NiceTicks: Sendable, Equatable {
  /// The ticks, ascending. The first is at or below the start of the range, the last at or above its end.
  public let values: [Double]
  /// The labels, one per tick, with the same number of decimals. The minus sign is U+2212.
  public let labels: [String]

  init(values: [Double], labels: [String]) {
    self.values = values
    self.labels = labels
  }

  /// Returns ticks of equal distance: the smallest 1, 2 or 5 times a power of ten with at most `count` intervals. Rounding
  /// outwards may add one.
  ///
  /// There are always at least two ticks. An empty range is widened by a tenth of its value, or to −1...1 if it is zero. A
  /// bound that is not finite is replaced by the largest number that can be drawn.
  ///
  /// - Parameters:
  ///   - range: The range to cover.
  ///   - count: The desired number of intervals, at least 1.
  ///   - wholeNumbers: True to use only integers, as for counts and steps.
  public init(covering range: ClosedRange<Double>, count: Int = 5, wholeNumbers: Bool = false) {
    let range = Self.drawable(range)
    let wanted = Double(max(count, 1))
    let target = range.upperBound / wanted - range.lowerBound / wanted
    var step = DecimalStep(atLeast: target)
    if wholeNumbers && step.exponent < 0 { step = DecimalStep(mantissa: 1, exponent: 0) }

    var first = (range.lowerBound / step.value(times: 1)).rounded(.down)
    var last = (range.upperBound / step.value(times: 1)).rounded(.up)
    // The quotients are rounded: 0.3 / 0.1 lies below 3.
    if step.value(times: first + 1) <= range.lowerBound { first += 1 }
    if step.value(times: last - 1) >= range.upperBound { last -= 1 }
    values = (0...Int(last - first)).map { step.value(times: first + Double($0)) }
    labels = Self.labels(for: values, exponent: step.exponent)
  }

  /// Returns a range that is finite, is not empty in doubles, and has ticks that do not overflow.
  private static func drawable(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let bound = 1e300
    let lower = min(max(range.lowerBound, -bound), bound)
    let upper = min(max(range.upperBound, -bound), bound)
    let size = max(lower.magnitude, upper.magnitude)
    if size < 1e-290 { return -1...1 }
    if upper - lower > size * 1e-9 { return lower...upper }
    return (lower - size * 0.1)...(upper + size * 0.1)
  }

  private static func labels(for values: [Double], exponent: Int) -> [String] {
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    if largest >= 1e6 || largest < 1e-3 {
      let power = Int(log10(largest).rounded(.down))
      return values.map { value in
        guard value != 0 else { return "0" }
        let mantissa = NumberText.fixed(
          value / largest * (largest / pow(10, Double(power))), decimals: power - exponent)
        return typographic(mantissa) + "×10" + superscript(power)
      }
    }
    return values.map { typographic(NumberText.fixed($0, decimals: -exponent)) }
  }

  static func typographic(_ number: String) -> String {
    number.hasPrefix("-") ? "−" + number.dropFirst() : number
  }

  static func superscript(_ exponent: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return String(String(exponent).map { $0 == "-" ? "⁻" : digits[$0.wholeNumberValue ?? 0] })
  }
}

/// 1, 2 or 5 times a power of ten.
private struct DecimalStep {
  var mantissa: Double
  var exponent: Int

  init(mantissa: Double, exponent: Int) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  init(atLeast target: Double) {
    exponent = Int(log10(target).rounded(.down))
    // A target that rounding left just above 0.2 must still give 0.2.
    let wanted = target / pow(10, Double(exponent)) * (1 - 1e-12)
    mantissa = [1, 2, 5].first { $0 >= wanted } ?? 10
    if mantissa == 10 { (mantissa, exponent) = (1, exponent + 1) }
  }

  /// Divides by a power of ten instead of multiplying by its inexact inverse, so that 3 steps of 0.1 are 0.3, as typed.
  func value(times count: Double) -> Double {
    let units = count * mantissa
    let value = exponent < 0 ? units / pow(10, Double(-exponent)) : units * pow(10, Double(exponent))
    return value == 0 ? 0 : value
  }
}
