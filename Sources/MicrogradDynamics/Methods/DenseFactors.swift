import Micrograd

/// The factors L and U of a square matrix over any number, with rows exchanged by the magnitudes of its numbers.
internal struct DenseFactors<T: DifferentiableNumber> {
  private var rows: [[T]]
  private var order: [Int]

  /// `nil` if the matrix is singular, or not finite.
  init?(_ matrix: [[T]]) {
    rows = matrix
    order = Array(matrix.indices)
    for k in rows.indices {
      let pivot = rows.indices[k...].max { abs(rows[$0][k].number) < abs(rows[$1][k].number) } ?? k
      guard rows[pivot][k].number != 0, rows[pivot][k].number.isFinite else { return nil }
      rows.swapAt(k, pivot)
      order.swapAt(k, pivot)
      for i in rows.indices[(k + 1)...] {
        let factor = rows[i][k] / rows[k][k]
        rows[i][k] = factor
        for j in rows.indices[(k + 1)...] { rows[i][j] = rows[i][j] - factor * rows[k][j] }
      }
    }
  }

  /// Returns the solution for a right-hand side.
  func solve(_ side: [T]) -> [T] {
    var x = order.map { side[$0] }
    for i in x.indices { for j in 0..<i { x[i] = x[i] - rows[i][j] * x[j] } }
    for i in x.indices.reversed() {
      for j in x.indices[(i + 1)...] { x[i] = x[i] - rows[i][j] * x[j] }
      x[i] = x[i] / rows[i][i]
    }
    return x
  }
}
