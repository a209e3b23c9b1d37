import CMicrograd

/// The eigenvalues and eigenvectors of a symmetric matrix.
public struct SymmetricEigen {
  /// The eigenvalues in ascending order.
  public let values: Vector
  /// The eigenvectors as columns, of length 1. The largest element of each is positive.
  public let vectors: Matrix
}

extension Matrix {
  /// The eigenvalues and eigenvectors of a symmetric matrix.
  ///
  /// Eigenvectors have derivatives where the eigenvalues differ. Of equal eigenvalues they are an arbitrary basis; their
  /// derivatives within it are taken as 0. Rule: Giles 2008, An extended collection of matrix derivative results, 3.1.
  ///
  /// ```swift
  /// let eigen = try Matrix.constant([[2, 1], [1, 2]]).symmetricEigen()
  /// eigen.values  // Vector 2: [1.0, 3.0]
  /// ```
  ///
  /// - Throws: ``LinearAlgebraError`` if the matrix is not square, symmetric and finite.
  public func symmetricEigen() throws(LinearAlgebraError) -> SymmetricEigen {
    try requireSymmetric("symmetricEigen")
    let size = rows
    let operation = MatrixOperation(
      name: "symmetric eigen", outputs: [(1, size), (size, size)], value: { Self.eigen($0[0], size) },
      reverse: { _, outputs, weights in
        let (q, gaps) = (outputs[1], Self.inverseGaps(outputs[0]))
        let inner = gaps * q.transposed.matmul(weights[1])
        let whole = inner + weights[0].spread(rows: size, columns: size) * Matrix.identity(size)
        return [q.matmul(whole).timesTranspose(of: q).symmetricPart]
      },
      forward: { _, outputs, direction in
        let (q, gaps) = (outputs[1], Self.inverseGaps(outputs[0]))
        let turned = q.transposed.matmul(direction[0].symmetricPart).matmul(q)
        return [turned.diagonal.matrix, q.matmul(gaps * turned)]
      })
    let outputs = operation(self)
    return SymmetricEigen(values: Vector(outputs[0]), vectors: outputs[1])
  }

  /// The values, then the vectors; NaN if they do not converge.
  private static func eigen(_ matrix: [Double], _ size: Int) -> [Double] {
    var (a, values) = (matrix, [Double](repeating: 0, count: size))
    var vectors = [Double](repeating: 0, count: size * size)
    guard mg_symmetric_eigen(&a, Int64(size), &values, &vectors) else {
      return [Double](repeating: .nan, count: size + size * size)
    }
    for column in 0..<size {
      let places = stride(from: column, to: size * size, by: size)
      let largest = places.max { abs(vectors[$0]) * (1 + 1e-9) < abs(vectors[$1]) } ?? column
      if vectors[largest] < 0 { for place in places { vectors[place] = -vectors[place] } }
    }
    return values + vectors
  }

  /// 1 / (λ[j] - λ[i]), and 0 where the two are equal to rounding.
  private static func inverseGaps(_ values: Matrix) -> Matrix {
    let size = values.columns, numbers = values.unwatchedData, limit = 1e-13 * numbers.largestMagnitude
    let across = values.spread(rows: size, columns: size)
    let gaps = across - across.transposed
    let isOpen = (0..<size * size).map { abs(numbers[$0 % size] - numbers[$0 / size]) > limit }
    let filled = gaps + Matrix.constant(rows: size, columns: size, isOpen.map { $0 ? 0 : 1 })
    return (1 / filled).scaled(by: isOpen.map { $0 ? 1 : 0 })
  }
}
