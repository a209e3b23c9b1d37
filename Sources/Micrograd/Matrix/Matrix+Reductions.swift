import CMicrograd

extension Matrix {
  /// The sum of all elements, one node.
  public func sum() -> Value {
    let plain = { withNumbers { numbers in (0..<count).reduce(0) { $0 + numbers[$1] } } }
    guard let tape = Matrix.recordingTape(self) else { return .constant(plain()) }
    let node = mg_sum_run(tape, first(on: tape), Int64(count))
    return node == Value.noNode ? Value.unrecorded(tape, plain()) : Value(tape, node)
  }

  /// The arithmetic mean of all elements.
  public func mean() -> Value { sum() * (1 / Double(count)) }

  /// The sum of each row; one column.
  public func rowSums() -> Matrix { alongRows(.row_sum, columns: 1) }

  /// log Σ eˣ of each row, without overflow; one column.
  public func logSumExp() -> Matrix { alongRows(.log_sum_exp, columns: 1) }

  /// eˣ / Σ eˣ along each row, without overflow: positive numbers whose sum is 1.
  public func softmax() -> Matrix { alongRows(.softmax, columns: columns) }

  /// x - log Σ eˣ along each row, without overflow: the logarithm of ``softmax()``, also where that is 0.
  public func logSoftmax() -> Matrix { alongRows(.log_softmax, columns: columns) }
}

/// The dot product Σ left[i, j] · right[i, j] of two matrices of one shape, one node.
public func dot(_ left: Matrix, _ right: Matrix) -> Value {
  require(left.rows == right.rows && left.columns == right.columns, "a dot product takes two matrices of one shape")
  guard let tape = Matrix.recordingTape(left, right) else {
    let (x, y) = (left.unwatchedData, right.unwatchedData)
    return .constant(zip(x, y).reduce(0) { $0 + $1.0 * $1.1 })
  }
  let node = mg_dot_runs(tape, left.first(on: tape), right.first(on: tape), Int64(left.count))
  if node == Value.noNode { trapFull(tape) }
  return Value(tape, node)
}
