import Micrograd

/// Conjugate gradients for `H w = r` on the free parameters, which end where they are good enough or where the Hessian is
/// not curved upwards: Steihaug (1983); Nocedal & Wright, *Numerical Optimization*, algorithm 7.2.
internal struct ConjugateGradients {
  /// The parameters that may change; the others stay 0.
  let free: [Bool]
  /// How large the remaining residual may be, by its Euclidean norm.
  let tolerance: Double
  let product: ([Double]) -> [Double]

  /// Where it ended.
  enum End: Equatable {
    case solved
    /// At the edge of the trusted region, because the solution is outside of it or because of the curvature.
    case edge
    /// At a direction that is not curved upwards, without an edge to go to.
    case curvature
  }

  struct Solution {
    var step: [Double]
    var end: End
  }

  /// Solves for a residual, staying within `radius` of the origin when `offset` is added.
  func solve(residual: [Double], offset: [Double], radius: Double = .infinity) -> Solution {
    let count = residual.count
    var residual = masked(residual)
    var direction = residual
    var step = [Double](repeating: 0, count: count)
    var square = residual.dot(residual)
    for iteration in 0..<max(2 * count, 20) {
      if square.squareRoot() <= tolerance { break }
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
      residual = vector(count) { residual[$0] - length * curved[$0] }
      let nextSquare = residual.dot(residual)
      direction = vector(count) { residual[$0] + nextSquare / square * direction[$0] }
      square = nextSquare
    }
    return Solution(step: step, end: .solved)
  }

  /// The size of the Hessian along a direction; NaN, which compares as not curved, where it is not finite.
  private func scale(_ curved: [Double], _ direction: [Double]) -> Double {
    (curved.dot(curved) / direction.dot(direction)).squareRoot()
  }

  private func masked(_ x: [Double]) -> [Double] { vector(x.count) { free[$0] ? x[$0] : 0 } }

  private func norm(_ step: [Double], _ offset: [Double]) -> Double {
    step.indices.reduce(0) { $0 + (step[$1] + offset[$1]) * (step[$1] + offset[$1]) }.squareRoot()
  }

  /// Goes from `step` along the direction to where `|offset + step| = radius`.
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

/// A list of `count` numbers.
internal func vector(_ count: Int, _ number: (Int) -> Double) -> [Double] { (0..<count).map(number) }
