/// A colour for each column of a sparse matrix, counted from 0, such that no row has entries in two columns of one colour.
///
/// Greedy: columns with many entries choose first, each the lowest colour that none of its rows has (Curtis, Powell and Reid
/// 1974; the columns are the vertices of Coleman and Moré's graph of 1983, coloured without building its edges).
///
/// Each row keeps its colours as bits, 64 in a word. So a column looks at its own rows only: the work is the number of
/// entries, times the words of 64 colours, and is linear in the entries up to 64 colours. It is never more than a 64th of
/// the sweeps for which the colours are used, entry by entry.
struct ColumnColoring {
  /// By column.
  private(set) var colors: [Int]
  /// How many colours there are.
  private(set) var count = 0

  /// Colours the columns.
  ///
  /// - Parameters:
  ///   - rowsByColumn: For each column the rows of its entries, each once, in any order.
  ///   - rows: How many rows the matrix has.
  ///   - limit: The number of colours at which to give up, at least 1: `count` is then `limit`, and columns without a colour
  ///     have 0.
  init(rowsByColumn: [[Int]], rows: Int, givingUpAt limit: Int = .max) {
    colors = [Int](repeating: 0, count: rowsByColumn.count)
    var used: [[UInt64]] = []  // by word of 64 colours, by row
    for column in Self.longestFirst(rowsByColumn) {
      let entries = rowsByColumn[column]
      var word = -1, taken: UInt64
      repeat {
        word += 1
        if word == used.count { used.append([UInt64](repeating: 0, count: rows)) }
        taken = 0
        for row in entries { taken |= used[word][row] }
      } while taken == .max
      let bit = (~taken).trailingZeroBitCount
      for row in entries { used[word][row] |= 1 << UInt64(bit) }
      colors[column] = 64 * word + bit
      count = max(count, colors[column] + 1)
      if count >= limit { return }
    }
  }

  /// The columns by falling number of entries, those of one number in their order: a counting sort.
  private static func longestFirst(_ rowsByColumn: [[Int]]) -> [Int] {
    let longest = rowsByColumn.lazy.map(\.count).max() ?? 0
    var places = [Int](repeating: 0, count: longest + 2)  // by how much shorter a column is than the longest
    for rows in rowsByColumn { places[longest - rows.count + 1] += 1 }
    for k in 1..<places.count { places[k] += places[k - 1] }
    var order = [Int](repeating: 0, count: rowsByColumn.count)
    for (column, rows) in rowsByColumn.enumerated() {
      order[places[longest - rows.count]] = column
      places[longest - rows.count] += 1
    }
    return order
  }
}

/// The cheaper way to compute a Jacobian: its columns by tangent sweeps, or its rows by reverse sweeps.
enum CheaperColoring {
  case columns(ColumnColoring)
  case rows(ColumnColoring)

  /// Takes the side with fewer colours; columns where both have as many.
  ///
  /// A side needs as many colours at least as the other side's longest line has entries. So the side that promises fewer is
  /// coloured first. The other is coloured only if it may win, and only until it has lost.
  init(_ pattern: SparsityPattern) {
    let columnsByRow = pattern.columnsByRow, rowsByColumn = pattern.rowsByColumn
    let columnsNeed = columnsByRow.lazy.map(\.count).max() ?? 0, rowsNeed = rowsByColumn.lazy.map(\.count).max() ?? 0
    func columns(givingUpAt limit: Int) -> ColumnColoring {
      ColumnColoring(rowsByColumn: rowsByColumn, rows: pattern.rows, givingUpAt: limit)
    }
    func rows(givingUpAt limit: Int) -> ColumnColoring {
      ColumnColoring(rowsByColumn: columnsByRow, rows: pattern.columns, givingUpAt: limit)
    }
    if columnsNeed <= rowsNeed {
      let byColumns = columns(givingUpAt: .max), most = byColumns.count
      let byRows = rowsNeed < most ? rows(givingUpAt: most) : nil
      self = if let byRows, byRows.count < most { .rows(byRows) } else { .columns(byColumns) }
    } else {
      let byRows = rows(givingUpAt: .max), most = byRows.count
      let byColumns = columnsNeed <= most ? columns(givingUpAt: most + 1) : nil
      self = if let byColumns, byColumns.count <= most { .columns(byColumns) } else { .rows(byRows) }
    }
  }
}
