import CMicrograd

extension Matrix {
  /// Solves A x = b for a square matrix A, by elimination with row exchanges.
  ///
  /// Derivatives of every order follow from d x = A⁻¹ (d b - d A x) (Giles 2008, An extended collection of matrix derivative
  /// results, 2.3.1), with the factors of A that gave x.
  ///
  /// ```swift
  /// let a = Matrix.constant([[2, 1], [1, 3]])
  /// try a.solve(.constant([3, 5]))  // Vector 2: [0.8, 1.4]
  /// ```
  ///
  /// - Parameter b: A column for each system, with as many rows as A.
  /// - Throws: ``LinearAlgebraError`` if A is singular or not square, an element is not finite, or the rows do not fit. A
  ///   compiled function gives NaN for a sample where A is singular.
  public func solve(_ b: Matrix) throws(LinearAlgebraError) -> Matrix {
    try requireSquare("solve")
    if b.rows != rows { throw .shape("a matrix with \(rows) rows and a right side with \(b.rows): give \(rows) rows") }
    try requireFinite()
    try b.requireFinite()
    let factors = LUFactors()
    try factors.factor(unwatchedData, rows)
    return solved(b, transposed: false, by: factors)
  }

  /// Solves A x = b for one right side; see ``solve(_:)-(Matrix)``.
  public func solve(_ b: Vector) throws(LinearAlgebraError) -> Vector {
    try solve(b.matrix.reshaped(rows: b.count, columns: 1)).flattened
  }

  /// The inverse A⁻¹. To solve systems, ``solve(_:)-(Matrix)`` is faster and more accurate.
  ///
  /// - Throws: ``LinearAlgebraError`` if A is singular or not square, or an element is not finite.
  public func inverse() throws(LinearAlgebraError) -> Matrix {
    try requireSquare("inverse")
    return try solve(.identity(rows))
  }

  /// A⁻¹ b or A⁻ᵀ b, with factors that are known.
  internal func solved(_ b: Matrix, transposed: Bool, by factors: LUFactors) -> Matrix {
    let (size, count) = (rows, b.columns)
    let operation = MatrixOperation(
      name: "solve", outputs: [(size, count)],
      value: { factors.solve($0[0], $0[1], size, count, transposed: transposed) },
      reverse: { inputs, outputs, weights in
        let adjoint = inputs[0].solved(weights[0], transposed: !transposed, by: factors)
        let (left, right) = transposed ? (outputs[0], adjoint) : (adjoint, outputs[0])
        return [-left.timesTranspose(of: right), adjoint]
      },
      forward: { inputs, outputs, direction in
        let change = transposed ? direction[0].transposed : direction[0]
        return [
          inputs[0].solved(direction[1] - change.matmul(outputs[0]), transposed: transposed, by: factors)
        ]
      })
    return operation(self, b)[0]
  }
}

/// The factors of the matrix that was factored last: a solution and its derivatives need the same ones.
internal final class LUFactors {
  private var matrix: [Double] = []
  private var factors: [Double] = []
  private var exchanges: [Int64] = []
  private var firstSingular: Int?

  func factor(_ matrix: [Double], _ size: Int) throws(LinearAlgebraError) {
    update(matrix, size)
    if let firstSingular { throw .singular(column: firstSingular) }
  }

  private func update(_ matrix: [Double], _ size: Int) {
    if matrix == self.matrix { return }
    (self.matrix, factors) = (matrix, matrix)
    exchanges = [Int64](repeating: 0, count: size)
    let done = Int(mg_lu_factor(&factors, &exchanges, Int64(size)))
    firstSingular = done < size ? done : nil
  }

  /// NaN if the matrix is singular.
  func solve(_ matrix: [Double], _ b: [Double], _ size: Int, _ count: Int, transposed: Bool) -> [Double] {
    update(matrix, size)
    if firstSingular != nil { return [Double](repeating: .nan, count: b.count) }
    var x = b
    mg_lu_solve(factors, exchanges, Int64(size), &x, Int64(count), transposed)
    return x
  }

  /// The logarithm of the determinant's magnitude.
  func logDeterminant(_ matrix: [Double], _ size: Int) -> Double {
    update(matrix, size)
    if firstSingular != nil { return -.infinity }
    var logarithm = 0.0
    for k in 0..<size { logarithm += log(abs(factors[k * size + k])) }
    return logarithm
  }

  /// The product of the pivots.
  func product(_ matrix: [Double], _ size: Int) -> Double {
    update(matrix, size)
    var product = 1.0
    for k in 0..<size {
      let pivot = factors[k * size + k]
      product *= exchanges[k] == k ? pivot : -pivot
    }
    return product
  }
}
