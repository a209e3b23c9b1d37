import Micrograd

/// Fits the parameters of a curve to data, by least squares.
///
/// ```swift
/// let line = try fitCurve(x: [0, 1, 2], y: [1, 3.1, 4.9], from: [0, 0]) { p, x in p[0] + p[1] * x }
/// line.parameters  // [1.05, 1.95], the offset and the slope
/// line.standardErrors  // [0.1118, 0.0866], how well they are known
/// ```
///
/// The method is that of ``leastSquares(_:from:bounds:options:progress:)``; residuals are `(y - model) · √weight`.
///
/// - Parameters:
///   - x: The predictor of each response.
///   - y: The responses.
///   - start: The initial parameters. The model and its derivatives must be finite there.
///   - weighting: The weights or standard deviations of the responses.
///   - bounds: The range of each parameter, `-Double.infinity ... .infinity` for no bound.
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
///   - model: The response of the curve for some parameters and one `x`.
/// - Returns: The fit. It may not have converged; see ``FitResult/isConverged``.
/// - Throws: ``OptimizationError`` for invalid data, start or bounds.
public func fitCurve(
  x: [Double], y: [Double], from start: [Double], weighting: Weighting = .equal,
  bounds: [ClosedRange<Double>]? = nil, options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn },
  model: (_ parameters: [Value], _ x: Double) -> Value
) throws(OptimizationError) -> FitResult {
  try fitCurve(
    inputs: x, y: y, from: start, weighting: weighting, bounds: bounds, options: options, progress: progress,
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
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
///   - model: The response of the curve for some parameters and one input.
/// - Returns: The fit. It may not have converged; see ``FitResult/isConverged``.
/// - Throws: ``OptimizationError`` for invalid data, start or bounds.
public func fitCurve<Input>(
  inputs: [Input], y: [Double], from start: [Double], weighting: Weighting = .equal,
  bounds: [ClosedRange<Double>]? = nil, options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn },
  model: (_ parameters: [Value], _ input: Input) -> Value
) throws(OptimizationError) -> FitResult {
  options.check()
  let box = try Box(bounds, around: start)
  guard inputs.count == y.count else { throw .dataCounts(x: inputs.count, y: y.count) }
  guard !y.isEmpty else { throw .noData }
  if !(y.isFinite && areFinite(inputs)) {
    for (row, input) in inputs.enumerated() where !(y[row].isFinite && areFinite([input])) {
      throw .dataNotFinite(row: row)
    }
  }
  let factors = try weighting.factors(rows: y.count)
  let rows = y.indices.filter { factors[$0] > 0 }
  guard rows.count >= start.count else { throw .tooFewResiduals(residuals: rows.count, parameters: start.count) }
  let data = FitData(y: y, factors: factors, isScatterKnown: weighting.isKnownScatter)
  return try withoutActuallyEscaping(model) { (model) throws(OptimizationError) in
    let residuals = RowResiduals(count: rows.count, compiles: options.compiles) { parameters, k in
      let row = rows[k]
      let difference = y[row] - model(parameters, inputs[row])
      return factors[row] == 1 ? difference : factors[row] * difference
    }
    do throws(OptimizationError) {
      return try fit(residuals, from: start, within: box, options, data, progress)
    } catch .residualNotFinite(let row, let found) {
      throw OptimizationError.residualNotFinite(row: rows[row], found: found)
    } catch .jacobianNotFinite(let row, let parameter, let found) {
      throw OptimizationError.jacobianNotFinite(row: rows[row], parameter: parameter, found: found)
    }
  }
}

/// Returns true if predictors are finite. Only numbers and lists of numbers are checked.
private func areFinite<Input>(_ inputs: [Input]) -> Bool {
  switch inputs {
  case let numbers as [Double]: numbers.isFinite
  case let lists as [[Double]]: lists.allSatisfy(\.isFinite)
  default:
    inputs.allSatisfy {
      switch $0 {
      case let number as Double: number.isFinite
      case let numbers as [Double]: numbers.isFinite
      default: true
      }
    }
  }
}
