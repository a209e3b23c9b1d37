import Micrograd

/// Fits the parameters of a curve to data, by least squares.
///
///     let fit = try fitCurve(x: [0, 1, 2, 3], y: [2.1, 3.9, 8.2, 15.8], from: [1, 1]) { p, x in p[0] * exp(p[1] * x) }
///     fit.parameters  // p[0] and p[1]
///     fit.standardErrors  // how well they are known
///
/// The method is that of ``leastSquares(_:from:bounds:options:progress:)``; residuals are `(y - model) · √weight`.
///
/// - Parameters:
///   - x: What the model computes each response from: a number, a list of them, or any other type.
///   - y: The responses.
///   - start: The parameters at the start, where the model and its derivatives are finite.
///   - weighting: What is known of the scatter of the responses.
///   - bounds: Between what the parameters stay, one range each, `-Double.infinity ... .infinity` where there is none.
///   - options: When to stop.
///   - progress: Called after every iteration; may stop it.
///   - model: The response of the curve for some parameters and one `x`.
/// - Returns: The fit, or how far it came; see ``FitResult/isConverged``.
/// - Throws: What is wrong with the data, the start or the bounds.
public func fitCurve<Input>(
  x: [Input], y: [Double], from start: [Double], weighting: Weighting = .equal, bounds: [ClosedRange<Double>]? = nil,
  options: FitOptions = FitOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn },
  model: (_ parameters: [Value], _ x: Input) -> Value
) throws(OptimizationError) -> FitResult {
  let box = try Box(bounds, around: start)
  guard x.count == y.count else { throw .dataCounts(x: x.count, y: y.count) }
  guard !y.isEmpty else { throw .noData }
  for (row, input) in x.enumerated() where !(y[row].isFinite && isFinite(input)) { throw .dataNotFinite(row: row) }
  let factors = try weighting.factors(rows: y.count)
  let rows = y.indices.filter { factors[$0] > 0 }
  guard rows.count >= start.count else { throw .tooFewResiduals(residuals: rows.count, parameters: start.count) }
  return try withoutActuallyEscaping(model) { (model) throws(OptimizationError) in
    let residuals = Residuals { parameters in
      rows.map { row in
        let difference = y[row] - model(parameters, x[row])
        return factors[row] == 1 ? difference : factors[row] * difference
      }
    }
    do throws(OptimizationError) {
      return try fit(
        residuals, from: start, within: box, options, hasKnownScatter: weighting.isKnownScatter, progress)
    } catch .residualNotFinite(let row, let found) {
      throw OptimizationError.residualNotFinite(row: rows[row], found: found)
    } catch .jacobianNotFinite(let row, let parameter, let found) {
      throw OptimizationError.jacobianNotFinite(row: rows[row], parameter: parameter, found: found)
    }
  }
}

/// Whether a predictor is finite, as far as it is made of numbers that one knows to find.
private func isFinite<Input>(_ input: Input) -> Bool {
  switch input {
  case let number as Double: number.isFinite
  case let numbers as [Double]: numbers.allSatisfy(\.isFinite)
  default: true
  }
}

extension Weighting {
  fileprivate var isKnownScatter: Bool {
    if case .standardDeviations = self { true } else { false }
  }

  /// What each residual is multiplied by.
  fileprivate func factors(rows: Int) throws(OptimizationError) -> [Double] {
    switch self {
    case .equal:
      return [Double](repeating: 1, count: rows)
    case .weights(let weights):
      guard weights.count == rows else { throw .weightCount(weights: weights.count, rows: rows) }
      for (row, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
        throw .invalidWeight(row: row, found: weight)
      }
      return weights.map { $0.squareRoot() }
    case .standardDeviations(let deviations):
      guard deviations.count == rows else { throw .weightCount(weights: deviations.count, rows: rows) }
      for (row, deviation) in deviations.enumerated() where !(deviation > 0 && deviation.isFinite) {
        throw .invalidWeight(row: row, found: deviation)
      }
      return deviations.map { 1 / $0 }
    }
  }
}
