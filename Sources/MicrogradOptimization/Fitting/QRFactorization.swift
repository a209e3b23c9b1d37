import Micrograd

/// The factorisation `A P = Q R` by Householder reflections with column pivoting: Golub & Van Loan, *Matrix Computations*,
/// 5.4.2.
///
/// P puts the column with the largest remainder first, so that the diagonal of R decreases and shows the rank.
internal struct QRFactorization: Sendable {
  /// R on and above the diagonal; the vectors of the reflections below.
  private var packed: Columns
  private var scales: [Double] = []
  /// The column of A for each column of R.
  private(set) var order: [Int]

  init(_ matrix: Columns) {
    packed = matrix
    order = Array(0..<matrix.columns)
    let (rows, columns) = (matrix.rows, matrix.columns)
    packed.numbers.withUnsafeMutableBufferPointer { numbers in
      guard let start = numbers.baseAddress else { return }
      for k in 0..<min(columns, rows) {
        Self.pivot(k, start, rows, columns, &order)
        scales.append(Self.reflect(k, start, rows, columns))
      }
    }
  }

  /// Takes column k to the diagonal and below it nothing; returns the scale of the reflection whose vector is left there.
  private static func reflect(
    _ k: Int, _ start: UnsafeMutablePointer<Double>, _ rows: Int, _ columns: Int
  ) -> Double {
    let column = start + k * rows + k, count = rows - k
    let norm = UnsafePointer(column).norm(count)
    guard norm > 0 else { return 0 }
    // The reflection takes the column to -sign(x₀) |x| e₀, so that nothing cancels.
    let diagonal = column[0] > 0 ? -norm : norm
    let first = column[0] - diagonal
    for i in 1..<max(count, 1) { column[i] /= first }
    let scale = -first / diagonal
    column[0] = diagonal
    for j in k + 1..<max(columns, k + 1) { reflect(start + j * rows + k, by: column, scale, count) }
    return scale
  }

  /// R of `[A y] = Q R` without pivoting, for a matrix A and a vector y with many rows: a triangle, and the first elements of
  /// `Qᵀ y`. A's columns and y have lengths of 1e-100 … 1e100, or 0.
  static func triangle(of matrix: Columns, and y: [Double]) -> (triangle: Columns, projection: [Double]) {
    let count = matrix.columns + 1, size = min(matrix.rows, 512)
    var triangle = [Double](repeating: 0, count: count * count)
    for start in stride(from: 0, to: matrix.rows, by: size) {
      let rows = start..<min(start + size, matrix.rows)
      var panel: [Double] = []
      panel.reserveCapacity(count * rows.count)
      for k in 0..<matrix.columns {
        panel += matrix.numbers[k * matrix.rows + rows.lowerBound..<k * matrix.rows + rows.upperBound]
      }
      panel += y[rows]
      triangle.addRowsToTriangle(panel, columns: count, rows: rows.count)
    }
    return split(triangle, columns: matrix.columns)
  }

  /// Separates R of `[A y]` into that of A and the first elements of `Qᵀ y`.
  static func split(_ triangle: [Double], columns: Int) -> (triangle: Columns, projection: [Double]) {
    var part = Columns(rows: columns, columns: columns)
    for k in 0..<columns {
      for i in 0...k { part[i, k] = triangle[k * (columns + 1) + i] }
    }
    return (part, (0..<columns).map { triangle[columns * (columns + 1) + $0] })
  }

  /// Brings the column with the largest remainder to place k.
  private static func pivot(
    _ k: Int, _ start: UnsafeMutablePointer<Double>, _ rows: Int, _ columns: Int, _ order: inout [Int]
  ) {
    let norms = (k..<columns).map { UnsafePointer(start + $0 * rows + k).norm(rows - k) }
    guard let largest = norms.max(), let found = norms.firstIndex(of: largest), found > 0 else { return }
    order.swapAt(k, k + found)
    let (one, other) = (start + k * rows, start + (k + found) * rows)
    for i in 0..<rows { swap(&one[i], &other[i]) }
  }

  /// Applies the reflection whose vector is 1 and what follows the first number of `column`.
  private static func reflect(
    _ target: UnsafeMutablePointer<Double>, by column: UnsafePointer<Double>, _ scale: Double, _ count: Int
  ) {
    let sum = scale * (target[0] + UnsafePointer(target + 1).dot(column + 1, count - 1))
    target[0] -= sum
    (target + 1).add(-sum, times: column + 1, count - 1)
  }

  /// Returns the first elements of `Qᵀ y`, one per column.
  func projection(_ y: [Double]) -> [Double] {
    var y = y
    y.withUnsafeMutableBufferPointer { y in
      packed.numbers.withUnsafeBufferPointer { numbers in
        guard let y = y.baseAddress, let start = numbers.baseAddress else { return }
        for (k, scale) in scales.enumerated() {
          Self.reflect(y + k, by: start + k * packed.rows + k, scale, packed.rows - k)
        }
      }
    }
    return Array(y.prefix(packed.columns))
  }

  /// Returns the numerical rank: columns whose remainder is at most `tolerance` times the largest column are dependent.
  func rank(tolerance: Double) -> Int {
    let largest = abs(packed[0, 0])
    return (0..<packed.columns).prefix { abs(packed[$0, $0]) > tolerance * largest }.count
  }

  /// Returns an element of R.
  func r(_ row: Int, _ column: Int) -> Double { row <= column ? packed[row, column] : 0 }

  /// Solves `R x = y` for the first `rank` columns, in the order of R. The other elements are 0.
  func solve(_ y: [Double], rank: Int) -> [Double] {
    var x = [Double](repeating: 0, count: packed.columns)
    for k in (0..<rank).reversed() {
      var rest = y[k]
      for j in k + 1..<max(rank, k + 1) { rest -= packed[k, j] * x[j] }
      x[k] = rest / packed[k, k]
    }
    return x
  }

  /// Solves `Rᵀ x = y` in the order of R. R must have full rank.
  func solveTransposed(_ y: [Double]) -> [Double] {
    var x = y
    for k in 0..<packed.columns {
      for j in 0..<k { x[k] -= packed[j, k] * x[j] }
      x[k] /= packed[k, k]
    }
    return x
  }

  /// Returns a vector in the order of R permuted to the order of A's columns.
  func unpermuted(_ x: [Double]) -> [Double] {
    var result = x
    for (k, column) in order.enumerated() { result[column] = x[k] }
    return result
  }
}
