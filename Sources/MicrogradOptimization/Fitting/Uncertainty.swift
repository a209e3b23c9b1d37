import Micrograd

/// The covariance, and the parameters that the data do not determine, from a Jacobian.
internal struct Uncertainty {
  /// The rank of the fitted columns.
  private(set) var rank = 0
  private(set) var undetermined: [Int] = []
  /// `s² (JᵀJ)⁻¹`, with zeros for parameters that are not fitted; `nil` if the rank is not full or s is unknown.
  private(set) var covariance: [[Double]]?
  private(set) var standardErrors: [Double]?
  private(set) var correlation: [[Double]]?
  /// L of the covariance L Lᵀ, row by row. A quadratic form by it keeps the digits that the covariance has lost.
  private(set) var factor: [[Double]]?

  /// - Parameters:
  ///   - point: Residuals and the Jacobian of all parameters.
  ///   - fitted: The indices of the fitted parameters.
  ///   - deviation: s, the standard deviation of a residual.
  init(at point: FitPoint, fitted: [Int], deviation: Double?) {
    let count = point.parameters.count
    // R⁻¹, row by row: (JᵀJ)⁻¹ is R⁻¹ R⁻ᵀ, whose elements are dot products of these rows.
    var rows: [[Double]] = []
    if !fitted.isEmpty {
      // From columns of length 1, so that the units of parameters make no rank.
      let factors = QRFactorization(point.triangle.selecting(fitted))
      rank = factors.rank(tolerance: Double.ulpOfOne * Double(max(point.residualCount, 10)))
      guard rank == fitted.count else {
        undetermined = Self.nullParameters(of: factors, rank).map { fitted[$0] }.sorted()
        return
      }
      rows = [[Double]](repeating: [], count: fitted.count)
      for k in fitted.indices {
        let solved = factors.unpermuted(factors.solve(vector(fitted.count) { $0 == k ? 1 : 0 }, rank: rank))
        for (i, number) in solved.enumerated() { rows[i].append(number) }
      }
    }
    guard let deviation else { return }
    // The order of divisions avoids overflow if the result does not overflow.
    let sizes = rows.map(euclideanNorm)
    var errors = [Double](repeating: 0, count: count)
    var covariance = [[Double]](repeating: errors, count: count)
    var correlation = vector(count) { _ in 0 }.indices.map { i in vector(count) { $0 == i ? 1 : 0 } }
    for (i, a) in fitted.enumerated() { errors[a] = product(deviation, sizes[i], over: point.lengths[a]) }
    var factor = [[Double]](repeating: [Double](repeating: 0, count: fitted.count), count: count)
    for (i, a) in fitted.enumerated() {
      factor[a] = rows[i].map { product(deviation, $0, over: point.lengths[a]) }
      for (j, b) in fitted.enumerated() {
        let cosine = rows[i].dot(rows[j]) / sizes[i] / sizes[j]
        covariance[a][b] = cosine * errors[a] * errors[b]
        if i != j { correlation[a][b] = min(max(cosine, -1), 1) }
      }
    }
    (self.covariance, standardErrors, self.correlation) = (covariance, errors, correlation)
    self.factor = factor
  }

  /// Returns the columns in a linear combination of columns that is zero.
  private static func nullParameters(of factors: QRFactorization, _ rank: Int) -> [Int] {
    let count = factors.order.count
    return (0..<count).filter { position in
      if position >= rank { return true }
      return (rank..<count).contains { dependent in
        // The dependent column as a linear combination of the independent ones.
        abs(factors.solve((0..<rank).map { factors.r($0, dependent) }, rank: rank)[position]) > 1e-6
      }
    }.map { factors.order[$0] }
  }
}
