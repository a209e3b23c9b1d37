import Micrograd

/// Finds a fixed point of a function of one number: x = g(x), near a start.
///
/// ```swift
/// let a = Value(1)
/// let x = try fixedPoint(of: { x in cos(a * x) }, from: 1)
/// x.backward()
/// print(x, a)  // Value(data: 0.7391, grad: 1.0) Value(data: 1.0, grad: -0.2975)
/// ```
///
/// The result is a Value with exact derivatives of every order by the Values that the function captures, as that of
/// ``root(of:from:maximumIterations:)->Value``. Newton's method solves x - g(x) = 0, which takes a few steps
/// where repeating x ← g(x) would take hundreds. If it does not get there, x ← g(x) is repeated, and Newton's method starts
/// again from where the iterations approach a point. So the fixed point of a contraction is found from everywhere.
///
/// - Parameters:
///   - g: The function. It should be smooth near the fixed point, and give the same for the same numbers. What it throws is
///     rethrown.
///   - start: Where to start.
///   - maximumIterations: The maximum number of Newton steps, and of repetitions, at least 1.
/// - Throws: ``OptimizationError`` if the function is not finite at the start, if no fixed point is found, or if g'(x) = 1
///   there, where the fixed point has no derivatives.
public func fixedPoint(
  of g: @escaping (Value) throws -> Value, from start: Double, maximumIterations: Int = 1000
) throws -> Value {
  try fixedPoint(of: { [try g($0[0])] }, from: [start], maximumIterations: maximumIterations)[0]
}

/// Finds a fixed point of a function of several numbers: x = g(x), near a start; see
/// ``fixedPoint(of:from:maximumIterations:)->Value``.
///
/// - Parameters:
///   - g: The function, with as many results as arguments.
///   - start: Where to start.
///   - maximumIterations: The maximum number of Newton steps, and of repetitions, at least 1.
/// - Throws: ``OptimizationError``; what the function throws.
public func fixedPoint(
  of g: @escaping ([Value]) throws -> [Value], from start: [Double], maximumIterations: Int = 1000
) throws -> [Value] {
  requireIterations(maximumIterations)
  let equations: ([Value]) throws -> [Value] = { x in
    let results = try g(x)
    guard results.count == x.count else {
      throw OptimizationError.equationCount(equations: results.count, unknowns: x.count)
    }
    return zip(x, results).map { $0 - $1 }
  }
  let system = try EquationSystem(equations, from: start)
  let solver = NewtonSolver(system: system, maximumIterations: maximumIterations)
  let solution: NewtonSolver.Solution
  do {
    solution = try solver.solve(from: start)
  } catch let error as OptimizationError {
    switch error {
    case .rootNotFound, .singularJacobian: break
    default: throw error
    }
    solution = try solver.solve(from: try repeated(system, from: start, maximumIterations))
  }
  return try solution.recorded(of: equations, named: "fixed point")
}

/// Repeats x ← g(x) until steps are short compared with x.
private func repeated(_ system: EquationSystem, from start: [Double], _ maximumIterations: Int) throws -> [Double] {
  var position = start
  for _ in 0..<maximumIterations {
    let changes = try system.evaluate(at: position).values
    let next = zip(position, changes).map { $0 - $1 }
    guard next.isFinite else { break }
    let isNear = zip(next, changes).allSatisfy { abs($1) <= 1e-6 * abs($0) }
    position = next
    if isNear { return position }
  }
  throw OptimizationError.rootNotFound(position: position, iterations: maximumIterations)
}
