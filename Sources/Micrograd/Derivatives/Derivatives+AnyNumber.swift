// Derivatives at numbers of any type, for generic code: a nested derivative is written once, for plain numbers and for
// Values. They are disfavoured, and Value has its own in Derivatives+Value.swift, because the type checker takes seconds to
// find out what `T.Recorded` is inside of a closure where it need not.
//
//     func slope<T: DifferentiableNumber>(_ x: T) -> T { gradient(at: x) { y in y * y * y } }
//
//     slope(2.0)  // 12.0
//     gradient(at: 2) { x in slope(x) }  // 12.0, the second derivative

/// The value and the derivative of a function at a number of any type.
@_disfavoredOverload @inlinable
public func valueWithGradient<T: DifferentiableNumber, Failure: Error>(
  at x: T, of f: (T.Recorded) throws(Failure) -> T.Recorded
) throws(Failure) -> (value: T, gradient: T) {
  try T.valueWithGradient(at: x, of: f)
}

/// The derivative of a function at a number of any type.
@_disfavoredOverload @inlinable
public func gradient<T: DifferentiableNumber, Failure: Error>(
  at x: T, of f: (T.Recorded) throws(Failure) -> T.Recorded
) throws(Failure) -> T {
  try T.valueWithGradient(at: x, of: f).gradient
}

/// The value and the gradient of a function at numbers of any type.
///
/// - Returns: The value and the partial derivatives, as many as `x` has elements.
@_disfavoredOverload @inlinable
public func valueWithGradient<T: DifferentiableNumber, Failure: Error>(
  at x: [T], of f: ([T.Recorded]) throws(Failure) -> T.Recorded
) throws(Failure) -> (value: T, gradient: [T]) {
  try T.valueWithRecordedGradient(at: x, of: f)
}

/// The gradient of a function at numbers of any type.
///
/// - Returns: The partial derivatives, as many as `x` has elements.
@_disfavoredOverload @inlinable
public func gradient<T: DifferentiableNumber, Failure: Error>(
  at x: [T], of f: ([T.Recorded]) throws(Failure) -> T.Recorded
) throws(Failure) -> [T] {
  try T.valueWithRecordedGradient(at: x, of: f).gradient
}

/// The values and the Jacobian of a function at numbers of any type.
///
/// - Returns: The results, and a row for each result with a column for each argument.
@_disfavoredOverload
public func valueWithJacobian<T: DifferentiableNumber, Failure: Error>(
  at x: [T], of f: ([T.Recorded]) throws(Failure) -> [T.Recorded]
) throws(Failure) -> (value: [T], jacobian: [[T]]) {
  try T.withResults(at: x, of: f) { ($0.values, $0.jacobian) }
}

/// The Jacobian of a function at numbers of any type.
///
/// - Returns: A row for each result with a column for each argument.
@_disfavoredOverload
public func jacobian<T: DifferentiableNumber, Failure: Error>(
  at x: [T], of f: ([T.Recorded]) throws(Failure) -> [T.Recorded]
) throws(Failure) -> [[T]] {
  try T.withResults(at: x, of: f) { $0.jacobian }
}

/// The derivatives of all results along a direction, at numbers of any type.
///
/// - Precondition: The direction has as many numbers as `x`.
@_disfavoredOverload
public func jacobianVectorProduct<T: DifferentiableNumber, Failure: Error>(
  at x: [T], along direction: [T], of f: ([T.Recorded]) throws(Failure) -> [T.Recorded]
) throws(Failure) -> [T] {
  try T.withResults(at: x, of: f) { $0.jacobianVectorProduct(along: direction) }
}

/// The sum of the results' gradients times weights, at numbers of any type.
///
/// - Precondition: There are as many weights as results.
@_disfavoredOverload
public func vectorJacobianProduct<T: DifferentiableNumber, Failure: Error>(
  at x: [T], along weights: [T], of f: ([T.Recorded]) throws(Failure) -> [T.Recorded]
) throws(Failure) -> [T] {
  try T.withResults(at: x, of: f) { $0.vectorJacobianProduct(along: weights) }
}

/// The derivative of a function along a direction, at numbers of any type.
///
/// - Precondition: The direction has as many numbers as `x`.
@_disfavoredOverload
public func directionalDerivative<T: DifferentiableNumber, Failure: Error>(
  at x: [T], along direction: [T], of f: ([T.Recorded]) throws(Failure) -> T.Recorded
) throws(Failure) -> T {
  try T.withResult(at: x, of: f) { $0.jacobianVectorProduct(along: direction)[0] }
}

/// The value, the gradient and the Hessian of a function at numbers of any type.
@_disfavoredOverload
public func valueWithHessian<T: DifferentiableNumber, Failure: Error>(
  at x: [T], of f: ([T.Recorded]) throws(Failure) -> T.Recorded
) throws(Failure) -> (value: T, gradient: [T], hessian: [[T]]) {
  try T.withResult(at: x, of: f) { ($0.values[0], $0.gradient, $0.hessian) }
}

/// The Hessian of a function at numbers of any type.
@_disfavoredOverload
public func hessian<T: DifferentiableNumber, Failure: Error>(
  at x: [T], of f: ([T.Recorded]) throws(Failure) -> T.Recorded
) throws(Failure) -> [[T]] {
  try T.withResult(at: x, of: f) { $0.hessian }
}

/// The diagonal of the Hessian of a function at numbers of any type.
///
/// - Returns: The second derivatives, as many as `x` has elements.
@_disfavoredOverload
public func hessianDiagonal<T: DifferentiableNumber, Failure: Error>(
  at x: [T], of f: ([T.Recorded]) throws(Failure) -> T.Recorded
) throws(Failure) -> [T] {
  try T.withResult(at: x, of: f) { $0.hessianDiagonal }
}

/// The product of a function's Hessian and a direction, at numbers of any type: the gradient's derivative along it.
///
/// - Precondition: The direction has as many numbers as `x`.
@_disfavoredOverload
public func hessianVectorProduct<T: DifferentiableNumber, Failure: Error>(
  at x: [T], along direction: [T], of f: ([T.Recorded]) throws(Failure) -> T.Recorded
) throws(Failure) -> [T] {
  try T.withResult(at: x, of: f) { $0.hessianVectorProduct(along: direction) }
}

/// The n-th derivative of a function at a number of any type.
///
/// - Precondition: The order is not negative.
@_disfavoredOverload
public func derivative<T: DifferentiableNumber, Failure: Error>(
  at x: T, order: Int = 1, of f: (T.Recorded) throws(Failure) -> T.Recorded
) throws(Failure) -> T {
  try T.derivative(at: x, order: order, of: f)
}
