import Micrograd

extension LabeledPoints {
  /// The points as generators hand them out: first shuffled if so wished, then moved by normal noise.
  ///
  /// Draws are those of scikit-learn: the permutation, then a deviate a coordinate, point after point; none without
  /// noise.
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

/// Returns how many of `count` points each of `classCount` classes gets: as even as can be, the first ones one more.
func evenShares(of count: Int, among classCount: Int) -> [Int] {
  (0..<classCount).map { count / classCount + ($0 < count % classCount ? 1 : 0) }
}
