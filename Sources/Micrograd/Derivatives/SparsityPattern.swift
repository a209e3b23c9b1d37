/// Which entries of a matrix may be other than zero: what is known of a Jacobian or a Hessian beforehand.
public struct SparsityPattern: Sendable, Equatable {
  /// How many rows the matrix has.
  public var rows: Int { columnsByRow.count }
  /// How many columns the matrix has.
  public let columns: Int
  /// For each row the columns of its entries, ascending.
  public let columnsByRow: [[Int]]

  /// A pattern by rows: for each the columns of its entries, in any order.
  ///
  /// - Precondition: All columns are there.
  public init(columns: Int, columnsByRow: [[Int]]) {
    for (row, entries) in columnsByRow.enumerated() {
      for column in entries {
        require(
          column >= 0 && column < columns, "row \(row) of the pattern has an entry in column \(column), of \(columns)")
      }
    }
    self.init(columns: columns, ascending: columnsByRow.map(Self.ascending))
  }

  /// A pattern whose rows are ascending already.
  private init(columns: Int, ascending columnsByRow: [[Int]]) {
    self.columns = columns
    self.columnsByRow = columnsByRow
  }

  private static func ascending(_ numbers: [Int]) -> [Int] {
    zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 } ? numbers : Set(numbers).sorted()
  }

  /// A square pattern with the diagonal and as many diagonals on each side of it as `bandwidth` says.
  ///
  /// ```swift
  /// SparsityPattern.banded(4, bandwidth: 1).columnsByRow  // [[0, 1], [0, 1, 2], [1, 2, 3], [2, 3]]
  /// ```
  ///
  /// - Precondition: Neither number is negative.
  public static func banded(_ size: Int, bandwidth: Int) -> SparsityPattern {
    require(size >= 0 && bandwidth >= 0, "a band of \(bandwidth) in a matrix of \(size): give numbers from 0 on")
    return SparsityPattern(
      columns: size, columnsByRow: (0..<size).map { Array(max(0, $0 - bandwidth)...min(size - 1, $0 + bandwidth)) })
  }

  /// How many entries there are.
  public var count: Int { columnsByRow.reduce(0) { $0 + $1.count } }

  /// The pattern of the transposed matrix.
  public var transposed: SparsityPattern { SparsityPattern(columns: rows, ascending: rowsByColumn) }

  /// For each column the rows of its entries, ascending.
  internal var rowsByColumn: [[Int]] {
    var counts = [Int](repeating: 0, count: columns)
    for entries in columnsByRow { for column in entries { counts[column] += 1 } }
    var lists = counts.map { count -> [Int] in
      var list: [Int] = []
      list.reserveCapacity(count)
      return list
    }
    for (row, entries) in columnsByRow.enumerated() { for column in entries { lists[column].append(row) } }
    return lists
  }

  /// A colour for each column, counted from 0, such that no row has entries in two columns of one colour: the derivatives
  /// along the sum of a colour's columns then hold each entry by itself (Curtis, Powell and Reid 1974).
  ///
  /// Columns with many entries choose first, each the lowest colour that is free. The work is linear in the entries up to 64
  /// colours, and beyond that it grows by one pass over the entries for each further 64.
  public var columnColors: [Int] { ColumnColoring(rowsByColumn: rowsByColumn, rows: rows).colors }
}

/// A matrix of which only the entries of a pattern are kept.
public struct SparseMatrix: Sendable, Equatable {
  /// Where entries are.
  public let pattern: SparsityPattern
  /// The entries, row by row in the pattern's order.
  public internal(set) var entries: [[Double]]

  /// How many sweeps it took: colours, not columns.
  public internal(set) var sweepCount: Int

  /// The entry in a row and a column; 0 outside of the pattern.
  ///
  /// - Precondition: Row and column are within the matrix.
  public subscript(row: Int, column: Int) -> Double {
    require(
      row >= 0 && row < pattern.rows && column >= 0 && column < pattern.columns,
      "[\(row), \(column)] is not in a matrix of \(pattern.rows) × \(pattern.columns)")
    return pattern.columnsByRow[row].firstIndex(of: column).map { entries[row][$0] } ?? 0
  }

  /// All rows in full, zeros included.
  public var dense: [[Double]] {
    zip(pattern.columnsByRow, entries).map { columns, entries in
      var row = [Double](repeating: 0, count: pattern.columns)
      for (column, entry) in zip(columns, entries) { row[column] = entry }
      return row
    }
  }
}
