import Micrograd

/// Factors P L D Lᵀ Pᵀ of a symmetric matrix that need not be definite, with blocks of one or two rows in D: J. R. Bunch and
/// L. Kaufman, *Some stable methods for calculating inertia and solving symmetric linear systems* (1977).
///
/// Takes n³ / 3 operations for n rows.
internal struct SymmetricFactors {
  /// The numbers of positive and of negative eigenvalues. Their sum is smaller than the number of rows if the matrix is
  /// singular.
  private(set) var (positive, negative) = (0, 0)
  private let count: Int
  /// L below its diagonal of ones, and the blocks of D, in columns.
  private var factors: [Double]
  /// The row that was exchanged with each row, and the number of rows of the block there; 0 for the second row of a block.
  private var (exchanges, blocks): ([Int], [Int])

  /// - Parameter matrix: The columns, one after the other; only what is on or below the diagonal is read.
  init(_ matrix: [Double], count: Int) {
    self.count = count
    factors = matrix
    (exchanges, blocks) = (Array(0..<count), [Int](repeating: 1, count: count))
    var (positive, negative) = (0, 0)
    factors.withUnsafeMutableBufferPointer { [count] buffer in
      guard let a = buffer.baseAddress else { return }
      var k = 0
      while k < count {
        let pivot = Self.pivot(a, count, k)
        let last = k + pivot.size - 1
        Self.exchange(a, count, last, pivot.row, from: k)
        exchanges[last] = pivot.row
        if pivot.size == 2 {
          blocks[k] = 2
          blocks[k + 1] = 0
          // By the choice of such a block, its determinant is negative.
          positive += 1
          negative += 1
          Self.eliminateTwo(a, count, k)
        } else {
          let number = a[k * count + k]
          if number > 0 { positive += 1 } else if number < 0 { negative += 1 }
          if number != 0 { Self.eliminateOne(a, count, k) }
        }
        k += pivot.size
      }
    }
    (self.positive, self.negative) = (positive, negative)
  }

  private static let bound = (1 + 17.0.squareRoot()) / 8

  private typealias Numbers = UnsafeMutablePointer<Double>

  /// Returns the row that comes next, and the number of rows of its block.
  private static func pivot(_ a: Numbers, _ n: Int, _ k: Int) -> (row: Int, size: Int) {
    let diagonal = abs(a[k * n + k])
    var (row, largest) = (k, 0.0)
    for i in k + 1..<max(n, k + 1) where abs(a[k * n + i]) > largest { (row, largest) = (i, abs(a[k * n + i])) }
    if diagonal >= bound * largest { return (k, 1) }
    var inRow = 0.0
    for j in k..<row { inRow = max(inRow, abs(a[j * n + row])) }
    for i in row + 1..<max(n, row + 1) { inRow = max(inRow, abs(a[row * n + i])) }
    if diagonal >= bound * largest * (largest / inRow) { return (k, 1) }
    return abs(a[row * n + row]) >= bound * inRow ? (row, 1) : (row, 2)
  }

  /// Exchanges two rows, and the same columns, of what is left.
  private static func exchange(_ a: Numbers, _ n: Int, _ i: Int, _ j: Int, from k: Int) {
    if i == j { return }
    for row in j + 1..<max(n, j + 1) { swap(&a[i * n + row], &a[j * n + row]) }
    for row in i + 1..<max(j, i + 1) { swap(&a[i * n + row], &a[row * n + j]) }
    swap(&a[i * n + i], &a[j * n + j])
    if i > k { swap(&a[k * n + i], &a[k * n + j]) }
  }

  private static func eliminateOne(_ a: Numbers, _ n: Int, _ k: Int) {
    let column = a + k * n
    for j in k + 1..<max(n, k + 1) where column[j] != 0 {
      (a + j * n + j).add(-column[j] / column[k], times: column + j, n - j)
    }
    for j in k + 1..<max(n, k + 1) { column[j] /= column[k] }
  }

  private static func eliminateTwo(_ a: Numbers, _ n: Int, _ k: Int) {
    let (one, two) = (a + k * n, a + (k + 1) * n)
    let side = one[k + 1]
    let (d, e) = (two[k + 1] / side, one[k] / side)
    let scale = 1 / (d * e - 1) / side
    for j in k + 2..<max(n, k + 2) {
      let first = scale * (d * one[j] - two[j]), second = scale * (e * two[j] - one[j])
      (a + j * n + j).add(-first, times: one + j, n - j)
      (a + j * n + j).add(-second, times: two + j, n - j)
      (one[j], two[j]) = (first, second)
    }
  }

  /// Returns the solution for a right-hand side. It is not finite if the matrix is singular.
  func solve(_ side: [Double]) -> [Double] {
    var x = side
    let n = count
    factors.withUnsafeBufferPointer { factors in
      x.withUnsafeMutableBufferPointer { buffer in
        guard let a = factors.baseAddress, let x = buffer.baseAddress else { return }
        var k = 0
        while k < n {
          let size = blocks[k], next = k + size
          let (i, j) = (next - 1, exchanges[next - 1])
          if i != j { swap(&x[i], &x[j]) }
          for column in k..<next { (x + next).add(-x[column], times: a + column * n + next, n - next) }
          if size == 1 {
            x[k] /= a[k * n + k]
          } else {
            let side = a[k * n + k + 1]
            let (d, e) = (a[k * n + k] / side, a[(k + 1) * n + k + 1] / side)
            let (first, second) = (x[k] / side, x[k + 1] / side)
            x[k] = (e * first - second) / (d * e - 1)
            x[k + 1] = (d * second - first) / (d * e - 1)
          }
          k = next
        }
        k = n
        while k > 0 {
          let size = blocks[k - 1] == 0 ? 2 : 1, last = k
          k -= size
          for column in k..<last {
            x[column] -= (a + column * n + last).dot(UnsafePointer(x + last), n - last)
          }
          let (i, j) = (last - 1, exchanges[last - 1])
          if i != j { swap(&x[i], &x[j]) }
        }
      }
    }
    return x
  }
}
