/// Returns rows of text as lines whose columns are aligned, two spaces apart, without spaces at their ends.
///
/// - Parameters:
///   - rows: The rows, all with the same number of cells.
///   - isLeft: Returns true for a column, by its position, that is aligned to the left; the others are to the right.
package func alignedLines(_ rows: [[String]], isLeft: (Int) -> Bool) -> [String] {
  let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      let space = String(repeating: " ", count: widths[column] - cell.count)
      return isLeft(column) ? cell + space : space + cell
    }
    return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
  }
}
