// Derivatives of functions with several results, by numbers and by Values; the latter are for use inside of a function that
// is differentiated itself. A row of a Jacobian is the gradient of one result.

/// The values and the Jacobian of a function with several results.
///
///     valueWithJacobian(at: [2, 3]) { x in [x[0] * x[1], x[0] + x[1], -x[0]] }
///     // (value: [6.0, 5.0, -2.0], jacobian: [[3.0, 2.0], [1.0, 1.0], [-1.0, 0.0]])
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
///     jacobianVectorProduct(at: [2, 3], along: [1, 0]) { x in [x[0] * x[1], x[0] + x[1]] }  // [3.0, 1.0]
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
///     vectorJacobianProduct(at: [2, 3], along: [1, 10]) { x in [x[0] * x[1], x[0] + x[1]] }  // [13.0, 12.0]
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
///     directionalDerivative(at: [3, 4], along: [1, 0]) { x in hypot(x[0], x[1]) }  // 0.6
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

extension RecordedFunction {
  /// The Jacobian, a row for each result, by tangent sweeps where there are fewer arguments than results, else by reverse
  /// sweeps.
  public var jacobian: [[Double]] {
    func unit(_ k: Int, of count: Int) -> [Double] { (0..<count).map { $0 == k ? 1 : 0 } }
    if resultCount <= argumentCount {
      return (0..<resultCount).map { vectorJacobianProduct(along: unit($0, of: resultCount)) }
    }
    let columns = (0..<argumentCount).map { jacobianVectorProduct(along: unit($0, of: argumentCount)) }
    return (0..<resultCount).map { row in columns.map { $0[row] } }
  }
}

// MARK: - At Values

/// The values and the Jacobian of a function at Values, all of them Values: a row for each result, a column for each
/// argument.
///
/// Made of recorded sweeps, backwards for each result or, with fewer arguments than results, forwards for each argument.
@_disfavoredOverload
public func valueWithJacobian<Failure: Error>(
  at x: [Value], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> (value: [Value], jacobian: [[Value]]) {
  let (values, jacobian) = try InnerFunction.derive(at: x, of: f) { inner in
    if inner.results.count <= x.count { return inner.results.map(inner.gradient) }
    let columns = x.indices.map { column in
      inner.jacobianVectorProduct(along: x.indices.map { .constant($0 == column ? 1 : 0) })
    }
    return inner.results.indices.map { row in columns.map { $0[row] } }
  }
  return (values, jacobian)
}

/// The Jacobian of a function at Values, Values too; see ``valueWithJacobian(at:of:)-([Value],_)``.
@_disfavoredOverload
public func jacobian<Failure: Error>(
  at x: [Value], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [[Value]] {
  try valueWithJacobian(at: x, of: f).jacobian
}

/// The derivatives of all results along a direction of Values, at Values, by one recorded sweep forwards.
///
/// - Precondition: The direction has as many Values as `x`.
@_disfavoredOverload
public func jacobianVectorProduct<Failure: Error>(
  at x: [Value], along direction: [Value], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [Value] {
  require(
    direction.count == x.count,
    "a direction of \(direction.count) numbers for \(x.count) arguments: give one number for each argument")
  return try InnerFunction.derive(at: x, of: f) { [$0.jacobianVectorProduct(along: direction)] }.derivatives[0]
}

/// The sum of the results' gradients times weights, at Values, by one recorded sweep backwards.
///
/// - Precondition: There are as many weights as results.
@_disfavoredOverload
public func vectorJacobianProduct<Failure: Error>(
  at x: [Value], along weights: [Value], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [Value] {
  try InnerFunction.derive(at: x, of: f) { inner in
    require(
      weights.count == inner.results.count,
      "a vector of \(weights.count) numbers for \(inner.results.count) results: give one number for each result")
    return [inner.vectorJacobianProduct(along: weights)]
  }.derivatives[0]
}

/// The derivative of a function along a direction of Values, at Values, by one recorded sweep forwards.
///
/// - Precondition: The direction has as many Values as `x`.
@_disfavoredOverload
public func directionalDerivative<Failure: Error>(
  at x: [Value], along direction: [Value], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> Value {
  try jacobianVectorProduct(at: x, along: direction) { (x: [Value]) throws(Failure) in [try f(x)] }[0]
}
