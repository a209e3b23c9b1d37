import Micrograd

/// The data of a fit, checked: which responses count, and by what factor.
///
/// A row is one input with its responses. Most models have one response. Responses are counted row by row.
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

  /// Returns the residuals of a model with several responses.
  ///
  /// Compiled, each response of each row is a formula of its own; what it does not need drops out.
  func residuals<Input>(
    _ inputs: [Input], _ outputs: OutputCount, compiles: Bool, _ model: @escaping ([Value], Input) -> [Value]
  ) -> RowResiduals {
    let residual = { [y, factors, width] (results: [Value], k: Int) -> Value in
      let difference = y[k] - outputs.result(results, k % width, row: k / width)
      return factors[k] == 1 ? difference : factors[k] * difference
    }
    return RowResiduals(
      count: used.count, compiles: compiles,
      row: { [used, width] p, k in residual(model(p, inputs[used[k] / width]), used[k]) },
      all: { [used, width] p in
        var (row, results) = (-1, [Value]())
        return used.map { k in
          if k / width != row { (row, results) = (k / width, model(p, inputs[k / width])) }
          return residual(results, k)
        }
      })
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

/// The number of responses that a model has to return, and the first call that returned others.
internal final class OutputCount {
  private let expected: Int
  private var fault: OptimizationError?

  init(_ expected: Int) { self.expected = expected }

  /// Returns a result of a row.
  func result(_ results: [Value], _ k: Int, row: Int) -> Value {
    if results.count == expected { return results[k] }
    if fault == nil { fault = .outputCount(row: row, found: results.count, expected: expected) }
    return .constant(.nan)
  }

  /// Runs a fit. Another number of results is its error.
  func checking<Result>(_ body: () throws(OptimizationError) -> Result) throws(OptimizationError) -> Result {
    let result: Result
    do throws(OptimizationError) {
      result = try body()
    } catch {
      throw fault ?? error
    }
    if let fault { throw fault }
    return result
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
