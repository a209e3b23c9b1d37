import Micrograd

/// The variables that are at their bounds at the end of an interior-point method, among them the slacks of active
/// constraints.
///
/// With these fixed, and the other bounds left out, the conditions of a minimum are equations, which Newton's method
/// solves to rounding.
internal struct ActiveSet {
  private let problem: ConstrainedProblem
  private let atLower, atUpper: [Bool]

  /// - Parameter margin: Variables closer to a bound than this are at it; `nil` for those whose distance is smaller than their
  ///   multiplier.
  init(_ problem: ConstrainedProblem, at point: BarrierPoint, margin: Double? = nil) {
    self.problem = problem
    atLower = point.variables.indices.map { point.variables[$0] - problem.lower[$0] < margin ?? point.lower[$0] }
    atUpper = point.variables.indices.map { problem.upper[$0] - point.variables[$0] < margin ?? point.upper[$0] }
  }

  private func isFixed(_ k: Int) -> Bool { atLower[k] || atUpper[k] }

  /// The parameters that are not fixed, and the rows that are active.
  private var unknowns: (free: [Int], rows: [Int]) {
    let n = problem.parameterCount
    var isActive = [Bool](repeating: true, count: problem.rowCount)
    for (k, row) in problem.slackRows.enumerated() { isActive[row] = isFixed(n + k) }
    return ((0..<n).filter { !isFixed($0) }, isActive.indices.filter { isActive[$0] })
  }

  /// Returns a point where the conditions hold better; `nil` if the variables of the set should not be fixed, or not only
  /// they.
  func refined(_ point: BarrierPoint) throws(OptimizationError) -> BarrierPoint? {
    let n = problem.parameterCount
    let (free, rows) = unknowns
    guard rows.count <= free.count else { return nil }
    var best = try at(bounds(point), multipliers: point.multipliers, rows)
    var error = best.equationError(problem, free, rows)
    for _ in 0..<10 where error > 0 {
      guard let step = try step(best, free, rows) else { return nil }
      var variables = best.variables
      for (k, index) in free.enumerated() { variables[index] += step[k] }
      var multipliers = best.multipliers
      for (k, row) in rows.enumerated() { multipliers[row] += step[free.count + k] }
      guard isInside(variables, n) else { return nil }
      let next = try at(variables, multipliers: multipliers, rows)
      let nextError = next.equationError(problem, free, rows)
      guard nextError < error else { break }
      let isLast = nextError > error / 2
      (best, error) = (next, nextError)
      if isLast { break }
    }
    return withBoundMultipliers(best)
  }

  /// Returns the same position with the smallest multipliers that make the conditions hold best, as is needed where the
  /// gradients of active rows depend on each other; `nil` if these push the wrong way.
  func withLeastMultipliers(_ point: BarrierPoint) throws(OptimizationError) -> BarrierPoint? {
    let (free, rows) = unknowns
    var next = try at(bounds(point), multipliers: [Double](repeating: 0, count: problem.rowCount), rows)
    // The least of |∇f + Jᵀλ|² + ε |λ|², for the active rows J and the parameters that are not fixed.
    let (n, size) = (free.count, free.count + rows.count)
    var matrix = [Double](repeating: 0, count: size * size)
    for k in 0..<n {
      matrix[k * size + k] = 1
      for (row, i) in rows.enumerated() { matrix[k * size + n + row] = next.gradients[i + 1][free[k]] }
    }
    for row in 0..<rows.count { matrix[(n + row) * size + n + row] = -1e-14 }
    guard matrix.isFinite else { return nil }
    let side = free.map { -next.gradients[0][$0] } + [Double](repeating: 0, count: rows.count)
    let solution = SymmetricFactors(matrix, count: size).solve(side)
    guard solution.isFinite else { return nil }
    for (k, row) in rows.enumerated() { next.multipliers[row] = solution[n + k] }
    return withBoundMultipliers(next)
  }

  /// Returns the variables with those of the set at their bounds.
  private func bounds(_ point: BarrierPoint) -> [Double] {
    point.variables.indices.map { k in
      atLower[k] ? problem.lower[k] : atUpper[k] ? problem.upper[k] : point.variables[k]
    }
  }

  /// Returns true if parameters that are not fixed are within their bounds.
  private func isInside(_ variables: [Double], _ n: Int) -> Bool {
    (0..<n).allSatisfy { isFixed($0) || (variables[$0] > problem.lower[$0] && variables[$0] < problem.upper[$0]) }
  }

  /// Returns a point whose slacks are those of the constraints, unless they are fixed.
  private func at(
    _ variables: [Double], multipliers: [Double], _ rows: [Int]
  ) throws(OptimizationError) -> BarrierPoint {
    var variables = variables
    let results = try problem.results(variables)
    for (k, row) in problem.slackRows.enumerated() where !isFixed(problem.parameterCount + k) {
      variables[problem.parameterCount + k] = results[row + 1]
    }
    var own = [Double](repeating: 0, count: problem.rowCount)
    for row in rows { own[row] = multipliers[row] }
    let zeros = [Double](repeating: 0, count: variables.count)
    return BarrierPoint(
      variables: variables, multipliers: own, lower: zeros, upper: zeros, results: results,
      gradients: try problem.gradients(variables))
  }

  /// Returns Newton's step for the free variables and the multipliers; `nil` if the point is not close to a minimum.
  private func step(_ point: BarrierPoint, _ free: [Int], _ rows: [Int]) throws(OptimizationError) -> [Double]? {
    let hessian = try problem.hessian(point.variables, multipliers: point.multipliers)
    let size = free.count + rows.count
    var matrix = [Double](repeating: 0, count: size * size)
    for (column, k) in free.enumerated() {
      for (row, i) in free.enumerated() { matrix[column * size + row] = hessian[k][i] }
      for (row, i) in rows.enumerated() { matrix[column * size + free.count + row] = point.gradients[i + 1][k] }
    }
    guard matrix.isFinite else { return nil }
    let factors = SymmetricFactors(matrix, count: size)
    guard factors.positive == free.count, factors.negative == rows.count else { return nil }
    let slopes = point.slopes(problem), residuals = problem.residuals(point.results, point.variables)
    let step = factors.solve(free.map { -slopes[$0] } + rows.map { -residuals[$0] })
    return step.isFinite ? step : nil
  }

  /// Returns the point with the multipliers of its bounds; `nil` if a bound pushes the wrong way, or a constraint that is
  /// not active is violated.
  private func withBoundMultipliers(_ point: BarrierPoint) -> BarrierPoint? {
    var point = point
    let slopes = point.slopes(problem)
    let rounding = 1e-10 * max(1, point.multipliers.largestMagnitude)
    for k in slopes.indices {
      guard isFixed(k) else {
        guard point.variables[k] >= problem.lower[k], point.variables[k] <= problem.upper[k] else { return nil }
        continue
      }
      guard atLower[k] ? slopes[k] >= -rounding : slopes[k] <= rounding else { return nil }
      if atLower[k] { point.lower[k] = max(slopes[k], 0) } else { point.upper[k] = max(-slopes[k], 0) }
    }
    return point
  }
}

extension BarrierPoint {
  /// The largest error of the equations for the free variables and the active rows.
  fileprivate func equationError(_ problem: ConstrainedProblem, _ free: [Int], _ rows: [Int]) -> Double {
    let slopes = slopes(problem), residuals = problem.residuals(results, variables)
    let error = (free.map { slopes[$0] } + rows.map { residuals[$0] }).largestMagnitude
    return error.isNaN ? .infinity : error
  }
}
