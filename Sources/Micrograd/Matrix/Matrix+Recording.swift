import CMicrograd

// How operations on matrices are put on the tape, or computed from plain numbers where there is none.

extension Matrix {
  /// The element at a row-major position, which is within the matrix.
  internal func element(_ position: Int) -> Value {
    switch storage {
    case .nodes(let tape, let handle, _): Value(tape, handle: handle + UInt64(position))
    case .numbers(let numbers): .constant(numbers[position])
    }
  }

  /// The first node, after checking that its scope is still open.
  internal func first(on tape: UnsafeMutablePointer<mg_tape>) -> mg_node {
    guard case .nodes(let own, let handle, _) = storage else { return recorded(on: tape, asData: true).first(on: tape) }
    if own != tape { trapMixed() }
    return Value(own, handle: handle).node(on: tape)
  }

  /// The same matrix with nodes: plain numbers are put on the tape, as leaves or as data.
  internal func recorded(on tape: UnsafeMutablePointer<mg_tape>, asData: Bool) -> Matrix {
    guard case .numbers(let numbers) = storage, !mg_tape_is_paused(tape) else { return self }
    let node = mg_block_leaves(tape, numbers, Int64(rows), Int64(columns), asData)
    if node == Value.noNode { trapFull(tape, adding: count) }
    return Matrix(tape, first: node, rows: rows, columns: columns)
  }

  /// Calls `body` with the numbers, row-major, where they lie.
  internal func withNumbers<Result>(_ body: (UnsafePointer<Double>) -> Result) -> Result {
    switch storage {
    case .nodes(let tape, _, _): body(UnsafePointer(tape.pointee.values + Int(first(on: tape))))
    case .numbers(let numbers): numbers.withUnsafeBufferPointer { body($0.baseAddress.unsafelyUnwrapped) }
    }
  }

  /// The tape of matrices on which something can be recorded; `nil` where all are plain, or recording is paused.
  @inline(__always)
  internal static func recordingTape(
    _ a: Matrix, _ b: Matrix? = nil, _ c: Matrix? = nil
  ) -> UnsafeMutablePointer<mg_tape>? {
    let found = common(common(a.tape, b?.tape), c?.tape)
    return found.flatMap { mg_tape_is_paused($0) ? nil : $0 }
  }

  private var tape: UnsafeMutablePointer<mg_tape>? {
    if case .nodes(let tape, _, _) = storage { tape } else { nil }
  }

  private static func common(
    _ a: UnsafeMutablePointer<mg_tape>?, _ b: UnsafeMutablePointer<mg_tape>?
  ) -> UnsafeMutablePointer<mg_tape>? {
    guard let a, let b else { return a ?? b }
    if a != b { trapMixed() }
    return a
  }

  /// Returns a new matrix: recorded on `tape`, or computed without one.
  internal static func make(
    rows: Int, columns: Int, on tape: UnsafeMutablePointer<mg_tape>?,
    record: (UnsafeMutablePointer<mg_tape>) -> mg_node, compute: (UnsafeMutablePointer<Double>) -> Void
  ) -> Matrix {
    if let tape {
      let node = record(tape)
      if node == Value.noNode { trapFull(tape, adding: rows * columns) }
      return Matrix(tape, first: node, rows: rows, columns: columns)
    }
    let numbers = [Double](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      if let start = buffer.baseAddress { compute(start) }
      count = rows * columns
    }
    return Matrix(.numbers(numbers), rows: rows, columns: columns)
  }

  /// An op on each element.
  internal func map(_ op: OpCode, _ function: FunctionCode = .absolute, constant c: Double = 0) -> Matrix {
    Matrix.make(rows: rows, columns: columns, on: Matrix.recordingTape(self)) { tape in
      mg_block_map(tape, op, function, c, first(on: tape), Int64(rows), Int64(columns))
    } compute: { v in
      withNumbers { mg_map_values(op, function, c, $0, v, Int64(count)) }
    }
  }

  /// An op on the elements of two matrices. One row, or one column, meets every row, or column, of the other side.
  internal func zip(_ op: OpCode, _ other: Matrix) -> Matrix {
    let (rows, columns) = (max(rows, other.rows), max(columns, other.columns))
    require(
      [self, other].allSatisfy { ($0.rows == rows || $0.rows == 1) && ($0.columns == columns || $0.columns == 1) },
      """
      \(self.rows) × \(self.columns) and \(other.rows) × \(other.columns) do not go together: give both one shape, or one of \
      them one row or one column
      """)
    let left = spread(rows: rows, columns: columns)
    let isRow = other.rows == 1 && rows > 1 && other.columns == columns
    let right = isRow ? other : other.spread(rows: rows, columns: columns)
    return Matrix.make(rows: rows, columns: columns, on: Matrix.recordingTape(left, right)) { tape in
      mg_block_zip(tape, op, left.first(on: tape), right.first(on: tape), isRow, Int64(rows), Int64(columns))
    } compute: { v in
      left.withNumbers { x in right.withNumbers { y in mg_zip_values(op, x, y, isRow, v, Int64(rows), Int64(columns)) }
      }
    }
  }

  /// An op of each element and a plain number of its own.
  internal func meet(_ op: OpCode, _ targets: [Double], constant c: Double = 0) -> Matrix {
    require(targets.count == count, "\(targets.count) numbers for \(count) elements: give each one")
    return Matrix.make(rows: rows, columns: columns, on: Matrix.recordingTape(self)) { tape in
      mg_block_target(tape, op, c, first(on: tape), targets, Int64(rows), Int64(columns))
    } compute: { v in
      withNumbers { mg_target_values(op, c, $0, targets, v, Int64(count)) }
    }
  }

  /// An op along each row, which gives as many columns or one.
  internal func alongRows(_ op: OpCode, columns resulting: Int) -> Matrix {
    Matrix.make(rows: rows, columns: resulting, on: Matrix.recordingTape(self)) { tape in
      mg_block_rows(tape, op, first(on: tape), Int64(rows), Int64(columns))
    } compute: { v in
      withNumbers { mg_row_values(op, $0, v, Int64(rows), Int64(columns)) }
    }
  }
}
