// Derivatives of functions with several results, by numbers and by Values; the latter are for use inside of a function that
// is differentiated itself. A row of a Jacobian is the gradient of one result.

/// The values and the Jacobian of a function with several results.
///
/// ```swift
/// valueWithJacobian(at: [2, 3]) { x in [x[0] * x[1], x[0] + x[1], -x[0]] }
/// // (value: [6.0, 5.0, -2.0], jacobian: [[3.0, 2.0], [1.0, 1.0], [-1.0, 0.0]])
/// ```
///
/// The function is recorded once. With fewer arguments than results the Jacobian is made of columns, by a tangent sweep for
/// each argument, else of rows, by a reverse sweep for each result.
///
/// - Returns: The results, and for each of them a row of as many numbers as `x` has.
public func valueWithJacobian<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> (value: [Double], jacobian: [[Double]]) {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in (f.values, f.jacobian) }
}

/// The Jacobian of a function with several results; see ``valueWithJacobian(at:of:)-([Double],_)``.
public func jacobian<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [[Double]] {
  try valueWithJacobian(at: x, of: f).jacobian
}

/// The derivatives of all results along a direction, the Jacobian times a vector, by one tangent sweep (forward mode).
///
/// ```swift
/// jacobianVectorProduct(at: [2, 3], along: [1, 0]) { x in [x[0] * x[1], x[0] + x[1]] }  // [3.0, 1.0]
/// ```
///
/// - Parameters:
///   - x: The point.
///   - direction: As many numbers as `x` has.
///   - f: A function with any number of results.
/// - Returns: A number for each result.
public func jacobianVectorProduct<Failure: Error>(
  at x: [Double], along direction: [Double], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [Double] {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in
    f.jacobianVectorProduct(along: direction)
  }
}

/// The sum of the results' gradients times weights, a vector times the Jacobian, by one reverse sweep.
///
/// ```swift
/// vectorJacobianProduct(at: [2, 3], along: [1, 10]) { x in [x[0] * x[1], x[0] + x[1]] }  // [13.0, 12.0]
/// ```
///
/// - Parameters:
///   - x: The point.
///   - weights: As many numbers as the function has results.
///   - f: A function with any number of results.
/// - Returns: A number for each argument.
public func vectorJacobianProduct<Failure: Error>(
  at x: [Double], along weights: [Double], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [Double] {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in f.vectorJacobianProduct(along: weights) }
}

/// The derivative of a function along a direction, ∇f(x) · direction, by one tangent sweep.
///
/// ```swift
/// directionalDerivative(at: [3, 4], along: [1, 0]) { x in hypot(x[0], x[1]) }  // 0.6
/// ```
///
/// The direction is taken as it is, not scaled to length 1.
///
/// - Parameters:
///   - x: The point.
///   - direction: As many numbers as `x` has.
///   - f: A function with one result.
public func directionalDerivative<Failure: Error>(
  at x: [Double], along direction: [Double], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> Double {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in
    f.jacobianVectorProduct(along: direction)[0]
  }
}
