/// Linear least squares for a few unknowns, by orthogonalising the columns twice (Gram, Schmidt).
internal enum SmallLeastSquares {
  /// Returns x with the least |A x - b|. A column that depends on those before it gets 0.
  ///
  /// - Parameters:
  ///   - columns: The columns of A.
  ///   - right: b.
  static func solve(_ columns: [[Double]], _ right: [Double]) -> [Double] {
    let count = columns.count
    var (basis, triangle, kept): ([[Double]], [[Double]], [Int]) = ([], [], [])
    var scales = [Double](repeating: 0, count: count)
    for j in 0..<count {
      var column = columns[j]
      let scale = column.reduce(0) { max($0, abs($1)) }
      guard scale > 0, scale.isFinite else { continue }
      scales[j] = scale
      for k in column.indices { column[k] /= scale }
      let length = dot(column, column).squareRoot()
      var coefficients = [Double](repeating: 0, count: basis.count)
      for _ in 0..<2 {
        for (k, q) in basis.enumerated() {
          let part = dot(q, column)
          coefficients[k] += part
          for i in column.indices { column[i] -= part * q[i] }
        }
      }
      let rest = dot(column, column).squareRoot()
      guard rest > 1e-11 * length else { continue }
      basis.append(column.map { $0 / rest })
      triangle.append(coefficients + [rest])
      kept.append(j)
    }
    var targets = basis.map { dot($0, right) }
    var solution = [Double](repeating: 0, count: count)
    for k in kept.indices.reversed() {
      let x = targets[k] / triangle[k][k]
      for i in 0..<k { targets[i] -= x * triangle[k][i] }
      solution[kept[k]] = x / scales[kept[k]]
    }
    return solution
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for k in a.indices { sum += a[k] * b[k] }
    return sum
  }
}
