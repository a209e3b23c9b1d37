import CMicrograd

/// The values r of rows, and of their derivatives J what a step of a fit depends on.
package struct ReducedRows {
  /// r, a number for each row.
  package var values: [Double]
  /// R of the QR factors of the matrix [J r], column by column, zeros below the diagonal. Right if the columns of J and r have lengths
  /// of 1e-100 … 1e100.
  package private(set) var triangle: [Double]
  /// Σ (Σ weight |derivative|)², over rows and over derivatives.
  package private(set) var square: Double

  internal init(values: [Double], triangle: [Double], square: Double) {
    (self.values, self.triangle, self.square) = (values, triangle, square)
  }

  /// Adds the derivatives of other rows.
  internal mutating func add(_ other: ReducedRows, columns: Int) {
    triangle.addRowsToTriangle(other.triangle, columns: columns, rows: columns)
    square += other.square
  }
}

extension [Double] {
  /// Adds rows to a matrix of which this is R of its QR factors, column by column, zeros below the diagonal.
  ///
  /// Right if the columns have lengths of 1e-100 … 1e100. What is not finite makes R NaN.
  ///
  /// - Parameters:
  ///   - panel: The new rows, column by column.
  ///   - columns: The number of columns.
  ///   - rows: The number of new rows.
  package mutating func addRowsToTriangle(_ panel: [Double], columns: Int, rows: Int) {
    require(
      count == columns * columns && panel.count == columns * rows,
      "\(panel.count) numbers are added to a triangle of \(columns) columns, which has \(count)")
    var panel = panel
    mg_triangle_add_rows(&self, Int64(columns), &panel, Int64(rows), Int64(rows))
  }
}
