import Micrograd

/// What a result says of its data, besides the residuals.
internal struct FitData: Sendable, Equatable {
  /// The names of the parameters.
  var names: [String]?
  /// The norm of the weighted responses minus their weighted mean.
  var totalNorm: Double?
  /// True if the standard deviations of the data are given.
  var isScatterKnown = false
}

extension FitData {
  /// - Parameters:
  ///   - y: The responses.
  ///   - factors: The factor of each residual.
  init(y: [Double], factors: [Double], names: [String]? = nil, isScatterKnown: Bool) {
    // Factors of at most 1, whose squares do not overflow.
    let largest = factors.largestMagnitude
    var (total, weights) = (0.0, 0.0)
    for (number, factor) in zip(y, factors) {
      let weight = (factor / largest) * (factor / largest)
      weights += weight
      // The mean so far, which is not larger than the numbers.
      if weight > 0 { total += weight / weights * (number - total) }
    }
    let mean = total
    self.init(
      names: names, totalNorm: zip(y, factors).map { $1 * ($0 - mean) }.norm, isScatterKnown: isScatterKnown)
  }
}
