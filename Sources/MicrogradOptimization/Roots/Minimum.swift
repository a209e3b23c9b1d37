import Micrograd

/// Finds a local minimum of a function of several numbers: the x that minimises f(x), near a start.
///
/// ```swift
/// let p = Value(3)
/// let x = try minimum(of: { x in (x[0] - p).squared() + (x[1] - x[0] * p).squared() }, from: [1, 1])
/// x[1].backward()
/// print(x[1], p)  // Value(data: 9.0, grad: 1.0) Value(data: 3.0, grad: 6.0)
/// ```
///
/// The result is a Value with exact derivatives of every order by the Values that the function captures: the minimum is a
/// root of the gradient, whose derivatives are those of ``root(of:from:maximumIterations:)->[Value]``. Use it
/// for nested optimisation. For a minimum with bounds, or a report, use
/// ``minimize(_:from:method:bounds:options:progress:)``.
///
/// A trust-region method finds the minimum, and Newton's method sharpens it to rounding. Their iterations leave nothing on the
/// tape. Two gradients of the function are recorded, and one operation.
///
/// - Parameters:
///   - f: The function to minimise. It should be smooth near the minimum, and give the same for the same numbers: derivatives of
///     derivatives call it again. What it throws is rethrown.
///   - start: The initial numbers, of about the size that they have at the minimum.
///   - maximumIterations: The maximum number of iterations, at least 1.
/// - Returns: The position of the minimum.
/// - Throws: ``OptimizationError`` if the function is not finite at the start, if no minimum is found, or if the Hessian is
///   not positive definite there.
public func minimum(
  of f: @escaping ([Value]) throws -> Value, from start: [Double], maximumIterations: Int = 1000
) throws -> [Value] {
  requireIterations(maximumIterations)
  let slopes: ([Value]) throws -> [Value] = { x in try gradient(at: x, of: f) }
  let system = try EquationSystem(slopes, from: start)
  let position = try lowest(of: f, from: start, maximumIterations, compiles: !system.capturesValues)
  let solver = NewtonSolver(system: system, maximumIterations: maximumIterations)
  let solution: NewtonSolver.Solution
  do {
    solution = try solver.solve(from: position)
  } catch OptimizationError.singularJacobian, OptimizationError.multipleRoot {
    throw OptimizationError.minimumNotStrict(position: position)
  }
  try requireStrict(try system.evaluate(at: solution.position))
  return try solution.recorded(of: slopes, named: "minimum")
}

/// Finds a local minimum of a function of one number; see ``minimum(of:from:maximumIterations:)->[Value]``.
///
/// - Returns: The position of the minimum.
/// - Throws: ``OptimizationError``; what the function throws.
public func minimum(
  of f: @escaping (Value) throws -> Value, from start: Double, maximumIterations: Int = 1000
) throws -> Value {
  try minimum(of: { try f($0[0]) }, from: [start], maximumIterations: maximumIterations)[0]
}

/// Minimises on plain numbers.
private func lowest(
  of f: ([Value]) throws -> Value, from start: [Double], _ maximumIterations: Int, compiles: Bool
) throws -> [Double] {
  var failure: (any Error)?
  let result: MinimizationResult
  do {
    result = try withoutGradients {
      try minimize(
        { x in
          do {
            return try f(x)
          } catch {
            failure = failure ?? error
            return .constant(.nan)
          }
        }, from: start, method: .trustRegion,
        options: MinimizationOptions(maximumIterations: maximumIterations, compiles: compiles))
    }
  } catch {
    throw failure ?? error
  }
  if let failure { throw failure }
  guard result.isConverged else {
    throw OptimizationError.minimumNotFound(position: result.position, reason: result.reason)
  }
  return result.position
}

/// Throws unless the Hessian, which is the Jacobian of the gradient, is positive definite.
private func requireStrict(_ gradient: EquationSystem.Evaluation) throws {
  let count = gradient.position.count
  let hessian = gradient.jacobian
  let diagonal = (0..<count).map { hessian[$0][$0] }
  guard diagonal.allSatisfy({ $0 > 0 }) else {
    throw OptimizationError.minimumNotStrict(position: gradient.position)
  }
  // Symmetric to the last bit, and with a unit diagonal, so that units have no effect.
  var scaled: [Double] = []
  for row in 0..<count {
    for column in 0..<count {
      let mean: Double = hessian[row][column] / 2 + hessian[column][row] / 2
      scaled.append(mean / diagonal[row].squareRoot() / diagonal[column].squareRoot())
    }
  }
  do throws(LinearAlgebraError) {
    _ = try Matrix.constant(rows: count, columns: count, scaled).cholesky()
  } catch {
    throw OptimizationError.minimumNotStrict(position: gradient.position)
  }
}
