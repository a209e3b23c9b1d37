/// The program for a sparse Jacobian or Hessian: what it computes by colours, and where in that each entry is.
internal final class SparseDerivative {
  let pattern: SparsityPattern
  private let coloring: ColumnColoring
  private let function: DerivedFunction
  /// True if rows have colours, and derivatives of their sums are computed; false if columns have, and what is computed are
  /// derivatives along their sums.
  private let isByRows: Bool

  private init(_ pattern: SparsityPattern, _ coloring: ColumnColoring, isByRows: Bool, _ function: DerivedFunction) {
    (self.pattern, self.coloring, self.isByRows, self.function) = (pattern, coloring, isByRows, function)
  }

  /// A Jacobian, by the side that takes fewer colours; by rows where both take as many, whose program is shorter.
  static func jacobian(
    of f: CompiledFunction, pattern: SparsityPattern
  ) throws(CompilationError) -> SparseDerivative {
    let rows = ColumnColoring(rowsByColumn: pattern.columnsByRow, rows: pattern.columns)
    let columns = ColumnColoring(rowsByColumn: pattern.rowsByColumn, rows: pattern.rows)
    if rows.count <= columns.count || f.paths.contains(where: \.recordsCustom) {
      let made = try byRows(of: f, rows, isRecorded: false, results: f.function())
      return SparseDerivative(pattern, rows, isByRows: true, made)
    }
    let (body, colors, count) = (try f.function(), columns.colors, columns.count)
    let made = try DerivedFunction(of: f, differentiating: DifferentiatedPart(), rows: 0, isRecorded: true) { x in
      Value.withResults(at: x, of: body) { f in
        (0..<count).flatMap { color in f.jacobianVectorProduct(along: colors.map { .constant($0 == color ? 1 : 0) }) }
      }
    }
    return SparseDerivative(pattern, columns, isByRows: false, made)
  }

  /// A Hessian, by rows of its symmetric pattern.
  static func hessian(of f: CompiledFunction, pattern: SparsityPattern) throws(CompilationError) -> SparseDerivative {
    let coloring = ColumnColoring(rowsByColumn: pattern.columnsByRow, rows: pattern.rows), body = try f.function()
    let made = try byRows(of: f, coloring, isRecorded: true) { x in Value.withResults(at: x, of: body) { $0.gradient } }
    return SparseDerivative(pattern, coloring, isByRows: true, made)
  }

  /// The sums of the results of each colour.
  private static func byRows(
    of f: CompiledFunction, _ coloring: ColumnColoring, isRecorded: Bool, results: @escaping ([Value]) -> [Value]
  ) throws(CompilationError) -> DerivedFunction {
    var rows = [[Int]](repeating: [], count: coloring.count)
    for (row, color) in coloring.colors.enumerated() { rows[color].append(row) }
    return try DerivedFunction(
      of: f, differentiating: DifferentiatedPart(), rows: coloring.count, isRecorded: isRecorded
    ) { [rows] x in
      let results = results(x)
      return rows.map { rows in sum(rows.map { results[$0] }) }
    }
  }

  /// Computes the entries at a sample.
  func run(at sample: [Double], into matrix: inout SparseMatrix) throws(CompilationError) {
    function.set(sample)
    try function.run(isByRows ? .valuesWithJacobian : .values)
    for (row, columns) in pattern.columnsByRow.enumerated() {
      for (k, column) in columns.enumerated() {
        matrix.entries[row][k] =
          isByRows
          ? function.derivatives[coloring.colors[row] * pattern.columns + column]
          : function.values[coloring.colors[column] * pattern.rows + row]
      }
    }
    matrix.sweepCount = coloring.count
  }
}

extension CompiledFunction {
  /// Returns the Jacobian at a sample, of which only some entries are other than zero.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 1, 1]) { x in [x[0] * x[1], x[1] * x[2]] }
  /// let pattern = SparsityPattern(columns: 3, columnsByRow: [[0, 1], [1, 2]])
  /// try f.sparseJacobian(at: [2, 3, 4], pattern: pattern).entries  // [[3.0, 2.0], [4.0, 3.0]]
  /// ```
  ///
  /// Rows, or columns, that share no entry are computed together. The program is made at the first call with a pattern, and kept;
  /// the four patterns that were used last are.
  ///
  /// An entry that the pattern leaves out, though it is not zero, makes others wrong.
  ///
  /// - Parameters:
  ///   - sample: One number per input.
  ///   - pattern: A row for each result and a column for each input.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func sparseJacobian(
    at sample: [Double], pattern: SparsityPattern
  ) throws(CompilationError) -> SparseMatrix {
    var matrix = SparseMatrix(of: pattern)
    try sparseJacobian(at: sample, into: &matrix)
    return matrix
  }

  /// Writes the entries of the Jacobian at a sample into a matrix of the pattern. Takes no memory.
  ///
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the matrix is unchanged then.
  public func sparseJacobian(at sample: [Double], into matrix: inout SparseMatrix) throws(CompilationError) {
    requireSample(sample)
    let pattern = matrix.pattern
    require(
      pattern.rows == resultCount && pattern.columns == inputCount,
      "a pattern of \(pattern.rows) × \(pattern.columns) for \(resultCount) results of \(inputCount) inputs")
    let made = try kept(pattern, in: \.sparseJacobians) { () throws(CompilationError) in
      try .jacobian(of: self, pattern: pattern)
    }
    try made.run(at: sample, into: &matrix)
  }

  /// Returns the Hessian of a function with one result at a sample, of which only some entries are other than zero.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 1, 1]) { x in x[0] * x[1] + x[1] * x[2] * x[2] }
  /// try f.sparseHessian(at: [1, 2, 3], pattern: .banded(3, bandwidth: 1)).dense
  /// // [[0.0, 1.0, 0.0], [1.0, 0.0, 6.0], [0.0, 6.0, 4.0]]
  /// ```
  ///
  /// - Parameters:
  ///   - sample: One number per input.
  ///   - pattern: Symmetric, with a row and a column for each input. An entry that it leaves out, though it is not zero, makes
  ///     others wrong.
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func sparseHessian(
    at sample: [Double], pattern: SparsityPattern
  ) throws(CompilationError) -> SparseMatrix {
    var matrix = SparseMatrix(of: pattern)
    try sparseHessian(at: sample, into: &matrix)
    return matrix
  }

  /// Writes the entries of the Hessian at a sample into a matrix of the pattern. Takes no memory.
  ///
  /// - Precondition: The function has one result, and the pattern is symmetric.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the matrix is unchanged then.
  public func sparseHessian(at sample: [Double], into matrix: inout SparseMatrix) throws(CompilationError) {
    requireOneResult()
    requireSample(sample)
    let pattern = matrix.pattern
    let made = try kept(pattern, in: \.sparseHessians) { () throws(CompilationError) in
      require(
        pattern.rows == inputCount && pattern.transposed == pattern,
        "the pattern of a Hessian of \(inputCount) inputs is symmetric, with as many rows")
      return try .hessian(of: self, pattern: pattern)
    }
    try made.run(at: sample, into: &matrix)
  }

  /// The program for a pattern, made unless it is there.
  private func kept(
    _ pattern: SparsityPattern, in list: WritableKeyPath<DerivedFunctions, [SparseDerivative]>,
    make: () throws(CompilationError) -> SparseDerivative
  ) throws(CompilationError) -> SparseDerivative {
    if let last = derived[keyPath: list].last, last.pattern == pattern { return last }
    if let place = derived[keyPath: list].firstIndex(where: { $0.pattern == pattern }) {
      derived[keyPath: list].append(derived[keyPath: list].remove(at: place))
    } else {
      let made = try make()
      if derived[keyPath: list].count == 4 { derived[keyPath: list].removeFirst() }
      derived[keyPath: list].append(made)
    }
    return derived[keyPath: list][derived[keyPath: list].count - 1]
  }
}

extension SparseMatrix {
  /// A matrix of zeros.
  fileprivate init(of pattern: SparsityPattern) {
    self.init(
      pattern: pattern, entries: pattern.columnsByRow.map { [Double](repeating: 0, count: $0.count) }, sweepCount: 0)
  }
}
