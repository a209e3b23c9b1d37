import CMicrograd

/// A matrix of Values: consecutive nodes, or plain numbers.
///
/// The result of an operation on matrices is one block on the tape, whatever the number of nodes. Each element is a
/// ``Value`` like any other, made when it is accessed:
///
/// ```swift
/// let x = Matrix([[1, -2], [3, 4]])
/// let y = x.relu()
/// y.sum().backward()
/// print(y[0, 1].data, x.gradients)  // 0.0 [1.0, 0.0, 1.0, 1.0]
/// ```
///
/// A matrix of plain numbers (``constant(_:)``, or anything computed under ``withoutGradients(_:)``) has no nodes and no
/// gradient. In an operation with a matrix of nodes it is recorded as data. Rows are usually samples, columns features.
public struct Matrix {
  internal enum Storage {
    /// Consecutive nodes: their tape, the handle of the first, and the block that must live on where they are parameters.
    case nodes(UnsafeMutablePointer<mg_tape>, UInt64, keeping: Parameters?)
    /// Row-major.
    case numbers([Double])
  }

  internal let storage: Storage

  /// The number of rows, at least 1.
  public let rows: Int
  /// The number of columns, at least 1.
  public let columns: Int

  internal init(_ storage: Storage, rows: Int, columns: Int) {
    self.storage = storage
    self.rows = rows
    self.columns = columns
  }

  internal init(_ tape: UnsafeMutablePointer<mg_tape>, first: mg_node, rows: Int, columns: Int) {
    #if DEBUG
      mg_tape_note_origin(tape, MG_ORIGIN_DEPTH)
    #endif
    self.init(.nodes(tape, mg_tape_handle(tape, first), keeping: nil), rows: rows, columns: columns)
  }

  // MARK: - Making

  /// Records leaves on the current tape: numbers for derivatives with respect to them.
  ///
  /// - Parameters:
  ///   - rows: The number of rows, at least 1.
  ///   - columns: The number of columns, at least 1.
  ///   - numbers: rows · columns numbers, row-major.
  public init(rows: Int, columns: Int, _ numbers: [Double]) {
    self = Matrix.constant(rows: rows, columns: columns, numbers).recorded(on: currentTape(), asData: false)
  }

  /// Records leaves on the current tape, from rows of equal length.
  public init(_ rows: [[Double]]) {
    self.init(rows: rows.count, columns: rows.first?.count ?? 0, Matrix.flat(rows))
  }

  /// Creates a matrix of plain numbers from rows · columns numbers, row-major.
  public static func constant(rows: Int, columns: Int, _ numbers: [Double]) -> Matrix {
    requireShape(rows, columns, of: numbers.count, "numbers")
    return Matrix(.numbers(numbers), rows: rows, columns: columns)
  }

  /// Creates a matrix of plain numbers from rows of equal length.
  public static func constant(_ rows: [[Double]]) -> Matrix {
    constant(rows: rows.count, columns: rows.first?.count ?? 0, flat(rows))
  }

  private static func requireShape(_ rows: Int, _ columns: Int, of count: Int, _ what: String) {
    require(rows >= 1 && columns >= 1, "a matrix has at least one row and one column, not \(rows) × \(columns)")
    require(
      isShape(rows, columns, of: count), "\(count) \(what) for a matrix of \(rows) × \(columns): give each place one")
  }

  /// Returns true if rows · columns is `count`, even if the product overflows an Int.
  private static func isShape(_ rows: Int, _ columns: Int, of count: Int) -> Bool {
    rows >= 1 && columns >= 1 && count.isMultiple(of: rows) && count / rows == columns
  }

  private static func flat(_ rows: [[Double]]) -> [Double] {
    var numbers: [Double] = []
    numbers.reserveCapacity(rows.count * (rows.first?.count ?? 0))
    for (i, row) in rows.enumerated() {
      require(
        row.count == rows[0].count,
        "rows[\(i)] has \(row.count) numbers, rows[0] has \(rows[0].count): give all as many")
      numbers += row
    }
    return numbers
  }

  /// Creates a matrix from any Values, by copying nodes. Gradients flow back through the copies.
  ///
  /// Constants among the Values become leaves. If all Values are consecutive nodes of the tape, nothing is copied.
  ///
  /// - Parameters:
  ///   - rows: The number of rows, at least 1.
  ///   - columns: The number of columns, at least 1.
  ///   - values: rows · columns Values, row-major.
  public init(rows: Int, columns: Int, values: [Value]) {
    Matrix.requireShape(rows, columns, of: values.count, "Values")
    guard let tape = Value.tape(of: values), !mg_tape_is_paused(tape) else {
      self.init(.numbers(values.map(\.unwatchedData)), rows: rows, columns: columns)
      return
    }
    var first = Value.noNode
    let copied = Value.withNodes(of: values, on: tape) { nodes in
      first = Matrix.gathered(nodes, rows: rows, columns: columns, on: tape)
      return first
    }
    if copied == Value.noNode { trapFull(tape, adding: values.count) }
    self.init(tape, first: first, rows: rows, columns: columns)
  }

  /// The first of the nodes where they follow one another, else that of a block of copies; no node where there is no room.
  ///
  /// A matrix is named by its first node, so it can only be of nodes that end together: of one scope, or of one block of
  /// parameters, whose handles then follow one another too.
  internal static func gathered(
    _ nodes: UnsafePointer<mg_node>, rows: Int, columns: Int, on tape: UnsafeMutablePointer<mg_tape>
  ) -> mg_node {
    let count = rows * columns
    let isRun =
      (0..<count).allSatisfy { nodes[$0] == nodes[0] + Int32($0) }
      && mg_tape_handle(tape, nodes[count - 1]) == mg_tape_handle(tape, nodes[0]) + UInt64(count - 1)
    return isRun ? nodes[0] : mg_block_copy(tape, nodes, 1, Int64(rows), Int64(columns))
  }

  // MARK: - Reading

  /// The number of elements.
  public var count: Int { rows * columns }

  /// True if the matrix has plain numbers, without nodes.
  public var isConstant: Bool {
    if case .numbers = storage { true } else { false }
  }

  /// The element in a row and a column, both counted from 0.
  public subscript(row: Int, column: Int) -> Value {
    require(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "[\(row), \(column)] is not in a matrix of \(rows) × \(columns)")
    return element(row * columns + column)
  }

  /// The elements, row by row.
  public var values: [Value] { (0..<count).map(element) }

  /// A row, counted from 0.
  public func row(_ index: Int) -> Vector {
    require(index >= 0 && index < rows, "row \(index) is not in a matrix with \(rows)")
    return Vector(rows(index..<index + 1))
  }

  /// Returns some of the rows: the same nodes, not copies.
  public func rows(_ range: Range<Int>) -> Matrix {
    require(
      range.lowerBound >= 0 && range.upperBound <= rows && !range.isEmpty,
      "rows \(range) of a matrix with \(rows): ask for one row or more that are there")
    switch storage {
    case .nodes(let tape, let handle, let owner):
      return Matrix(
        .nodes(tape, handle + UInt64(range.lowerBound * columns), keeping: owner), rows: range.count, columns: columns)
    case .numbers(let numbers):
      let slice = numbers[range.lowerBound * columns..<range.upperBound * columns]
      return Matrix(.numbers(Array(slice)), rows: range.count, columns: columns)
    }
  }

  /// Returns some of the elements of a matrix with one row: the same nodes, not copies.
  internal func columns(_ range: Range<Int>) -> Matrix {
    require(
      range.lowerBound >= 0 && range.upperBound <= columns && !range.isEmpty,
      "elements \(range) of a vector of \(columns): ask for one element or more that are there")
    switch storage {
    case .nodes(let tape, let handle, let owner):
      return Matrix(.nodes(tape, handle + UInt64(range.lowerBound), keeping: owner), rows: 1, columns: range.count)
    case .numbers(let numbers):
      return Matrix(.numbers(Array(numbers[range])), rows: 1, columns: range.count)
    }
  }

  /// All elements as one row: the same nodes, not copies.
  public var flattened: Vector { Vector(reshaped(rows: 1, columns: count)) }

  /// Returns the same elements in another shape: the same nodes, not copies.
  ///
  /// - Precondition: The shape has the same number of elements.
  public func reshaped(rows: Int, columns: Int) -> Matrix {
    require(
      Matrix.isShape(rows, columns, of: count),
      "\(count) elements do not fill a matrix of \(rows) × \(columns)")
    return Matrix(storage, rows: rows, columns: columns)
  }

  /// The numbers, row-major.
  ///
  /// The setter changes leaves or parameters in place, as for ``Value/data``. Constants cannot be set.
  public var data: [Double] {
    get {
      if case .nodes(let tape, _, _) = storage, let watch = tape.pointee.watch {
        mg_watch_read_run(watch, first(on: tape), Int64(count))
      }
      return unwatchedData
    }
    nonmutating set {
      guard case .nodes(let tape, _, _) = storage else { trapSettingConstant("data") }
      require(newValue.count == count, "\(newValue.count) numbers for \(count) elements")
      requireOpen(tape)
      mg_note_write(tape)
      let start = tape.pointee.values + Int(first(on: tape))
      for k in 0..<count { start[k] = newValue[k] }
      mg_note_change(tape)
    }
  }

  /// The numbers, without telling the tape's watch. For code whose recording does not depend on them.
  internal var unwatchedData: [Double] {
    if case .numbers(let numbers) = storage { return numbers }
    return withNumbers { Array(UnsafeBufferPointer(start: $0, count: count)) }
  }

  /// The gradients, row-major; zeros for a constant.
  public var gradients: [Double] {
    guard case .nodes(let tape, _, _) = storage else { return Array(repeating: 0, count: count) }
    mg_note_sweep(tape)
    return Array(UnsafeBufferPointer(start: tape.pointee.grads + Int(first(on: tape)), count: count))
  }

  /// The same numbers as a constant, without derivatives. In a function that is being compiled they have nodes, as
  /// ``Value/detached`` has.
  public var detached: Matrix {
    if case .nodes(let tape, _, _) = storage, tape.pointee.watch != nil { return map(.function, .detach) }
    return Matrix(.numbers(unwatchedData), rows: rows, columns: columns)
  }
}

extension Matrix: CustomStringConvertible {
  /// The shape and the numbers, shortened for large matrices: `Matrix 2 × 2: [1.0, -2.0, 3.0, 4.0]`.
  public var description: String {
    let shown = data.prefix(8).map(brief).joined(separator: ", ")
    return "Matrix \(rows) × \(columns): [\(shown)\(count > 8 ? ", …" : "")]"
  }
}

extension Parameters {
  /// Returns rows · columns of the parameters, row-major from a position on, as a matrix without copying. The matrix keeps
  /// the parameters alive.
  ///
  /// - Precondition: All are within the block, and there is at least one.
  public func matrix(rows: Int, columns: Int, from position: Int = 0) -> Matrix {
    require(
      rows >= 1 && columns >= 1 && position >= 0 && position <= count && rows <= (count - position) / columns,
      "\(rows) × \(columns) parameters from \(position) on are not within the \(count) of the block")
    return Matrix(.nodes(owner.pointer, self[position].bits, keeping: self), rows: rows, columns: columns)
  }
}
