import CMicrograd

// Transposing, cutting and joining. Where elements do not stay side by side, the result is a block of copies.

extension Matrix {
  /// The identity as plain numbers.
  ///
  /// - Parameter size: The number of rows and columns, at least 1.
  public static func identity(_ size: Int) -> Matrix {
    require(size >= 1, "an identity of size \(size): give 1 or more")
    return .constant(rows: size, columns: size, (0..<size * size).map { $0 % (size + 1) == 0 ? 1 : 0 })
  }

  /// The transpose: rows become columns.
  ///
  /// ```swift
  /// Matrix.constant([[1, 2, 3], [4, 5, 6]]).transposed  // Matrix 3 × 2: [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]
  /// ```
  public var transposed: Matrix {
    if rows == 1 || columns == 1 { return reshaped(rows: columns, columns: rows) }
    return copied((0..<count).map { $0 % rows * columns + $0 / rows }, rows: columns, columns: rows)
  }

  /// Returns the elements of some rows and columns, as copies.
  ///
  /// - Precondition: The ranges are within the matrix and not empty.
  ///
  /// ```swift
  /// Matrix.constant([[1, 2, 3], [4, 5, 6]])[0..<2, 1..<3]  // Matrix 2 × 2: [2.0, 3.0, 5.0, 6.0]
  /// ```
  public subscript(rowRange: Range<Int>, columnRange: Range<Int>) -> Matrix {
    require(
      columnRange.lowerBound >= 0 && columnRange.upperBound <= columns && !columnRange.isEmpty,
      "columns \(columnRange) of a matrix with \(columns): ask for one column or more that are there")
    let rows = rows(rowRange)
    if columnRange.count == columns { return rows }
    return rows.copied(
      (0..<rows.rows).flatMap { row in columnRange.map { row * columns + $0 } }, rows: rows.rows,
      columns: columnRange.count)
  }

  /// A column, counted from 0, as copies.
  public func column(_ index: Int) -> Vector {
    Vector(self[0..<rows, index..<index + 1].reshaped(rows: 1, columns: rows))
  }

  /// The elements on the diagonal, as copies.
  public var diagonal: Vector {
    let size = min(rows, columns)
    return Vector(copied((0..<size).map { $0 * (columns + 1) }, rows: 1, columns: size))
  }

  /// Returns matrices below each other.
  ///
  /// - Precondition: There is at least one, and all have the same number of columns.
  public static func joined(rows parts: [Matrix]) -> Matrix {
    require(!parts.isEmpty, "no matrices to join: give at least one")
    for part in parts {
      require(
        part.columns == parts[0].columns,
        "matrices of \(parts[0].columns) and of \(part.columns) columns cannot be joined by rows: give all as many columns"
      )
    }
    if parts.count == 1 { return parts[0] }
    return Matrix(
      rows: parts.reduce(0) { $0 + $1.rows }, columns: parts[0].columns, values: parts.flatMap(\.values))
  }

  /// Returns matrices side by side.
  ///
  /// - Precondition: There is at least one, and all have the same number of rows.
  public static func joined(columns parts: [Matrix]) -> Matrix {
    require(!parts.isEmpty, "no matrices to join: give at least one")
    let rows = parts[0].rows
    for part in parts {
      require(
        part.rows == rows,
        "matrices of \(rows) and of \(part.rows) rows cannot be joined by columns: give all as many rows")
    }
    if parts.count == 1 { return parts[0] }
    let all = parts.map(\.values)
    var values: [Value] = []
    for row in 0..<rows {
      for (part, elements) in Swift.zip(parts, all) {
        let start = row * part.columns
        values += elements[start..<start + part.columns]
      }
    }
    return Matrix(rows: rows, columns: values.count / rows, values: values)
  }

  /// Returns copies of elements, given by their row-major positions.
  internal func copied(_ positions: [Int], rows: Int, columns: Int) -> Matrix {
    Matrix.make(rows: rows, columns: columns, on: Matrix.recordingTape(self)) { tape in
      let start = first(on: tape)
      return mg_block_copy(tape, positions.map { start + Int32($0) }, 1, Int64(rows), Int64(columns))
    } compute: { v in
      withNumbers { x in
        for (k, position) in positions.enumerated() { v[k] = x[position] }
      }
    }
  }

  /// The matrix with its one row, or its one column, repeated; itself if it has the shape.
  internal func spread(rows: Int, columns: Int) -> Matrix {
    if rows == self.rows && columns == self.columns { return self }
    let (down, right) = (self.rows == 1 ? 0 : self.columns, self.columns == 1 ? 0 : 1)
    return copied(
      (0..<rows).flatMap { row in (0..<columns).map { row * down + $0 * right } }, rows: rows, columns: columns)
  }
}
