// Derivatives of any order of a function of one number.

/// The n-th derivative of a function of one number.
///
///     derivative(at: 0.5, order: 3) { x in sin(x) }  // -0.8775825618903728, which is -cos(0.5)
///
/// Each order but the last two is a reverse sweep that is recorded, so that the work grows by a factor of about three an
/// order: meant for orders up to eight or so.
///
/// - Parameters:
///   - x: The point.
///   - order: Which derivative, 0 being the function itself.
///   - f: A function of one number.
/// - Precondition: The order is not negative.
public func derivative<Failure: Error>(
  at x: Double, order: Int = 1, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> Double {
  require(order >= 0, "the derivative of order \(order): the order is 0 or more")
  return try withDerivatives(
    at: [x],
    of: { (x: [Value]) throws(Failure) in
      try derivative(at: x[0], order: max(0, order - 2), of: f)
    },
    do: { (f: RecordedFunction) throws(Failure) in
      switch order {
      case 0: f.value
      case 1: f.gradient[0]
      default: f.hessianVectorProduct(along: [1])[0]
      }
    })
}

/// The n-th derivative of a function at a Value, a Value too: n sweeps, all of them recorded.
///
/// - Precondition: The order is not negative.
@_disfavoredOverload
public func derivative<Failure: Error>(
  at x: Value, order: Int = 1, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> Value {
  require(order >= 0, "the derivative of order \(order): the order is 0 or more")
  if order == 0 { return try f(x) }
  return try InnerFunction.derive(at: [x], of: { (x: [Value]) throws(Failure) in try f(x[0]) }) { inner in
    var slope = inner.results[0]
    for _ in 0..<order { slope = inner.gradient(of: slope)[0] }
    return [[slope]]
  }.derivatives[0][0]
}
