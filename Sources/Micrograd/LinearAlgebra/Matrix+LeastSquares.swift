import CMicrograd

extension Matrix {
  /// The x that minimises |A x - b|², for a matrix A with at least as many rows as columns, by Householder reflections.
  ///
  /// First derivatives use the triangular factor of A, higher ones AᵀA, which costs them half of the digits where A is
  /// badly conditioned. Rule: Golub and Pereyra 1973, The differentiation of pseudo-inverses.
  ///
  /// A line through three points:
  ///
  /// ```swift
  /// let a = Matrix.constant([[1, 0], [1, 1], [1, 2]])
  /// try a.leastSquares(.constant([1, 2, 4]))  // Vector 2: [0.8333, 1.5]
  /// ```
  ///
  /// - Parameter b: A column for each problem, with as many rows as A.
  /// - Throws: ``LinearAlgebraError`` if a column of A is a combination of others, an element is not finite, or the shapes do
  ///   not fit.
  public func leastSquares(_ b: Matrix) throws(LinearAlgebraError) -> Matrix {
    if rows < columns {
      throw .shape("least squares with \(rows) rows for \(columns) unknowns: give at least \(columns) rows")
    }
    if b.rows != rows { throw .shape("a matrix with \(rows) rows and a right side with \(b.rows): give \(rows) rows") }
    try requireFinite()
    try b.requireFinite()
    let (size, unknowns, count) = (rows, columns, b.columns)
    var (factors, solution) = (unwatchedData, b.unwatchedData)
    let done = Int(mg_least_squares(&factors, Int64(size), Int64(unknowns), &solution, Int64(count)))
    if done < unknowns { throw .rankDeficient(column: done) }
    let operation = MatrixOperation(
      name: "least squares", outputs: [(unknowns, count)],
      value: { inputs in
        var (a, x) = (inputs[0], inputs[1])
        let done = mg_least_squares(&a, Int64(size), Int64(unknowns), &x, Int64(count))
        return done == unknowns ? Array(x[..<(unknowns * count)]) : Array(repeating: .nan, count: unknowns * count)
      },
      reverse: { inputs, outputs, weights in
        let (a, b, x) = (inputs[0], inputs[1], outputs[0])
        let z = a.solvedNormal(weights[0])
        let adjoint = a.matmul(z), residual = b - a.matmul(x)
        return [residual.timesTranspose(of: z) - adjoint.timesTranspose(of: x), adjoint]
      },
      forward: { inputs, outputs, direction in
        let (a, b, x) = (inputs[0], inputs[1], outputs[0])
        let residual = b - a.matmul(x), change = direction[1] - direction[0].matmul(x)
        return [
          a.solvedNormal(a.transposed.matmul(change) + direction[0].transposed.matmul(residual))
        ]
      }, known: Array(solution[..<(unknowns * count)]))
    return operation(self, b)[0]
  }

  /// The x that minimises |A x - b|² for one right side; see ``leastSquares(_:)-(Matrix)``.
  public func leastSquares(_ b: Vector) throws(LinearAlgebraError) -> Vector {
    try leastSquares(b.matrix.reshaped(rows: b.count, columns: 1)).flattened
  }

  /// (AᵀA)⁻¹ b: by the triangular factor for plain numbers, else by elimination.
  private func solvedNormal(_ b: Matrix) -> Matrix {
    guard isConstant && b.isConstant else {
      return transposed.matmul(self).solved(b, transposed: false, by: LUFactors())
    }
    var factors = unwatchedData, unused = [Double](repeating: 0, count: rows)
    _ = mg_least_squares(&factors, Int64(rows), Int64(columns), &unused, 1)
    let r = Matrix.constant(rows: columns, columns: columns, Array(factors[..<(columns * columns)]))
    let inner = r.solvedTriangular(b, upper: true, transposed: true)
    return r.solvedTriangular(inner, upper: true)
  }
}
