/// What is known of the scatter of a curve's data.
public enum Weighting: Sendable, Equatable {
  /// All responses scatter alike; by how much, the residuals say.
  case equal
  /// Each squared residual counts so many times: 1 / variance, but for a factor that the residuals say. A row of weight 0
  /// does not count at all.
  case weights([Double])
  /// The standard deviation of each response is known, so the covariance follows from these alone.
  case standardDeviations([Double])
}

extension Weighting {
  internal var isKnownScatter: Bool {
    if case .standardDeviations = self { true } else { false }
  }

  /// What each residual is multiplied by.
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
