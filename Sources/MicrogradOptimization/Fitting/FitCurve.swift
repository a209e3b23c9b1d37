import Micrograd

/// Fits the parameters of a curve to data, by least squares.
///
/// ```swift
/// let line = try fitCurve(x: [0, 1, 2], y: [1, 3.1, 4.9], from: [0, 0]) { p, x in p[0] + p[1] * x }
/// line.parameters  // [1.05, 1.95], the offset and the slope
/// line.standardErrors  // [0.1118, 0.0866], how well they are known
/// ```
///
/// The method is that of ``leastSquares(_:from:bounds:loss:options:progress:)``; residuals are `(y - model) · √weight`.
///
/// - Parameters:
///   - x: The predictor of each response.
///   - y: The responses.
///   - start: The initial parameters. The model and its derivatives must be finite there.
///   - weighting: The weights or standard deviations of the responses.
///   - bounds: The range of each parameter, `-Double.infinity ... .infinity` for no bound.
///   - loss: The loss function of the residuals; a robust one gives outliers less weight.
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
///   - model: The response of the curve for some parameters and one `x`.
/// - Returns: The fit. It may not have converged; see ``FitResult/isConverged``.
/// - Throws: ``OptimizationError`` for invalid data, start or bounds.
public func fitCurve(
  x: [Double], y: [Double], from start: [Double], weighting: Weighting = .equal,
  bounds: [ClosedRange<Double>]? = nil, loss: FitLoss = .squares, options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn },
  model: (_ parameters: [Value], _ x: Double) -> Value
) throws(OptimizationError) -> FitResult {
  try fitCurve(
    inputs: x, y: y, from: start, weighting: weighting, bounds: bounds, loss: loss, options: options,
    progress: progress,
    model: model)
}

/// Fits a model whose predictors are lists of numbers, or values of any other type.
///
/// ```swift
/// let fit = try fitCurve(inputs: [[0, 1], [1, 0], [1, 1]], y: [2, 3, 5.3], from: [0, 0]) { p, x in
///   p[0] * x[0] + p[1] * x[1]
/// }
/// ```
///
/// - Parameters:
///   - inputs: The predictors of each response: a list of numbers, or a value of any other type.
///   - y: The responses.
///   - start: The initial parameters. The model and its derivatives must be finite there.
///   - weighting: The weights or standard deviations of the responses.
///   - bounds: The range of each parameter, `-Double.infinity ... .infinity` for no bound.
///   - loss: The loss function of the residuals; a robust one gives outliers less weight.
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
///   - model: The response of the curve for some parameters and one input.
/// - Returns: The fit. It may not have converged; see ``FitResult/isConverged``.
/// - Throws: ``OptimizationError`` for invalid data, start or bounds.
public func fitCurve<Input>(
  inputs: [Input], y: [Double], from start: [Double], weighting: Weighting = .equal,
  bounds: [ClosedRange<Double>]? = nil, loss: FitLoss = .squares, options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn },
  model: (_ parameters: [Value], _ input: Input) -> Value
) throws(OptimizationError) -> FitResult {
  try fitRows(inputs, y, from: start, names: nil, weighting, bounds, loss, options, progress, model)
}

/// Fits a model with one response for each row.
internal func fitRows<Input>(
  _ inputs: [Input], _ y: [Double], from start: [Double], names: [String]?, _ weighting: Weighting,
  _ bounds: [ClosedRange<Double>]?, _ loss: FitLoss, _ options: FitOptions,
  _ progress: (OptimizationProgress) -> OptimizationProgress.Decision, _ model: ([Value], Input) -> Value
) throws(OptimizationError) -> FitResult {
  options.check()
  let box = try Box(bounds, around: start)
  let rows = try FitRows(inputs: inputs, y: y, weighting: weighting)
  try rows.check(parameters: start.count)
  try loss.check()
  let data = FitData(rows, weighting, loss, names: names)
  return try withoutActuallyEscaping(model) { (model) throws(OptimizationError) in
    let residuals = rows.residuals(inputs, compiles: options.compiles, model)
    return try rows.namingRows { () throws(OptimizationError) in
      try fit(residuals, from: start, within: box, options, data, progress)
    }
  }
}
