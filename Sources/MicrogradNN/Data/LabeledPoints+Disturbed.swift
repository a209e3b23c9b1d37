import Micrograd

extension LabeledPoints {
  /// Returns the points shuffled, if requested, and then moved by normal noise.
  ///
  /// Numbers are drawn in scikit-learn's order: the permutation, then one deviate per coordinate, point by point. Without
  /// noise, no deviates are drawn.
  func disturbed(noise: Double, shuffled: Bool, using generator: inout NumPyRandom) -> LabeledPoints {
    require(noise >= 0, "The noise is \(noise): give a standard deviation of 0 or more.")
    var points = shuffled ? inOrder(generator.permutation(count)) : self
    if noise > 0 {
      let moved = points.inputs.map { row in row.map { $0 + generator.normal(standardDeviation: noise) } }
      points = LabeledPoints(inputs: moved, labels: points.labels)
    }
    return points
  }

  private func inOrder(_ order: [Int]) -> LabeledPoints {
    LabeledPoints(inputs: order.map { inputs[$0] }, labels: order.map { labels[$0] })
  }
}

/// Returns the number of points of each class: as even as possible, with one more for the first classes.
func evenShares(of count: Int, among classCount: Int) -> [Int] {
  (0..<classCount).map { count / classCount + ($0 < count % classCount ? 1 : 0) }
}
