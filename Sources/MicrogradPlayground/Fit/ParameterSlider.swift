import MicrogradVisual

/// The range in which a parameter can be dragged: round numbers around its value.
struct ParameterSlider: Encodable, Equatable {
  let low: Double
  let high: Double
  let step: Double

  /// Creates a range that shows the value, its uncertainty and its bounds.
  init(_ value: Double, standardError: Double?, bounds: ClosedRange<Double>?) {
    var half = value == 0 ? 1 : value.magnitude
    if let error = standardError, error > 0, error.isFinite {
      half = value == 0 ? 10 * error : min(max(10 * error, 0.2 * half), 2 * half)
    }
    half = min(max(half, 1e-290), 1e290)
    var (low, high) = (value - half, value + half)
    for end in [bounds?.lowerBound, bounds?.upperBound].compactMap(\.self)
    where end.isFinite && (end - value).magnitude < 20 * half {
      (low, high) = (min(low, end - 0.1 * half), max(high, end + 0.1 * half))
    }
    let ticks = NiceTicks(covering: low...high, count: 4).values
    (self.low, self.high) = (ticks[0], ticks[ticks.count - 1])
    step = (ticks[1] - ticks[0]) / 100
  }

  /// Returns true if the value can still be dragged well in this range, so that it need not change.
  func suits(_ value: Double, _ new: ParameterSlider) -> Bool {
    let (size, wanted) = (high - low, new.high - new.low)
    return value > low + 0.05 * size && value < high - 0.05 * size && size < 5 * wanted && size > 0.4 * wanted
  }
}
