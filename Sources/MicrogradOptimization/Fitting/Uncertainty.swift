import Micrograd

/// How well a Jacobian determines the parameters.
internal struct Uncertainty {
  /// How many of the fitted columns are independent.
  private(set) var rank = 0
  private(set) var undetermined: [Int] = []
  /// `s² (JᵀJ)⁻¹`, with zeros for parameters that are not fitted; `nil` where the rank is not full, or s is not known.
  private(set) var covariance: [[Double]]?
  private(set) var standardErrors: [Double]?
  private(set) var correlation: [[Double]]?

  /// - Parameters:
  ///   - point: Residuals and the Jacobian of all parameters.
  ///   - fitted: Which of them were fitted, by index.
  ///   - deviation: s, the standard deviation of a residual.
  init(at point: FitPoint, fitted: [Int], deviation: Double?) {
    let count = point.parameters.count
    // R⁻¹, row by row: (JᵀJ)⁻¹ is R⁻¹ R⁻ᵀ, whose elements are dot products of these rows.
    var rows: [[Double]] = []
    if !fitted.isEmpty {
      // Of columns of length 1, so that the units of parameters make no rank.
      let factors = QRFactorization(
        QRFactorization.triangle(of: point.directions.selecting(fitted), and: point.values).triangle)
      rank = factors.rank(tolerance: Double.ulpOfOne * Double(max(point.values.count, 10)))
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
    // In steps that cannot overflow where the result does not.
    let sizes = rows.map(euclideanNorm)
    var errors = [Double](repeating: 0, count: count)
    var covariance = [[Double]](repeating: errors, count: count)
    var correlation = vector(count) { _ in 0 }.indices.map { i in vector(count) { $0 == i ? 1 : 0 } }
    for (i, a) in fitted.enumerated() { errors[a] = product(deviation, sizes[i], over: point.lengths[a]) }
    for (i, a) in fitted.enumerated() {
      for (j, b) in fitted.enumerated() {
        let cosine = rows[i].dot(rows[j]) / sizes[i] / sizes[j]
        covariance[a][b] = cosine * errors[a] * errors[b]
        if i != j { correlation[a][b] = min(max(cosine, -1), 1) }
      }
    }
    (self.covariance, standardErrors, self.correlation) = (covariance, errors, correlation)
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
