/// A range of integration, mapped from 0...1.
///
/// A finite range is mapped linearly. An infinite one by x = a + s u / (1 - u), so that half of 0...1 covers the range up to
/// a distance s from its finite end. The scale s is found by ``scale(from:direction:of:)``, so units do not matter.
internal struct IntegrationRange {
  private enum Kind {
    case finite(width: Double)
    case upwards(scale: Double)
    case downwards(scale: Double)
  }

  private let lower, upper: Double
  private let kind: Kind

  /// A finite range.
  init(_ lower: Double, _ upper: Double) {
    (self.lower, self.upper, kind) = (lower, upper, .finite(width: upper - lower))
  }

  /// A range from a number to infinity.
  init(from lower: Double, scale: Double) {
    (self.lower, upper, kind) = (lower, .infinity, .upwards(scale: scale))
  }

  /// A range from negative infinity to a number.
  init(to upper: Double, scale: Double) {
    (lower, self.upper, kind) = (-.infinity, upper, .downwards(scale: scale))
  }

  /// Returns x and dx/du for u between 0 and 1. A point strictly inside stays at least one number away from finite ends, where
  /// the integrand may be infinite.
  ///
  /// - Parameters:
  ///   - u: The distance from 0.
  ///   - v: The distance from 1. Both are given, because 1 - u would lose the digits of the smaller one.
  func point(_ u: Double, _ v: Double) -> (x: Double, slope: Double) {
    let x = position(u, v)
    let slope: Double =
      switch kind {
      case .finite(let width): width
      case .upwards(let scale): scale / v / v
      case .downwards(let scale): scale / u / u
      }
    return (min(max(x, lower.nextUp), upper.nextDown), slope)
  }

  /// Returns x for u between 0 and 1.
  func position(_ u: Double, _ v: Double) -> Double {
    switch kind {
    case .finite(let width): u < v ? lower + width * u : upper - width * v
    case .upwards(let scale): lower + scale * u / v
    case .downwards(let scale): upper - scale * v / u
    }
  }

  /// Returns the distance from the finite end of an infinite range at which the integrand contributes most, of the powers of
  /// ten between 1e-40 and 1e40.
  ///
  /// - Parameter direction: 1 for a range to infinity, -1 for one from negative infinity.
  static func scale(from end: Double, direction: Double, of integrand: Integrand) throws -> Double {
    let distances = powersOfTen.filter { end + direction * $0 != end }
    let values = try integrand.values(at: distances.map { end + direction * $0 })
    var best = (distance: max(abs(end), 1), part: 0.0)
    for (distance, value) in zip(distances, values) where abs(value * distance) > best.part {
      // A number that is not finite far outside of the integrand's peak says nothing about the peak.
      if (value * distance).isFinite { best = (distance, abs(value * distance)) }
    }
    return best.distance
  }

  private static let powersOfTen: [Double] = {
    var up = [1.0], down: [Double] = []
    for _ in 0..<40 {
      down.append((down.last ?? 1) / 10)
      up.append((up.last ?? 1) * 10)
    }
    return down.reversed() + up
  }()
}
