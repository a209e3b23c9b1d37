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

    func numbers(_ wants: Int32, _ columnCount: Int, at parameters: [Double]) -> [Double] {
      let count = columnCount * rows.count
      return [Double](unsafeUninitializedCapacity: count) { numbers, initialized in
        parameters.withUnsafeBufferPointer { shared in
          columns.withUnsafeBufferPointer { columns in
            let areValues = wants == Int32(MG_WANT_VALUES)
            _ = path.run(
              wants,
              mg_batch(
                samples: columns.baseAddress, column: Int64(rows.count), shared: shared.baseAddress,
                shared_count: Int64(shared.count), indices: nil, count: Int64(rows.count), threads: 1, scale: 1,
                values: areValues ? numbers.baseAddress : nil, input_gradients: areValues ? nil : numbers.baseAddress,
                deviates: nil))
          }
        }
        initialized = count
      }
    }
  }

  private let parts: [Part]
  private let rowCount: Int
  private let parameterCount: Int

  /// More formulas are not compiled.
  package static let mostFormulas = 16

  /// Records the function for all rows, at these parameters.
  ///
  /// - Throws: ``CompilationError`` if the function does what a program cannot repeat for other parameters.
  package init(
    parameters: [Double], rowCount: Int, of f: ([Value], Int) -> Value
  ) throws(CompilationError) {
    guard let formulas = mg_formulas_create(Int64(parameters.count), Int64(Self.mostFormulas)) else {
      trapFull(currentTape())
    }
    defer { mg_formulas_free(formulas) }
    try CompiledRows.record(formulas, parameters, rowCount, of: f)
    self.rowCount = rowCount
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
    if watch.hasLooked { throw .frozen("compares Values or reads their numbers, row by row") }
    if let reason = watch.whatFreezes { throw .frozen(reason) }
    switch status {
    case .ok: return
    case .noMemory: trapFull(tape)
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
  package func values(at parameters: [Double]) -> [Double] { numbers(Int32(MG_WANT_VALUES), 1, at: parameters) }

  /// The derivatives of all rows by the first parameter, then by the second, and so on.
  package func jacobian(at parameters: [Double]) -> [Double] {
    numbers(Int32(MG_WANT_INPUTS), parameterCount, at: parameters)
  }

  /// What a program computes for each row, a column of numbers after the other.
  private func numbers(_ wants: Int32, _ columnCount: Int, at parameters: [Double]) -> [Double] {
    require(
      parameters.count == parameterCount,
      "\(parameters.count) parameters for a function of \(parameterCount): give as many as it was compiled with")
    if parts.count == 1 { return parts[0].numbers(wants, columnCount, at: parameters) }
    var all = [Double](repeating: 0, count: columnCount * rowCount)
    for part in parts {
      let own = part.numbers(wants, columnCount, at: parameters)
      for column in 0..<columnCount {
        for (k, row) in part.rows.enumerated() { all[column * rowCount + row] = own[column * part.rows.count + k] }
      }
    }
    return all
  }
}
