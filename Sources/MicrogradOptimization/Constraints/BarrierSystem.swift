import Micrograd

/// The linear system of a step of an interior-point method, without its slacks:
///
///     [H + Σ + δ   Jᵀ ] [dx]
///     [J          -E  ] [dλ]
///
/// Σ are the multipliers of the bounds over the distances to them. E is 1 / (Σ + δ) of a row's slack, and 0 for an
/// equality. δ is 0 if the step leads to a minimum, and else as large as that needs: the matrix has one negative
/// eigenvalue per row then.
internal struct BarrierSystem {
  private let problem: ConstrainedProblem
  private let matrix: [Double]
  private let factors: SymmetricFactors
  private let slackWeights: [Double]
  /// The derivatives of the value with the barrier by the variables.
  let slopes: [Double]
  /// The derivatives of the Lagrangian, with the barrier in place of the terms of the bounds.
  private let lagrangian: [Double]
  /// δ.
  let shift: Double

  /// Fails if no shift gives the matrix its eigenvalues, or if a number is not finite.
  init?(
    _ problem: ConstrainedProblem, at point: BarrierPoint, barrier: Double, hessian: [[Double]], lastShift: Double
  ) {
    let (n, rows) = (problem.parameterCount, problem.rowCount)
    var (weights, slopes) = ([Double](), point.gradients[0])
    slopes += [Double](repeating: 0, count: problem.slackRows.count)
    for k in point.variables.indices {
      let (below, above) = (point.variables[k] - problem.lower[k], problem.upper[k] - point.variables[k])
      weights.append(point.lower[k] / below + point.upper[k] / above)
      slopes[k] += barrier / above - barrier / below
    }
    let size = n + rows
    var columns = [Double](repeating: 0, count: size * size)
    for k in 0..<n {
      columns.replaceSubrange(k * size..<k * size + n, with: hessian[k])
      for row in 0..<rows { columns[k * size + n + row] = point.gradients[row + 1][k] }
    }
    var (shift, dual, tries) = (0.0, 0.0, 0)
    while true {
      var shifted = columns
      for k in 0..<n { shifted[k * size + k] += weights[k] + shift }
      for row in 0..<rows { shifted[(n + row) * size + n + row] = -dual }
      for (k, row) in problem.slackRows.enumerated() {
        shifted[(n + row) * size + n + row] -= 1 / (weights[n + k] + shift)
      }
      guard shifted.isFinite else { return nil }
      let factors = SymmetricFactors(shifted, count: size)
      if factors.positive == n, factors.negative == rows {
        (self.problem, self.factors, self.slopes, self.shift) = (problem, factors, slopes, shift)
        lagrangian = point.slopes(problem, of: slopes)
        matrix = shifted
        slackWeights = weights[n...].map { $0 + shift }
        return
      }
      // Rows that depend on each other.
      if factors.positive + factors.negative < size, dual == 0 { dual = 1e-8 * Double.pow(barrier, 0.25) }
      if tries == 0 {
        shift = lastShift == 0 ? 1e-4 : max(1e-20, lastShift / 3)
      } else {
        shift *= lastShift == 0 ? 100 : 8
      }
      tries += 1
      guard shift < 1e40 else { return nil }
    }
  }

  /// Returns the changes of the variables and of the rows' multipliers for some residuals of the rows.
  func step(_ residuals: [Double]) -> (variables: [Double], multipliers: [Double]) {
    let n = problem.parameterCount
    var side = lagrangian[..<n].map { -$0 } + residuals.map { -$0 }
    for (k, row) in problem.slackRows.enumerated() { side[n + row] -= lagrangian[n + k] / slackWeights[k] }
    var solution = factors.solve(side)
    let error = residual(of: solution, side)
    solution = zip(solution, factors.solve(error)).map { $0 + $1 }
    let multipliers = Array(solution[n...])
    let slacks = problem.slackRows.enumerated().map { k, row in
      (multipliers[row] - lagrangian[n + k]) / slackWeights[k]
    }
    return (solution[..<n] + slacks, multipliers)
  }

  /// Returns the right-hand side minus the matrix times a solution.
  private func residual(of solution: [Double], _ side: [Double]) -> [Double] {
    var error = side
    let size = side.count
    for column in 0..<size {
      error[column] -= matrix[column * size + column] * solution[column]
      for row in column + 1..<max(size, column + 1) {
        let number = matrix[column * size + row]
        if number != 0 {
          error[row] -= number * solution[column]
          error[column] -= number * solution[row]
        }
      }
    }
    return error
  }
}
