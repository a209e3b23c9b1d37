// Derivatives of functions of dual numbers, in forward mode without a tape. They are for functions of few numbers: each
// argument costs a run of the function. The closure names the type of its numbers:
//
//     derivative(at: 0.5) { (x: Dual<Double>) in x * .exp(x) }  // 2.473082
//
// A closure that does not is one over Values. The point may be of any type of numbers, dual ones and Values among them, so
// derivatives nest.

/// Returns the value and the derivative of a function of one dual number, by one run of the function.
///
/// ```swift
/// valueWithDerivative(at: 3) { (x: Dual<Double>) in x * x + 2 * x }  // (value: 15.0, derivative: 8.0)
/// ```
///
/// At a kink or at the end of the domain, the derivative is that of <doc:Operations>.
@_disfavoredOverload @inlinable
public func valueWithDerivative<D: DualNumber, Failure: Error>(
  at x: D.Number, of f: (D) throws(Failure) -> D
) throws(Failure) -> (value: D.Number, derivative: D.Number) {
  let result = try f(D(value: x, tangent: D.Number(constant: 1)))
  return (result.value, result.tangent)
}

/// Returns the derivative of a function of one dual number, by one run of the function.
///
/// ```swift
/// derivative(at: 3) { (x: Dual<Double>) in x * x + 2 * x }  // 8.0
/// ```
@_disfavoredOverload @inlinable
public func derivative<D: DualNumber, Failure: Error>(
  at x: D.Number, of f: (D) throws(Failure) -> D
) throws(Failure) -> D.Number {
  try valueWithDerivative(at: x, of: f).derivative
}

/// Returns the value and the gradient of a function of dual numbers, by one run of the function for each number.
///
/// ```swift
/// valueWithGradient(at: [2, 3]) { (x: [Dual<Double>]) in x[0] * x[1] }  // (value: 6.0, gradient: [3.0, 2.0])
/// ```
///
/// - Returns: The value, and one partial derivative per element of `x`.
@_disfavoredOverload @inlinable
public func valueWithGradient<D: DualNumber, Failure: Error>(
  at x: [D.Number], of f: ([D]) throws(Failure) -> D
) throws(Failure) -> (value: D.Number, gradient: [D.Number]) {
  var arguments = x.map { D(value: $0, tangent: .zero) }
  var gradient: [D.Number] = []
  gradient.reserveCapacity(x.count)
  var value: D.Number?
  for k in x.indices {
    arguments[k].tangent = D.Number(constant: 1)
    let result = try f(arguments)
    arguments[k].tangent = .zero
    value = result.value
    gradient.append(result.tangent)
  }
  if let value { return (value, gradient) }
  return (try f(arguments).value, gradient)
}

/// Returns the gradient of a function of dual numbers, by one run of the function for each number.
///
/// ```swift
/// gradient(at: [2, 3]) { (x: [Dual<Double>]) in x[0] * x[1] }  // [3.0, 2.0]
/// ```
@_disfavoredOverload @inlinable
public func gradient<D: DualNumber, Failure: Error>(
  at x: [D.Number], of f: ([D]) throws(Failure) -> D
) throws(Failure) -> [D.Number] {
  try valueWithGradient(at: x, of: f).gradient
}

/// Returns the values and the Jacobian of a function of dual numbers, by columns: one run of the function for each number.
///
/// ```swift
/// valueWithJacobian(at: [2, 3]) { (x: [Dual<Double>]) in [x[0] * x[1], x[0] + x[1]] }
/// // (value: [6.0, 5.0], jacobian: [[3.0, 2.0], [1.0, 1.0]])
/// ```
///
/// - Returns: The results, and one row per result with one number per element of `x`.
@_disfavoredOverload @inlinable
public func valueWithJacobian<D: DualNumber, Failure: Error>(
  at x: [D.Number], of f: ([D]) throws(Failure) -> [D]
) throws(Failure) -> (value: [D.Number], jacobian: [[D.Number]]) {
  var arguments = x.map { D(value: $0, tangent: .zero) }
  if x.isEmpty {
    let results = try f(arguments)
    return (results.map { $0.value }, results.map { _ in [] })
  }
  var columns: [[D]] = []
  for k in x.indices {
    arguments[k].tangent = D.Number(constant: 1)
    columns.append(try f(arguments))
    arguments[k].tangent = .zero
  }
  return (columns[0].map { $0.value }, columns[0].indices.map { row in columns.map { $0[row].tangent } })
}

/// Returns the Jacobian of a function of dual numbers, by columns: one run of the function for each number.
///
/// ```swift
/// jacobian(at: [2, 3]) { (x: [Dual<Double>]) in [x[0] * x[1], x[0] + x[1]] }
/// // [[3.0, 2.0], [1.0, 1.0]]
/// ```
@_disfavoredOverload @inlinable
public func jacobian<D: DualNumber, Failure: Error>(
  at x: [D.Number], of f: ([D]) throws(Failure) -> [D]
) throws(Failure) -> [[D.Number]] {
  try valueWithJacobian(at: x, of: f).jacobian
}

/// Returns the derivatives of all results along a direction, by one run of the function.
///
/// ```swift
/// jacobianVectorProduct(at: [2, 3], along: [1, 0]) { (x: [Dual<Double>]) in [x[0] * x[1], x[0] + x[1]] }
/// // [3.0, 1.0]
/// ```
///
/// - Precondition: The direction has as many numbers as `x`.
@_disfavoredOverload @inlinable
public func jacobianVectorProduct<D: DualNumber, Failure: Error>(
  at x: [D.Number], along direction: [D.Number], of f: ([D]) throws(Failure) -> [D]
) throws(Failure) -> [D.Number] {
  try f(dualNumbers(at: x, along: direction)).map { $0.tangent }
}

/// Returns the derivative of a function of dual numbers along a direction, by one run of the function.
///
/// ```swift
/// directionalDerivative(at: [3, 4], along: [1, 0]) { (x: [Dual<Double>]) in .hypot(x[0], x[1]) }
/// // 0.6
/// ```
///
/// - Precondition: The direction has as many numbers as `x`.
@_disfavoredOverload @inlinable
public func directionalDerivative<D: DualNumber, Failure: Error>(
  at x: [D.Number], along direction: [D.Number], of f: ([D]) throws(Failure) -> D
) throws(Failure) -> D.Number {
  try f(dualNumbers(at: x, along: direction)).tangent
}

@inlinable
internal func dualNumbers<D: DualNumber>(at x: [D.Number], along direction: [D.Number]) -> [D] {
  require(
    direction.count == x.count,
    "a direction of \(direction.count) numbers for \(x.count) arguments: give one number for each argument")
  return zip(x, direction).map { D(value: $0, tangent: $1) }
}
