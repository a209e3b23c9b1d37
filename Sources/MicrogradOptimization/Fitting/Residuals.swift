import Micrograd

/// The residuals of a fit as a function of its parameters, which counts how often it is asked. They are recorded for each evaluation.
internal class Residuals {
  private let function: ([Value]) -> [Value]
  var counts = EvaluationCounts()

  init(_ function: @escaping ([Value]) -> [Value]) { self.function = function }

  /// How the residuals are evaluated.
  var evaluation: FunctionEvaluation { .notWanted }

  /// Called before the first evaluation.
  func prepare(at parameters: [Double]) {}

  /// The residuals, and the point too if it is wanted, there are many rows, and it is finite.
  func evaluate(at parameters: [Double], wantsPoint: Bool) -> (residuals: [Double], point: FitPoint?) {
    counts.values += 1
    guard wantsPoint, hasManyRows, let rows = rows(at: parameters) else { return (numbers(at: parameters), nil) }
    counts.derivatives += 1
    return (rows.values, FitPoint(parameters: parameters, rows: rows))
  }

  /// The point for residuals that are known; `nil` if a derivative is not finite.
  func point(at parameters: [Double], _ residuals: [Double]) -> FitPoint? {
    if var rows = rows(at: parameters) {
      rows.values = residuals
      if let point = FitPoint(parameters: parameters, rows: rows) {
        counts.derivatives += 1
        return point
      }
    }
    let jacobian = jacobian(at: parameters)
    guard jacobian.numbers.isFinite else { return nil }
    return makePoint(parameters, residuals, jacobian)
  }

  /// The number of all residuals, given those of this rank.
  func count(of residuals: [Double]) -> Int { residuals.count }

  /// Σ (a² - b²) / unit² over all residuals, given those of this rank.
  func squareDifference(_ a: [Double], _ b: [Double], unit: Double) -> Double { a.squareDifference(b, unit: unit) }

  /// Takes residuals that ``evaluate(at:wantsPoint:)`` returned and nobody needs any more: their memory may be used again.
  func recycle(_ residuals: [Double]) {}

  /// All residuals, given those of this rank.
  func all(_ residuals: [Double]) -> [Double] { residuals }

  /// The point for residuals and derivatives that are finite.
  func makePoint(_ parameters: [Double], _ residuals: [Double], _ jacobian: consuming Columns) -> FitPoint {
    FitPoint(parameters: parameters, residuals: residuals, jacobian: jacobian)
  }

  /// The point whose residuals and derivatives are those before a robust loss.
  func withoutLoss(_ point: FitPoint) -> FitPoint { point }

  /// The derivatives of all residuals, a column for each parameter.
  final func jacobian(at parameters: [Double]) -> Columns {
    counts.derivatives += 1
    return derivatives(at: parameters)
  }

  // MARK: - Evaluations, by recording

  /// The residuals.
  func numbers(at parameters: [Double]) -> [Double] {
    withoutGradients { Tape.scope { function(parameters.map(Value.constant)).map(\.data) } }
  }

  /// The Jacobian.
  func derivatives(at parameters: [Double]) -> Columns { recorded(at: parameters).jacobian }

  /// The residuals, and of their derivatives what a point needs; `nil` if they are not compiled row by row.
  func rows(at parameters: [Double]) -> ReducedRows? { nil }

  /// True if residuals and derivatives of so many rows are compiled that both are computed at once. Residuals alone round less, and of
  /// few rows they cost little.
  var hasManyRows: Bool { false }

  /// The residuals and the Jacobian of a recording.
  final func recorded(at parameters: [Double]) -> (residuals: [Double], jacobian: Columns) {
    withDerivatives(at: parameters, of: function) { recorded in
      var matrix = Columns(rows: recorded.resultCount, columns: parameters.count)
      matrix.numbers = parameters.indices.flatMap { k in
        recorded.jacobianVectorProduct(along: vector(parameters.count) { $0 == k ? 1 : 0 })
      }
      return (recorded.values, matrix)
    }
  }
}

extension CompiledRows {
  /// True if residuals and derivatives are computed at once.
  internal var areMany: Bool { rowCount > 256 }

  /// The rows that a point is made of.
  internal func rows(at parameters: [Double]) -> ReducedRows {
    reduced(at: parameters, weights: parameters.map { abs($0) })
  }

  /// The Jacobian.
  internal func columns(at parameters: [Double]) -> Columns {
    let numbers = jacobian(at: parameters)
    var matrix = Columns(rows: numbers.count / parameters.count, columns: parameters.count)
    matrix.numbers = numbers
    return matrix
  }
}
