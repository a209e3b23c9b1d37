import CMicrograd

// Functions of one number, each by the differential equation that it solves.

extension Series {
  /// A function of the engine's table; `value` is the function's value.
  internal func apply(_ function: FunctionCode, value v: Double) -> Series {
    if isConstant { return Series(from: v, order: order) }
    let x = value, slope = mg_function_tangent(function, 1, x, v, 1)
    if !x.isFinite || isPiecewiseConstant(function) { return linear(value: v, slope: slope) }
    if !slope.isFinite && !growsOutOfRange(function) { return atEdge(value: v, slope: slope) }
    switch function {
    case .absolute, .sign, .floor, .ceiling, .round, .round_to_even, .truncate, .detach, .count:
      return linear(value: v, slope: slope)
    case .square_root: return power(0.5, value: v, slope: slope)
    case .cube_root: return power(1.0 / 3, value: v, slope: slope)
    case .exponential: return exponential(value: v)
    case .exponential_minus_one: return exponential(value: Double.exp(x)).with(value: v)
    case .exponential_base_2: return scaled(by: Double.log(2)).exponential(value: v)
    case .exponential_base_10: return scaled(by: Double.log(10)).exponential(value: v)
    case .logarithm: return logarithm(value: v)
    case .logarithm_one_plus: return with(value: 1 + x).logarithm(value: v)
    case .logarithm_base_2: return logarithm(value: v).changed(value: v) { $0 / Double.log(2) }
    case .logarithm_base_10: return logarithm(value: v).changed(value: v) { $0 / Double.log(10) }
    case .logarithm_one_minus_exponential: return logOfOneMinusExponential(value: v, slope: slope)
    case .sine: return sineAndCosine().sine
    case .cosine: return sineAndCosine().cosine
    case .tangent: return solution(value: v, slope: 1 + v * v) { v, _, k in v.convolved(v, k, 0...k) }
    case .arc_sine: return arcSine(value: v)
    case .arc_cosine: return arcSine(value: v).changed(value: v) { -$0 }
    case .arc_tangent: return Polar(self, Series(from: 1, order: order)).angle.with(value: v)
    case .hyperbolic_sine: return hyperbolic().sine
    case .hyperbolic_cosine: return hyperbolic().cosine
    case .hyperbolic_tangent: return hyperbolicTangent(value: v)
    case .area_sine: return area(1, value: v, slope)
    case .area_cosine: return area(-1, value: v, slope)
    case .area_tangent: return .integral(from: v, of: oneMinusSquare().reciprocal(), along: self)
    case .error_function: return .integral(from: v, of: errorSlope(), along: self)
    case .complementary_error_function:
      return Series.integral(from: v, of: errorSlope(), along: self).changed(value: v) { -$0 }
    case .gamma_function, .log_gamma_function, .digamma_function: return ofGamma(function, value: v)
    case .sigmoid: return logistic(value: v)
    case .log_odds:
      // x (1 - x)
      let product = changed(value: x * (1 - x)) { $0 * (1 - 2 * x) } - inner()
      return .integral(from: v, of: product.reciprocal(), along: self)
    case .softplus: return softplus(value: v)
    case .softsign: return softsign(value: v)
    case .silu, .mish, .gelu, .gelu_tanh: return gate(function, value: v, slope: slope)
    }
  }

  private func isPiecewiseConstant(_ function: FunctionCode) -> Bool {
    [.absolute, .sign, .floor, .ceiling, .round, .round_to_even, .truncate, .detach].contains(function)
  }

  /// True for functions whose derivatives are infinite only because the function itself leaves the range.
  private func growsOutOfRange(_ function: FunctionCode) -> Bool {
    [
      .exponential, .exponential_minus_one, .exponential_base_2, .exponential_base_10, .hyperbolic_sine,
      .hyperbolic_cosine,
    ].contains(function)
  }

  internal func with(value: Double) -> Series {
    var result = self
    result[0] = value
    return result
  }

  /// Σ self[j] · self[k - j] over the j from 1 to k - 1: the square without the terms of the value.
  private func inner() -> Series {
    var result = Series(from: 0, order: order)
    for k in stride(from: 2, through: order, by: 1) { result[k] = inner(self, k) }
    return result
  }

  /// The series v of v′ = s · u′, whose slope s depends on v itself: `next` gives its k-th coefficient.
  private func solution(
    value: Double, slope: Double, _ next: (_ v: Series, _ s: Series, _ k: Int) -> Double
  ) -> Series {
    var v = Series(from: value, order: order), s = Series(from: slope, order: order)
    let slopes = slopes
    for k in stride(from: 1, through: order, by: 1) {
      v[k] = Series.integral(s, slopes, k)
      s[k] = next(v, s, k)
    }
    return v
  }

  // MARK: Circles

  private func sineAndCosine() -> (sine: Series, cosine: Series) {
    circle(sine: Double.sin(value), cosine: Double.cos(value), sign: -1)
  }

  private func hyperbolic() -> (sine: Series, cosine: Series) {
    circle(sine: Double.sinh(value), cosine: Double.cosh(value), sign: 1)
  }

  private func circle(sine: Double, cosine: Double, sign: Double) -> (sine: Series, cosine: Series) {
    var s = Series(from: sine, order: order), c = Series(from: cosine, order: order)
    let slopes = slopes
    for k in stride(from: 1, through: order, by: 1) {
      s[k] = Series.integral(c, slopes, k)
      c[k] = sign * Series.integral(s, slopes, k)
    }
    return (s, c)
  }

  private func oneMinusSquare() -> Series { squared().changed(value: (1 - value) * (1 + value)) { -$0 } }

  private func arcSine(value v: Double) -> Series {
    let square = oneMinusSquare()
    return .integral(from: v, of: square.inverseRoot(1 / square.value.squareRoot()), along: self)
  }

  /// The inverse of sinh or cosh, whose slope is 1 / √(x² ± 1); for large x that is q / √(1 ± q²), q = 1 / x.
  private func area(_ sign: Double, value v: Double, _ slope: Double) -> Series {
    let x = value
    if abs(x) < 2 {
      let square = squared().with(value: sign > 0 ? 1 + x * x : (x - 1) * (x + 1))
      return .integral(from: v, of: square.inverseRoot(slope), along: self)
    }
    // The recurrence of x² ± 1 would enlarge rounding errors with the square of the order.
    let q = reciprocal(), square = q.squared().scaled(by: sign)
    let root = square.with(value: 1 + square.value).inverseRoot(1 / (1 + square.value).squareRoot())
    return .integral(from: v, of: (q * root).scaled(by: x > 0 ? 1 : -1), along: self)
  }

  /// 1 / √self, of a value that is not 0.
  internal func inverseRoot(_ value: Double) -> Series { power(-0.5, value: value, slope: 0) }

  internal func hyperbolicTangent(value v: Double) -> Series {
    solution(value: v, slope: mg_tanh_slope(value, v)) { v, _, k in -v.convolved(v, k, 0...k) }
  }

  // MARK: Logistic functions

  internal func logistic(value v: Double) -> Series {
    let turn = -mg_tanh(0.5 * value)  // 1 - 2 v without cancellation
    return solution(value: v, slope: mg_logistic_slope(value, v)) { v, _, k in v[k] * turn - v.inner(v, k) }
  }

  internal func softplus(value v: Double) -> Series {
    .integral(from: v, of: logistic(value: mg_logistic(value)), along: self)
  }

  /// The slope q = 1 / (eˣ - 1) solves q′ = -q (1 + q).
  private func logOfOneMinusExponential(value v: Double, slope: Double) -> Series {
    let q = solution(value: slope, slope: -slope * (1 + slope)) { q, _, k in
      -(q[k] * (1 + 2 * slope) + q.inner(q, k))
    }
    return .integral(from: v, of: q, along: self)
  }

  /// The mean of both branches at 0, where they differ from the second order on.
  private func softsign(value v: Double) -> Series {
    func branch(_ sign: Double) -> Series {
      changed(value: 1 + sign * value) { sign * $0 }.reciprocal().changed(value: v) { -sign * $0 }
    }
    if value != 0 { return branch(value > 0 ? 1 : -1) }
    return (branch(1) + branch(-1)).scaled(by: 0.5)
  }

  // MARK: Error function

  private func errorSlope() -> Series {
    squared().scaled(by: -1).exponential(value: mg_erf_first(value))
  }

  // MARK: Gates

  /// x times a gate. Far from 0 the gate is 0 or 1.
  private func gate(_ function: FunctionCode, value v: Double, slope: Double) -> Series {
    let x = value
    if abs(x) > 1000 { return linear(value: v, slope: slope) }
    // The quotient has no more rounding errors than the value.
    let share = x == 0 ? 0.5 : v / x
    let gate: Series
    switch function {
    case .silu: gate = logistic(value: share)
    case .mish:
      // 0.6 is tanh(log 2).
      gate = softplus(value: mg_log_one_plus_exp(x)).hyperbolicTangent(value: x == 0 ? 0.6 : share)
    case .gelu:
      let density = squared().scaled(by: -0.5).exponential(value: mg_normal_pdf(x))
      gate = .integral(from: share, of: density, along: self)
    default:
      let w = self + (squared() * self).scaled(by: 0.044715)
      gate = w.scaled(by: 2 * (2 / Double.pi).squareRoot()).logistic(value: share)
    }
    return (self * gate).with(value: v)
  }

  // MARK: Gamma functions

  /// ψ⁽ⁿ⁾(self). Its derivatives are polygamma functions of higher orders.
  internal func polygamma(_ n: Int, value v: Double) -> Series {
    var factorial = 1.0
    let outer = (0...order).map { k -> Double in
      if k > 0 { factorial *= Double(k) }
      return k == 0 ? v : mg_polygamma(Int32(n + k), value) / factorial
    }
    return composed { outer[$0] }
  }

  private func ofGamma(_ function: FunctionCode, value v: Double) -> Series {
    let digamma = polygamma(0, value: mg_digamma(value))
    switch function {
    case .log_gamma_function: return .integral(from: v, of: digamma, along: self)
    case .gamma_function:
      return solution(value: v, slope: v * digamma.value) { v, _, k in v.convolved(digamma, k, 0...k) }
    default: return digamma
    }
  }
}
