// Derivatives of any order of a function of one number.

/// Returns the n-th derivative of a function of one number.
///
/// ```swift
/// derivative(at: 0.5, order: 3) { x in sin(x) }  // -0.8775825618903728, which is -cos(0.5)
/// ```
///
/// Each order except the last two is a recorded reverse sweep, so the work grows by a factor of about three per order. It
/// is practical for orders up to about eight.
///
/// - Parameters:
///   - x: The point.
///   - order: The order of the derivative; 0 is the function itself.
///   - f: A function of one number.
/// - Precondition: The order is not negative.
public func derivative<Failure: Error>(
  at x: Double, order: Int = 1, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> Double {
  try Double.derivative(at: x, order: order, of: f)
}
