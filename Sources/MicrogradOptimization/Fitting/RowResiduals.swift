import Micrograd

/// Residuals that are given row by row: compiled if that is possible.
///
/// They are compiled at the start, by a recording of each row.
internal final class RowResiduals: Residuals {
  private let rowCount: Int
  private let row: ([Value], Int) -> Value
  private let compiles: Bool
  private var compiled: CompiledRows?
  private var uncompiled = FunctionEvaluation.notWanted
  private var isPrepared = false

  convenience init(count: Int, compiles: Bool, _ row: @escaping ([Value], Int) -> Value) {
    self.init(
      count: count, compiles: compiles, row: row, all: { parameters in (0..<count).map { row(parameters, $0) } })
  }

  /// - Parameters:
  ///   - count: The number of residuals.
  ///   - compiles: True if they may be compiled.
  ///   - row: Returns one residual.
  ///   - all: Returns all residuals, for recordings.
  init(
    count: Int, compiles: Bool, row: @escaping ([Value], Int) -> Value, all: @escaping ([Value]) -> [Value]
  ) {
    rowCount = count
    self.compiles = compiles
    self.row = row
    super.init(all)
  }

  override var evaluation: FunctionEvaluation { compiled == nil ? uncompiled : .compiled }

  override func prepare(at parameters: [Double]) {
    guard compiles, !isPrepared else { return }
    isPrepared = true
    do throws(CompilationError) {
      compiled = try CompiledRows(parameters: parameters, rowCount: rowCount, of: row)
    } catch {
      uncompiled = .recorded(reason: "\(error)")
    }
  }

  override func numbers(at parameters: [Double]) -> [Double] {
    compiled?.values(at: parameters) ?? super.numbers(at: parameters)
  }

  override func derivatives(at parameters: [Double]) -> Columns {
    compiled?.columns(at: parameters) ?? super.derivatives(at: parameters)
  }

  override var hasManyRows: Bool { compiled?.areMany ?? false }

  override func rows(at parameters: [Double]) -> ReducedRows? { compiled?.rows(at: parameters) }
}
