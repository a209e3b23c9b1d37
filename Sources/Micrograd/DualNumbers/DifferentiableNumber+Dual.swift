import CMicrograd

extension Dual: DifferentiableNumber {
  /// Functions are differentiated at dual numbers on dual numbers of what is recorded.
  public typealias Recorded = Dual<Number.Recorded>

  /// A number of one's own. Its tangent is 0.
  @inlinable @inline(__always)
  public init(_ number: Double) { self.init(value: Number(number), tangent: .zero) }

  /// The number itself, without its tangent.
  @inlinable @inline(__always)
  public var number: Double { value.number }

  /// The number and its tangent as constants of a function that is being differentiated.
  @inlinable
  public var lifted: Dual<Number.Recorded> { Dual<Number.Recorded>(value: value.lifted, tangent: tangent.lifted) }

  // MARK: Functions

  /// The absolute value. Derivative: the sign of x, 0 at 0.
  @inlinable @inline(__always)
  public var magnitude: Self { .apply(.absolute, to: self) }

  /// A whole number next to this one; the rule is `Double`'s. Derivative: 0.
  @inlinable
  public func rounded(_ rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero) -> Self {
    Self(value: value.rounded(rule), tangent: .zero)
  }

  /// The remainder x - n y for the whole number n closest to x / y, of two the even one.
  @inlinable
  public func remainder(dividingBy y: Self) -> Self { .apply(.remainder, to: self, y) }

  /// The remainder x - n y for x / y cut to a whole number n, also called fmod.
  @inlinable
  public func truncatingRemainder(dividingBy y: Self) -> Self { .apply(.truncating_remainder, to: self, y) }

  /// The square. Derivative: 2 x.
  @inlinable @inline(__always)
  public func squared() -> Self { Self.with(.square, self, constant: 0, value: value.squared()) }

  /// The cube. Derivative: 3 x².
  @inlinable @inline(__always)
  public func cubed() -> Self { Self.with(.cube, self, constant: 0, value: value.cubed()) }

  /// max(x, 0). Derivative: 1 for x > 0, 0 for x ≤ 0. NaN stays NaN.
  @inlinable @inline(__always)
  public static func relu(_ x: Self) -> Self { with(.relu, x, constant: 0, value: .relu(x.value)) }

  /// The n-th root, of negative x for odd n only, else NaN; of -0 it is -0. Derivative: ⁿ√x / (n x), infinite at 0.
  @inlinable
  public static func root(_ x: Self, _ n: Int) -> Self {
    switch n {
    case 2: return apply(.square_root, to: x)
    case 3: return apply(.cube_root, to: x)
    default:
      let exponent = 1 / Double(n)
      let hasMinusSign = x.value < 0 || x.value == 0 && 1 / x.value < 0
      guard hasMinusSign else { return x ** exponent }
      return n % 2 == 0 && x.value < 0 ? x * Double.nan : -((-x) ** exponent)
    }
  }

  // MARK: Many operands

  /// The sum of the terms; 0 of nothing.
  @inlinable
  public static func sum(_ terms: [Self]) -> Self {
    Self(value: .sum(terms.map { $0.value }), tangent: .sum(terms.map { $0.tangent }))
  }

  /// Σ left[i] · right[i] of two lists of one length.
  @inlinable
  public static func dot(_ left: [Self], _ right: [Self]) -> Self {
    let (x, y) = (left.map { $0.value }, right.map { $0.value })
    let value = Number.dot(x, y)
    var tangent = Number.zero
    for k in left.indices {
      let byFirst = Number.tangentProduct(left[k].tangent, y[k])
      let bySecond = Number.tangentProduct(right[k].tangent, x[k])
      tangent = Number.tangentSum(tangent, Number.tangentSum(byFirst, bySecond))
    }
    return Self(value: value, tangent: tangent)
  }

  /// Σ weights[i] · terms[i] with plain numbers as weights, of two lists of one length.
  @inlinable
  public static func dot(_ weights: [Double], _ terms: [Self]) -> Self {
    let value = Number.dot(weights, terms.map { $0.value })
    var tangent = Number.zero
    for k in terms.indices {
      tangent = Number.tangentSum(tangent, Number.tangentProduct(terms[k].tangent, Number(constant: weights[k])))
    }
    return Self(value: value, tangent: tangent)
  }

  /// log Σ exp(terms[i]) without overflow; -∞ of nothing.
  @inlinable
  public static func logSumExp(_ terms: [Self]) -> Self {
    let values = terms.map { $0.value }
    var tangent = Number.zero
    for (term, derivative) in zip(terms, Number.logSumExpDerivatives(values)) {
      tangent = Number.tangentSum(tangent, Number.tangentProduct(term.tangent, derivative))
    }
    return Self(value: .logSumExp(values), tangent: tangent)
  }

  /// The element of a table at a place that is a number.
  @inlinable
  public static func pick(_ table: [Self], at index: Self) -> Self {
    Self(
      value: .pick(table.map { $0.value }, at: index.value), tangent: .pick(table.map { $0.tangent }, at: index.value))
  }

  /// Records a function of the values, with the tangents as constants, and asks for derivatives.
  public static func withRecording<Result, Failure: Error>(
    at x: [Self], of f: ([Recorded]) throws(Failure) -> [Recorded],
    do body: (any RecordedDerivatives<Self>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try DualDerivatives.record(at: x, of: f, do: body)
  }

  /// The value and the gradient of a function: the gradients of the result's value and of its tangent, both by the values of
  /// the arguments.
  @inlinable
  public static func valueWithRecordedGradient<Failure: Error>(
    at x: [Self], of f: ([Recorded]) throws(Failure) -> Recorded
  ) throws(Failure) -> (value: Self, gradient: [Self]) {
    let tangents = x.map { $0.tangent.lifted }
    return try Number.withRecording(
      at: x.map { $0.value },
      of: { (values: [Number.Recorded]) throws(Failure) -> [Number.Recorded] in
        let result = try f(values.indices.map { Recorded(value: values[$0], tangent: tangents[$0]) })
        return [result.value, result.tangent]
      },
      do: { (both: any RecordedDerivatives<Number>) throws(Failure) in
        let values = both.values, one = Number(constant: 1)
        let ofValue = both.vectorJacobianProduct(along: [one, .zero])
        let ofTangent = both.vectorJacobianProduct(along: [.zero, one])
        return (
          Self(value: values[0], tangent: values[1]),
          ofValue.indices.map { Self(value: ofValue[$0], tangent: ofTangent[$0]) }
        )
      })
  }
}
