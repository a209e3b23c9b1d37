// Derivatives of functions with several results, by numbers and by Values; the latter are for use inside of a function that
// is differentiated itself. A row of a Jacobian is the gradient of one result.

/// Returns the values and the Jacobian of a function with several results.
///
/// ```swift
/// valueWithJacobian(at: [2, 3]) { x in [x[0] * x[1], x[0] + x[1], -x[0]] }
/// // (value: [6.0, 5.0, -2.0], jacobian: [[3.0, 2.0], [1.0, 1.0], [-1.0, 0.0]])
/// ```
///
/// The function is recorded once. With fewer arguments than results, the Jacobian is computed by columns, one tangent sweep
/// per argument; else by rows, one reverse sweep per result.
///
/// - Returns: The results, and one row per result with one number per element of `x`.
public func valueWithJacobian<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> (value: [Double], jacobian: [[Double]]) {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in (f.values, f.jacobian) }
}

/// Returns the Jacobian of a function with several results; see ``valueWithJacobian(at:of:)-([Double],_)``.
public func jacobian<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [[Double]] {
  try valueWithJacobian(at: x, of: f).jacobian
}

/// Returns the product of the Jacobian and a vector, the derivatives of all results along a direction, by one tangent sweep
/// (forward mode).
///
/// ```swift
/// jacobianVectorProduct(at: [2, 3], along: [1, 0]) { x in [x[0] * x[1], x[0] + x[1]] }  // [3.0, 1.0]
/// ```
///
/// - Parameters:
///   - x: The point.
///   - direction: One number per element of `x`.
///   - f: A function with any number of results.
/// - Returns: One number per result.
public func jacobianVectorProduct<Failure: Error>(
  at x: [Double], along direction: [Double], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [Double] {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in
    f.jacobianVectorProduct(along: direction)
  }
}

/// Returns the product of a vector and the Jacobian, the weighted sum of the results' gradients, by one reverse sweep.
///
/// ```swift
/// vectorJacobianProduct(at: [2, 3], along: [1, 10]) { x in [x[0] * x[1], x[0] + x[1]] }  // [13.0, 12.0]
/// ```
///
/// - Parameters:
///   - x: The point.
///   - weights: One number per result.
///   - f: A function with any number of results.
/// - Returns: One number per argument.
public func vectorJacobianProduct<Failure: Error>(
  at x: [Double], along weights: [Double], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [Double] {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in f.vectorJacobianProduct(along: weights) }
}

/// Returns the directional derivative of a function, ∇f(x) · direction, by one tangent sweep.
///
/// ```swift
/// directionalDerivative(at: [3, 4], along: [1, 0]) { x in hypot(x[0], x[1]) }  // 0.6
/// ```
///
/// The direction is not scaled to length 1.
///
/// - Parameters:
///   - x: The point.
///   - direction: One number per element of `x`.
///   - f: A function with one result.
public func directionalDerivative<Failure: Error>(
  at x: [Double], along direction: [Double], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> Double {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in
    f.jacobianVectorProduct(along: direction)[0]
  }
}
