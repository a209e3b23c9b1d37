import Micrograd

/// The residuals of a fit as a function of its parameters, which counts how often it is asked.
internal class Residuals {
  private let function: ([Value]) -> [Value]
  private(set) var counts = EvaluationCounts()

  init(_ function: @escaping ([Value]) -> [Value]) { self.function = function }

  /// How the residuals are evaluated.
  var evaluation: FunctionEvaluation {
    .recorded(reason: "only residuals that are given row by row, as the model of fitCurve is, are compiled")
  }

  final func values(at parameters: [Double]) -> [Double] {
    counts.values += 1
    return numbers(at: parameters)
  }

  /// The derivatives of all residuals, a column for each parameter.
  final func jacobian(at parameters: [Double]) -> Columns {
    counts.derivatives += 1
    return derivatives(at: parameters)
  }

  fileprivate func numbers(at parameters: [Double]) -> [Double] {
    withoutGradients { Tape.scope { function(parameters.map(Value.constant)).map(\.data) } }
  }

  fileprivate func derivatives(at parameters: [Double]) -> Columns {
    withDerivatives(at: parameters, of: function) { recorded in
      var matrix = Columns(rows: recorded.resultCount, columns: parameters.count)
      matrix.numbers = parameters.indices.flatMap { k in
        recorded.jacobianVectorProduct(along: vector(parameters.count) { $0 == k ? 1 : 0 })
      }
      return matrix
    }
  }
}

/// Residuals that are given row by row: compiled if that is possible.
///
/// They are compiled at the start, by a recording of each row.
internal final class RowResiduals: Residuals {
  private let rowCount: Int
  private let row: ([Value], Int) -> Value
  private var compiled: CompiledRows?
  private var isNew: Bool
  private var uncompiled = FunctionEvaluation.notWanted

  init(count: Int, compiles: Bool, _ row: @escaping ([Value], Int) -> Value) {
    rowCount = count
    isNew = compiles
    self.row = row
    super.init { parameters in (0..<count).map { row(parameters, $0) } }
  }

  override var evaluation: FunctionEvaluation { compiled == nil ? uncompiled : .compiled }

  override fileprivate func numbers(at parameters: [Double]) -> [Double] {
    if isNew { compile(at: parameters) }
    return compiled?.values(at: parameters) ?? super.numbers(at: parameters)
  }

  override fileprivate func derivatives(at parameters: [Double]) -> Columns {
    guard let compiled else { return super.derivatives(at: parameters) }
    var matrix = Columns(rows: rowCount, columns: parameters.count)
    matrix.numbers = compiled.jacobian(at: parameters)
    return matrix
  }

  private func compile(at parameters: [Double]) {
    isNew = false
    do throws(CompilationError) {
      compiled = try CompiledRows(parameters: parameters, rowCount: rowCount, of: row)
    } catch {
      uncompiled = .recorded(reason: "\(error)")
    }
  }
}
