import Micrograd

/// Finds a root of a function of plain numbers within a range, from which it never evaluates outside.
///
/// ```swift
/// try bracketedRoot(of: { x in x * x - 2 }, in: 0...2)  // 1.4142135623730951
/// ```
///
/// The function has opposite signs at the ends of the range, so a continuous function has a root in it. Inverse quadratic
/// interpolation finds it, and bisection where interpolation is not safe (T. R. Chandrupatla, Advances in Engineering Software
/// 28, 1997). The iteration ends where the sign changes between neighbouring numbers, or nearly so. Thus neither the unit of
/// x nor that of f matters. At a jump that changes the sign, the result is the place of the jump.
///
/// - Parameters:
///   - f: The function. What it throws is rethrown.
///   - range: The range of x. Its ends are finite.
/// - Throws: ``OptimizationError`` if the function has the same sign at both ends, if it is NaN, or if the sign changes at
///   a pole.
public func bracketedRoot(of f: (Double) throws -> Double, in range: ClosedRange<Double>) throws -> Double {
  var bracket = try Bracket(of: f, in: range)
  return try bracket.root(of: f)
}

/// A range at whose ends a function has opposite signs.
private struct Bracket {
  private struct Point {
    let x, value: Double
  }

  /// The last point, and one where the value has the other sign.
  private var last, other: Point
  /// The larger value at an end of the range.
  private let largest: Double

  init(of f: (Double) throws -> Double, in range: ClosedRange<Double>) throws {
    guard range.lowerBound.isFinite, range.upperBound.isFinite else {
      throw OptimizationError.rangeNotFinite(range)
    }
    last = try Self.point(of: f, at: range.lowerBound)
    other = try Self.point(of: f, at: range.upperBound)
    largest = max(abs(last.value), abs(other.value))
    if last.value == 0 || other.value == 0 { return }
    guard last.value < 0 || other.value < 0, last.value > 0 || other.value > 0 else {
      throw OptimizationError.noSignChange(range: range, lower: last.value, upper: other.value)
    }
    if range.lowerBound < 0, range.upperBound > 0 {
      // From here on, all numbers in the range have one sign, so its middle can be that of their logarithms.
      let zero = try Self.point(of: f, at: 0)
      if zero.value == 0 || (zero.value < 0) == (last.value < 0) { last = zero } else { other = zero }
    }
  }

  private static func point(of f: (Double) throws -> Double, at x: Double) throws -> Point {
    let value = try f(x)
    guard !value.isNaN else { throw OptimizationError.functionNotFinite(position: x, found: value) }
    return Point(x: x, value: value)
  }

  private var best: Point { abs(last.value) <= abs(other.value) ? last : other }

  /// The middle between both points; of their logarithms if they are far apart.
  private var middle: Double {
    let (a, b) = (abs(last.x), abs(other.x))
    guard a > 0, b > 0, max(a, b) > 1000 * min(a, b) else { return last.x / 2 + other.x / 2 }
    return (last.x < 0 || other.x < 0 ? -1 : 1) * (a.squareRoot() * b.squareRoot())
  }

  private func isInside(_ x: Double) -> Bool { min(last.x, other.x) < x && x < max(last.x, other.x) }

  mutating func root(of f: (Double) throws -> Double) throws -> Double {
    var next = middle
    while best.value != 0 {
      if !isInside(next) { next = middle }
      if !isInside(next) { break }
      let point = try Self.point(of: f, at: next)
      let replaced: Point
      if (point.value < 0) == (last.value < 0) {
        replaced = last
      } else {
        (replaced, other) = (other, last)
      }
      last = point
      // Half of the distance between neighbouring numbers, as a fraction of the range.
      let smallest = 0.5 * Double.ulpOfOne * abs(best.x) / abs(other.x - last.x)
      if smallest >= 0.5 { break }
      next = middle
      if let fraction = interpolated(replaced) {
        next = last.x + min(max(fraction, smallest), 1 - smallest) * (other.x - last.x)
      }
    }
    let found = best
    // Near a root, values are smaller than at the ends of the range; near a pole they are larger.
    guard abs(found.value) <= largest else { throw OptimizationError.pole(position: found.x) }
    return found.x
  }

  /// Returns the fraction at which inverse quadratic interpolation through three points has its root, if it is safe.
  private func interpolated(_ third: Point) -> Double? {
    let (a, b, c) = (last, other, third)
    let xi = (a.x - b.x) / (c.x - b.x)
    let phi = (a.value - b.value) / (c.value - b.value)
    guard phi * phi < xi, (1 - phi) * (1 - phi) < 1 - xi else { return nil }
    let fraction =
      a.value / (b.value - a.value) * (c.value / (b.value - c.value))
      + (c.x - a.x) / (b.x - a.x) * (a.value / (c.value - a.value)) * (b.value / (c.value - b.value))
    return fraction.isFinite ? fraction : nil
  }
}
