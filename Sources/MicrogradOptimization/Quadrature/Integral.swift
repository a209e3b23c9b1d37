import Micrograd

/// Integrates a function of plain numbers over a range.
///
/// ```swift
/// let area = try integralWithError(of: { x in exp(-x * x) }, from: -.infinity, to: .infinity)
/// area.value  // 1.7724538509, the square root of π
/// ```
///
/// The method is adaptive Gauss–Kronrod quadrature: each interval is integrated at 21 points by Kronrod's rule, whose
/// difference from Gauss's rule at 10 of them gives the error, as in QUADPACK. The interval with the largest error is split
/// until the errors add up to less than a tolerance.
///
/// **Singularities.** The integrand is never evaluated at the limits, and may be infinite there. Intervals at a limit are
/// integrated in t with x = a + h t². So 1/√x and log x at an end cost little more than a smooth function, and powers above
/// about x^-0.9 reach the default tolerance. At a limit other than 0, the distance to the limit has few digits: 1/√(1 - x)
/// reaches 1e-12, and (1 - x)^-0.7 is an error. Integrate over the distance then. End a range at every singularity and jump.
///
/// **Infinite ranges.** They are mapped by x = a + s u / (1 - u), with u from 0 to 1. The scale s is found first: of the
/// distances 1e-40, 1e-39, …, 1e40 from a, it is the one at which the integrand times the distance is largest. So units do
/// not matter. A range without finite limits is split at 0. A peak that is narrow compared with its distance from a can be
/// missed, as by every method that looks at points: give finite limits around it.
///
/// - Parameters:
///   - f: The integrand. What it throws is rethrown.
///   - lower: The limit from which is integrated. If it is above `upper`, the integral changes its sign. If the limits are equal,
///     the integral is 0 and the integrand is not evaluated.
///   - upper: The limit to which is integrated.
///   - relativeTolerance: The largest error, relative to the integral.
///   - absoluteTolerance: The largest error, in units of the integral. The larger tolerance counts. An error of 100 ulps
///     of the integral of |f| is always good enough.
///   - maximumIntervals: The maximum number of intervals.
/// - Throws: ``OptimizationError`` if the tolerance is not reached, or the integrand is not finite at a point.
public func integralWithError(
  of f: (Double) throws -> Double, from lower: Double, to upper: Double, relativeTolerance: Double = 1e-10,
  absoluteTolerance: Double = 0, maximumIntervals: Int = 500
) throws -> IntegralResult {
  try withoutActuallyEscaping(f) { f in
    let integrand = Integrand(f)
    let quadrature = AdaptiveQuadrature(
      relativeTolerance: relativeTolerance, absoluteTolerance: absoluteTolerance, maximumIntervals: maximumIntervals)
    guard let range = try quadrature.signedPartition(from: lower, to: upper, of: integrand) else {
      return IntegralResult(value: 0, errorEstimate: 0, evaluationCount: 0, intervalCount: 0)
    }
    return IntegralResult(
      value: range.sign * range.partition.value, errorEstimate: range.partition.error,
      evaluationCount: integrand.count, intervalCount: range.partition.intervals.count)
  }
}

/// Integrates a function over a range, as a Value that depends on the Values that the function captures, and on the limits.
///
/// ```swift
/// let a = Value(2), b = Value(1)
/// let area = try integral(of: { x in exp(-a * x) }, from: 0, to: b)
/// area.backward()
/// print(area, a.grad, b.grad)  // Value(data: 0.4323, grad: 1.0) -0.1485 0.1353
/// ```
///
/// The partition is found on plain numbers by the method of
/// ``integralWithError(of:from:to:relativeTolerance:absoluteTolerance:maximumIntervals:)``. A function
/// that captures no Values is compiled if it is evaluated often. Then the function is recorded at the 21 points of each
/// interval of the last partition, and at 4 points for each limit that is a Value. Nothing else is recorded, so if a
/// formula has k operations that depend on Values, the integral over n intervals has about 21 n k nodes.
///
/// Derivatives by captured Values are exact derivatives of the sum: integrals of derivatives, at the same points. Their
/// error is not estimated; it is similar if the derivative is as smooth as the function. The derivative by a limit is the
/// function there; derivatives by a limit are exact up to order 8.
///
/// - Parameters:
///   - f: The integrand. What it throws is rethrown.
///   - lower: The limit from which is integrated.
///   - upper: The limit to which is integrated.
///   - relativeTolerance: The largest error, relative to the integral.
///   - absoluteTolerance: The largest error, in units of the integral; the larger tolerance counts.
///   - maximumIntervals: The maximum number of intervals.
/// - Throws: ``OptimizationError`` if the tolerance is not reached, if the integrand is not finite at a point or at a limit that
///   is a Value, or if such a limit is infinite.
@_disfavoredOverload
public func integral(
  of f: (Value) throws -> Value, from lower: Value, to upper: Value, relativeTolerance: Double = 1e-10,
  absoluteTolerance: Double = 0, maximumIntervals: Int = 500
) throws -> Value {
  let quadrature = AdaptiveQuadrature(
    relativeTolerance: relativeTolerance, absoluteTolerance: absoluteTolerance, maximumIntervals: maximumIntervals)
  return try quadrature.recorded(of: f, from: lower, to: upper)
}

/// Integrates a function from a number to a Value, as the function with two Values as limits does.
@_disfavoredOverload
public func integral(
  of f: (Value) throws -> Value, from lower: Double, to upper: Value, relativeTolerance: Double = 1e-10,
  absoluteTolerance: Double = 0, maximumIntervals: Int = 500
) throws -> Value {
  try integral(
    of: f, from: .constant(lower), to: upper, relativeTolerance: relativeTolerance,
    absoluteTolerance: absoluteTolerance,
    maximumIntervals: maximumIntervals)
}

/// Integrates a function from a Value to a number, as the function with two Values as limits does.
@_disfavoredOverload
public func integral(
  of f: (Value) throws -> Value, from lower: Value, to upper: Double, relativeTolerance: Double = 1e-10,
  absoluteTolerance: Double = 0, maximumIntervals: Int = 500
) throws -> Value {
  try integral(
    of: f, from: lower, to: .constant(upper), relativeTolerance: relativeTolerance,
    absoluteTolerance: absoluteTolerance,
    maximumIntervals: maximumIntervals)
}

/// Integrates a function that captures Values between two numbers, as the function with two Values as limits does.
public func integral(
  of f: (Value) throws -> Value, from lower: Double, to upper: Double, relativeTolerance: Double = 1e-10,
  absoluteTolerance: Double = 0, maximumIntervals: Int = 500
) throws -> Value {
  try integral(
    of: f, from: .constant(lower), to: .constant(upper), relativeTolerance: relativeTolerance,
    absoluteTolerance: absoluteTolerance, maximumIntervals: maximumIntervals)
}
