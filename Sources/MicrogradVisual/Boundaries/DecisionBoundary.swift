/// A picture of a model's decision boundary between two classes: the scores as filled contours, the line of score zero, and
/// the training points.
///
/// ```swift
/// let picture = try DecisionBoundary(points: [[0, 1], [1, 0]], labels: [0, 1]) { x, y in x - y }
/// picture.svg()  // <svg xmlns="http://www.w3.org/2000/svg" width="720" height="560" …
/// ```
///
/// Class 0 is blue, class 1 orange. Scores below zero predict class 0, scores above zero class 1. Colours are strongest at
/// the ninth decile of the scores' magnitudes, so that a few enormous scores do not make the rest pale. Infinite scores
/// have the strongest colour; where the score is NaN, the plane is grey. Points that are not finite are not drawn.
public struct DecisionBoundary: Sendable {
  /// The title, which screen readers also read.
  public var title: String
  /// The names of class 0 and class 1 in the legend.
  public let classNames: [String]
  /// The label of the horizontal axis.
  public var xName = "x"
  /// The label of the vertical axis.
  public var yName = "y"
  /// The scores on a grid.
  public let score: ContourGrid

  let points: [ContourGrid.Point]
  let labels: [Int]

  /// Evaluates a score on a grid around the points.
  ///
  /// - Parameters:
  ///   - points: The points `[x, y]`; may be empty. The picture has a margin of an eighth around them.
  ///   - labels: The class of each point, 0 or 1.
  ///   - title: The title.
  ///   - classNames: Two names for the legend.
  ///   - resolution: The number of grid cells per row, 2 to 1000. The picture has about three quarters as many rows: 120
  ///     evaluate the score 11 132 times.
  ///   - score: The model's score at x, y: negative for class 0, positive for class 1.
  /// - Throws: ``PictureError`` for data of the wrong shape, and whatever `score` throws.
  public init(
    points: [[Double]], labels: [Int], title: String = "Decision boundary",
    classNames: [String] = ["class 0", "class 1"], resolution: Int = 120,
    score: (Double, Double) throws -> Double
  ) throws {
    guard points.count == labels.count else {
      throw PictureError.labelCount(points: points.count, labels: labels.count)
    }
    for (index, point) in points.enumerated() where point.count != 2 {
      throw PictureError.pointIsNotPlanar(index: index, coordinates: point.count)
    }
    for (index, label) in labels.enumerated() where label != 0 && label != 1 {
      throw PictureError.labelIsNotBinary(index: index, label: label)
    }
    guard classNames.count == 2 else { throw PictureError.classNameCount(classNames.count) }
    guard (2...1000).contains(resolution) else { throw PictureError.resolution(resolution) }

    let drawn = zip(points, labels).filter { point, _ in point.allSatisfy { $0.magnitude < 1e150 } }
    self.points = drawn.map { ContourGrid.Point(x: $0.0[0], y: $0.0[1]) }
    self.labels = drawn.map(\.1)
    self.title = title
    self.classNames = classNames
    // Cells are nearly square.
    let rows = max(1, Int((Double(resolution) * Self.plot.height / Self.plot.width).rounded()))
    self.score = try ContourGrid(
      xRange: Self.range(around: self.points.map(\.x)), yRange: Self.range(around: self.points.map(\.y)),
      columns: resolution + 1, rows: rows + 1, sampling: score)
  }

  /// Returns the range of coordinates, plus an eighth of it on either side.
  private static func range(around coordinates: [Double]) -> ClosedRange<Double> {
    guard let lower = coordinates.min(), let upper = coordinates.max() else { return -1...1 }
    let extent = upper - lower
    // Coordinates that agree to nine digits count as one, with a margin of their own size.
    let isPlace = extent <= 1e-9 * max(lower.magnitude, upper.magnitude)
    let margin = isPlace ? max(1, lower.magnitude / 8) : extent / 8
    return (lower - margin)...(upper + margin)
  }

  static let size = (width: 720.0, height: 560.0)
  static let plot = Frame(left: 66, top: 84, right: 620, bottom: 504)
}
