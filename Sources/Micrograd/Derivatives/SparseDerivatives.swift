import CMicrograd

// Jacobians and Hessians whose zeros are known: columns that share no row are computed together, so that the work goes by
// colours, not by columns.

/// The Jacobian of a function with several results, of which only some entries are other than zero.
///
/// ```swift
/// let x = (0..<1000).map { Double($0) }
/// let pattern = SparsityPattern.banded(1000, bandwidth: 1)
/// let jacobian = sparseJacobian(at: x, pattern: pattern) { x in
///   x.indices.map { k in k == 0 ? x[0] : x[k] * x[k - 1] }
/// }
/// jacobian[7, 6]  // 7.0
/// jacobian.sweepCount  // 3, for a thousand columns
/// ```
///
/// Columns are coloured and computed by tangent sweeps, or rows by reverse sweeps, whichever takes fewer (Curtis, Powell and
/// Reid 1974; Coleman and Moré 1983). Colouring takes time in proportion to the entries, and less than the sweeps.
///
/// An entry that the pattern leaves out, though it is not zero, makes others wrong: ``jacobianSparsity(at:of:)`` finds the
/// pattern.
///
/// - Parameters:
///   - x: The point.
///   - pattern: A row for each result and a column for each number in `x`.
///   - f: A function with any number of results.
public func sparseJacobian<Failure: Error>(
  at x: [Double], pattern: SparsityPattern, of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> SparseMatrix {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in f.sparseJacobian(pattern: pattern) }
}

/// The Hessian of a function, of which only some entries are other than zero, by a product with the Hessian for each colour.
///
/// ```swift
/// let bands = sparseHessian(at: [1, 2, 3], pattern: .banded(3, bandwidth: 1)) { x in x[0] * x[1] + x[1] * x[2] }
/// bands.dense  // [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
/// ```
///
/// An entry that the pattern leaves out, though it is not zero, makes others wrong.
///
/// - Parameters:
///   - x: The point.
///   - pattern: Symmetric, with a row and a column for each number in `x`.
///   - f: A function with one result.
public func sparseHessian<Failure: Error>(
  at x: [Double], pattern: SparsityPattern, of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> SparseMatrix {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in f.sparseHessian(pattern: pattern) }
}

/// Which results depend on which arguments, as recorded at one point: the pattern for ``sparseJacobian(at:pattern:of:)``.
///
/// ```swift
/// jacobianSparsity(at: [1, 2, 3]) { x in [x[0] * x[1], x[2]] }.columnsByRow  // [[0, 1], [2]]
/// ```
///
/// Branches that the function takes elsewhere may depend on more. Derivatives that happen to be zero count as dependence.
public func jacobianSparsity<Failure: Error>(
  at x: [Double], of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> SparsityPattern {
  try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in f.jacobianSparsity }
}

extension RecordedFunction {
  /// The Jacobian by colours; see ``sparseJacobian(at:pattern:of:)``.
  public func sparseJacobian(pattern: SparsityPattern) -> SparseMatrix {
    require(
      pattern.rows == resultCount && pattern.columns == argumentCount,
      "a pattern of \(pattern.rows) × \(pattern.columns) for \(resultCount) results of \(argumentCount) arguments")
    switch CheaperColoring(pattern) {
    case .columns(let coloring):
      return columnsByColors(pattern, coloring) { jacobianVectorProduct(along: $0) }
    case .rows(let coloring):
      let products = products(coloring) { vectorJacobianProduct(along: $0) }
      let entries = zip(pattern.columnsByRow, coloring.colors).map { columns, color in
        columns.map { products[color][$0] }
      }
      return SparseMatrix(pattern: pattern, entries: entries, sweepCount: coloring.count)
    }
  }

  /// The Hessian of a function with one result by colours; see ``sparseHessian(at:pattern:of:)``.
  public func sparseHessian(pattern: SparsityPattern) -> SparseMatrix {
    require(
      pattern.rows == argumentCount && pattern.transposed == pattern,
      "the pattern of a Hessian of \(argumentCount) arguments is symmetric, with as many rows")
    // In a symmetric pattern, a column's rows are the columns of its row.
    let coloring = ColumnColoring(rowsByColumn: pattern.columnsByRow, rows: pattern.rows)
    return columnsByColors(pattern, coloring) { hessianVectorProduct(along: $0) }
  }

  /// A sweep along the sum of each colour's columns, of which every row holds one entry at most.
  private func columnsByColors(
    _ pattern: SparsityPattern, _ coloring: ColumnColoring, _ product: ([Double]) -> [Double]
  ) -> SparseMatrix {
    let products = products(coloring, product)
    let entries = pattern.columnsByRow.enumerated().map { row, columns in
      columns.map { products[coloring.colors[$0]][row] }
    }
    return SparseMatrix(pattern: pattern, entries: entries, sweepCount: coloring.count)
  }

  private func products(_ coloring: ColumnColoring, _ product: ([Double]) -> [Double]) -> [[Double]] {
    (0..<coloring.count).map { color in product(coloring.colors.map { $0 == color ? 1 : 0 }) }
  }

  /// Which results depend on which arguments; see ``jacobianSparsity(at:of:)``.
  public var jacobianSparsity: SparsityPattern {
    let first = Int(first), count = max(argumentCount, Int(tape.pointee.count) - first)
    var seenBy = [Int](repeating: -1, count: count)  // by node: the last result from which it was reached
    var pending: [Int] = []
    let columnsByRow = results.enumerated().map { row, result -> [Int] in
      var columns: [Int] = []
      func reach(_ node: Int) {
        guard node >= first, seenBy[node - first] != row else { return }
        seenBy[node - first] = row
        pending.append(node)
      }
      if let index = result.index { reach(index) }
      while let index = pending.popLast() {
        if index < first + argumentCount { columns.append(index - first) }
        let node = mg_node(index)
        for k in 0..<mg_node_operand_count(tape, node) { reach(Int(mg_node_operand(tape, node, k))) }
      }
      return columns.sorted()
    }
    return SparsityPattern(columns: argumentCount, columnsByRow: columnsByRow)
  }
}
