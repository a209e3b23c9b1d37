/// The factors L and U of a square matrix of plain numbers whose entries lie near the diagonal.
///
/// Rows are exchanged by magnitude, so U has as many further diagonals as L. A dense matrix is the case of all diagonals.
/// Takes no memory after it is made.
///
/// - Complexity: n · l · (l + u) for n rows, l diagonals below the main one and u above.
internal struct BandedFactors {
  private let count: Int
  private let lower: Int
  private let upper: Int
  /// The number of entries that are kept of a row.
  private let width: Int
  private var entries: [Double]
  private var pivots: [Int]

  init(count: Int, lower: Int, upper: Int) {
    (self.count, self.lower, self.upper) = (count, lower, upper)
    width = min(count, 2 * lower + upper + 1)
    entries = [Double](repeating: 0, count: count * width)
    pivots = [Int](repeating: 0, count: count)
  }

  /// The first column that is kept of a row.
  private func first(_ row: Int) -> Int { min(max(0, row - lower), count - width) }

  /// Sets all entries to 0.
  mutating func clear() {
    for k in entries.indices { entries[k] = 0 }
  }

  /// Sets an entry of the matrix, before it is factored.
  mutating func set(_ row: Int, _ column: Int, _ value: Double) { entries[row * width + column - first(row)] = value }

  /// Replaces the matrix by its factors.
  ///
  /// - Returns: False if the matrix is singular, or not finite.
  mutating func factor() -> Bool {
    let (count, lower, width, reach) = (count, lower, width, lower + upper)
    let first = first
    return entries.withUnsafeMutableBufferPointer { entries in
      for k in 0..<count {
        let (end, last) = (min(count - 1, k + lower), min(count - 1, k + reach))
        var (pivot, largest) = (k, 0.0)
        for i in k...end {
          let size = abs(entries[i * width + k - first(i)])
          if size > largest { (pivot, largest) = (i, size) }
        }
        guard largest > 0, largest.isFinite else { return false }
        pivots[k] = pivot
        let rowK = k * width - first(k)
        if pivot != k {
          let other = pivot * width - first(pivot)
          for j in k...last { entries.swapAt(rowK + j, other + j) }
        }
        guard k < end else { continue }
        let inverse = 1 / entries[rowK + k]
        for i in (k + 1)...end {
          let row = i * width - first(i), factor = entries[row + k] * inverse
          entries[row + k] = factor
          guard factor != 0, k < last else { continue }
          for j in (k + 1)...last { entries[row + j] -= factor * entries[rowK + j] }
        }
      }
      return true
    }
  }

  /// Replaces a right-hand side by the solution.
  func solve(_ x: inout [Double]) {
    let reach = lower + upper
    entries.withUnsafeBufferPointer { entries in
      x.withUnsafeMutableBufferPointer { x in
        for k in 0..<count {
          x.swapAt(k, pivots[k])
          let end = min(count - 1, k + lower)
          guard k < end, x[k] != 0 else { continue }
          for i in (k + 1)...end { x[i] -= entries[i * width + k - first(i)] * x[k] }
        }
        for k in (0..<count).reversed() {
          let (row, last) = (k * width - first(k), min(count - 1, k + reach))
          var sum = x[k]
          if k < last { for j in (k + 1)...last { sum -= entries[row + j] * x[j] } }
          x[k] = sum / entries[row + k]
        }
      }
    }
  }

  /// Replaces a right-hand side by the solution of the system with the transposed matrix.
  func solveTransposed(_ x: inout [Double]) {
    let reach = lower + upper
    entries.withUnsafeBufferPointer { entries in
      x.withUnsafeMutableBufferPointer { x in
        for k in 0..<count {
          let row = k * width - first(k), last = min(count - 1, k + reach)
          x[k] /= entries[row + k]
          guard k < last, x[k] != 0 else { continue }
          for j in (k + 1)...last { x[j] -= entries[row + j] * x[k] }
        }
        for k in (0..<count).reversed() {
          let end = min(count - 1, k + lower)
          if k < end { for i in (k + 1)...end { x[k] -= entries[i * width + k - first(i)] * x[i] } }
          x.swapAt(k, pivots[k])
        }
      }
    }
  }
}
