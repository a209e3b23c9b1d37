import CMicrograd
import RealModule

// Derivatives of functions of one number, each in a form whose own derivative neither cancels nor overflows where x is.

extension RuledNode {
  internal func ofFunction() -> Partial {
    switch mg_node_function(tape, node) {
    case .absolute: choice(x, .greater, 0, .one, choice(x, .less, 0, .minusOne, .zero))
    case .sign, .floor, .ceiling, .round, .round_to_even, .truncate, .detach, .count: .zero
    case .square_root: .value(0.5 / v)
    case .cube_root: .value(1.0 / 3 / v.squared())
    case .exponential: .value(v)
    case .exponential_minus_one: .value(exp(x))
    case .exponential_base_2:
      // In range up to a larger x than v is.
      .value(choose(v, .less, .infinity, v * Double.log(2), exp2(x - 2) * (4 * Double.log(2))))
    case .exponential_base_10: .value(v * Double.log(10))
    case .logarithm: .value(1 / x)
    case .logarithm_one_plus: .value(1 / (1 + x))
    case .logarithm_base_2: .value(1 / Double.log(2) / x)
    case .logarithm_base_10: .value(1 / Double.log(10) / x)
    case .logarithm_one_minus_exponential: .value(log1mexpSlope())
    case .sine: .value(cos(x))
    case .cosine: .value(-sin(x))
    case .tangent: .value(1 + v.squared())
    case .arc_sine: .value(1 / sqrt(oneMinusSquare()))
    case .arc_cosine: .value(-1 / sqrt(oneMinusSquare()))
    case .arc_tangent: .value(choose(x, within: 1e8, 1 / (1 + x.squared()), 1 / x / x))
    case .hyperbolic_sine: .value(cosh(x))
    case .hyperbolic_cosine: .value(sinh(x))
    case .hyperbolic_tangent: .value(tanhSlope())
    case .area_sine: .value(1 / hypot(x, 1))
    case .area_cosine: .value(1 / (sqrt(x - 1) * sqrt(x + 1)))
    case .area_tangent: .value(1 / oneMinusSquare())
    case .error_function: .value(errorSlope())
    case .complementary_error_function: .value(-errorSlope())
    case .gamma_function: .value(v * digamma(x))
    case .log_gamma_function: .value(digamma(x))
    case .digamma_function: .value(polygamma(1, x))
    case .sigmoid: .value(sigmoidSlope())
    case .log_odds: .value(logitSlope())
    case .softplus: .value(logistic(x))
    case .softsign: .value((1 / (1 + abs(x))).squared())
    case .silu: .value(logistic(x) * (1 + limited(to: -Double.infinity...far) * logistic(-x)))
    case .mish: .value(mishSlope())
    case .gelu: .value(normal() + limited(to: -far...far) * (normalDensityScale * exp(-0.5 * x.squared())))
    case .gelu_tanh: .value(geluTanhSlope())
    }
  }

  private func oneMinusSquare() -> Value {
    choose(x, within: 0.5, 1 - x.squared(), (1 - x) * (1 + x))
  }

  /// 1 / (eˣ - 1), NaN below 0, as the root is.
  private func log1mexpSlope() -> Value {
    choose(x, .atLeast, 1, exp(-x) / (1 - exp(-x)), choose(x, .atLeast, 0, 1 / expMinusOne(x), sqrt(x)))
  }

  /// 1 / (x (1 - x)), NaN outside of [0, 1], as the root is, and infinite at -0 as at 0.
  private func logitSlope() -> Value {
    let product = x * (1 - x)
    return choose(product, .atLeast, 0, 1 / (product + 0), sqrt(product))
  }

  /// 1 - tanh² x. The difference cancels where tanh comes close to ±1, the derivative of the other form where x does to 0.
  private func tanhSlope() -> Value { choose(v, within: 0.7, 1 - v.squared(), 4 * bell(2)) }

  /// s (1 - s), which is (1 - tanh²(x / 2)) / 4; see ``tanhSlope()``.
  private func sigmoidSlope() -> Value { choose(x, within: 1, 0.25 * (1 - tanh(0.5 * x).squared()), bell(1)) }

  /// e / (1 + e)² for e = exp(-factor · |x|): s(w) s(-w) for the logistic function s and w = factor · x.
  private func bell(_ factor: Double) -> Value {
    let isNegative = !isWatched && x.unwatchedData < 0
    let e = exp(isWatched ? -factor * (x * sign(x)) : (isNegative ? factor : -factor) * x)
    return e / (1 + e).squared()
  }

  private var normalDensityScale: Double { 1 / Double.sqrt(2 * .pi) }
  private func normal() -> Value { 0.5 * erfc(x * -Double.sqrt(0.5)) }
  private func errorSlope() -> Value { 2 / Double.sqrt(.pi) * exp(-x.squared()) }

  /// Beyond it, the derivatives of activations are those at infinity.
  private var far: Double { 1000 }

  /// x, or a limit that it is beyond: an infinite x is not multiplied by a density of 0.
  private func limited(to limits: ClosedRange<Double>) -> Value {
    if !isWatched, limits.contains(x.unwatchedData) { return x }
    let above = limits.upperBound == .infinity ? x : x.clamped(to: ...limits.upperBound)
    return limits.lowerBound == -.infinity ? above : above.clamped(to: limits.lowerBound...)
  }

  /// For e = e⁻ˡ, l = |x|, a ratio of polynomials of e: on the right what is less than 1, on the left the slope itself.
  private func mishSlope() -> Value {
    let x = limited(to: -far...far), e = exp(choose(x, .less, 0, x, -x))
    let onTheRight = 1 + e.squared() * (4 * x - 2 + e * (4 * x - 4 - 4 * e)) / (1 + 2 * e * (1 + e)).squared()
    let onTheLeft = e * (4 * x + 4 + e * (4 * x + 6 + e * (4 + e))) / (2 + e * (2 + e)).squared()
    return choose(x, .less, 0, onTheLeft, onTheRight)
  }

  /// x s(w) for the logistic function s and w = 2 √(2/π) (x + 0.044715 x³).
  private func geluTanhSlope() -> Value {
    let x = limited(to: -far...far), scale = 2 * Double.sqrt(2 / .pi)
    let w = scale * (x + 0.044715 * x.cubed()), slope = scale * (1 + 3 * 0.044715 * x.squared())
    let s = logistic(w)
    return s + x * s * logistic(-w) * slope
  }
}
