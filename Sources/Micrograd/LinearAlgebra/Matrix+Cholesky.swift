import CMicrograd

extension Matrix {
  /// The Cholesky factor of a symmetric, positive definite matrix: the lower triangle L with A = L Lᵀ and a positive
  /// diagonal.
  ///
  /// The derivative by [i, j] is half of the change of L where [i, j] and [j, i] change together. Rule: Murray 2016,
  /// Differentiation of the Cholesky decomposition.
  ///
  /// ```swift
  /// try Matrix.constant([[4, 2], [2, 5]]).cholesky()  // Matrix 2 × 2: [2.0, 0.0, 1.0, 2.0]
  /// ```
  ///
  /// - Throws: ``LinearAlgebraError`` if the matrix is not square, symmetric, finite and positive definite. A compiled
  ///   function gives NaN for a sample where it is not.
  public func cholesky() throws(LinearAlgebraError) -> Matrix {
    try requireSymmetric("cholesky")
    var numbers = unwatchedData
    let size = rows, done = Int(mg_cholesky_factor(&numbers, Int64(size)))
    if done < size { throw .notPositiveDefinite(row: done) }
    let operation = MatrixOperation(
      name: "Cholesky", outputs: [(size, size)],
      value: { inputs in
        var factor = inputs[0]
        return mg_cholesky_factor(&factor, Int64(size)) == size ? factor : factor.map { _ in .nan }
      },
      reverse: { _, outputs, weights in
        let l = outputs[0]
        let inner = l.transposed.matmul(weights[0].lowerPart()).lowerPart(diagonal: 0.5)
        let left = l.solvedTriangular(inner, upper: false, transposed: true)
        return [l.solvedTriangular(left.transposed, upper: false, transposed: true).symmetricPart]
      },
      forward: { _, outputs, direction in
        let l = outputs[0]
        let left = l.solvedTriangular(direction[0].symmetricPart, upper: false)
        let inner = l.solvedTriangular(left.transposed, upper: false)
        return [l.matmul(inner.lowerPart(diagonal: 0.5))]
      }, known: numbers)
    return operation(self)[0]
  }
}
