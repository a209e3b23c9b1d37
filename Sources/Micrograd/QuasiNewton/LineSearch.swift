/// A point on the line of a line search.
package struct LinePoint {
  /// The step along the direction.
  package var step: Double
  /// The value of the function.
  package var loss: Double
  /// The gradient.
  package var gradient: [Double]
  /// The derivative of the loss along the direction.
  package var slope: Double

  /// Creates a point.
  package init(step: Double, loss: Double, gradient: [Double], slope: Double) {
    self.step = step
    self.loss = loss
    self.gradient = gradient
    self.slope = slope
  }
}

/// A line search for a point that satisfies the strong Wolfe conditions:
///
/// ```text
/// loss(t) ≤ loss(0) + c₁ t slope(0)     enough of a descent
/// |slope(t)| ≤ c₂ |slope(0)|            flat enough
/// ```
///
/// Nocedal & Wright, *Numerical Optimization*, algorithms 3.5 and 3.6, with c₁ = 10⁻⁴ and c₂ = 0.9. Trial points and their
/// order are those of PyTorch's L-BFGS, with the constants of M. Schmidt's minFunc.
///
/// An infinite loss with a NaN slope means that the function is not finite at this point. Then the bracket is halved.
package struct StrongWolfeSearch {
  private let start: LinePoint
  private let reach: Double
  private let tolerance: Double
  private let limit: Int

  /// Evaluates the loss and its slope at a step.
  package typealias Evaluation = (_ step: Double) -> LinePoint

  /// Creates a search.
  ///
  /// - Parameters:
  ///   - start: The point at step 0.
  ///   - reach: The largest magnitude in the direction.
  ///   - tolerance: The smallest length of the bracket, in parameters.
  ///   - limit: The largest number of trial points after the first.
  package init(start: LinePoint, reach: Double, tolerance: Double, limit: Int) {
    self.start = start
    self.reach = reach
    self.tolerance = tolerance
    self.limit = limit
  }

  private static let sufficientDescent = 1e-4
  private static let curvature = 0.9

  private func descendsEnough(_ point: LinePoint) -> Bool {
    !(point.loss > start.loss + Self.sufficientDescent * point.step * start.slope)
  }

  private func isFlatEnough(_ point: LinePoint) -> Bool { abs(point.slope) <= -Self.curvature * start.slope }

  /// Returns a point that satisfies the conditions. If it finds none, returns the lowest point.
  package func point(from firstStep: Double, at evaluate: Evaluation) -> LinePoint {
    var previous = start
    var trial = evaluate(firstStep)
    for tried in 0..<max(limit, 0) {
      if !descendsEnough(trial) || (tried > 1 && trial.loss >= previous.loss) {
        return refine([previous, trial], tried, evaluate)
      }
      if isFlatEnough(trial) { return trial }
      if trial.slope >= 0 { return refine([previous, trial], tried, evaluate) }
      // Still descending: continue at the minimum of the cubic through the last two points.
      let next = minimizer(
        between: previous, trial, from: trial.step + 0.01 * (trial.step - previous.step), to: trial.step * 10)
      previous = trial
      trial = evaluate(next)
    }
    return start.loss <= trial.loss ? start : trial
  }

  /// Narrows a bracket until a point in it satisfies the conditions.
  private func refine(_ bracket: [LinePoint], _ alreadyTried: Int, _ evaluate: Evaluation) -> LinePoint {
    var ends = bracket
    var low = ends[0].loss <= ends[1].loss ? 0 : 1
    var wasNearAnEnd = false
    for _ in alreadyTried..<limit {
      let (left, right) = (min(ends[0].step, ends[1].step), max(ends[0].step, ends[1].step))
      if (right - left) * reach < tolerance { break }

      var step = minimizer(between: ends[0], ends[1], from: left, to: right)
      // Within a tenth of the bracket from an end is near. It is too near the second time in a row, or at the end itself.
      let margin = 0.1 * (right - left)
      let isNearAnEnd = min(right - step, step - left) < margin
      if isNearAnEnd && (wasNearAnEnd || step >= right || step <= left) {
        step = abs(step - right) < abs(step - left) ? right - margin : left + margin
        wasNearAnEnd = false
      } else {
        wasNearAnEnd = isNearAnEnd
      }

      let trial = evaluate(step)
      let high = 1 - low
      if !descendsEnough(trial) || trial.loss >= ends[low].loss {
        ends[high] = trial
        low = ends[0].loss <= ends[1].loss ? 0 : 1
      } else {
        if isFlatEnough(trial) { return trial }
        // The minimum is between the point and the low end, which becomes the other end.
        if trial.slope * (ends[high].step - ends[low].step) >= 0 { ends[high] = ends[low] }
        ends[low] = trial
      }
    }
    return ends[low]
  }

  /// Returns the minimum of the cubic with the losses and slopes of two points, clamped to an interval; the middle of the
  /// interval if the cubic has no minimum. Nocedal & Wright, equation 3.59.
  private func minimizer(
    between a: LinePoint, _ b: LinePoint, from lower: Double, to upper: Double
  ) -> Double {
    let (left, right) = a.step <= b.step ? (a, b) : (b, a)
    let d1 = left.slope + right.slope - 3 * (left.loss - right.loss) / (left.step - right.step)
    let square = d1 * d1 - left.slope * right.slope
    guard square >= 0 else { return (lower + upper) / 2 }
    let d2 = square.squareRoot()
    let step =
      right.step - (right.step - left.step) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2))
    return min(max(step, lower), upper)
  }
}
