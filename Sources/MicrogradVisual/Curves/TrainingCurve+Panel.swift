import Foundation

/// A panel of a training curve: its series and its vertical axis.
struct CurvePanel {
  let name: String
  let color: String
  let values: [Double]
  let ticks: NiceTicks
  let isLogarithmic: Bool
  /// The label after the last value.
  let lastLabel: (Double) -> String

  static func loss(_ values: [Double]) -> CurvePanel {
    let range = finiteRange(of: values)
    let isLogarithmic = range.map { $0.lowerBound > 0 && $0.upperBound / $0.lowerBound > 100 } ?? false
    var ticks = NiceTicks(covering: 0...1)
    if let range {
      // Include zero if the loss falls a good part of the way to zero.
      let reachesDown = range.lowerBound >= 0 && range.lowerBound < 0.5 * range.upperBound
      let linear = reachesDown ? 0...range.upperBound : range
      ticks = isLogarithmic ? .logarithmic(covering: range) : NiceTicks(covering: linear)
    }
    return CurvePanel(
      name: "loss", color: Theme.blue, values: values, ticks: ticks, isLogarithmic: isLogarithmic,
      lastLabel: significant)
  }

  static func accuracy(_ fractions: [Double]) -> CurvePanel {
    let values = fractions.map { 100 * $0 }
    var ticks = NiceTicks(covering: 0...100, count: 4)
    if let range = finiteRange(of: values) {
      // Always up to 100 %, and not so close that a tenth of a percent looks like a cliff.
      let upper = max(range.upperBound, 100)
      ticks = NiceTicks(covering: min(range.lowerBound, upper - 5)...upper, count: 4)
    }
    return CurvePanel(
      name: "accuracy (%)", color: Theme.orange, values: values, ticks: ticks, isLogarithmic: false,
      lastLabel: { NumberText.compact($0, decimals: 1) + " %" })
  }

  func axis(in frame: Frame) -> AxisScale {
    AxisScale(
      domain: ticks.values[0]...ticks.values[ticks.values.count - 1], start: frame.bottom, end: frame.top,
      isLogarithmic: isLogarithmic)
  }

  private static func finiteRange(of values: [Double]) -> ClosedRange<Double>? {
    let finite = values.filter(\.isFinite)
    guard let lower = finite.min(), let upper = finite.max() else { return nil }
    return lower...upper
  }
}

/// Three significant digits: 0.0113, 1.25, 340, 1.2×10⁻⁶.
private func significant(_ value: Double) -> String {
  let size = value.magnitude
  guard size != 0 else { return "0" }
  if size >= 1e6 || size < 1e-4 {
    let parts = String(format: "%.1e", value).split(separator: "e")
    return NiceTicks.typographic(String(parts[0])) + "×10" + NiceTicks.superscript(Int(parts[1]) ?? 0)
  }
  let decimals = [100, 10, 1, 0.1, 0.01, 0.001].firstIndex { size >= $0 } ?? 6
  return NiceTicks.typographic(NumberText.compact(value, decimals: decimals))
}
