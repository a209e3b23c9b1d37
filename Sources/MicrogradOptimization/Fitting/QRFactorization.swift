import Micrograd

/// `A P = Q R` by Householder's reflections with column pivoting: Golub & Van Loan, *Matrix Computations*, 5.4.2.
///
/// P puts first the column with the largest remainder, so that the diagonal of R falls and shows the rank.
internal struct QRFactorization: Sendable {
  /// R above the diagonal and on it; below, the reflections' vectors.
  private var packed: Columns
  private var scales: [Double] = []
  /// Which column of A each column of R is.
  private(set) var order: [Int]

  init(_ matrix: Columns, pivoting: Bool = true) {
    packed = matrix
    order = Array(0..<matrix.columns)
    let rows = matrix.rows
    for k in 0..<min(matrix.columns, rows) {
      if pivoting { pivot(k) }
      let start = k * rows
      let norm = euclideanNorm(Array(packed.numbers[start + k..<start + rows]))
      guard norm > 0 else {
        scales.append(0)
        continue
      }
      // The reflection takes the column to -sign(x₀) |x| e₀, so that nothing cancels.
      let diagonal = packed[k, k] > 0 ? -norm : norm
      let first = packed[k, k] - diagonal
      for i in k + 1..<max(rows, k + 1) { packed.numbers[start + i] /= first }
      scales.append(-first / diagonal)
      packed[k, k] = diagonal
      for j in k + 1..<max(matrix.columns, k + 1) {
        packed.numbers.reflect(at: j * rows, by: k, start, rows, scales[k])
      }
    }
  }

  private mutating func pivot(_ k: Int) {
    let rows = packed.rows
    let norms = (k..<packed.columns).map { euclideanNorm(Array(packed.numbers[$0 * rows + k..<($0 + 1) * rows])) }
    guard let largest = norms.max(), let found = norms.firstIndex(of: largest), found > 0 else { return }
    order.swapAt(k, k + found)
    for i in 0..<rows { packed.numbers.swapAt(k * rows + i, (k + found) * rows + i) }
  }

  /// The first elements of `Qᵀ y`, as many as columns.
  func projection(_ y: [Double]) -> [Double] {
    var y = y
    for (k, scale) in scales.enumerated() {
      let start = k * packed.rows
      var sum = y[k]
      for i in k + 1..<max(packed.rows, k + 1) { sum += packed.numbers[start + i] * y[i] }
      sum *= scale
      y[k] -= sum
      for i in k + 1..<max(packed.rows, k + 1) { y[i] -= sum * packed.numbers[start + i] }
    }
    return Array(y.prefix(packed.columns))
  }

  /// How many columns are independent, where a remainder of `tolerance` times the largest column is none.
  func rank(tolerance: Double) -> Int {
    let largest = abs(packed[0, 0])
    return (0..<packed.columns).prefix { abs(packed[$0, $0]) > tolerance * largest }.count
  }

  /// An element of R.
  func r(_ row: Int, _ column: Int) -> Double { row <= column ? packed[row, column] : 0 }

  /// Solves `R x = y` in the first `rank` columns; the others stay 0. In the order of R.
  func solve(_ y: [Double], rank: Int) -> [Double] {
    var x = [Double](repeating: 0, count: packed.columns)
    for k in (0..<rank).reversed() {
      var rest = y[k]
      for j in k + 1..<max(rank, k + 1) { rest -= packed[k, j] * x[j] }
      x[k] = rest / packed[k, k]
    }
    return x
  }

  /// Solves `Rᵀ x = y`; R has full rank. In the order of R.
  func solveTransposed(_ y: [Double]) -> [Double] {
    var x = y
    for k in 0..<packed.columns {
      for j in 0..<k { x[k] -= packed[j, k] * x[j] }
      x[k] /= packed[k, k]
    }
    return x
  }

  /// A vector in the order of R, in that of A's columns.
  func unpermuted(_ x: [Double]) -> [Double] {
    var result = x
    for (k, column) in order.enumerated() { result[column] = x[k] }
    return result
  }
}

extension [Double] {
  /// Applies the reflection whose vector lies in the column at `start` to the column at `target`.
  fileprivate mutating func reflect(at target: Int, by k: Int, _ start: Int, _ rows: Int, _ scale: Double) {
    var sum = self[target + k]
    for i in k + 1..<Swift.max(rows, k + 1) { sum += self[start + i] * self[target + i] }
    sum *= scale
    self[target + k] -= sum
    for i in k + 1..<Swift.max(rows, k + 1) { self[target + i] -= sum * self[start + i] }
  }
}
