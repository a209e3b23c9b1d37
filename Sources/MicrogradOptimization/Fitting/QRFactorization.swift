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
  /// `Qᵀ y`.
  ///
  /// Rows are taken in blocks that fit the nearest caches, each below the triangle of those before: J. Demmel, L. Grigori,
  /// M. Hoemmen, J. Langou, *Communication-optimal parallel and sequential QR and LU factorizations* (2012).
  static func triangle(of matrix: Columns, and y: [Double]) -> (triangle: Columns, projection: [Double]) {
    let count = matrix.columns, size = min(matrix.rows, max(256, 8 * count)), rows = count + size
    var block = Columns(rows: rows, columns: count + 1)
    block.numbers.withUnsafeMutableBufferPointer { numbers in
      guard let block = numbers.baseAddress else { return }
      for start in stride(from: 0, to: matrix.rows, by: size) {
        let taken = min(size, matrix.rows - start)
        for k in 0..<count {
          (block + k * rows + k + 1).update(repeating: 0, count: rows - k - 1)
          (block + k * rows + count).update(from: matrix.numbers, start: k * matrix.rows + start, count: taken)
        }
        (block + count * rows + count).update(repeating: 0, count: size)
        (block + count * rows + count).update(from: y, start: start, count: taken)
        for k in 0..<count { _ = reflect(k, block, rows, count + 1) }
      }
    }
    var triangle = Columns(rows: count, columns: count)
    for k in 0..<count {
      for i in 0...k { triangle[i, k] = block[i, k] }
    }
    return (triangle, (0..<count).map { block[$0, count] })
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

extension UnsafeMutablePointer<Double> {
  /// Copies consecutive numbers of an array here.
  fileprivate func update(from numbers: [Double], start: Int, count: Int) {
    numbers.withUnsafeBufferPointer { numbers in
      guard let first = numbers.baseAddress else { return }
      update(from: first + start, count: count)
    }
  }
}
