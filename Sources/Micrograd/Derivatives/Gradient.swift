// Each of these records the function in a scope of its own, so nothing remains on the tape, and leaves the gradients of
// all other nodes and parameters as they were. What the function throws is thrown on.

/// Returns the value and the derivative of a function of one number.
///
/// ```swift
/// valueWithGradient(at: 3) { x in x * x + 2 * x }  // (value: 15.0, gradient: 8.0)
/// ```
///
/// Uses one reverse sweep over a recording of the function, which is then removed. At a kink or at the end of the domain,
/// the derivative is that of <doc:Operations>. It is 0 if the function does not depend on its argument.
///
/// - Precondition: The function uses no Value of another function that is being differentiated around this call: the
///   dependence on it would be lost. Pass the point as a Value there (<doc:Derivatives>).
public func valueWithGradient<Failure: Error>(
  at x: Double, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> (value: Double, gradient: Double) {
  let (value, gradient) = try valueWithGradient(at: [x]) { (x: [Value]) throws(Failure) in try f(x[0]) }
  return (value, gradient[0])
}

/// Returns the derivative of a function of one number; see ``valueWithGradient(at:of:)->(_,Double)``.
///
/// ```swift
/// gradient(at: 3) { x in x * x + 2 * x }  // 8.0
/// ```
public func gradient<Failure: Error>(
  at x: Double, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> Double {
  try valueWithGradient(at: x, of: f).gradient
}

/// Returns the value and both partial derivatives of a function of two numbers.
///
/// ```swift
/// valueWithGradient(at: 2, 3) { x, y in x * y }  // (value: 6.0, gradient: (3.0, 2.0))
/// ```
public func valueWithGradient<Failure: Error>(
  at x: Double, _ y: Double, of f: (Value, Value) throws(Failure) -> Value
) throws(Failure) -> (value: Double, gradient: (Double, Double)) {
  let (value, gradient) = try valueWithGradient(at: [x, y]) { (x: [Value]) throws(Failure) in
    try f(x[0], x[1])
  }
  return (value, (gradient[0], gradient[1]))
}

/// Returns both partial derivatives of a function of two numbers; see ``valueWithGradient(at:_:of:)``.
public func gradient<Failure: Error>(
  at x: Double, _ y: Double, of f: (Value, Value) throws(Failure) -> Value
) throws(Failure) -> (Double, Double) {
  try valueWithGradient(at: x, y, of: f).gradient
}

/// Returns the value and the gradient of a function of any number of numbers.
///
/// ```swift
/// valueWithGradient(at: [1, 2, 3]) { x in dot(x, x) }  // (value: 14.0, gradient: [2.0, 4.0, 6.0])
/// ```
///
/// - Returns: The value, and one partial derivative per element of `x`.
public func valueWithGradient<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> (value: Double, gradient: [Double]) {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in (f.value, f.gradient) }
}

/// Returns the value and the gradient of a function of one vector, whose operations do not touch single elements.
///
/// ```swift
/// valueWithGradient(at: [1, 2, 3]) { (x: Vector) in dot(x[0..<2], x[1..<3]) }
/// // (value: 8.0, gradient: [2.0, 4.0, 2.0])
/// ```
///
/// - Precondition: There is at least one number in `x`.
/// - Returns: The value, and one partial derivative per element of `x`.
@_disfavoredOverload
public func valueWithGradient<Failure: Error>(
  at x: [Double], of f: (Vector) throws(Failure) -> Value
) throws(Failure) -> (value: Double, gradient: [Double]) {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in (f.value, f.gradient) }
}

/// Returns the gradient of a function of one vector; see `valueWithGradient(at:of:)`.
@_disfavoredOverload
public func gradient<Failure: Error>(
  at x: [Double], of f: (Vector) throws(Failure) -> Value
) throws(Failure) -> [Double] {
  try valueWithGradient(at: x, of: f).gradient
}

/// Returns the gradient of a function of any number of numbers; see `valueWithGradient(at:of:)`.
public func gradient<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> [Double] {
  try valueWithGradient(at: x, of: f).gradient
}
