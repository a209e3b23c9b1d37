import Micrograd

/// A function with its constraints: recorded at first, then compiled. Result 0 is the function, the others are the
/// constraints, one row each.
///
/// What is compiled is compared once with a recording at the same position.
internal final class ConstrainedFunction {
  /// The number of functions of each constraint.
  let rowCounts: [Int]
  private(set) var counts = EvaluationCounts()
  private(set) var evaluation = FunctionEvaluation.fewEvaluations

  private let objective: ([Value]) -> Value
  private let constraints: [Constraint]
  private var compiles: Bool
  private var compiled: CompiledFunction?
  /// The sum of all results times weights, which are inputs after the parameters.
  private var weighted: CompiledFunction?
  private var hessianIsDecided = false

  /// The derivatives at which results are compiled, and the products at which the Hessian is.
  private static let (firstCompiled, firstProducts) = (RepeatedFunction.firstCompiled, RepeatedHessian.firstCompiled)

  init(_ objective: @escaping ([Value]) -> Value, _ constraints: [Constraint], at start: [Double], compiles: Bool) {
    (self.objective, self.constraints, self.compiles) = (objective, constraints, compiles)
    if !compiles { evaluation = .notWanted }
    rowCounts = Tape.scope {
      let parameters = start.map { Value($0) }
      return constraints.map { $0.functions(parameters).count }
    }
  }

  /// The number of functions of all constraints.
  var rowCount: Int { rowCounts.reduce(0, +) }

  /// The constraint of each row.
  var owners: [Int] { rowCounts.indices.flatMap { [Int](repeating: $0, count: rowCounts[$0]) } }

  /// Returns the results at a position.
  func results(at position: [Double]) throws(OptimizationError) -> [Double] {
    counts.values += 1
    if let compiled {
      do throws(CompilationError) {
        return try compiled.results(at: position)
      } catch {
        stayRecorded("\(error)")
      }
    }
    return try withDerivatives(at: position, of: record) { (f: RecordedFunction) throws(OptimizationError) in f.values }
  }

  /// The results at a position, and the rows of their Jacobian, one after the other.
  typealias Derivatives = (results: [Double], jacobian: [Double])

  func derivatives(at position: [Double]) throws(OptimizationError) -> Derivatives {
    counts.values += 1
    counts.derivatives += 1
    if let compiled {
      do throws(CompilationError) {
        return try Self.derivatives(of: compiled, at: position)
      } catch {
        stayRecorded("\(error)")
      }
    }
    var nodes = 0
    let recorded = try withDerivatives(
      at: position,
      of: { (x: [Value]) throws(OptimizationError) -> [Value] in
        let results = try self.record(x)
        nodes = Tape.current.nodeCount
        return results
      }
    ) { (f: RecordedFunction) throws(OptimizationError) in (f.values, f.jacobian.flatMap { $0 }) }
    if compiles, counts.derivatives >= Self.firstCompiled { compile(at: position, recorded, nodes) }
    return recorded
  }

  /// Returns the rows of the Hessian of a weighted sum of the results, one after the other.
  func hessian(at position: [Double], weights: [Double]) throws(OptimizationError) -> [Double] {
    counts.hessianVectorProducts += position.count
    if let weighted {
      do throws(CompilationError) {
        return try Self.hessian(of: weighted, at: position, weights: weights)
      } catch {
        stayRecorded("\(error)")
      }
    }
    let recorded = try withDerivatives(
      at: position,
      of: { (x: [Value]) throws(OptimizationError) -> Value in dot(weights, try self.record(x)) }
    ) { (f: RecordedFunction) throws(OptimizationError) in f.hessian.flatMap { $0 } }
    if compiled != nil, !hessianIsDecided, counts.hessianVectorProducts >= Self.firstProducts {
      compileHessian(at: position, weights: weights, recorded)
    }
    return recorded
  }

  /// Counts evaluations that were made elsewhere.
  func add(_ other: EvaluationCounts) {
    counts.values += other.values
    counts.derivatives += other.derivatives
    counts.hessianVectorProducts += other.hessianVectorProducts
  }

  // MARK: - Recording

  private func record(_ x: [Value]) throws(OptimizationError) -> [Value] {
    var results = [objective(x)]
    for (k, constraint) in constraints.enumerated() {
      let rows = constraint.functions(x)
      guard rows.count == rowCounts[k] else {
        throw .constraintCount(constraint: k, found: rows.count, expected: rowCounts[k])
      }
      results += rows
    }
    return results
  }

  // MARK: - Compiling

  private func compile(at position: [Double], _ recorded: Derivatives, _ nodes: Int) {
    guard nodes <= RepeatedFunction.mostNodes else {
      return stayRecorded("it records \(nodes) nodes; up to \(RepeatedFunction.mostNodes) are compiled")
    }
    let (objective, constraints) = (objective, constraints)
    do throws(CompilationError) {
      let made = try Micrograd.compile(at: position) { x in
        [objective(x)] + constraints.flatMap { $0.functions(x) }
      }
      let found = try Self.derivatives(of: made, at: position)
      guard Self.isSame(found, recorded, at: position) else {
        return stayRecorded(RepeatedFunction.changes("other results or derivatives"))
      }
      (compiled, evaluation) = (made, .compiled)
      hessianIsDecided = nodes > RepeatedHessian.mostNodes
    } catch {
      stayRecorded("\(error)")
    }
  }

  private func compileHessian(at position: [Double], weights: [Double], _ recorded: [Double]) {
    hessianIsDecided = true
    let (objective, constraints, n) = (objective, constraints, position.count)
    let made = try? Micrograd.compile(at: position + weights) { x in
      let parameters = Array(x[..<n])
      return dot(Array(x[n...]), [objective(parameters)] + constraints.flatMap { $0.functions(parameters) })
    }
    // A Hessian that cannot be compiled stays recorded, which gives the same numbers.
    guard let made, let found = try? Self.hessian(of: made, at: position, weights: weights) else { return }
    if found.agrees(with: recorded, scale: recorded.largestMagnitude) { weighted = made }
  }

  private func stayRecorded(_ reason: String) {
    (compiled, weighted, compiles, hessianIsDecided) = (nil, nil, false, true)
    evaluation = .recorded(reason: reason)
  }

  private static func derivatives(
    of compiled: CompiledFunction, at position: [Double]
  ) throws(CompilationError) -> Derivatives {
    var (results, jacobian) = ([Double](), [Double]())
    try compiled.valueWithJacobian(at: position, into: &results, jacobian: &jacobian)
    return (results, jacobian)
  }

  private static func hessian(
    of weighted: CompiledFunction, at position: [Double], weights: [Double]
  ) throws(CompilationError) -> [Double] {
    let (n, sample) = (position.count, position + weights)
    var direction = [Double](repeating: 0, count: sample.count), product = direction
    var rows: [Double] = []
    rows.reserveCapacity(n * n)
    for k in 0..<n {
      direction[k] = 1
      try weighted.hessianVectorProduct(at: sample, along: direction, into: &product)
      rows += product[..<n]
      direction[k] = 0
    }
    return rows
  }

  /// True if compiled results agree with recorded ones, row by row.
  private static func isSame(_ a: Derivatives, _ b: Derivatives, at position: [Double]) -> Bool {
    let n = position.count
    return b.results.indices.allSatisfy { row in
      func ofRow(_ all: Derivatives) -> (value: Double, gradient: [Double]) {
        (all.results[row], Array(all.jacobian[row * n..<row * n + n]))
      }
      return RepeatedFunction.isSame(ofRow(a), ofRow(b), at: position)
    }
  }
}
