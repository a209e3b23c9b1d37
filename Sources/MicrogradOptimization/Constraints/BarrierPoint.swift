import Micrograd

/// The variables of an interior-point method with their multipliers, and what is known of the functions there.
///
/// The Lagrangian is f + λᵀ (c(x) - s - target) - lowerᵀ (w - lowest) - upperᵀ (highest - w), for the variables w = (x, s).
internal struct BarrierPoint {
  var variables: [Double]
  /// λ, one number per row.
  var multipliers: [Double]
  /// The multipliers of the bounds; 0 where there is no bound.
  var lower, upper: [Double]
  /// The function and the constraints.
  var results: [Double]
  /// Their gradients.
  var gradients: [[Double]]

  /// Returns the derivatives of the Lagrangian without the terms of the bounds, by the variables.
  func slopes(_ problem: ConstrainedProblem) -> [Double] {
    slopes(problem, of: gradients[0] + [Double](repeating: 0, count: problem.slackRows.count))
  }

  /// Returns the derivatives of the Lagrangian whose first term has these derivatives in place of the function's.
  func slopes(_ problem: ConstrainedProblem, of objective: [Double]) -> [Double] {
    var slopes = objective
    for row in 0..<problem.rowCount where multipliers[row] != 0 {
      for k in 0..<problem.parameterCount { slopes[k] += multipliers[row] * gradients[row + 1][k] }
    }
    for (k, row) in problem.slackRows.enumerated() { slopes[problem.parameterCount + k] -= multipliers[row] }
    return slopes
  }

  /// How far the conditions of a minimum with a barrier are from being met.
  struct Errors {
    /// The largest derivative of the Lagrangian.
    var slope: Double
    /// The largest residual of a constraint.
    var residual: Double
    /// The largest error of a product of a distance to a bound and its multiplier.
    var complementarity: Double
    /// The larger of 1 and the mean multiplier over 100, by which slopes and products are divided.
    var scale: Double

    var largest: Double { max(slope / scale, residual, complementarity / scale) }
  }

  /// Returns the errors for a barrier of a weight.
  func errors(_ problem: ConstrainedProblem, barrier: Double) -> Errors {
    let slopes = slopes(problem)
    var errors = Errors(
      slope: 0, residual: problem.residuals(results, variables).largestMagnitude, complementarity: 0, scale: 1)
    var (sum, count) = (multipliers.magnitudeSum, multipliers.count)
    for k in variables.indices {
      errors.slope = max(errors.slope, abs(slopes[k] - lower[k] + upper[k]))
      for (multiplier, distance) in [
        (lower[k], variables[k] - problem.lower[k]), (upper[k], problem.upper[k] - variables[k]),
      ] where distance < .infinity {
        errors.complementarity = max(errors.complementarity, abs(distance * multiplier - barrier))
        sum += multiplier
        count += 1
      }
    }
    errors.scale = max(1, sum / Double(max(count, 1)) / 100)
    return errors
  }
}
