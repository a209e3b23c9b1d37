import Micrograd

/// Finds a root of a function of one number: x with f(x) = 0, near a start.
///
/// ```swift
/// let p = Value(2)
/// let x = try root(of: { x in x * x - p }, from: 1)
/// x.backward()
/// print(x, p)  // Value(data: 1.4142, grad: 1.0) Value(data: 2.0, grad: 0.3536)
/// ```
///
/// The root depends on the Values that the function captures, such as p here. Its derivatives of every order follow from the
/// implicit function theorem, in every mode. The iterations are not recorded, and leave nothing on the tape. Two evaluations
/// of the function are recorded, and one operation. A sweep over numbers costs as much as one over these; in a sweep that is
/// itself recorded, each derivative of a derivative evaluates the function once more.
///
/// The result belongs to the numbers that the captured Values have now. If you set the `data` of one, call this again:
/// recomputing the tape follows the root to second order only.
///
/// Newton's method finds the root, with exact derivatives and shortened steps. The result does not depend on the units of x
/// or f: the iteration ends where steps are as small as rounding errors. The root found need not be the nearest one; for a
/// certain range, use ``root(of:in:)``. A function that captures no Values gives a constant, and is
/// compiled if it is evaluated often.
///
/// - Parameters:
///   - f: The function. It should be smooth near the root, and give the same for the same numbers: derivatives of derivatives
///     call it again. What it throws is rethrown.
///   - start: Where to start. The derivative must not be 0 there.
///   - maximumIterations: The maximum number of Newton steps, at least 1.
/// - Throws: ``OptimizationError`` if the function is not finite at the start, if no root is found, or at a multiple root,
///   where the root has no derivatives.
public func root(
  of f: @escaping (Value) throws -> Value, from start: Double, maximumIterations: Int = 100
) throws -> Value {
  try root(of: { [try f($0[0])] }, from: [start], maximumIterations: maximumIterations)[0]
}

/// Finds a root of a system of equations: x with f(x) = 0, near a start; see
/// ``root(of:from:maximumIterations:)->Value``.
///
/// ```swift
/// let r = Value(5)
/// let x = try root(of: { x in [hypot(x[0], x[1]) - r, x[1] - 2 * x[0] + 2] }, from: [1, 1])
/// x.map(\.data)  // [3.0, 4.0]
/// ```
///
/// - Parameters:
///   - f: The equations, as many as unknowns.
///   - start: The initial unknowns. The Jacobian must not be singular there.
///   - maximumIterations: The maximum number of Newton steps, at least 1.
/// - Returns: The unknowns.
/// - Throws: ``OptimizationError``; what the function throws.
/// - Complexity: With n unknowns, each step takes n sweeps and O(n³).
public func root(
  of f: @escaping ([Value]) throws -> [Value], from start: [Double], maximumIterations: Int = 100
) throws -> [Value] {
  requireIterations(maximumIterations)
  let solver = NewtonSolver(system: try EquationSystem(f, from: start), maximumIterations: maximumIterations)
  return try solver.solve(from: start).recorded(of: f, named: "root")
}

/// Finds a root of a function of one number within a range, from which it never evaluates outside.
///
/// The function has opposite signs at the ends of the range. See ``bracketedRoot(of:in:)`` for the method, and
/// ``root(of:from:maximumIterations:)->Value`` for the derivatives of the result.
///
/// - Throws: ``OptimizationError`` if the function has the same sign at both ends, if it is not finite, or at a multiple root of
///   a function that captures Values.
public func root(of f: @escaping (Value) throws -> Value, in range: ClosedRange<Double>) throws -> Value {
  let x = try bracketedRoot(
    of: { (x: Double) in try withoutGradients { try f(.constant(x)).data } }, in: range)
  let equations: ([Value]) throws -> [Value] = { [try f($0[0])] }
  let system = try EquationSystem(equations, from: [x])
  if !system.capturesValues { return .constant(x) }
  guard let factors = JacobianFactors(try system.evaluate(at: [x]).jacobian) else {
    throw OptimizationError.singularJacobian(position: [x])
  }
  let solution = NewtonSolver.Solution(position: [x], factors: factors)
  let width = range.upperBound - range.lowerBound
  let size = x == 0 ? width : min(abs(x), width)
  // The test starts inside of the range.
  let direction = x - range.lowerBound > width / 2 ? size : -size
  try NewtonSolver(system: system, maximumIterations: 1).requireSimple(solution, along: [direction], sizes: [size])
  return try solution.recorded(of: equations, named: "root")[0]
}

internal func requireIterations(_ count: Int) {
  require(count >= 1, "maximumIterations is \(count): give at least 1")
}
