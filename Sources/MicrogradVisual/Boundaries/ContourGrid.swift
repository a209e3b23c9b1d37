import Micrograd

/// A function of two variables on a rectangular grid, and its contours.
///
/// The function is interpolated linearly along grid lines (marching squares). In a cell whose corners are alternately above
/// and below a level, the mean of the four corners decides whether the upper or the lower pair is connected.
///
/// Infinite values count as ±1e300. A cell with NaN at a corner is a hole: no contour and no area enters it.
///
/// ```swift
/// let grid = ContourGrid(xRange: -2...2, yRange: -2...2, columns: 101, rows: 101) { x, y in x * x + y * y }
/// let disc = grid.bands(separatedBy: [1])[0]     // where x² + y² < 1
/// disc.reduce(0) { $0 + $1.signedArea }          // 3.1399…, towards π as the grid gets finer
/// ```
public struct ContourGrid: Sendable {
  /// A point in the plane.
  public struct Point: Hashable, Sendable {
    /// The horizontal coordinate.
    public var x: Double
    /// The vertical coordinate, upwards.
    public var y: Double

    /// Creates a point.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// The range of x, from the first column to the last.
  public let xRange: ClosedRange<Double>
  /// The range of y, from the first row to the last.
  public let yRange: ClosedRange<Double>
  /// The number of columns of nodes.
  public let columns: Int
  /// The number of rows of nodes.
  public let rows: Int
  /// The values at the nodes, row by row from the lowest y upwards.
  public let values: [Double]

  /// True if the cell between columns i, i + 1 and rows j, j + 1 has numbers at all four corners; at index j · columns + i.
  let cellIsDefined: [Bool]

  /// Creates a grid from values.
  ///
  /// - Precondition: There are at least two rows and two columns, and `columns * rows` values.
  public init(
    xRange: ClosedRange<Double>, yRange: ClosedRange<Double>, columns: Int, rows: Int, values: [Double]
  ) {
    require(columns >= 2 && rows >= 2, "a contour grid needs at least two columns and two rows of nodes")
    require(
      values.count == columns * rows,
      "\(columns) columns and \(rows) rows need \(columns * rows) values, not \(values.count)")
    self.xRange = xRange
    self.yRange = yRange
    self.columns = columns
    self.rows = rows
    // Clamps values so that their differences are finite, which interpolation needs.
    self.values = values.map { $0.isNaN ? $0 : min(max($0, -1e300), 1e300) }
    var defined = [Bool](repeating: false, count: columns * rows)
    for row in 0..<rows - 1 {
      for column in 0..<columns - 1 {
        let node = row * columns + column
        defined[node] = ![node, node + 1, node + columns, node + columns + 1].contains { values[$0].isNaN }
      }
    }
    cellIsDefined = defined
  }

  /// Creates a grid by calling `function` once for every node, with its x and y.
  ///
  /// - Precondition: There are at least two rows and two columns.
  public init(
    xRange: ClosedRange<Double>, yRange: ClosedRange<Double>, columns: Int, rows: Int,
    sampling function: (Double, Double) throws -> Double
  ) rethrows {
    var values: [Double] = []
    values.reserveCapacity(columns * rows)
    for row in 0..<rows {
      let y = Self.coordinate(row, of: rows, in: yRange)
      for column in 0..<columns {
        values.append(try function(Self.coordinate(column, of: columns, in: xRange), y))
      }
    }
    self.init(xRange: xRange, yRange: yRange, columns: columns, rows: rows, values: values)
  }

  /// Exact at both ends.
  private static func coordinate(_ index: Int, of count: Int, in range: ClosedRange<Double>) -> Double {
    let t = Double(index) / Double(max(count - 1, 1))
    return range.lowerBound * (1 - t) + range.upperBound * t
  }

  func position(ofNode node: Int) -> Point {
    Point(
      x: Self.coordinate(node % columns, of: columns, in: xRange),
      y: Self.coordinate(node / columns, of: rows, in: yRange))
  }
}
