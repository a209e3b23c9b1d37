// Each of these records the function in a scope of its own, so nothing remains on the tape, and leaves the gradients of
// all other nodes and parameters as they were.

/// The value and the derivative of a function of one number.
///
///     valueWithGradient(at: 3) { x in x * x + 2 * x }  // (value: 15.0, gradient: 8.0)
///
/// A function that does not depend on its argument has derivative 0. For functions of several numbers a kink's derivative is
/// that of <doc:Operations>.
public func valueWithGradient<Failure: Error>(
  at x: Double, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> (value: Double, gradient: Double) {
  let (value, gradient) = try valueWithGradient(at: [x]) { (x: [Value]) throws(Failure) in try f(x[0]) }
  return (value, gradient[0])
}

/// The derivative of a function of one number.
public func gradient<Failure: Error>(
  at x: Double, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> Double {
  try valueWithGradient(at: x, of: f).gradient
}

/// The value and both partial derivatives of a function of two numbers.
///
///     valueWithGradient(at: 2, 3) { x, y in x * y }  // (value: 6.0, gradient: (3.0, 2.0))
public func valueWithGradient<Failure: Error>(
  at x: Double, _ y: Double, of f: (Value, Value) throws(Failure) -> Value
) throws(Failure) -> (value: Double, gradient: (Double, Double)) {
  let (value, gradient) = try valueWithGradient(at: [x, y]) { (x: [Value]) throws(Failure) in
    try f(x[0], x[1])
  }
  return (value, (gradient[0], gradient[1]))
}

/// Both partial derivatives of a function of two numbers.
public func gradient<Failure: Error>(
  at x: Double, _ y: Double, of f: (Value, Value) throws(Failure) -> Value
) throws(Failure) -> (Double, Double) {
  try valueWithGradient(at: x, y, of: f).gradient
}

/// The value and the gradient of a function of any number of numbers.
///
///     valueWithGradient(at: [1, 2, 3]) { x in dot(x, x) }  // (value: 14.0, gradient: [2.0, 4.0, 6.0])
///
/// - Returns: The value and the partial derivatives, as many as `x` has elements.
public func valueWithGradient<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> (value: Double, gradient: [Double]) {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in (f.value, f.gradient) }
}

/// The value and the gradient of a function of one vector, of which operations on whole vectors look at no element.
///
///     valueWithGradient(at: [1, 2, 3]) { (x: Vector) in dot(x[0..<2], x[1..<3]) }  // (value: 8.0, gradient: [2.0, 4.0, 2.0])
@_disfavoredOverload
public func valueWithGradient<Failure: Error>(
  at x: [Double], of f: (Vector) throws(Failure) -> Value
) throws(Failure) -> (value: Double, gradient: [Double]) {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in (f.value, f.gradient) }
}

/// The gradient of a function of one vector.
@_disfavoredOverload
public func gradient<Failure: Error>(
  at x: [Double], of f: (Vector) throws(Failure) -> Value
) throws(Failure) -> [Double] {
  try valueWithGradient(at: x, of: f).gradient
}

/// The gradient of a function of any number of numbers.
public func gradient<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> [Double] {
  try valueWithGradient(at: x, of: f).gradient
}
