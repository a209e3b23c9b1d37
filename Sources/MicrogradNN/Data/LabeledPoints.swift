import Micrograd

/// Points and their classes: the result of the data generators.
///
/// ```swift
/// let corners = LabeledPoints(inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], labels: [0, 1, 1, 0])
/// corners.count         // 4
/// corners.signedLabels  // [-1.0, 1.0, 1.0, -1.0]
/// ```
public struct LabeledPoints: Sendable, Equatable {
  /// One row of coordinates a point, all rows of the same length.
  public let inputs: [[Double]]

  /// The class of each point, 0 or more, in the order of `inputs`.
  public let labels: [Int]

  /// Joins points and their classes.
  ///
  /// There must be as many `labels` as `inputs`, none of them negative, and all inputs must be of one length.
  /// There may be no points at all.
  ///
  /// ```swift
  /// LabeledPoints(inputs: [[0.5, -1], [2, 3]], labels: [1, 0]).count  // 2
  /// ```
  public init(inputs: [[Double]], labels: [Int]) {
    require(
      inputs.count == labels.count,
      "\(inputs.count) inputs but \(labels.count) labels: give one label a point.")
    for (index, row) in inputs.enumerated() {
      require(
        row.count == inputs[0].count,
        "Input \(index) has \(row.count) coordinates, input 0 has \(inputs[0].count): give all as many.")
      require(labels[index] >= 0, "Label \(index) is \(labels[index]): number the classes from 0.")
    }
    self.inputs = inputs
    self.labels = labels
  }

  /// The number of points.
  ///
  /// ```swift
  /// LabeledPoints(inputs: [[0.5, -1], [2, 3]], labels: [1, 0]).count  // 2
  /// ```
  public var count: Int { labels.count }

  /// The classes as −1 for label 0 and 1 for label 1, as losses with a margin want them.
  ///
  /// All labels must be 0 or 1.
  ///
  /// ```swift
  /// LabeledPoints(inputs: [[0.5, -1], [2, 3]], labels: [1, 0]).signedLabels  // [1.0, -1.0]
  /// ```
  public var signedLabels: [Double] {
    labels.map { label in
      require(label <= 1, "A label is \(label): only labels 0 and 1 have a sign.")
      return Double(2 * label - 1)
    }
  }
}
