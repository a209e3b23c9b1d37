import Micrograd

/// Fits a model with several responses for each input, such as the amounts of two substances over time.
///
/// ```swift
/// let fit = try fitCurve(x: [0, 1, 2], outputs: [[1, 0], [0.6, 0.4], [0.4, 0.6]], from: [0.3]) { p, t in
///   let left = exp(-p[0] * t)
///   return [left, 1 - left]
/// }
/// fit.parameters  // [0.4785]
/// ```
///
/// All squared residuals are added up. If the responses have different units or scatters, give their standard deviations. R² compares
/// each response with its own mean.
///
/// - Parameters:
///   - x: The predictor of each row.
///   - outputs: The responses of each row, all in the same order.
///   - start: The initial parameters. The model and its derivatives must be finite there.
///   - weighting: The weights or standard deviations, one for each row, or for each response, row by row.
///   - bounds: The range of each parameter, `-Double.infinity ... .infinity` for no bound.
///   - loss: The loss function of the residuals; a robust one gives outliers less weight.
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
///   - model: The responses for some parameters and one `x`.
/// - Returns: The fit; its residuals are listed row by row. It may not have converged; see ``FitResult/isConverged``.
/// - Throws: ``OptimizationError`` for invalid data, start, bounds or names.
public func fitCurve(
  x: [Double], outputs: [[Double]], from start: [Double], weighting: Weighting = .equal,
  bounds: [ClosedRange<Double>]? = nil, loss: FitLoss = .squares, options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn },
  model: (_ parameters: [Value], _ x: Double) -> [Value]
) throws(OptimizationError) -> FitResult {
  try fitCurve(
    inputs: x, outputs: outputs, from: start, weighting: weighting, bounds: bounds, loss: loss, options: options,
    progress: progress, model: model)
}

/// Fits a model with several responses, whose predictors are lists of numbers, or values of any other type.
///
/// - Parameters:
///   - inputs: The predictors of each row: a list of numbers, or a value of any other type.
///   - outputs: The responses of each row, all in the same order.
///   - start: The initial parameters. The model and its derivatives must be finite there.
///   - weighting: The weights or standard deviations, one for each row, or for each response, row by row.
///   - bounds: The range of each parameter, `-Double.infinity ... .infinity` for no bound.
///   - loss: The loss function of the residuals; a robust one gives outliers less weight.
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
///   - model: The responses for some parameters and one input.
/// - Returns: The fit; its residuals are listed row by row. It may not have converged; see ``FitResult/isConverged``.
/// - Throws: ``OptimizationError`` for invalid data, start, bounds or names.
public func fitCurve<Input>(
  inputs: [Input], outputs: [[Double]], from start: [Double], weighting: Weighting = .equal,
  bounds: [ClosedRange<Double>]? = nil, loss: FitLoss = .squares, options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn },
  model: (_ parameters: [Value], _ input: Input) -> [Value]
) throws(OptimizationError) -> FitResult {
  try fitOutputs(inputs, outputs, from: start, names: nil, weighting, bounds, loss, options, progress, model)
}

/// Fits a model with several responses, whose parameters have names.
///
/// - Parameters:
///   - x: The predictor of each row.
///   - outputs: The responses of each row, all in the same order.
///   - start: The names of the parameters, and where they start.
///   - weighting: The weights or standard deviations, one for each row, or for each response, row by row.
///   - bounds: The ranges of those parameters that have bounds.
///   - loss: The loss function of the residuals; a robust one gives outliers less weight.
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
///   - model: The responses for some parameters and one `x`.
/// - Returns: The fit; its residuals are listed row by row. It may not have converged; see ``FitResult/isConverged``.
/// - Throws: ``OptimizationError`` for invalid data, start, bounds or names.
public func fitCurve(
  x: [Double], outputs: [[Double]], from start: Named<Double>, weighting: Weighting = .equal,
  bounds: Named<ClosedRange<Double>> = [:], loss: FitLoss = .squares, options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn },
  model: (_ parameters: NamedValues, _ x: Double) -> [Value]
) throws(OptimizationError) -> FitResult {
  try fitCurve(
    inputs: x, outputs: outputs, from: start, weighting: weighting, bounds: bounds, loss: loss, options: options,
    progress: progress, model: model)
}

/// Fits a model with several responses, whose parameters have names and whose predictors are values of any type.
///
/// - Parameters:
///   - inputs: The predictors of each row: a list of numbers, or a value of any other type.
///   - outputs: The responses of each row, all in the same order.
///   - start: The names of the parameters, and where they start.
///   - weighting: The weights or standard deviations, one for each row, or for each response, row by row.
///   - bounds: The ranges of those parameters that have bounds.
///   - loss: The loss function of the residuals; a robust one gives outliers less weight.
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
///   - model: The responses for some parameters and one input.
/// - Returns: The fit; its residuals are listed row by row. It may not have converged; see ``FitResult/isConverged``.
/// - Throws: ``OptimizationError`` for invalid data, start, bounds or names.
public func fitCurve<Input>(
  inputs: [Input], outputs: [[Double]], from start: Named<Double>, weighting: Weighting = .equal,
  bounds: Named<ClosedRange<Double>> = [:], loss: FitLoss = .squares, options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn },
  model: (_ parameters: NamedValues, _ input: Input) -> [Value]
) throws(OptimizationError) -> FitResult {
  try ParameterNames.fitting(start, bounds) { (names, ranges) throws(OptimizationError) in
    try fitOutputs(
      inputs, outputs, from: start.values, names: names.names, weighting, ranges, loss, options, progress
    ) { p, input in model(NamedValues(p, names), input) }
  }
}

private func fitOutputs<Input>(
  _ inputs: [Input], _ outputs: [[Double]], from start: [Double], names: [String]?, _ weighting: Weighting,
  _ bounds: [ClosedRange<Double>]?, _ loss: FitLoss, _ options: FitOptions,
  _ progress: (OptimizationProgress) -> OptimizationProgress.Decision, _ model: ([Value], Input) -> [Value]
) throws(OptimizationError) -> FitResult {
  options.check()
  let box = try Box(bounds, around: start)
  guard inputs.count == outputs.count else { throw .dataCounts(x: inputs.count, y: outputs.count) }
  guard let width = outputs.first?.count else { throw .noData }
  for (row, output) in outputs.enumerated() where output.count != width || width == 0 {
    throw .rowWidth(row: row, found: output.count, expected: max(width, 1))
  }
  let rows = try FitRows(inputs: inputs, y: outputs.flatMap { $0 }, width: width, weighting: weighting)
  try rows.check(parameters: start.count)
  try loss.check()
  let data = FitData(rows, weighting, loss, names: names), counts = OutputCount(width)
  return try withoutActuallyEscaping(model) { (model) throws(OptimizationError) in
    let residuals = rows.residuals(inputs, counts, compiles: options.compiles, model)
    return try counts.checking { () throws(OptimizationError) in
      try rows.namingRows { () throws(OptimizationError) in
        try fit(residuals, from: start, within: box, options, data, progress)
      }
    }
  }
}
