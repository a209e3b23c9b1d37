import Foundation

/// Quantiles of Student's t distribution and of the normal distribution, for intervals of a given level.
///
/// The level is the probability between -t and t. The tail beyond both is a regularised incomplete beta function,
/// `P(|T| > t) = I_x(ν/2, ½)` with `x = ν / (ν + t²)`; the quantile is found by a root search.
internal enum StudentT {
  /// Returns the t for which `P(|T| ≤ t)` is `level`.
  ///
  /// - Parameters:
  ///   - level: A probability above 0 and below 1.
  ///   - degreesOfFreedom: ν, at least 1; `nil` for the normal distribution.
  static func quantile(level: Double, degreesOfFreedom: Int?) -> Double {
    let wanted = 1 - level
    guard let degreesOfFreedom else {
      return root { z in
        (erfc(z / 2.0.squareRoot()) - wanted, (2 / Double.pi).squareRoot() * exp(-z * z / 2))
      }
    }
    let freedom = Double(degreesOfFreedom), ratio = gammaRatio(freedom / 2)
    return root { t in
      let density = 2 * ratio / (Double.pi * freedom).squareRoot() * exp(-(freedom + 1) / 2 * log1p(t * t / freedom))
      return (tail(t, freedom, ratio) - wanted, density)
    }
  }

  /// Returns `P(|T| > t)` for t ≥ 0.
  private static func tail(_ t: Double, _ freedom: Double, _ ratio: Double) -> Double {
    guard t > 0 else { return 1 }
    let a = freedom / 2, square = t * t
    let x = freedom / (freedom + square), y = square / (freedom + square)
    // x^a y^½ / B(a, ½), without the rounding of a power near 1.
    let front = exp(-a * log1p(square / freedom)) * y.squareRoot() * ratio / Double.pi.squareRoot()
    // The fraction converges below this x. Near 1, x has lost the digits of 1 - x.
    return y < 0.02 || x > (a + 1) / (a + 2.5) ? 1 - 2 * front * betaSeries(y, a) : front / a * betaFraction(x, a)
  }

  /// Γ(a + ½) / Γ(a): up by its recurrence to where Stirling's series of the ratio has all digits.
  private static func gammaRatio(_ a: Double) -> Double {
    var (a, factor) = (a, 1.0)
    while a < 30 {
      factor *= a / (a + 0.5)
      a += 1
    }
    let u = 1 / (a * a)
    // NIST's Digital Library of Mathematical Functions, 5.11.8, for ln Γ(a + ½) - ln Γ(a).
    let series = -1 / 8.0 + u * (1 / 192.0 + u * (-1 / 640.0 + u * (17 / 14336.0 - u * 31 / 18432.0)))
    return factor * a.squareRoot() * exp(series / a)
  }

  /// The hypergeometric series of `I_y(½, a)`, whose terms are positive (NIST's Digital Library of Mathematical Functions,
  /// 8.17.8).
  private static func betaSeries(_ y: Double, _ a: Double) -> Double {
    var (term, sum, n) = (1.0, 1.0, 0.0)
    while term > 1e-17 * sum {
      term *= (a + 0.5 + n) / (1.5 + n) * y
      sum += term
      n += 1
    }
    return sum
  }

  /// The continued fraction of `I_x(a, ½)` (NIST's Digital Library of Mathematical Functions, 8.17.22), by Lentz's method.
  private static func betaFraction(_ x: Double, _ a: Double) -> Double {
    var c = 1.0
    var d = 1 / (1 - (a + 0.5) * x / (a + 1))
    var fraction = d
    var m = 1.0, factor = 2.0
    while abs(factor - 1) > Double.ulpOfOne {
      let b = a + 2 * m
      let even = m * (0.5 - m) * x / ((b - 1) * b), odd = -(a + m) * (a + 0.5 + m) * x / (b * (b + 1))
      d = 1 / (1 + even * d)
      c = 1 + even / c
      fraction *= d * c
      d = 1 / (1 + odd * d)
      c = 1 + odd / c
      factor = d * c
      fraction *= factor
      m += 1
    }
    return fraction
  }

  /// Returns the root of a decreasing function of t > 0, by Newton's method within a bracket.
  ///
  /// - Parameter f: The function and the magnitude of its derivative.
  private static func root(_ f: (Double) -> (value: Double, slope: Double)) -> Double {
    var lower = 0.0, upper = 1.0
    while f(upper).value > 0, upper < 1e300 { (lower, upper) = (upper, 4 * upper) }
    var t = (lower + upper) / 2
    for _ in 0..<200 {
      let (value, slope) = f(t)
      if value > 0 { lower = t } else { upper = t }
      var next = t + value / slope
      if !(next > lower && next < upper) { next = (lower + upper) / 2 }
      if abs(next - t) <= Double.ulpOfOne * t { return next }
      t = next
    }
    return t
  }
}
