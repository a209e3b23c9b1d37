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

  /// The sum of each row, as one column.
  public func rowSums() -> Matrix { alongRows(.row_sum, columns: 1) }

  /// log Σ eˣ of each row, without overflow, as one column.
  public func logSumExp() -> Matrix { alongRows(.log_sum_exp, columns: 1) }

  /// The softmax of each row, eˣ / Σ eˣ, without overflow: positive numbers whose sum is 1.
  public func softmax() -> Matrix { alongRows(.softmax, columns: columns) }

  /// The log-softmax of each row, x - log Σ eˣ, without overflow. It is finite even if ``softmax()`` is 0.
  public func logSoftmax() -> Matrix { alongRows(.log_softmax, columns: columns) }
}

/// Returns the dot product Σ left[i, j] · right[i, j] of two matrices of the same shape, one node.
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
