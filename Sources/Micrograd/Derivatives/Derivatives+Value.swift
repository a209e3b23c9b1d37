// Derivatives at Values, which are Values. Inside of a function that is differentiated, the derivative of another function is
// a Value like any other: it depends on the point and on all that the inner function uses of the outer one, and can be
// differentiated again, to any order.
//
//     gradient(at: 4) { x in x * gradient(at: Value(1)) { y in x * y } }  // 8.0: d/dx of x · x
//
// The function is recorded where the point is, and so is the sweep: a few nodes for each node that depends on the point, to
// the end of the scope around. Derivatives are by the places in `x`, each for itself, whatever the Values there were computed
// from. Under withoutGradients the results are constants.

/// The value and the derivative of a function at a Value.
@inlinable
public func valueWithGradient<Failure: Error>(
  at x: Value, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> (value: Value, gradient: Value) {
  try Value.valueWithGradient(at: x, of: f)
}

/// The derivative of a function at a Value.
@inlinable
public func gradient<Failure: Error>(
  at x: Value, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> Value {
  try Value.valueWithGradient(at: x, of: f).gradient
}

/// The value and the gradient of a function at Values.
///
/// - Returns: The value and the partial derivatives, as many as `x` has elements.
@inlinable
public func valueWithGradient<Failure: Error>(
  at x: [Value], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> (value: Value, gradient: [Value]) {
  try Value.valueWithRecordedGradient(at: x, of: f)
}

/// The gradient of a function at Values.
///
/// - Returns: The partial derivatives, as many as `x` has elements.
@inlinable
public func gradient<Failure: Error>(
  at x: [Value], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> [Value] {
  try Value.valueWithRecordedGradient(at: x, of: f).gradient
}

/// The values and the Jacobian of a function at Values.
///
/// - Returns: The results, and a row for each result with a column for each argument.
public func valueWithJacobian<Failure: Error>(
  at x: [Value], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> (value: [Value], jacobian: [[Value]]) {
  try Value.withResults(at: x, of: f) { ($0.values, $0.jacobian) }
}

/// The Jacobian of a function at Values.
///
/// - Returns: A row for each result with a column for each argument.
public func jacobian<Failure: Error>(
  at x: [Value], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [[Value]] {
  try Value.withResults(at: x, of: f) { $0.jacobian }
}

/// The derivatives of all results along a direction, at Values.
///
/// - Precondition: The direction has as many numbers as `x`.
public func jacobianVectorProduct<Failure: Error>(
  at x: [Value], along direction: [Value], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [Value] {
  try Value.withResults(at: x, of: f) { $0.jacobianVectorProduct(along: direction) }
}

/// The sum of the results' gradients times weights, at Values.
///
/// - Precondition: There are as many weights as results.
public func vectorJacobianProduct<Failure: Error>(
  at x: [Value], along weights: [Value], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [Value] {
  try Value.withResults(at: x, of: f) { $0.vectorJacobianProduct(along: weights) }
}

/// The derivative of a function along a direction, at Values.
///
/// - Precondition: The direction has as many numbers as `x`.
public func directionalDerivative<Failure: Error>(
  at x: [Value], along direction: [Value], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> Value {
  try Value.withResult(at: x, of: f) { $0.jacobianVectorProduct(along: direction)[0] }
}

/// The value, the gradient and the Hessian of a function at Values.
public func valueWithHessian<Failure: Error>(
  at x: [Value], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> (value: Value, gradient: [Value], hessian: [[Value]]) {
  try Value.withResult(at: x, of: f) { ($0.values[0], $0.gradient, $0.hessian) }
}

/// The Hessian of a function at Values.
public func hessian<Failure: Error>(
  at x: [Value], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> [[Value]] {
  try Value.withResult(at: x, of: f) { $0.hessian }
}

/// The diagonal of the Hessian of a function at Values.
///
/// - Returns: The second derivatives, as many as `x` has elements.
public func hessianDiagonal<Failure: Error>(
  at x: [Value], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> [Value] {
  try Value.withResult(at: x, of: f) { $0.hessianDiagonal }
}

/// The product of a function's Hessian and a direction, at Values: the gradient's derivative along it.
///
/// - Precondition: The direction has as many numbers as `x`.
public func hessianVectorProduct<Failure: Error>(
  at x: [Value], along direction: [Value], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> [Value] {
  try Value.withResult(at: x, of: f) { $0.hessianVectorProduct(along: direction) }
}

/// The n-th derivative of a function at a Value, by sweeps that are recorded.
///
/// - Precondition: The order is not negative.
public func derivative<Failure: Error>(
  at x: Value, order: Int = 1, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> Value {
  try Value.derivative(at: x, order: order, of: f)
}
