import Micrograd

/// Residuals that are one function of the parameters: recorded at first, then compiled if that saves time.
///
/// Residuals that are computed one after the other, as by `map` over data, are compiled row by row, when derivatives are wanted for the
/// second time. Others are compiled as one function, when they have been recorded for as long as that takes. Both are compared once with a recording at the
/// same parameters.
internal final class RepeatedResiduals: Residuals {
  private enum Compiled {
    case rows(CompiledRows)
    case function(CompiledFunction)
  }

  private let function: ([Value]) -> [Value]
  /// True if they may still be compiled.
  private var isUndecided: Bool
  private var compiled: Compiled?
  private var uncompiled: FunctionEvaluation
  private var jacobians = 0
  /// The Jacobian at which residuals are compiled as one function; known when the program's length is estimated.
  private var turn: Int?

  /// The Jacobians at which residuals are compiled by rows, and at which a program's length is estimated.
  private static let (firstRows, firstEstimate) = (2, 6)
  /// Fewer residuals of a formula are compiled as one function.
  private static let fewestRows = 16
  /// Residuals with more paths are recorded: each path has a program of its own.
  private static let mostPaths = 4

  init(_ function: @escaping ([Value]) -> [Value], compiles: Bool) {
    self.function = function
    isUndecided = compiles
    uncompiled = compiles ? .fewJacobians : .notWanted
    super.init(function)
  }

  override var evaluation: FunctionEvaluation { compiled == nil ? uncompiled : .compiled }

  override func numbers(at parameters: [Double]) -> [Double] {
    switch compiled {
    case .rows(let rows): return rows.values(at: parameters)
    case .function(let function):
      do throws(CompilationError) {
        return try function.results(at: parameters)
      } catch {
        stayRecorded("\(error)")
      }
    case nil: break
    }
    return super.numbers(at: parameters)
  }

  override var hasManyRows: Bool {
    if case .rows(let rows) = compiled { rows.areMany } else { false }
  }

  override func rows(at parameters: [Double]) -> ReducedRows? {
    guard case .rows(let rows) = compiled else { return nil }
    return rows.rows(at: parameters)
  }

  override func derivatives(at parameters: [Double]) -> Columns {
    switch compiled {
    case .rows(let rows): return rows.columns(at: parameters)
    case .function(let function):
      do throws(CompilationError) {
        return try function.columns(at: parameters).jacobian
      } catch {
        stayRecorded("\(error)")
      }
    case nil: break
    }
    jacobians += 1
    let recorded = recorded(at: parameters)
    if isUndecided {
      if jacobians == Self.firstRows { compileRows(at: parameters, recorded) }
      if jacobians == Self.firstEstimate { estimate(at: parameters) }
      if jacobians == turn { compileFunction(at: parameters, recorded) }
    }
    return recorded.jacobian
  }

  // MARK: - Compiling

  private typealias Recorded = (residuals: [Double], jacobian: Columns)

  private func compileRows(at parameters: [Double], _ recorded: Recorded) {
    guard recorded.residuals.count >= Self.fewestRows else { return }
    // What is not computed row by row may still be compiled as one function, which then says what is wrong.
    guard let rows = try? CompiledRows(parameters: parameters, ofResults: function) else { return }
    let found = (rows.values(at: parameters), rows.columns(at: parameters))
    if isSame(found, recorded, at: parameters) { compiled = .rows(rows) }
  }

  private func estimate(at parameters: [Double]) {
    let cost = JacobianCost(of: function, at: parameters)
    if let reason = cost.reasonNotToCompile { return stayRecorded(reason) }
    let turn = max(cost.worthwhile, Self.firstEstimate)
    self.turn = turn
    uncompiled = .recorded(reason: "compiling its Jacobian takes as long as recording \(turn) of them")
  }

  private func compileFunction(at parameters: [Double], _ recorded: Recorded) {
    do throws(CompilationError) {
      let made = try compile(at: parameters, branching: .record(limit: Self.mostPaths), of: function)
      if isSame(try made.columns(at: parameters), recorded, at: parameters) { compiled = .function(made) }
    } catch {
      stayRecorded("\(error)")
    }
  }

  private func stayRecorded(_ reason: String) {
    (compiled, isUndecided) = (nil, false)
    uncompiled = .recorded(reason: reason)
  }

  /// True if compiled residuals and derivatives agree with recorded ones. If not, they stay recorded.
  private func isSame(_ found: Recorded, _ recorded: Recorded, at parameters: [Double]) -> Bool {
    let change = vector(parameters.count) { abs(parameters[$0]) * recorded.jacobian.column($0).largestMagnitude }
    let scale = recorded.residuals.largestMagnitude + change.largestMagnitude
    let agree =
      found.residuals.agrees(with: recorded.residuals, scale: scale)
      && parameters.indices.allSatisfy { k in
        let column = recorded.jacobian.column(k)
        return found.jacobian.column(k).agrees(with: column, scale: column.largestMagnitude)
      }
    if !agree { stayRecorded(RepeatedFunction.changes("other residuals or derivatives")) }
    return agree
  }
}

extension FunctionEvaluation {
  /// The reason of residuals whose derivatives are computed seldom.
  fileprivate static let fewJacobians = FunctionEvaluation.recorded(
    reason: "their derivatives were computed only a few times; residuals are compiled later")
}

extension CompiledFunction {
  /// The results and the Jacobian.
  fileprivate func columns(at parameters: [Double]) throws(CompilationError) -> ([Double], jacobian: Columns) {
    var (values, numbers) = ([Double](), [Double]())
    try valueWithJacobian(at: parameters, into: &values, jacobian: &numbers)
    var matrix = Columns(rows: values.count, columns: parameters.count)
    for row in values.indices {
      for k in parameters.indices { matrix.numbers[k * values.count + row] = numbers[row * parameters.count + k] }
    }
    return (values, matrix)
  }
}
