import CMicrograd

/// Returns the element of a table at an index that is a Value, counted from 0.
///
/// ```swift
/// let x = [Value(2), Value(3), Value(5)]
/// let y = pick(x, at: Value(1)) * x[0]
/// y.backward()
/// print(y.data, x.map(\.grad))  // 6.0 [3.0, 2.0, 0.0]
/// ```
///
/// Derivatives flow into the chosen element, and none into the index. Unlike `table[i]` with an `Int`, the element is
/// looked up again when the tape is recomputed, and for each sample of a compiled function. Constants among the Values
/// become leaves. If the index is invalid when the tape is recomputed, the result is NaN.
///
/// - Precondition: The index is a whole number from 0 to `table.count - 1`.
/// - Complexity: O(1) if the Values are consecutive or equally spaced on the tape, after one pass over them; else a list of
///   them is stored.
public func pick(_ table: [Value], at index: Value) -> Value {
  let chosen = table[index.place(among: table.count)]
  guard let tape = index.pointer ?? Value.tape(of: table) else { return chosen }
  let node =
    if let run = Value.run(table), run.tape == tape {
      Value.withNodes(of: [index], on: tape) { mg_pick_run(tape, $0[0], run.first, 1, Int64(table.count)) }
    } else {
      Value.withNodes(of: [index] + table, on: tape) { mg_pick(tape, $0[0], $0 + 1, Int64(table.count)) }
    }
  return node == Value.noNode ? Value.unrecorded(tape, chosen.unwatchedData) : Value(tape, node)
}

/// Returns the element of a vector at an index that is a Value; see ``pick(_:at:)-([Value],_)``.
public func pick(_ table: Vector, at index: Value) -> Value {
  table.matrix.picked(at: index, count: table.count, results: 1)[0, 0]
}

extension Matrix {
  /// Returns the row at an index that is a Value, counted from 0, such as that of a token in a table of embeddings.
  ///
  /// Derivatives flow into the elements of that row; see ``pick(_:at:)-([Value],_)``. Each element is one node.
  ///
  /// - Precondition: The index is a whole number from 0 to `rows - 1`.
  public func row(at index: Value) -> Vector { Vector(picked(at: index, count: rows, results: columns)) }

  /// Row `index` of the elements taken as `count` rows of `results` each.
  internal func picked(at index: Value, count: Int, results: Int) -> Matrix {
    let place = index.place(among: count)
    guard let tape = index.recordingTape ?? Matrix.recordingTape(self) else {
      let numbers = withNumbers { Array(UnsafeBufferPointer(start: $0 + place * results, count: results)) }
      return Matrix(.numbers(numbers), rows: 1, columns: results)
    }
    let table = first(on: tape)
    let first = Value.withNodes(of: [index], on: tape) { index in
      if mg_tape_reserve(tape, Int64(results)) != .ok { return Value.noNode }
      let picked = (0..<results).map {
        mg_pick_run(tape, index[0], table + Int32($0), Int64(results), Int64(count))
      }
      return picked.contains(Value.noNode) ? Value.noNode : picked[0]
    }
    if first == Value.noNode { trapFull(tape, adding: results) }
    return Matrix(tape, first: first, rows: 1, columns: results)
  }
}

extension Value {
  internal func place(among count: Int) -> Int {
    let number = unwatchedData, place = Int(exactly: number)
    require(
      place.map { $0 >= 0 && $0 < count } ?? false,
      "the element at \(number) of \(count) is picked: give a whole number from 0 to \(count - 1)")
    return place ?? 0
  }

  fileprivate var recordingTape: UnsafeMutablePointer<mg_tape>? {
    pointer.flatMap { mg_tape_is_paused($0) ? nil : $0 }
  }
}
