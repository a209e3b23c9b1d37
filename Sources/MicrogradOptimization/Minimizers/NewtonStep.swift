import Micrograd

/// Returns the Newton step of the free parameters from differences of gradients, for functions without second derivatives;
/// `nil` if the function does not curve upwards along every direction tried.
internal func newtonStepByDifferences(from point: Point, of objective: Objective, within box: Box) -> [Double]? {
  let count = point.gradient.count
  func gradient(_ step: Double, _ direction: [Double]) -> [Double] {
    objective.point(at: box.point(point.position, step: step, along: direction)).gradient
  }
  let free = (0..<count).map { !box.isHeld($0, point.position, gradient: point.gradient) }
  let steepest = vector(count) { free[$0] ? -point.gradient[$0] : 0 }
  let solution = ConjugateGradients(free: free, tolerance: 1e-3 * euclideanNorm(steepest)) { direction in
    let step = 1e-6 * max(1, point.position.largestMagnitude) / euclideanNorm(direction)
    let (ahead, behind) = (gradient(step, direction), gradient(-step, direction))
    return vector(count) { (ahead[$0] - behind[$0]) / (2 * step) }
  }.solve(residual: steepest, offset: [Double](repeating: 0, count: count))
  return solution.end == .inside ? solution.step : nil
}
