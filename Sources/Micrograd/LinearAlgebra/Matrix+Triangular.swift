import CMicrograd

extension Matrix {
  /// Solves T x = b, or Tᵀ x = b, for a triangular matrix T: the part of this matrix at and below its diagonal, or at and
  /// above it. The other part is not read, and its derivatives are 0.
  ///
  /// - Parameters:
  ///   - b: A column for each system, with as many rows as T.
  ///   - upper: True if T is the part at and above the diagonal.
  ///   - transposed: True to solve with Tᵀ.
  /// - Throws: ``LinearAlgebraError`` if an element of the diagonal is 0, T is not square, or the rows do not fit.
  public func solveTriangular(
    _ b: Matrix, upper: Bool = false, transposed: Bool = false
  ) throws(LinearAlgebraError) -> Matrix {
    try requireSquare("solveTriangular")
    if b.rows != rows { throw .shape("a matrix with \(rows) rows and a right side with \(b.rows): give \(rows) rows") }
    let numbers = unwatchedData
    if let zero = (0..<rows).first(where: { numbers[$0 * (rows + 1)] == 0 }) { throw .singular(column: zero) }
    return solvedTriangular(b, upper: upper, transposed: transposed)
  }

  internal func solvedTriangular(_ b: Matrix, upper: Bool, isUnit: Bool = false, transposed: Bool = false) -> Matrix {
    let (size, count) = (rows, b.columns)
    let operation = MatrixOperation(
      name: "solve triangular", outputs: [(size, count)],
      value: { inputs in
        var x = inputs[1]
        mg_triangular_solve(inputs[0], Int64(size), upper, isUnit, transposed, &x, Int64(count))
        return x
      },
      reverse: { inputs, outputs, weights in
        let adjoint = inputs[0].solvedTriangular(weights[0], upper: upper, isUnit: isUnit, transposed: !transposed)
        let (left, right) = transposed ? (outputs[0], adjoint) : (adjoint, outputs[0])
        return [-left.timesTranspose(of: right).triangle(upper, isUnit), adjoint]
      },
      forward: { inputs, outputs, direction in
        let triangle = direction[0].triangle(upper, isUnit)
        let change = (transposed ? triangle.transposed : triangle).matmul(outputs[0])
        return [
          inputs[0].solvedTriangular(direction[1] - change, upper: upper, isUnit: isUnit, transposed: transposed)
        ]
      })
    return operation(self, b)[0]
  }

  private func triangle(_ upper: Bool, _ isUnit: Bool) -> Matrix {
    let diagonal = isUnit ? 0.0 : 1
    return upper ? transposed.lowerPart(diagonal: diagonal).transposed : lowerPart(diagonal: diagonal)
  }
}
