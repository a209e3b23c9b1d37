import Micrograd

/// Finds the parameters for which the sum of squared residuals is lowest, near where they start, by Levenberg and Marquardt's
/// method in the form of J. J. Moré (1978), with exact derivatives.
///
///     let fit = try leastSquares({ p in [p[0] - 1, p[1] - 2, p[0] + p[1] - 3.3] }, from: [0, 0])
///     fit.parameters  // [1.1, 2.1]
///
/// Where residuals are not finite, steps are shortened until they are.
///
/// - Parameters:
///   - residuals: The residuals, at least as many as parameters, and as many everywhere.
///   - start: The parameters at the start, where residuals and derivatives are finite.
///   - bounds: Between what the parameters stay, one range each, `-Double.infinity ... .infinity` where there is none;
///     residuals are not evaluated outside.
///   - options: When to stop.
///   - progress: Called after every iteration; may stop it.
/// - Returns: The fit, or how far it came; see ``FitResult/isConverged``.
/// - Throws: What is wrong with the start, the bounds or the residuals.
public func leastSquares(
  _ residuals: ([Value]) -> [Value], from start: [Double], bounds: [ClosedRange<Double>]? = nil,
  options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn }
) throws(OptimizationError) -> FitResult {
  options.check()
  let box = try Box(bounds, around: start)
  return try withoutActuallyEscaping(residuals) { (residuals) throws(OptimizationError) in
    try fit(Residuals(residuals), from: start, within: box, options, hasKnownScatter: false, progress)
  }
}

internal func fit(
  _ residuals: Residuals, from start: [Double], within box: Box, _ options: FitOptions, hasKnownScatter: Bool,
  _ progress: (OptimizationProgress) -> OptimizationProgress.Decision
) throws(OptimizationError) -> FitResult {
  var method = try LevenbergMarquardt(residuals, within: box, from: start, options)
  let reason = try method.run(progress)
  let point = method.point
  let held = method.held
  let fitted = start.indices.filter { !held.contains($0) }
  let freedom = point.residuals.count - fitted.count
  let deviation: Double? = freedom > 0 ? point.norm / Double(freedom).squareRoot() : nil
  let uncertainty = Uncertainty(at: point, fitted: fitted, deviation: hasKnownScatter ? 1 : deviation)
  return FitResult(
    parameters: point.parameters, residuals: point.residuals, residualSumOfSquares: point.norm * point.norm,
    degreesOfFreedom: freedom, residualStandardDeviation: deviation, covariance: uncertainty.covariance,
    standardErrors: uncertainty.standardErrors, correlation: uncertainty.correlation, rank: uncertainty.rank,
    undetermined: uncertainty.undetermined, heldByBounds: held, iterations: method.iterations,
    evaluations: residuals.counts, reason: reason)
}
