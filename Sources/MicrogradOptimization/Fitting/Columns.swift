import Micrograd

/// A matrix with at least as many rows as columns, column after column.
internal struct Columns: Sendable {
  let rows: Int
  let columns: Int
  var numbers: [Double]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    numbers = [Double](repeating: 0, count: rows * columns)
  }

  subscript(row: Int, column: Int) -> Double {
    get { numbers[column * rows + row] }
    set { numbers[column * rows + row] = newValue }
  }

  func column(_ k: Int) -> [Double] { Array(numbers[k * rows..<(k + 1) * rows]) }

  /// The columns at some indices only.
  func selecting(_ indices: [Int]) -> Columns {
    var part = Columns(rows: rows, columns: indices.count)
    part.numbers = indices.flatMap { numbers[$0 * rows..<($0 + 1) * rows] }
    return part
  }

  /// The columns, each divided by a length; zero where that is 0.
  func dividingColumns(by lengths: [Double]) -> Columns {
    var part = self
    for k in 0..<columns {
      for i in 0..<rows { part[i, k] = lengths[k] > 0 ? self[i, k] / lengths[k] : 0 }
    }
    return part
  }

  /// The product with a vector.
  func times(_ x: [Double]) -> [Double] {
    var product = [Double](repeating: 0, count: rows)
    for k in 0..<columns where x[k] != 0 {
      for i in 0..<rows { product[i] += numbers[k * rows + i] * x[k] }
    }
    return product
  }

  /// The product of the transposed matrix with a vector.
  func transposedTimes(_ y: [Double]) -> [Double] { vector(columns) { column($0).dot(y) } }

  /// The Euclidean norm of a column, without overflow.
  func norm(_ k: Int) -> Double { euclideanNorm(column(k)) }
}

/// √Σx², also where squares would overflow or vanish.
///
/// Numbers are divided by a power of two near the largest, so that the same numbers in another unit have the same digits.
internal func euclideanNorm(_ x: [Double]) -> Double {
  let largest = x.largestMagnitude
  guard largest > 0, largest.isFinite else { return largest }
  let unit = largest.binade
  let scaled = x.map { $0 / unit }
  return unit * scaled.dot(scaled).squareRoot()
}
