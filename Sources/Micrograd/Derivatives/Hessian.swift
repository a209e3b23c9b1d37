// Second derivatives of functions with one result, by numbers and by Values.

/// Returns the value, the gradient and the Hessian of a function.
///
/// ```swift
/// valueWithHessian(at: [1, 2]) { x in x[0].squared() * x[1] }
/// // (value: 2.0, gradient: [4.0, 1.0], hessian: [[4.0, 2.0], [2.0, 0.0]])
/// ```
///
/// The function is recorded once. Each row is a product of the Hessian and a unit vector. The result is symmetric up to
/// rounding. At kinks, second derivatives are 0 (<doc:Operations>).
///
/// - Returns: One row per argument.
public func valueWithHessian<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> (value: Double, gradient: [Double], hessian: [[Double]]) {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in (f.value, f.gradient, f.hessian) }
}

/// Returns the Hessian of a function; see ``valueWithHessian(at:of:)->(Double,_,_)``.
///
/// ```swift
/// hessian(at: [1, 1]) { x in hypot(x[0], x[1]) }  // [[0.353553, -0.353553], [-0.353553, 0.353553]]
/// ```
public func hessian<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> [[Double]] {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in f.hessian }
}

/// Returns the product of a function's Hessian and a direction, without forming the Hessian, at about the cost of three
/// gradients.
///
/// ```swift
/// hessianVectorProduct(at: [1, 2], along: [1, 0]) { x in x[0].squared() * x[1] }  // [4.0, 2.0]
/// ```
///
/// To multiply many directions at one point, record once, with `withDerivatives(at:of:do:)`. The method is Pearlmutter's
/// (1994); <doc:HowItWorks> shows an example by hand.
///
/// - Parameters:
///   - x: The point.
///   - direction: One number per element of `x`.
///   - f: A function with one result.
/// - Returns: One number per argument.
public func hessianVectorProduct<Failure: Error>(
  at x: [Double], along direction: [Double], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> [Double] {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in f.hessianVectorProduct(along: direction)
  }
}

/// Returns the second derivatives ∂²f/∂x[i]², the diagonal of the Hessian.
///
/// ```swift
/// hessianDiagonal(at: [1, 2]) { x in x[0].squared() * x[1] }  // [4.0, 0.0]
/// ```
///
/// Computes one product with the Hessian per argument. If the Hessian is sparse, ``sparseHessian(at:pattern:of:)`` needs
/// fewer.
public func hessianDiagonal<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> [Double] {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in
    f.hessianDiagonal
  }
}
