extension Matrix {
  /// The determinant of a square matrix: 0 if it is singular.
  ///
  /// The derivative is det A · A⁻ᵀ (Jacobi's formula); it is NaN where A is singular. The determinant of a large matrix
  /// overflows soon; ``logDeterminant()`` does not.
  ///
  /// ```swift
  /// try Matrix.constant([[1, 2], [3, 4]]).determinant().data  // -2.0
  /// ```
  ///
  /// - Throws: ``LinearAlgebraError`` if the matrix is not square or an element is not finite.
  public func determinant() throws(LinearAlgebraError) -> Value {
    try requireSquare("determinant")
    try requireFinite()
    let size = rows, factors = LUFactors()
    let operation = MatrixOperation(
      name: "determinant", outputs: [(1, 1)], value: { [factors.product($0[0], size)] },
      reverse: { inputs, outputs, weights in
        let inverse = inputs[0].solved(.identity(size), transposed: true, by: factors)
        return [inverse * (weights[0] * outputs[0]).spread(rows: size, columns: size)]
      },
      forward: { inputs, outputs, direction in
        [outputs[0] * inputs[0].solved(direction[0], transposed: false, by: factors).traceMatrix]
      })
    return operation(self)[0][0, 0]
  }

  /// log |det A|, without overflow. The derivative is A⁻ᵀ.
  ///
  /// - Throws: ``LinearAlgebraError`` if the matrix is singular or not square, or an element is not finite.
  public func logDeterminant() throws(LinearAlgebraError) -> Value {
    try requireSquare("logDeterminant")
    try requireFinite()
    let size = rows, factors = LUFactors()
    try factors.factor(unwatchedData, size)
    let operation = MatrixOperation(
      name: "log determinant", outputs: [(1, 1)], value: { [factors.logDeterminant($0[0], size)] },
      reverse: { inputs, _, weights in
        let inverse = inputs[0].solved(.identity(size), transposed: true, by: factors)
        return [inverse * weights[0].spread(rows: size, columns: size)]
      },
      forward: { inputs, _, direction in
        [inputs[0].solved(direction[0], transposed: false, by: factors).traceMatrix]
      })
    return operation(self)[0][0, 0]
  }

  /// The trace as a matrix of one element.
  internal var traceMatrix: Matrix { diagonal.matrix.rowSums() }
}
