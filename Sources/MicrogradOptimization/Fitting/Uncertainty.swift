import Micrograd

/// How well a Jacobian determines the parameters.
internal struct Uncertainty {
  /// How many of the fitted columns are independent.
  private(set) var rank = 0
  private(set) var undetermined: [Int] = []
  /// `(JᵀJ)⁻¹`, with zeros for parameters that are not fitted; `nil` where the rank is not full.
  private(set) var inverse: [[Double]]?

  /// - Parameters:
  ///   - jacobian: The Jacobian of all parameters.
  ///   - fitted: Which of them were fitted, by index.
  init(jacobian: Columns, fitted: [Int]) {
    let count = jacobian.columns
    guard !fitted.isEmpty else {
      inverse = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
      return
    }
    // Columns of length 1, so that the units of parameters make no rank.
    var columns = jacobian.selecting(fitted)
    let norms = fitted.indices.map { columns.norm($0) }
    for (k, norm) in norms.enumerated() where norm > 0 {
      for i in 0..<columns.rows { columns[i, k] /= norm }
    }
    let factors = QRFactorization(columns)
    rank = factors.rank(tolerance: Double.ulpOfOne * Double(max(columns.rows, 10)))
    guard norms.allSatisfy({ $0 > 0 }), rank == fitted.count else {
      undetermined = Self.nullParameters(of: factors, rank).map { fitted[$0] }.sorted()
      return
    }
    // R⁻¹ column by column; (JᵀJ)⁻¹ is R⁻¹ R⁻ᵀ, whose elements are dot products of rows of R⁻¹.
    var rows = [[Double]](repeating: [], count: fitted.count)
    for k in fitted.indices {
      let unit = vector(fitted.count) { $0 == k ? 1 : 0 }
      let solved = factors.unpermuted(factors.solve(unit, rank: rank))
      for (i, number) in solved.enumerated() { rows[i].append(number / norms[i]) }
    }
    var inverse = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for (i, a) in fitted.enumerated() {
      for (j, b) in fitted.enumerated() { inverse[a][b] = rows[i].dot(rows[j]) }
    }
    self.inverse = inverse
  }

  /// The columns that take part in a combination of columns that is zero.
  private static func nullParameters(of factors: QRFactorization, _ rank: Int) -> [Int] {
    let count = factors.order.count
    return (0..<count).filter { position in
      if position >= rank { return true }
      return (rank..<count).contains { dependent in
        // The dependent column as a combination of the independent ones.
        abs(factors.solve((0..<rank).map { factors.r($0, dependent) }, rank: rank)[position]) > 1e-6
      }
    }.map { factors.order[$0] }
  }
}
