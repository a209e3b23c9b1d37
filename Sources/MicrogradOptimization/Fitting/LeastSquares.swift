import Micrograd

/// Finds a local minimum of the sum of squared residuals, by the Levenberg–Marquardt method of J. J. Moré (1978) with exact
/// derivatives.
///
/// ```swift
/// let fit = try leastSquares({ p in [p[0] - 1, p[1] - 2, p[0] + p[1] - 3.3] }, from: [0, 0])
/// fit.parameters  // [1.1, 2.1]
/// ```
///
/// If residuals are not finite after a step, the step is shortened.
///
/// - Parameters:
///   - residuals: Returns the residuals: at least as many as parameters, and always the same number.
///   - start: The initial parameters. Residuals and derivatives must be finite there.
///   - bounds: The range of each parameter, `-Double.infinity ... .infinity` for no bound. Residuals are never evaluated
///     outside.
///   - loss: The loss function of the residuals; a robust one gives outliers less weight.
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
/// - Returns: The fit. It may not have converged; see ``FitResult/isConverged``.
/// - Throws: ``OptimizationError`` for an invalid start, bounds or residuals.
public func leastSquares(
  _ residuals: ([Value]) -> [Value], from start: [Double], bounds: [ClosedRange<Double>]? = nil,
  loss: FitLoss = .squares, options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn }
) throws(OptimizationError) -> FitResult {
  options.check()
  let box = try Box(bounds, around: start)
  try loss.check()
  return try withoutActuallyEscaping(residuals) { (residuals) throws(OptimizationError) in
    try fit(
      RepeatedResiduals(residuals, compiles: options.compiles), from: start, within: box, options,
      FitData(loss: loss), progress)
  }
}

internal func fit(
  _ residuals: Residuals, from start: [Double], within box: Box, _ options: FitOptions, _ data: FitData,
  _ progress: (OptimizationProgress) -> OptimizationProgress.Decision
) throws(OptimizationError) -> FitResult {
  let residuals = data.loss == .squares ? residuals : RobustResiduals(residuals, data.loss)
  var method = try LevenbergMarquardt(residuals, within: box, from: start, options)
  let reason = try method.run(progress)
  let held = method.held
  let fitted = start.indices.filter { !held.contains($0) }
  let point = residuals.withoutLoss(method.point)
  let freedom = point.residualCount - fitted.count
  let scatter: Double? = freedom > 0 ? point.norm / Double(freedom).squareRoot() : nil
  var deviation = data.weighting.isKnownScatter ? 1 : scatter
  if data.loss != .squares { deviation = data.loss.deviation(of: point.residuals, fitted: fitted.count) }
  let uncertainty = Uncertainty(at: point, fitted: fitted, deviation: deviation)
  return FitResult(
    names: data.names ?? start.indices.map { "p[\($0)]" }, parameters: point.parameters,
    residuals: residuals.all(point.residuals),
    residualSumOfSquares: point.norm * point.norm, lossSum: method.point.norm * method.point.norm,
    degreesOfFreedom: freedom, residualStandardDeviation: scatter, covariance: uncertainty.covariance,
    standardErrors: uncertainty.standardErrors, correlation: uncertainty.correlation, rank: uncertainty.rank,
    undetermined: uncertainty.undetermined, heldByBounds: held, iterations: method.iterations,
    evaluations: residuals.counts, evaluation: residuals.evaluation, reason: reason, residualNorm: point.norm,
    data: data, bounds: box.ranges, options: options, covarianceFactor: uncertainty.factor)
}
