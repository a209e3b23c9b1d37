import Foundation
import Micrograd

/// The loss function of a fit: what the sum over residuals adds up.
///
/// A robust loss grows more slowly than squares, so outliers have less weight. With the scale C and `z = (r / C)²`, a residual r
/// contributes `C² ρ(z)`, as in SciPy's `least_squares`. Residuals much smaller than the scale count as squares. So set the scale to
/// about the largest residual that is not an outlier; if standard deviations are given, in multiples of them.
public enum FitLoss: Sendable, Equatable {
  /// ρ(z) = z: ordinary least squares.
  case squares
  /// ρ(z) = z for z ≤ 1, else 2√z - 1: squares within the scale, magnitudes beyond it (P. J. Huber, 1964).
  case huber(scale: Double)
  /// ρ(z) = 2(√(1 + z) - 1): a smooth form of Huber's loss.
  case softL1(scale: Double)
  /// ρ(z) = ln(1 + z): outliers have hardly any weight, but there may be several minima.
  case cauchy(scale: Double)
}

extension FitLoss: CustomStringConvertible {
  /// The name and the scale.
  public var description: String {
    switch self {
    case .squares: "squares"
    case .huber(let scale): "Huber's, scale \(scale)"
    case .softL1(let scale): "soft L1, scale \(scale)"
    case .cauchy(let scale): "Cauchy's, scale \(scale)"
    }
  }
}

extension FitLoss {
  internal func check() throws(OptimizationError) {
    guard scale > 0, scale.isFinite else { throw .invalidLossScale(scale) }
  }

  private var scale: Double {
    switch self {
    case .squares: 1
    case .huber(let scale), .softL1(let scale), .cauchy(let scale): scale
    }
  }

  /// Returns the number whose square a residual contributes, with the residual's sign: `r √(ρ(z) / z)`.
  internal func root(_ r: Double) -> Double {
    let t = abs(r) / scale
    // Where t² loses no digits and does not overflow; beyond, √(1 + t²) is t.
    let isLarge = t > 1e8
    let factor: Double
    switch self {
    case .squares: return r
    case .huber:
      if t <= 1 { return r }
      factor = (2 * t - 1).squareRoot() / t
    case .softL1: factor = isLarge ? (2 / t).squareRoot() : (2 / (1 + (1 + t * t).squareRoot())).squareRoot()
    case .cauchy:
      if t < 1e-8 { return r }
      factor = (isLarge ? 2 * log(t) : log1p(t * t)).squareRoot() / t
    }
    return r * factor
  }

  /// Returns ρ'(z), the weight of a residual, and the derivative of `r ρ'(z)` by r.
  internal func weight(_ r: Double) -> (weight: Double, slope: Double) {
    let t = abs(r) / scale, square = t * t
    switch self {
    case .squares: return (1, 1)
    case .huber: return t <= 1 ? (1, 1) : (1 / t, 0)
    case .softL1:
      let weight = 1 / (1 + square).squareRoot()
      return (weight, weight * weight * weight)
    case .cauchy:
      let weight = 1 / (1 + square)
      return (weight, square.isInfinite ? 0 : (1 - square) * weight * weight)
    }
  }

  /// Returns the deviation s of the covariance `s² (JᵀJ)⁻¹` of a robust fit; `nil` if it is unknown.
  ///
  /// P. J. Huber, *Robust Statistics* (1981), 7.6: with ψ(r) = r ρ'(z), `s² = K² Σψ² / (n - k) / mean(ψ')²` and
  /// `K = 1 + k/n var(ψ') / mean(ψ')²`. For squares it is the residual standard deviation.
  internal func deviation(of residuals: [Double], fitted: Int) -> Double? {
    let count = Double(residuals.count), freedom = residuals.count - fitted
    let weights = residuals.map(weight)
    let mean = weights.reduce(0) { $0 + $1.slope } / count
    guard freedom > 0, mean > 0 else { return nil }
    let variance = weights.reduce(0) { $0 + ($1.slope - mean) * ($1.slope - mean) } / count
    let correction = 1 + Double(fitted) / count * variance / (mean * mean)
    return correction * zip(residuals, weights).map { $0 * $1.weight }.norm / Double(freedom).squareRoot() / mean
  }
}
