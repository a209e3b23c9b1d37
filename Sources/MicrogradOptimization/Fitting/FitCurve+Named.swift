import Micrograd

/// Fits a curve whose parameters have names.
///
/// ```swift
/// let fit = try fitCurve(x: [0, 1, 2, 3], y: [2.1, 1.2, 0.8, 0.4], from: ["amplitude": 1, "rate": 1]) { p, x in
///   p["amplitude"] * exp(-p["rate"] * x)
/// }
/// fit["rate"]  // 0.5231
/// ```
///
/// The method and its results are those of a fit without names, to the bit. ``FitResult/names``, the printed table and errors name the
/// parameters.
///
/// - Parameters:
///   - x: The predictor of each response.
///   - y: The responses.
///   - start: The names of the parameters, and where they start. The model and its derivatives must be finite there.
///   - weighting: The weights or standard deviations of the responses.
///   - bounds: The ranges of those parameters that have bounds.
///   - loss: The loss function of the residuals; a robust one gives outliers less weight.
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
///   - model: The response of the curve for some parameters and one `x`.
/// - Returns: The fit. It may not have converged; see ``FitResult/isConverged``.
/// - Throws: ``OptimizationError`` for invalid data, start, bounds or names.
public func fitCurve(
  x: [Double], y: [Double], from start: Named<Double>, weighting: Weighting = .equal,
  bounds: Named<ClosedRange<Double>> = [:], loss: FitLoss = .squares, options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn },
  model: (_ parameters: NamedValues, _ x: Double) -> Value
) throws(OptimizationError) -> FitResult {
  try fitCurve(
    inputs: x, y: y, from: start, weighting: weighting, bounds: bounds, loss: loss, options: options,
    progress: progress,
    model: model)
}

/// Fits a model whose parameters have names and whose predictors are lists of numbers, or values of any other type.
///
/// ```swift
/// let fit = try fitCurve(inputs: [[0, 1], [1, 0], [1, 1]], y: [2, 3, 5.3], from: ["a": 0, "b": 0]) { p, x in
///   p["a"] * x[0] + p["b"] * x[1]
/// }
/// ```
///
/// - Parameters:
///   - inputs: The predictors of each response: a list of numbers, or a value of any other type.
///   - y: The responses.
///   - start: The names of the parameters, and where they start. The model and its derivatives must be finite there.
///   - weighting: The weights or standard deviations of the responses.
///   - bounds: The ranges of those parameters that have bounds.
///   - loss: The loss function of the residuals; a robust one gives outliers less weight.
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
///   - model: The response of the curve for some parameters and one input.
/// - Returns: The fit. It may not have converged; see ``FitResult/isConverged``.
/// - Throws: ``OptimizationError`` for invalid data, start, bounds or names.
public func fitCurve<Input>(
  inputs: [Input], y: [Double], from start: Named<Double>, weighting: Weighting = .equal,
  bounds: Named<ClosedRange<Double>> = [:], loss: FitLoss = .squares, options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn },
  model: (_ parameters: NamedValues, _ input: Input) -> Value
) throws(OptimizationError) -> FitResult {
  try ParameterNames.fitting(start, bounds) { (names, ranges) throws(OptimizationError) in
    try fitRows(
      inputs, y, from: start.values, names: names.names, weighting, ranges, loss, options, progress
    ) { p, input in model(NamedValues(p, names), input) }
  }
}
