import Micrograd

/// Finds a local minimum of a function of any number of parameters, subject to constraints.
///
/// ```swift
/// let minimum = try minimize(
///   { x in x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2] }, from: [1, 5, 5, 1],
///   subjectTo: [
///     .atLeast(25) { x in x[0] * x[1] * x[2] * x[3] },
///     .equal(to: 40) { x in dot(x, x) },
///   ], bounds: [1...5, 1...5, 1...5, 1...5])
/// minimum.position  // [1.0, 4.7430, 3.8211, 1.3794]
/// minimum.constraints.map(\.multiplier)  // [0.5523, -0.1615]
/// ```
///
/// A primal-dual interior-point method (Wächter & Biegler, 2006) finds the active constraints, and Newton's method solves
/// the Karush–Kuhn–Tucker conditions with these. All first and second derivatives are exact. Each iteration solves a
/// dense system, so its time grows with the third power of the number of parameters and constraints; hundreds of both are
/// fine.
///
/// The start need not satisfy the constraints. It is moved off the bounds by a hundredth of their distance, and the
/// function is never evaluated outside the bounds. The result does not depend on units: parameters, the function, and
/// each constraint are measured by their sizes and slopes at the start.
///
/// If no position near satisfies all constraints, the reason is ``StoppingReason/infeasible``, and the result has the
/// position with the smallest violation that was found. Where the gradients of active constraints are dependent,
/// multipliers need not exist; if they grow without bound, the reason is ``StoppingReason/dependentConstraints``.
///
/// - Parameters:
///   - f: The function to minimise. It and the constraints should be twice differentiable near the minimum.
///   - start: The initial parameters. The function, the constraints and their gradients must be finite there.
///   - constraints: The constraints.
///   - bounds: The range of each parameter, `-Double.infinity ... .infinity` for no bound.
///   - options: The stopping criteria: the gradient tolerance, to which the conditions and the constraints must hold, the
///     maximum number of iterations, and whether to compile. The other options are not used.
///   - progress: Called after every iteration; it may stop the iteration.
/// - Returns: The result. It may not have converged; see ``ConstrainedMinimizationResult/isConverged``.
/// - Throws: ``OptimizationError`` for an invalid start, bounds or constraints.
public func minimize(
  _ f: ([Value]) -> Value, from start: [Double], subjectTo constraints: [Constraint],
  bounds: [ClosedRange<Double>]? = nil, options: MinimizationOptions = MinimizationOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn }
) throws(OptimizationError) -> ConstrainedMinimizationResult {
  options.check()
  let box = try Box(bounds, around: start)
  return try withoutActuallyEscaping(f) { (f) throws(OptimizationError) in
    let problem = try ConstrainedProblem(f, constraints, from: start, within: box, compiles: options.compiles)
    var method = try BarrierMethod(problem, tolerance: options.gradientTolerance)
    let reason = try method.run(options, progress)
    return try ConstrainedMinimizationResult(method, reason, tolerance: options.gradientTolerance)
  }
}

extension ConstrainedMinimizationResult {
  /// Multipliers larger than this, in scaled units, grow without bound.
  private static let largestMultiplier = 1e10
  /// Larger errors than this, in scaled units, are not due to rounding.
  private static let rounding = 1e-8

  fileprivate init(
    _ method: BarrierMethod, _ reason: StoppingReason, tolerance: Double
  ) throws(OptimizationError) {
    let problem = method.problem
    var (point, reason) = (method.point, reason)
    if reason == .gradientTolerance || reason == .rounding {
      point = try Self.refined(point, problem, tolerance)
      let error = point.errors(problem, barrier: 0).largest
      reason = error <= tolerance ? .gradientTolerance : error <= Self.rounding ? .rounding : .stalled
      if reason != .stalled, point.multipliers.largestMagnitude > Self.largestMultiplier {
        reason = .dependentConstraints
      }
    }
    let (function, units) = (problem.function, problem.units)
    let position = problem.position(point.variables)
    let (results, jacobian) = try function.derivatives(at: position)
    let count = position.count
    let gradient = Array(jacobian[..<count])
    let multipliers = point.multipliers.indices.map {
      product(-point.multipliers[$0], units.value, over: units.rows[$0])
    }
    var bounds = [Double](repeating: 0, count: count)
    for (k, parameter) in problem.free.enumerated() {
      bounds[parameter] = product(point.lower[k] - point.upper[k], units.value, over: units.parameters[parameter])
    }
    for parameter in 0..<count where problem.box.lower[parameter] == problem.box.upper[parameter] {
      bounds[parameter] = multipliers.indices.reduce(gradient[parameter]) {
        $0 - multipliers[$1] * jacobian[($1 + 1) * count + parameter]
      }
    }
    let isActive = Self.active(point, problem)
    var (first, states) = (0, [ConstraintState]())
    for (k, constraint) in problem.constraints.enumerated() {
      let rows = first..<first + function.rowCounts[k]
      let values = rows.map { results[$0 + 1] }
      states.append(
        ConstraintState(
          values: values, multipliers: Array(multipliers[rows]), isActive: Array(isActive[rows]),
          violation: values.reduce(0) { max($0, constraint.lower - $1, $1 - constraint.upper) }))
      first = rows.upperBound
    }
    let violations = problem.violations(problem.scaled(results))
    let worst = violations.indices.max { violations[$0] < violations[$1] }
    self.init(
      position: position, value: results[0], gradient: gradient, constraints: states, boundMultipliers: bounds,
      gradientNorm: point.errors(problem, barrier: 0).slope, constraintViolation: worst.map { violations[$0] } ?? 0,
      mostViolated: worst.flatMap { violations[$0] > 0 ? function.owners[$0] : nil }, iterations: method.iterations,
      evaluations: function.counts, evaluation: function.evaluation, reason: reason)
  }

  /// Returns the point of the active set, if that is better.
  private static func refined(
    _ point: BarrierPoint, _ problem: ConstrainedProblem, _ tolerance: Double
  ) throws(OptimizationError) -> BarrierPoint {
    let error = point.errors(problem, barrier: 0).largest
    for margin in [nil, 1e-4] {
      let active = ActiveSet(problem, at: point, margin: margin)
      for found in [try active.refined(point), try active.withLeastMultipliers(point)] {
        if let found, found.errors(problem, barrier: 0).largest <= max(error, tolerance) { return found }
      }
    }
    return point
  }

  private static func active(_ point: BarrierPoint, _ problem: ConstrainedProblem) -> [Bool] {
    var isActive = [Bool](repeating: true, count: problem.rowCount)
    for (slack, row) in problem.slackRows.enumerated() {
      let k = problem.parameterCount + slack
      let distance = min(point.variables[k] - problem.lower[k], problem.upper[k] - point.variables[k])
      isActive[row] = distance <= max(point.lower[k], point.upper[k], 0)
    }
    return isActive
  }
}
