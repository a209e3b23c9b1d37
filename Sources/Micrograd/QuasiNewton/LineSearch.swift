/// A point on the line along which a step goes.
package struct LinePoint {
  /// How far along the direction.
  package var step: Double
  /// The function's value there.
  package var loss: Double
  /// Its gradient.
  package var gradient: [Double]
  /// The derivative of the loss along the direction.
  package var slope: Double

  /// A point that was evaluated.
  package init(step: Double, loss: Double, gradient: [Double], slope: Double) {
    self.step = step
    self.loss = loss
    self.gradient = gradient
    self.slope = slope
  }
}

/// A search along a line for a point that satisfies the strong Wolfe conditions:
///
/// ```text
/// loss(t) ≤ loss(0) + c₁ t slope(0)     enough of a descent
/// |slope(t)| ≤ c₂ |slope(0)|            flat enough
/// ```
///
/// Nocedal & Wright, *Numerical Optimization*, algorithms 3.5 and 3.6, with c₁ = 10⁻⁴, c₂ = 0.9. Trial points and their
/// order are those of PyTorch's L-BFGS, whose constants are M. Schmidt's of minFunc.
///
/// A point with an infinite loss and a slope that is NaN is one where the function is not to be had: the bracket is halved.
package struct StrongWolfeSearch {
  private let start: LinePoint
  private let reach: Double
  private let tolerance: Double
  private let limit: Int

  /// Where the loss and the slope are evaluated.
  package typealias Evaluation = (_ step: Double) -> LinePoint

  /// Describes a search.
  ///
  /// - Parameters:
  ///   - start: The point at step 0.
  ///   - reach: The largest magnitude in the direction.
  ///   - tolerance: How short the bracket may become, in parameters.
  ///   - limit: How many points may be tried after the first.
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

  /// The best point that was found; where the conditions cannot be met, one with a lower loss than others.
  package func point(from firstStep: Double, at evaluate: Evaluation) -> LinePoint {
    var previous = start
    var trial = evaluate(firstStep)
    for tried in 0..<max(limit, 0) {
      if !descendsEnough(trial) || (tried > 1 && trial.loss >= previous.loss) {
        return refine([previous, trial], tried, evaluate)
      }
      if isFlatEnough(trial) { return trial }
      if trial.slope >= 0 { return refine([previous, trial], tried, evaluate) }
      // Still descending: go on to where a cubic through the last two points has its minimum.
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
      // A tenth of the bracket from either end is near; the second time in a row, or at the end itself, it is too near.
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
        // The minimum lies between the point and the low end: that becomes the other end.
        if trial.slope * (ends[high].step - ends[low].step) >= 0 { ends[high] = ends[low] }
        ends[low] = trial
      }
    }
    return ends[low]
  }

  /// Where the cubic with the losses and slopes of two points has its minimum, brought into an interval; its middle where
  /// the cubic has none. Nocedal & Wright, equation 3.59.
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
