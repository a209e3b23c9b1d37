import Micrograd

/// What a result says of its data, besides the residuals.
internal struct FitData: Sendable, Equatable {
  /// The names of the parameters.
  var names: [String]?
  /// The norm of the weighted responses minus their weighted mean; of several responses, each has a mean of its own.
  var totalNorm: Double?
  var weighting = Weighting.equal
  var loss = FitLoss.squares
}

extension FitData {
  init(_ rows: FitRows, _ weighting: Weighting, _ loss: FitLoss, names: [String]?) {
    (self.names, self.weighting, self.loss) = (names, weighting, loss)
    // Factors of at most 1, whose squares do not overflow.
    let largest = rows.factors.largestMagnitude
    var means = [Double](repeating: 0, count: rows.width), weights = means
    for k in rows.used {
      let weight = (rows.factors[k] / largest) * (rows.factors[k] / largest), column = k % rows.width
      weights[column] += weight
      // The mean so far, which is not larger than the numbers.
      if weight > 0 { means[column] += weight / weights[column] * (rows.y[k] - means[column]) }
    }
    totalNorm = rows.used.map { rows.factors[$0] * (rows.y[$0] - means[$0 % rows.width]) }.norm
  }
}
