/// The weighting of the data of a fit.
///
/// There is a number for each response. If rows have several responses, they are listed row by row; a list with a number for each row
/// counts for all responses of the row.
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

  /// The factor of each residual, for some responses in a row.
  internal func factors(rows: Int, width: Int = 1) throws(OptimizationError) -> [Double] {
    switch self {
    case .equal:
      return [Double](repeating: 1, count: rows * width)
    case .weights(let weights):
      let weights = try Self.expanded(weights, rows, width)
      for (k, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
        throw .invalidWeight(row: k / width, found: weight)
      }
      return weights.map { $0.squareRoot() }
    case .standardDeviations(let deviations):
      let deviations = try Self.expanded(deviations, rows, width)
      for (k, deviation) in deviations.enumerated() where !(deviation > 0 && deviation.isFinite) {
        throw .invalidWeight(row: k / width, found: deviation)
      }
      return deviations.map { 1 / $0 }
    }
  }

  /// Returns a number for each response, if there is one for each response or one for each row.
  private static func expanded(_ numbers: [Double], _ rows: Int, _ width: Int) throws(OptimizationError) -> [Double] {
    if numbers.count == rows * width { return numbers }
    guard numbers.count == rows else { throw .weightCount(weights: numbers.count, rows: rows) }
    return numbers.flatMap { [Double](repeating: $0, count: width) }
  }
}
