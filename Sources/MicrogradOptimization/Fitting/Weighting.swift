/// The weighting of the data of a fit.
public enum Weighting: Sendable, Equatable {
  /// All responses have the same variance, which is estimated from the residuals.
  case equal
  /// Each squared residual is multiplied by its weight, which is proportional to 1 / variance; the factor is estimated from
  /// the residuals. A row with weight 0 is ignored.
  case weights([Double])
  /// The standard deviation of each response is known. The covariance follows from these deviations alone.
  case standardDeviations([Double])
}

extension Weighting {
  internal var isKnownScatter: Bool {
    if case .standardDeviations = self { true } else { false }
  }

  /// The factor of each residual.
  internal func factors(rows: Int) throws(OptimizationError) -> [Double] {
    switch self {
    case .equal:
      return [Double](repeating: 1, count: rows)
    case .weights(let weights):
      guard weights.count == rows else { throw .weightCount(weights: weights.count, rows: rows) }
      for (row, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
        throw .invalidWeight(row: row, found: weight)
      }
      return weights.map { $0.squareRoot() }
    case .standardDeviations(let deviations):
      guard deviations.count == rows else { throw .weightCount(weights: deviations.count, rows: rows) }
      for (row, deviation) in deviations.enumerated() where !(deviation > 0 && deviation.isFinite) {
        throw .invalidWeight(row: row, found: deviation)
      }
      return deviations.map { 1 / $0 }
    }
  }
}
