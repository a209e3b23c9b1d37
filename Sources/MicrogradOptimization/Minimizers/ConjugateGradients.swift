import Micrograd

/// Conjugate gradients for `H w = r` on the free parameters: Steihaug (1983); Nocedal & Wright, *Numerical Optimization*,
/// algorithm 7.2.
///
/// They stop at a direction of non-positive curvature, or when the residual is small enough and the last step lowered the
/// quadratic model by little (Nash & Sofer, *Assessing a search direction within a truncated-Newton method*, 1990). The
/// residual alone does not see the direction of a long flat valley, as the slope along it is small.
internal struct ConjugateGradients {
  /// The free parameters. The other elements stay 0.
  let free: [Bool]
  /// The tolerance for the Euclidean norm of the residual.
  let tolerance: Double
  let product: ([Double]) -> [Double]

  /// The result of the iteration.
  enum End: Equatable {
    /// Inside the trust region: the solution, or the lowest step of the model that was found when the iterations ran out.
    case inside
    /// On the boundary of the trust region: the solution is outside, or the curvature is not positive.
    case edge
    /// At a direction of non-positive curvature, without a trust region.
    case curvature
  }

  struct Solution {
    var step: [Double]
    var end: End
  }

  /// Solves for a residual. `offset` plus the result stays within `radius` of the origin.
  func solve(residual: [Double], offset: [Double], radius: Double = .infinity) -> Solution {
    let count = residual.count
    var residual = masked(residual)
    var direction = residual
    var step = [Double](repeating: 0, count: count)
    var square = residual.dot(residual)
    var (lastGain, gain) = (Double.infinity, 0.0)
    for iteration in 0..<max(2 * count, 20) {
      let isSteady = Double(iteration) * lastGain <= Self.steadyGain * gain
      if square == 0 || (square.squareRoot() <= tolerance && isSteady) { break }
      let curved = masked(product(direction))
      let curvature = direction.dot(curved)
      let isCurvedUpwards = curvature > Double.ulpOfOne * direction.dot(direction) * scale(curved, direction)
      if !isCurvedUpwards {
        if radius < .infinity { return toEdge(step, direction, offset, radius) }
        return Solution(step: iteration == 0 ? direction : step, end: .curvature)
      }
      let length = square / curvature
      let next = vector(count) { step[$0] + length * direction[$0] }
      if radius < .infinity, norm(next, offset) >= radius { return toEdge(step, direction, offset, radius) }
      step = next
      lastGain = length * square
      gain += lastGain
      residual = vector(count) { residual[$0] - length * curved[$0] }
      let nextSquare = residual.dot(residual)
      direction = vector(count) { residual[$0] + nextSquare / square * direction[$0] }
      square = nextSquare
    }
    return Solution(step: step, end: .inside)
  }

  /// The steps are steady if the last one gains at most this part of the mean.
  private static let steadyGain = 0.5

  /// Returns the norm of the Hessian along a direction; NaN if it is not finite, which compares as non-positive curvature.
  private func scale(_ curved: [Double], _ direction: [Double]) -> Double {
    (curved.dot(curved) / direction.dot(direction)).squareRoot()
  }

  private func masked(_ x: [Double]) -> [Double] { vector(x.count) { free[$0] ? x[$0] : 0 } }

  private func norm(_ step: [Double], _ offset: [Double]) -> Double {
    step.indices.reduce(0) { $0 + (step[$1] + offset[$1]) * (step[$1] + offset[$1]) }.squareRoot()
  }

  /// Returns the point from `step` along the direction with `|offset + step| = radius`.
  private func toEdge(_ step: [Double], _ direction: [Double], _ offset: [Double], _ radius: Double) -> Solution {
    let from = vector(step.count) { step[$0] + offset[$0] }
    let a = direction.dot(direction)
    let b = from.dot(direction)
    let c = max(radius * radius - from.dot(from), 0.0)
    let root = (b * b + a * c).squareRoot()
    // The form without cancellation.
    let length = b > 0 ? c / (b + root) : (root - b) / a
    return Solution(step: vector(step.count) { step[$0] + length * direction[$0] }, end: .edge)
  }
}
