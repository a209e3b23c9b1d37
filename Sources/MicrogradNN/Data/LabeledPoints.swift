import Micrograd

/// Points and their classes: the result of the data generators.
///
/// ```swift
/// let corners = LabeledPoints(inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], labels: [0, 1, 1, 0])
/// corners.count         // 4
/// corners.signedLabels  // [-1.0, 1.0, 1.0, -1.0]
/// ```
public struct LabeledPoints: Sendable, Equatable {
  /// One row of coordinates per point, all of the same length.
  public let inputs: [[Double]]

  /// The class of each point, 0 or more, in the order of `inputs`.
  public let labels: [Int]

  /// Creates labelled points.
  ///
  /// There must be one label, at least 0, per point, and all points must have the same number of coordinates. There may be
  /// no points at all.
  ///
  /// ```swift
  /// LabeledPoints(inputs: [[0.5, -1], [2, 3]], labels: [1, 0]).count  // 2
  /// ```
  public init(inputs: [[Double]], labels: [Int]) {
    require(
      inputs.count == labels.count,
      "\(inputs.count) inputs but \(labels.count) labels: give one label per point.")
    for (index, row) in inputs.enumerated() {
      require(
        row.count == inputs[0].count,
        "Input \(index) has \(row.count) coordinates, input 0 has \(inputs[0].count): give all the same number.")
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

  /// The classes as −1 for label 0 and 1 for label 1, for losses with a margin.
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
