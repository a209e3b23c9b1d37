// Taylor series of functions, by one pass over a recording: each operation turns the series of its operands into its own by a
// recurrence (Griewank and Walther, Evaluating Derivatives, 2nd edition, chapter 13).

/// Returns the Taylor series of a function of one number.
///
/// ```swift
/// taylor(at: 0, order: 3) { x in sin(x) }.coefficients  // [0.0, 1.0, 0.0, -0.1667]
/// taylor(at: 0, order: 3) { x in sin(x) }.derivatives  // [0.0, 1.0, 0.0, -1.0]
/// ```
///
/// The coefficients are c_k = f⁽ᵏ⁾(x) / k!. All derivatives up to the order come from one recording, with work in proportion
/// to the square of the order; `derivative(at:order:of:)` triples its work with every order. Functions that contain
/// derivatives, matrices, or solvers have Taylor series too.
///
/// At a kink, the coefficients are those of the branch that the value takes, multiplied as <doc:Operations> says of the
/// first derivative: `abs` and `relu` of 0 have the coefficients 0, and `max` of equal numbers has the mean of both. At the end of
/// a domain, such as `sqrt` of 0, the first coefficient is infinite and the others are NaN. At an infinite number only the
/// first derivative is used.
///
/// An operation of your own needs its `recordedVectorJacobianProduct` for an order of 2 or more.
///
/// - Parameters:
///   - x: The point.
///   - order: The order of the last term, 0 or more. Up to about 150 for functions that contain gamma functions, whose higher
///     derivatives leave the range.
///   - f: The function. It is called once.
/// - Precondition: The order is not negative.
/// - Complexity: O(n²) for the order n and each operation; O(n³) for gamma functions and their relatives.
public func taylor<Failure: Error>(
  at x: Double, order: Int, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> TaylorSeries {
  try taylor(at: [x], along: [1], order: order) { (x: [Value]) throws(Failure) in try f(x[0]) }
}

/// Returns the Taylor series of a function of several numbers along a line: that of t ↦ f(x + t · direction).
///
/// ```swift
/// taylor(at: [1, 2], along: [1, 1], order: 3) { x in x[0] * x[1] * x[1] }.coefficients  // [4.0, 8.0, 5.0, 1.0]
/// ```
///
/// The second coefficient times 2 is the direction's product with the Hessian, dᵀ H d. See `taylor(at:order:of:)` for kinks and
/// the ends of domains.
///
/// - Parameters:
///   - x: The point.
///   - direction: One number per number of the point.
///   - order: The order of the last term, 0 or more.
///   - f: The function. It is called once.
/// - Precondition: The order is not negative; the direction has as many numbers as the point.
public func taylor<Failure: Error>(
  at x: [Double], along direction: [Double], order: Int, of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> TaylorSeries {
  try taylor(at: x, along: direction, order: order, of: { (x: [Value]) throws(Failure) in [try f(x)] })[0]
}

/// Returns the Taylor series of all results of a function along a line.
///
/// ```swift
/// taylor(at: [0], along: [1], order: 2) { x in [sin(x[0]), cos(x[0])] }.map(\.coefficients)
/// // [[0.0, 1.0, 0.0], [1.0, 0.0, -0.5]]
/// ```
///
/// - Returns: A series for each result.
/// - Precondition: The order is not negative; the direction has as many numbers as the point.
public func taylor<Failure: Error>(
  at x: [Double], along direction: [Double], order: Int, of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> [TaylorSeries] {
  require(order >= 0, "a Taylor series of order \(order): the order is 0 or more")
  require(
    direction.count == x.count,
    "a direction of \(direction.count) numbers for \(x.count) arguments: give one number for each argument")
  return try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in
    let sweep = TaylorSweep(f, along: direction, order: order)
    return f.results.map { TaylorSeries(sweep.coefficients(of: $0)) }
  }
}
