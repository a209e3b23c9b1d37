extension Matrix {
  /// Returns the matrix product: element [i, j] is Σ self[i, k] · other[k, j]. `*` multiplies element by element.
  ///
  /// - Precondition: The other matrix has as many rows as this one has columns.
  ///
  /// ```swift
  /// let a = Matrix.constant([[1, 2], [3, 4]])
  /// a.matmul(.constant([[0, 1], [1, 0]]))  // Matrix 2 × 2: [2.0, 1.0, 4.0, 3.0]
  /// ```
  public func matmul(_ other: Matrix) -> Matrix {
    require(
      other.rows == columns,
      "\(rows) × \(columns) times \(other.rows) × \(other.columns): give a right side with \(columns) rows")
    return timesTranspose(of: other.transposed)
  }

  /// The product with the transpose of a matrix, without copying it.
  internal func timesTranspose(of other: Matrix) -> Matrix { affine(weights: other) }

  /// Returns the product with a vector, which counts as a column: element i is Σ self[i, k] · vector[k].
  ///
  /// - Precondition: The vector has as many elements as the matrix has columns.
  public func matmul(_ vector: Vector) -> Vector {
    require(
      vector.count == columns,
      "\(rows) × \(columns) times a vector of \(vector.count): give a vector of \(columns)")
    return Vector(vector.matrix.affine(weights: self))
  }

  /// The sum of the elements on the diagonal.
  public var trace: Value { diagonal.sum() }
}
