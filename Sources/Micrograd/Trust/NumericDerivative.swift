/// A derivative by finite differences, and how far from the true one it may be.
public struct NumericDerivative: Sendable, Equatable {
  /// The slopes on either side of a point, each ±∞ where it grows without end.
  public struct Sides: Sendable, Equatable {
    /// The slope on the left.
    public let left: Double
    /// The slope on the right.
    public let right: Double
  }

  /// The estimate: ±∞ if the slope grows without bound, NaN if there is none.
  public let value: Double
  /// What the estimate may be off by; ∞ where the differences do not settle.
  public let error: Double
  /// The slopes on both sides where they differ, as at a kink or a jump; else `nil`.
  public let sides: Sides?

  internal init(value: Double, error: Double, sides: Sides? = nil) {
    self.value = value
    self.error = error
    self.sides = sides
  }

  internal static let none = NumericDerivative(value: .nan, error: .infinity)
}

/// What is lost of x + y when the sum is rounded, exactly; D. E. Knuth, *The Art of Computer Programming* 2, 4.2.2.
internal func roundingOfSum(_ x: Double, _ y: Double) -> Double {
  let sum = x + y, addend = sum - x
  return (x - (sum - addend)) + (y - addend)
}

/// Ridders' method: central differences of steps that halve, extrapolated to the step 0, of which the extrapolation with
/// the smallest estimate of its error is taken.
///
/// C. J. F. Ridders, *Accurate computation of F'(x) and F'(x)F''(x)*, Advances in Engineering Software 4 (1982).
/// What is added to it: the steps begin at the magnitude of the argument and go down as far as rounding allows, because
/// the scale on which the function bends is not known; a difference of a much smaller step must confirm the estimate,
/// because differences of large steps may agree by chance, or pass over a kink; and where the function is defined on
/// one side only, the differences are of that side.
internal struct DifferenceQuotients<Failure: Error> {
  internal enum Side { case both, left, right }

  private struct Estimate {
    var value = Double.nan
    var error = Double.infinity
    /// The step of the difference it came from, that difference, and how much of it may be rounding.
    var step = 0.0
    var difference = Double.nan
    var roundoff = 0.0

    /// True if the remaining error is only rounding, or small compared with the estimate.
    var isSettled: Bool { error <= 1e-3 * abs(value) || error <= 4 * roundoff }
  }

  private let x: Double
  private let center: Double
  /// How far from the true ones the function's values may be.
  private let noise: Double
  /// The relative error at which to stop.
  private let goal: Double
  private let f: (Double) throws(Failure) -> Double

  internal init(
    at x: Double, center: Double, noise: Double, goal: Double, of f: @escaping (Double) throws(Failure) -> Double
  ) {
    (self.x, self.center, self.noise, self.goal, self.f) = (x, center, noise, goal, f)
  }

  /// The step to begin with: about a tenth of the argument, or of 1.
  ///
  /// Times a power of two it is half the golden ratio plus a quarter, to twenty bits: so few that x + h is seldom rounded,
  /// and not a simple fraction, as a function of whole periods, or one with steps, looks smooth to those.
  private var firstStep: Double {
    let scale: Double = max(abs(x), 1)
    return scale.isFinite ? 0x0.CF1BBp-3 * Double(sign: .plus, exponent: scale.exponent, significand: 1) : 0
  }

  internal func derivative() throws(Failure) -> NumericDerivative {
    guard x.isFinite, center.isFinite else { return .none }
    guard let central = try confirmed(.both, from: firstStep), central.isSettled else { return try oneSided() }
    let best = try improved(central)
    return NumericDerivative(value: best.value, error: best.error, sides: try sides(central))
  }

  // MARK: - Steps

  /// The difference quotient of one step, and its rounding; `nil` where the function is not finite.
  private func quotient(_ side: Side, _ h: Double) throws(Failure) -> (slope: Double, roundoff: Double)? {
    let (left, right) = (side == .right ? x : x - h, side == .left ? x : x + h)
    let below = side == .right ? center : try f(left)
    guard below.isFinite else { return nil }
    let above = side == .left ? center : try f(right)
    guard above.isFinite else { return nil }
    let width = right - left, slope = (above - below) / width
    var roundoff = (2 * noise + max(abs(above), abs(below)) * .ulpOfOne) / width
    if side == .both {
      // Where x - h and x + h are rounded, x is not in their middle.
      let offset = abs(roundingOfSum(x, h) + roundingOfSum(x, -h))
      roundoff += abs((above - center) - (center - below)) / width * (2 * offset / width)
    }
    return slope.isFinite ? (slope, roundoff) : nil
  }

  /// Returns true if x - h and x + h differ from x; at 0, where even the smallest steps do, if the step is worth trying.
  private func isStep(_ h: Double) -> Bool { h > 0 && x + h > x && x - h < x && (x != 0 || h > 0x1p-200) }

  /// Halves the step until the error is small enough, or rounding exceeds it.
  private func descend(_ side: Side, from start: Double) throws(Failure) -> Estimate? {
    var h = start
    var best = Estimate()
    var previous: [Double] = []
    while isStep(h) {
      guard let (slope, roundoff) = try quotient(side, h) else {
        previous = []
        // Soon to where a function of x > 0 alone is defined, however small x is.
        h = h < start * 0x1p-60 && x != 0 && abs(x) < h ? abs(x) / 8 : h / 8
        continue
      }
      var row = [slope]
      // The error of a central difference is a series of even powers of the step, that of a one-sided one of all.
      var factor = side == .both ? 4.0 : 2.0
      for older in previous.prefix(6) {
        let value = row[row.count - 1] + (row[row.count - 1] - older) / (factor - 1)
        let error = max(abs(value - row[row.count - 1]), abs(value - older)) + 2 * roundoff
        if error < best.error {
          best = Estimate(value: value, error: error, step: h, difference: slope, roundoff: 2 * roundoff)
        }
        row.append(value)
        factor *= side == .both ? 4 : 2
      }
      if best.error <= goal * abs(best.value) || roundoff > best.error { break }
      previous = row
      h /= 2
    }
    return best.error.isFinite ? best : nil
  }

  /// The estimate with which a difference of a step a hundred times smaller agrees, no simple fraction of it either.
  private func confirmed(_ side: Side, from start: Double) throws(Failure) -> Estimate? {
    var start = start
    while let estimate = try descend(side, from: start) {
      let small = estimate.step / 64
      guard isStep(small) else { return estimate }
      if let (slope, roundoff) = try quotient(side, small * 0x0.9E377p0) {
        let truncation = abs(estimate.difference - estimate.value) / (side == .both ? 1024 : 16)
        if abs(slope - estimate.value) <= 2 * (estimate.error + roundoff) + truncation { return estimate }
      }
      start = small
    }
    return nil
  }

  /// Where rounding hides the slope, larger steps may show it, if they contradict nothing. The slope of a bounded function
  /// shrinks with the step, and its error too: larger steps count where they show a slope clearly.
  private func improved(_ estimate: Estimate) throws(Failure) -> Estimate {
    var (best, step) = (estimate, firstStep)
    for _ in 0..<3 where best.error > goal * abs(best.value) {
      step *= 256
      guard step.isFinite, let other = try confirmed(.both, from: step),
        other.error < min(best.error, 1e-3 * abs(other.value))
      else { continue }
      if abs(other.value - best.value) <= 2 * (other.error + best.error) { best = other }
    }
    return best
  }

  // MARK: - Two sides

  /// The slopes at the left and at the right of a point at which central differences settled; `nil` where they do not
  /// differ. For a smooth function their difference goes to 0 with the step.
  private func sides(_ estimate: Estimate) throws(Failure) -> NumericDerivative.Sides? {
    let small = estimate.step / 64
    guard isStep(small), let left = try quotient(.left, small), let right = try quotient(.right, small),
      let wideLeft = try quotient(.left, estimate.step), let wideRight = try quotient(.right, estimate.step)
    else { return nil }
    let bend = abs(right.slope - left.slope), wide = abs(wideRight.slope - wideLeft.slope)
    let visible = max(8 * (left.roundoff + right.roundoff), 1e-6 * max(abs(left.slope), abs(right.slope)))
    guard bend > wide / 4, bend > visible else { return nil }
    return try NumericDerivative.Sides(left: slope(.left) ?? left.slope, right: slope(.right) ?? right.slope)
  }

  /// What is left where central differences do not settle: the sides by themselves.
  private func oneSided() throws(Failure) -> NumericDerivative {
    let (left, right) = (try confirmed(.left, from: firstStep), try confirmed(.right, from: firstStep))
    let leftSlope = try slope(.left, left), rightSlope = try slope(.right, right)
    switch (leftSlope, rightSlope) {
    case (let a?, let b?):
      if a == b { return NumericDerivative(value: a, error: a.isInfinite ? 0 : (left?.error ?? 0)) }
      if a.isInfinite || b.isInfinite {
        return NumericDerivative(value: (a + b) / 2, error: 0, sides: .init(left: a, right: b))
      }
      guard let left, let right else { return .none }
      let error = left.error + right.error
      let isBend = abs(a - b) > 8 * error
      return NumericDerivative(
        value: (a + b) / 2, error: isBend ? error : error + abs(a - b), sides: isBend ? .init(left: a, right: b) : nil)
    case (let a?, nil) where try quotient(.right, smallestStep) == nil:
      return NumericDerivative(value: a, error: a.isInfinite ? 0 : (left?.error ?? 0))
    case (nil, let b?) where try quotient(.left, smallestStep) == nil:
      return NumericDerivative(value: b, error: b.isInfinite ? 0 : (right?.error ?? 0))
    default: return .none
    }
  }

  private func slope(_ side: Side) throws(Failure) -> Double? {
    try slope(side, confirmed(side, from: firstStep))
  }

  /// The slope on one side: infinite where it grows as the step shrinks.
  private func slope(_ side: Side, _ estimate: Estimate?) throws(Failure) -> Double? {
    if let estimate, estimate.isSettled { return estimate.value }
    let small = smallestStep
    guard let near = try quotient(side, small), let far = try quotient(side, small * 0x1p14) else { return nil }
    let grows = near.slope * far.slope > 0 && abs(near.slope) > 8 * abs(far.slope)
    return grows && near.roundoff < abs(near.slope) / 4 ? (near.slope > 0 ? .infinity : -.infinity) : nil
  }

  /// A step of which enough of the argument's digits are left.
  private var smallestStep: Double { x == 0 ? 0x1p-40 : 64 * x.ulp }
}
