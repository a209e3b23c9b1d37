// Inside of a function that is differentiated, the derivative of another function is a Value like any other. It depends on
// the point and on all that the inner function uses of the outer one, and can be differentiated again, to any order.

/// The value and the derivative of a function at a Value, both Values.
///
///     gradient(at: 4) { x in x * gradient(at: Value(1)) { y in x * y } }  // 8.0: d/dx of x · x
///
/// The function is recorded where the point is, and so is the sweep: a few nodes for each node that depends on the point, to
/// the end of the scope around. Under ``withoutGradients(_:)`` the results are constants.
@_disfavoredOverload
public func valueWithGradient<Failure: Error>(
  at x: Value, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> (value: Value, gradient: Value) {
  let (value, gradient) = try valueWithGradient(at: [x]) { (x: [Value]) throws(Failure) in try f(x[0]) }
  return (value, gradient[0])
}

/// The derivative of a function at a Value, a Value too; see ``valueWithGradient(at:of:)->(_,Value)``.
@_disfavoredOverload
public func gradient<Failure: Error>(
  at x: Value, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> Value {
  try valueWithGradient(at: x, of: f).gradient
}

/// The value and the gradient of a function at Values, all of them Values.
///
/// Derivatives are by the places in `x`, each for itself, whatever the Values there were computed from.
///
/// - Returns: The value and the partial derivatives, as many as `x` has elements.
@_disfavoredOverload
public func valueWithGradient<Failure: Error>(
  at x: [Value], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> (value: Value, gradient: [Value]) {
  let (value, derivatives) = try InnerFunction.derive(at: x, of: f) {
    [$0.vectorJacobianProduct(along: [.constant(1)])]
  }
  return (value, derivatives[0])
}

/// The gradient of a function at Values, Values too; see ``valueWithGradient(at:of:)->(_,[Value])``.
@_disfavoredOverload
public func gradient<Failure: Error>(
  at x: [Value], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> [Value] {
  try valueWithGradient(at: x, of: f).gradient
}
