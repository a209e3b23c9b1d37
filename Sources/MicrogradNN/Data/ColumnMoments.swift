/// The mean and the population variance of each column of row-major numbers.
///
/// Two passes: the first computes Σx/n, the second the squared distances from it. The second also adds up the distances,
/// which would be 0 without the rounding of the first pass, and corrects both results by their sum (T. F. Chan, G. H.
/// Golub, R. J. LeVeque, "Algorithms for Computing the Sample Variance", The American Statistician 37, 1983).
struct ColumnMoments {
  private(set) var means: [Double]
  private(set) var variances: [Double]
  private let count: Double

  /// There must be at least one row, and only whole rows.
  init(_ numbers: [Double], _ columns: Int) {
    self.init(columns: columns, count: numbers.count / columns) { $0(numbers) }
  }

  /// - Parameters:
  ///   - columns: The number of columns, at least 1.
  ///   - count: The number of rows, at least 1.
  ///   - forEachPiece: Gives all rows in order, in pieces of whole rows; called twice.
  init<Failure>(
    columns: Int, count: Int, forEachPiece: (_ body: ([Double]) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    self.count = Double(count)
    var sums = Array(repeating: 0.0, count: columns)
    try forEachPiece { piece in Self.forEach(piece, columns) { column, number in sums[column] += number } }
    let means = sums.map { $0 / Double(count) }

    var distances = Array(repeating: 0.0, count: columns)
    var squares = distances
    try forEachPiece { piece in
      Self.forEach(piece, columns) { column, number in
        let distance = number - means[column]
        distances[column] += distance
        squares[column] += distance * distance
      }
    }
    self.means = zip(means, distances).map { $0 + $1 / Double(count) }
    variances = zip(squares, distances).map { ($0 - $1 * $1 / Double(count)) / Double(count) }
  }

  /// True if the column has no NaN and no infinity, and its sums do not overflow.
  func isFinite(_ column: Int) -> Bool { means[column].isFinite && variances[column].isFinite }

  /// True if the column's variance may be only rounding. With the distance u from 1 to the next number and the mean x̄, the
  /// computed variance of a constant column can be as large as n·u·s² + (n·u·x̄)².
  func isConstant(_ column: Int) -> Bool {
    let unit = Double.ulpOfOne
    let drift = count * means[column] * unit
    return variances[column] <= count * unit * variances[column] + drift * drift
  }

  private static func forEach(_ numbers: [Double], _ columns: Int, _ body: (Int, Double) -> Void) {
    var column = 0
    for number in numbers {
      body(column, number)
      column = column + 1 == columns ? 0 : column + 1
    }
  }
}
