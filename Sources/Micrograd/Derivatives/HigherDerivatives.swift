// Derivatives of any order of a function of one number.

/// The n-th derivative of a function of one number.
///
/// ```swift
/// derivative(at: 0.5, order: 3) { x in sin(x) }  // -0.8775825618903728, which is -cos(0.5)
/// ```
///
/// Each order but the last two is a reverse sweep that is recorded, so that the work grows by a factor of about three an
/// order: meant for orders up to eight or so.
///
/// - Parameters:
///   - x: The point.
///   - order: Which derivative, 0 being the function itself.
///   - f: A function of one number.
/// - Precondition: The order is not negative.
public func derivative<Failure: Error>(
  at x: Double, order: Int = 1, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> Double {
  try Double.derivative(at: x, order: order, of: f)
}
