import CMicrograd

/// The factors of a square matrix: its rows in the order `rowOrder` are `lower` · `upper`.
public struct LUDecomposition {
  /// The rows of the matrix, counted from 0, in the order of the factors' rows.
  public let rowOrder: [Int]
  /// The factor below the diagonal, which is ones.
  public let lower: Matrix
  /// The factor at and above the diagonal.
  public let upper: Matrix
}

extension Matrix {
  /// Factors a square matrix with row exchanges. The order of the rows is that at the current numbers; derivatives and
  /// compiled functions keep it.
  ///
  /// Rule: de Hoog, Anderssen and Lukas 2011, Differentiation of matrix functionals using triangular factorization.
  ///
  /// - Throws: ``LinearAlgebraError`` if the matrix is singular or not square, or an element is not finite.
  public func lu() throws(LinearAlgebraError) -> LUDecomposition {
    try requireSquare("lu")
    try requireFinite()
    let size = rows
    var (numbers, exchanges) = (unwatchedData, [Int64](repeating: 0, count: rows))
    let done = Int(mg_lu_factor(&numbers, &exchanges, Int64(size)))
    if done < size { throw .singular(column: done) }
    var order = Array(0..<size)
    for k in 0..<size { order.swapAt(k, Int(exchanges[k])) }

    let operation = MatrixOperation(
      name: "LU", outputs: [(size, size)],
      value: { inputs in
        var factors = inputs[0]
        mg_lu_factor_in_order(&factors, Int64(size))
        return factors
      },
      reverse: { _, outputs, weights in
        let (l, u) = (outputs[0].unitLower, outputs[0].upperPart)
        let lower = l.transposed.matmul(weights[0].lowerPart(diagonal: 0)).lowerPart(diagonal: 0)
        let inner = lower + weights[0].upperPart.timesTranspose(of: u).upperPart
        let left = l.solvedTriangular(inner, upper: false, isUnit: true, transposed: true)
        return [u.solvedTriangular(left.transposed, upper: true).transposed]
      },
      forward: { _, outputs, direction in
        let (l, u) = (outputs[0].unitLower, outputs[0].upperPart)
        let left = l.solvedTriangular(direction[0], upper: false, isUnit: true)
        let inner = u.solvedTriangular(left.transposed, upper: true, transposed: true).transposed
        return [l.matmul(inner.lowerPart(diagonal: 0)) + inner.upperPart.matmul(u)]
      })
    let factors = operation(gathering(rows: order))[0]
    return LUDecomposition(rowOrder: order, lower: factors.unitLower, upper: factors.upperPart)
  }

  /// The part below the diagonal, and ones on it.
  private var unitLower: Matrix { lowerPart(diagonal: 0) + Matrix.identity(rows) }
}
