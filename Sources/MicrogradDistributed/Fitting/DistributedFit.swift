import Micrograd
import MicrogradOptimization

/// Fits the parameters of a curve to data that are dealt to ranks, by least squares.
///
/// The result is the same on each rank, and the same bits for any number of ranks. It agrees with `fitCurve(x:y:…)` of
/// MicrogradOptimization to rounding: rows are reduced by QR factors in a fixed tree, so no digits are lost to JᵀJ.
///
/// ```swift
/// let data = RankedData([[0, 1, 2], [1, 3.1, 4.9]])
/// let fit = try fitCurve(over: SingleCommunicator(), data, from: [0, 0]) { p, x in p[0] + p[1] * x[0] }
/// fit.parameters  // [1.05, 1.95], the offset and the slope
/// ```
///
/// - Parameters:
///   - communicator: The ranks. All must call this with the same arguments.
///   - data: The predictors, then the responses in the last column; with `hasDeviations`, the standard deviations of the
///     responses after them. All numbers must be finite, and deviations above 0.
///   - start: The initial parameters. The model and its derivatives must be finite there.
///   - hasDeviations: True if the last column has standard deviations.
///   - bounds: The range of each parameter, `-Double.infinity ... .infinity` for no bound.
///   - options: The stopping criteria.
///   - model: The response of the curve for some parameters and the predictors of a row. It is compiled once, so both are
///     Values: use `select(_:then:else:)` instead of `if`.
/// - Returns: The fit. It may not have converged; see `FitResult.isConverged`.
/// - Throws: `OptimizationError` for an invalid start or bounds; `CompilationError` if the model cannot be compiled;
///   ``CommunicationError`` if another rank has failed; errors of `data`.
public func fitCurve(
  over communicator: any Communicator, _ data: RankedData, from start: [Double], hasDeviations: Bool = false,
  bounds: [ClosedRange<Double>]? = nil, options: FitOptions = FitOptions(),
  model: ([Value], [Value]) -> Value
) throws -> FitResult {
  let predictors = data.columnCount - (hasDeviations ? 2 : 1)
  require(
    predictors >= 0, "the data have \(data.columnCount) columns: give the responses and the standard deviations")
  return try fit(communicator, data, start, bounds, options, response: predictors, hasDeviations) { p, row in
    let difference = row[predictors] - model(p, Array(row[..<predictors]))
    return hasDeviations ? difference / row[predictors + 1] : difference
  }
}

/// Finds a local minimum of the sum of squared residuals over rows that are dealt to ranks.
///
/// The result is the same on each rank, and the same bits for any number of ranks.
///
/// ```swift
/// let data = RankedData([[1, 2, 3.3]])
/// let fit = try leastSquares(over: SingleCommunicator(), data, from: [0]) { p, row in p[0] - row[0] }
/// fit.parameters  // [2.1]
/// ```
///
/// - Parameters:
///   - communicator: The ranks. All must call this with the same arguments.
///   - data: The data of each residual.
///   - start: The initial parameters. Residuals and derivatives must be finite there.
///   - bounds: The range of each parameter, `-Double.infinity ... .infinity` for no bound.
///   - options: The stopping criteria.
///   - residual: The residual for some parameters and a row of the data. It is compiled once.
/// - Returns: The fit.
/// - Throws: As ``fitCurve(over:_:from:hasDeviations:bounds:options:model:)``.
public func leastSquares(
  over communicator: any Communicator, _ data: RankedData, from start: [Double],
  bounds: [ClosedRange<Double>]? = nil, options: FitOptions = FitOptions(),
  residual: ([Value], [Value]) -> Value
) throws -> FitResult {
  try fit(communicator, data, start, bounds, options, response: nil, false, residual)
}

private func fit(
  _ communicator: any Communicator, _ data: RankedData, _ start: [Double], _ bounds: [ClosedRange<Double>]?,
  _ options: FitOptions, response: Int?, _ hasDeviations: Bool, _ residual: ([Value], [Value]) -> Value
) throws -> FitResult {
  try communicator.requireSame([
    ("the number of rows", "\(data.count)"), ("the initial parameters", "\(start)"),
    ("the bounds", "\(bounds.map { "\($0)" } ?? "none")"), ("the options of the fit", "\(options)"),
  ])
  let blocks = RankedRows(data.count, communicator)
  let columns = try blocks.ownRows.isEmpty ? [] : data.columns(blocks.ownRows)
  let rows = try compiledRows(columns, at: start, residual)
  let responses = response.map { column in
    columns.isEmpty
      ? (values: [], weights: nil)
      : (values: columns[column], weights: hasDeviations ? columns[column + 1].map { 1 / $0 } : nil)
  }
  return try blocks.checked {
    try MicrogradOptimization.fit(
      blocks, rows, from: start, bounds: bounds, options: options, responses: responses, isScatterKnown: hasDeviations)
  }
}

/// Compiles a function of the parameters and of a row; nil if this rank has no rows.
internal func compiledRows(
  _ columns: [[Double]], at parameters: [Double], _ function: ([Value], [Value]) -> Value
) throws -> CompiledRows? {
  if columns.isEmpty { return nil }
  return try CompiledRows(parameters: parameters, columns: columns, block: RankedRows.length) { values in
    function(Array(values[..<parameters.count]), Array(values[parameters.count...]))
  }
}
