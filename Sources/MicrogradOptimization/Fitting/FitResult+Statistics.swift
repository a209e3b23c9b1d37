import Foundation

extension FitResult {
  /// The number of rows, or residuals, with a weight above 0.
  public var pointCount: Int { residuals.count }

  /// The number of parameters that were fitted: all but those that a bound holds.
  public var fittedCount: Int { parameters.count - heldByBounds.count }

  /// R², the coefficient of determination: 1 - residual sum of squares / sum of squares about the mean.
  ///
  /// Both sums and the mean are weighted. It is 1 for a curve through all points, and may be negative for a curve that is worse
  /// than a constant. `nil` if all responses are equal, and for ``leastSquares(_:from:bounds:loss:options:progress:)``, which knows
  /// no responses.
  public var rSquared: Double? {
    guard let totalNorm, totalNorm > 0 else { return nil }
    let ratio = residualNorm / totalNorm
    return 1 - ratio * ratio
  }

  /// Reduced χ²: the sum of squared residuals, each divided by its standard deviation, per degree of freedom. It is near 1 if the
  /// model and the standard deviations are right.
  ///
  /// `nil` unless the weighting is ``Weighting/standardDeviations(_:)``, and without degrees of freedom.
  public var reducedChiSquare: Double? {
    guard data.weighting.isKnownScatter, let residualStandardDeviation else { return nil }
    return residualStandardDeviation * residualStandardDeviation
  }

  /// Akaike's information criterion: n ln(S / n) + 2k.
  ///
  /// S is the sum of squares, n the number of points, k the number of fitted parameters. This is lmfit's definition. It leaves out
  /// what is the same for all models of the same data, so only differences have a meaning: the lower is better. -∞ for a curve
  /// through all points; `nil` for a robust loss.
  public var akaikeCriterion: Double? { criterion(penalty: 2) }

  /// The Bayesian information criterion: n ln(S / n) + k ln n, with the letters of ``akaikeCriterion``.
  public var bayesianCriterion: Double? { criterion(penalty: log(Double(pointCount))) }

  private func criterion(penalty: Double) -> Double? {
    guard loss == .squares else { return nil }
    let count = Double(pointCount)
    // The norm does not overflow where its square would.
    return 2 * count * log(residualNorm / count.squareRoot()) + penalty * Double(fittedCount)
  }
}
