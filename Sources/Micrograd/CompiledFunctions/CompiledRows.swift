import CMicrograd

/// A function of parameters that is evaluated for every row of a table, as the model of a fit is, compiled.
///
/// The rows' data are plain numbers, so the function is recorded once for every row. Rows whose recordings have the same
/// operations have one formula, and differ in constants only; a program of the formula computes all of them from a column of
/// numbers for each of these constants. A model with an `if` on the data has several formulas.
package final class CompiledRows {
  /// The rows of one formula.
  private struct Part {
    let path: CompiledPath
    let rows: [Int]
    /// The constants that differ between rows, a column each.
    let columns: [Double]

    func run(
      _ wants: Int, at parameters: [Double], threads: Int = 1, values: UnsafeMutablePointer<Double>? = nil,
      derivatives: UnsafeMutablePointer<Double>? = nil, reduction: UnsafeMutablePointer<mg_row_reduction>? = nil
    ) {
      parameters.withUnsafeBufferPointer { shared in
        columns.withUnsafeBufferPointer { columns in
          _ = path.run(
            Int32(wants),
            mg_batch(
              samples: columns.baseAddress, column: Int64(rows.count), shared: shared.baseAddress,
              shared_count: Int64(shared.count), indices: nil, count: Int64(rows.count),
              threads: Int64(rows.count < CompiledRows.rowsForThreads ? 1 : threads), scale: 1, values: values,
              input_gradients: derivatives, deviates: nil, reduction: reduction))
        }
      }
    }

    func numbers(_ wants: Int, _ columnCount: Int, at parameters: [Double], threads: Int) -> [Double] {
      let count = columnCount * rows.count
      return [Double](unsafeUninitializedCapacity: count) { numbers, initialized in
        let areValues = wants == MG_WANT_VALUES
        run(
          wants, at: parameters, threads: threads, values: areValues ? numbers.baseAddress : nil,
          derivatives: areValues ? nil : numbers.baseAddress)
        initialized = count
      }
    }

    /// The values, and R of [J r].
    func reduced(at parameters: [Double], weights: [Double], threads: Int) -> ReducedRows {
      let columns = parameters.count + 1
      var (triangle, square) = ([Double](repeating: 0, count: columns * columns), 0.0)
      let values = [Double](unsafeUninitializedCapacity: rows.count) { values, initialized in
        weights.withUnsafeBufferPointer { weights in
          triangle.withUnsafeMutableBufferPointer { triangle in
            guard let weights = weights.baseAddress, let triangle = triangle.baseAddress else { return }
            var reduction = mg_row_reduction(weights: weights, triangle: triangle, square: 0)
            run(
              MG_WANT_VALUES | MG_WANT_INPUTS, at: parameters, threads: threads, values: values.baseAddress,
              reduction: &reduction)
            square = reduction.square
          }
        }
        initialized = rows.count
      }
      return ReducedRows(values: values, triangle: triangle, square: square)
    }
  }

  private let parts: [Part]
  /// The number of rows.
  package let rowCount: Int
  private let parameterCount: Int

  /// More formulas are not compiled.
  package static let mostFormulas = 16
  /// Fewer rows are computed on one thread.
  private static let rowsForThreads = 2048
  /// The number of threads that share the rows, if there are many.
  package var threads = 2

  /// Records the function for all rows, at these parameters.
  ///
  /// - Throws: ``CompilationError`` if the function does what a program cannot repeat for other parameters.
  package convenience init(
    parameters: [Double], rowCount: Int, of f: ([Value], Int) -> Value
  ) throws(CompilationError) {
    try self.init(parameters) { (formulas) throws(CompilationError) in
      try CompiledRows.record(formulas, parameters, rowCount, of: f)
      return rowCount
    }
  }

  /// Records a function; each of its results is a row. What a result depends on is recorded after the result before it, as when
  /// results are computed one after the other.
  ///
  /// - Throws: ``CompilationError`` if results are not recorded in such an order, or the function does what a program cannot repeat for
  ///   other parameters.
  package convenience init(
    parameters: [Double], ofResults f: ([Value]) -> [Value]
  ) throws(CompilationError) {
    try self.init(parameters) { (formulas) throws(CompilationError) in
      try CompiledRows.record(formulas, parameters, ofResults: f)
    }
  }

  /// Compiles one formula of the parameters and of the data of a row, for rows whose data are given by columns.
  ///
  /// Rows are computed in the same way whatever the data of the other rows are.
  ///
  /// - Parameters:
  ///   - parameters: Parameters.
  ///   - columns: The data of all rows: at least one column, each with the same number of rows, at least 1.
  ///   - block: The number of rows of a block; the last block may have fewer.
  ///   - f: The function of the parameters, followed by the data of a row.
  /// - Throws: ``CompilationError`` if the function compares Values, or does what a program cannot repeat.
  package init(
    parameters: [Double], columns: [[Double]], block: Int, of f: ([Value]) -> Value
  ) throws(CompilationError) {
    var results = 0
    let path = try CompiledPath(
      at: parameters + columns.map { $0[0] }, differentiating: DifferentiatedPart(inputs: parameters.count),
      of: { [f($0)] }, resultCount: &results)
    if !path.comparisons.isEmpty { throw .frozen("compares Values; use select(_:then:else:) instead") }
    rowCount = columns[0].count
    parameterCount = parameters.count
    threads = 1
    parts = stride(from: 0, to: rowCount, by: block).map { [rowCount] start in
      let rows = start..<Swift.min(start + block, rowCount)
      return Part(path: path, rows: Array(rows), columns: columns.flatMap { $0[rows] })
    }
  }

  /// The values of a block of rows.
  package func values(at parameters: [Double], block: Int) -> [Double] {
    requireParameters(parameters)
    return parts[block].numbers(MG_WANT_VALUES, 1, at: parameters, threads: threads)
  }

  /// The derivatives of a block of rows by the first parameter, then by the second, and so on.
  package func jacobian(at parameters: [Double], block: Int) -> [Double] {
    requireParameters(parameters)
    return parts[block].numbers(MG_WANT_INPUTS, parameterCount, at: parameters, threads: threads)
  }

  /// What ``reduced(at:weights:)`` returns, for a block of rows.
  package func reduced(at parameters: [Double], weights: [Double], block: Int) -> ReducedRows {
    requireParameters(parameters)
    return parts[block].reduced(at: parameters, weights: weights, threads: threads)
  }

  /// Compiles the formulas that `record` adds. It returns how many rows it has added.
  private init(
    _ parameters: [Double], record: (OpaquePointer) throws(CompilationError) -> Int
  ) throws(CompilationError) {
    guard let formulas = mg_formulas_create(Int64(parameters.count), Int64(Self.mostFormulas)) else {
      trapFull(currentTape())
    }
    defer { mg_formulas_free(formulas) }
    rowCount = try record(formulas)
    parameterCount = parameters.count
    var parts: [Part] = []
    for which in 0..<mg_formulas_count(formulas) {
      parts.append(try CompiledRows.part(which, of: formulas, parameters))
    }
    self.parts = parts
  }

  /// Adds the recordings of all rows to the formulas.
  private static func record(
    _ formulas: OpaquePointer, _ parameters: [Double], _ rowCount: Int, of f: ([Value], Int) -> Value
  ) throws(CompilationError) {
    let scope = RecordingScope(at: parameters)
    defer { scope.end() }
    let (tape, first, values) = (scope.tape, scope.first, scope.inputs)
    let watch = RecordingWatch()
    let status = watch.watch(Tape(tape)) { () -> FormulaStatus? in
      for row in 0..<rowCount {
        let start = mg_formula_start(
          node: tape.pointee.count, operand: tape.pointee.operand_count, constant: tape.pointee.constant_count)
        let result = f(values, row)
        guard result.pointer == tape else { return nil }
        let status = mg_formulas_add(formulas, tape, first, start, result.node(on: tape))
        if status != .ok || watch.hasLooked { return status }
      }
      return .ok
    }
    try check(status, watch)
  }

  /// Adds the recordings of all results to the formulas, and returns how many there are.
  private static func record(
    _ formulas: OpaquePointer, _ parameters: [Double], ofResults f: ([Value]) -> [Value]
  ) throws(CompilationError) -> Int {
    let scope = RecordingScope(at: parameters)
    defer { scope.end() }
    let (tape, first, values) = (scope.tape, scope.first, scope.inputs)
    let start = mg_formula_start(
      node: tape.pointee.count, operand: tape.pointee.operand_count, constant: tape.pointee.constant_count)
    let watch = RecordingWatch()
    let results = watch.watch(Tape(tape)) { f(values) }
    var status: FormulaStatus?
    if !watch.hasLooked, results.allSatisfy({ $0.pointer == tape }) {
      let nodes = results.map { $0.node(on: tape) }
      status = mg_formulas_add_results(formulas, tape, first, start, nodes, Int64(nodes.count))
    }
    try check(status, watch)
    return results.count
  }

  private static func check(_ status: FormulaStatus?, _ watch: RecordingWatch) throws(CompilationError) {
    if watch.hasLooked { throw .frozen("compares Values or reads their numbers, row by row") }
    if let reason = watch.whatFreezes { throw .frozen(reason) }
    switch status {
    case .ok: return
    case .noMemory: trapFull(currentTape())
    case .tooMany: throw .frozen("records more than \(mostFormulas) different formulas for its rows")
    case .otherOperation: throw .frozen("uses operations that are not compiled row by row (layers, matrices, pick)")
    case .outside: throw .frozen("uses Values that were computed outside of it")
    case nil: throw .frozen("has rows that do not depend on its parameters")
    }
  }

  private static func part(
    _ which: Int64, of formulas: OpaquePointer, _ parameters: [Double]
  ) throws(CompilationError) -> Part {
    let tape = currentTape()
    let columnCount = Int(mg_formula_column_count(formulas, which))
    if columnCount < 0 { trapFull(tape) }
    let count = Int(mg_formula_row_count(formulas, which))
    var columns = [Double](repeating: 0, count: columnCount * count)
    mg_formula_columns(formulas, which, &columns)
    let rows = UnsafeBufferPointer(start: mg_formula_rows(formulas, which), count: count).map(Int.init)
    let sample = parameters + (0..<columnCount).map { columns[$0 * count] }
    var results = 0
    let path = try CompiledPath(
      at: sample, differentiating: DifferentiatedPart(inputs: parameters.count),
      of: { inputs in
        let node = mg_formula_record(formulas, which, tape, inputs.first?.node(on: tape) ?? 0)
        if node == Value.noNode { trapFull(tape) }
        return [Value(tape, node)]
      }, resultCount: &results)
    return Part(path: path, rows: rows, columns: columns)
  }

  /// The function's value for each row.
  package func values(at parameters: [Double]) -> [Double] { numbers(MG_WANT_VALUES, 1, at: parameters) }

  /// The derivatives of all rows by the first parameter, then by the second, and so on.
  package func jacobian(at parameters: [Double]) -> [Double] {
    numbers(MG_WANT_INPUTS, parameterCount, at: parameters)
  }

  /// The values of all rows, and what a fit wants of their derivatives, without these themselves: they are used up while they are in
  /// the nearest cache.
  ///
  /// The same bits for any number of threads.
  ///
  /// - Parameters:
  ///   - parameters: As many as the function was compiled with.
  ///   - weights: One for each parameter.
  package func reduced(at parameters: [Double], weights: [Double]) -> ReducedRows {
    requireParameters(parameters)
    var whole = parts[0].reduced(at: parameters, weights: weights, threads: threads)
    guard parts.count > 1 else { return whole }
    let values = whole.values
    whole.values = [Double](repeating: 0, count: rowCount)
    for (k, row) in parts[0].rows.enumerated() { whole.values[row] = values[k] }
    for part in parts.dropFirst() {
      let own = part.reduced(at: parameters, weights: weights, threads: threads)
      for (k, row) in part.rows.enumerated() { whole.values[row] = own.values[k] }
      whole.add(own, columns: parameterCount + 1)
    }
    return whole
  }

  private func requireParameters(_ parameters: [Double]) {
    require(
      parameters.count == parameterCount,
      "\(parameters.count) parameters for a function of \(parameterCount): give as many as it was compiled with")
  }

  /// What a program computes for each row, a column of numbers after the other.
  private func numbers(_ wants: Int, _ columnCount: Int, at parameters: [Double]) -> [Double] {
    requireParameters(parameters)
    if parts.count == 1 { return parts[0].numbers(wants, columnCount, at: parameters, threads: threads) }
    var all = [Double](repeating: 0, count: columnCount * rowCount)
    for part in parts {
      let own = part.numbers(wants, columnCount, at: parameters, threads: threads)
      for column in 0..<columnCount {
        for (k, row) in part.rows.enumerated() { all[column * rowCount + row] = own[column * part.rows.count + k] }
      }
    }
    return all
  }
}
