import Micrograd

/// The data of a fit, checked: which responses count, and by what factor.
///
/// A row is one input with its responses, of which most models have one. Responses are counted row by row.
internal struct FitRows {
  let y: [Double]
  /// The factor of each residual.
  let factors: [Double]
  /// The indices of responses with a factor above 0.
  let used: [Int]
  /// The number of responses of a row.
  let width: Int

  /// - Parameters:
  ///   - inputs: The predictors of each row.
  ///   - y: The responses, row by row.
  ///   - width: The number of responses of a row.
  ///   - weighting: One number for each response, or for each row.
  init<Input>(inputs: [Input], y: [Double], width: Int = 1, weighting: Weighting) throws(OptimizationError) {
    guard inputs.count * width == y.count else { throw .dataCounts(x: inputs.count, y: y.count / max(width, 1)) }
    guard !y.isEmpty else { throw .noData }
    if !(y.isFinite && areFinite(inputs)) {
      for (k, number) in y.enumerated() where !(number.isFinite && areFinite([inputs[k / width]])) {
        throw .dataNotFinite(row: k / width)
      }
    }
    self.y = y
    self.width = width
    factors = try weighting.factors(rows: inputs.count, width: width)
    let factors = factors
    used = y.indices.filter { factors[$0] > 0 }
  }

  /// Requires enough rows for some parameters.
  func check(parameters: Int) throws(OptimizationError) {
    guard used.count >= parameters else { throw .tooFewResiduals(residuals: used.count, parameters: parameters) }
  }

  /// Returns the residuals of a model with one response.
  func residuals<Input>(
    _ inputs: [Input], compiles: Bool, _ model: @escaping ([Value], Input) -> Value
  ) -> RowResiduals {
    RowResiduals(count: used.count, compiles: compiles) { [y, factors, used] parameters, k in
      let row = used[k]
      let difference = y[row] - model(parameters, inputs[row])
      return factors[row] == 1 ? difference : factors[row] * difference
    }
  }

  /// Runs a fit; its errors name rows of the data.
  func namingRows<Result>(_ body: () throws(OptimizationError) -> Result) throws(OptimizationError) -> Result {
    do throws(OptimizationError) {
      return try body()
    } catch .residualNotFinite(let row, let found) {
      throw .residualNotFinite(row: used[row] / width, found: found)
    } catch .jacobianNotFinite(let row, let parameter, let found) {
      throw .jacobianNotFinite(row: used[row] / width, parameter: parameter, found: found)
    }
  }
}

/// Throws an error for the first predictor that is not finite.
internal func requireFinite<Input>(_ inputs: [Input]) throws(OptimizationError) {
  if areFinite(inputs) { return }
  for (row, input) in inputs.enumerated() where !areFinite([input]) { throw .dataNotFinite(row: row) }
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
