// Sums, means and maxima along rows and columns.

extension Matrix {
  /// The sum of each column, as one row.
  public func columnSums() -> Matrix { transposed.rowSums().reshaped(rows: 1, columns: columns) }

  /// The mean of each row, as one column.
  public func rowMeans() -> Matrix { rowSums() * (1 / Double(columns)) }

  /// The mean of each column, as one row.
  public func columnMeans() -> Matrix { columnSums() * (1 / Double(rows)) }

  /// The largest element of each row, as one column. Where several are the largest, the derivative is shared among them.
  public func rowMaxima() -> Matrix {
    var parts = (0..<columns).map { self[0..<rows, $0..<$0 + 1] }
    while parts.count > 1 {
      let pairs = stride(from: 0, to: parts.count - 1, by: 2).map { parts[$0].zip(.maximum, parts[$0 + 1]) }
      parts = pairs + (parts.count % 2 == 1 ? [parts[parts.count - 1]] : [])
    }
    return parts[0]
  }

  /// The largest element of each column, as one row. Where several are the largest, the derivative is shared among them.
  public func columnMaxima() -> Matrix { transposed.rowMaxima().reshaped(rows: 1, columns: columns) }
}
