/// Rows whose columns line up: the first to the left, all others to the right.
struct TextTable {
  private let header: [String]
  private var rows: [[String]] = []

  init(_ header: [String]) { self.header = header }

  /// A row of fewer cells is a heading, as long as it likes.
  mutating func add(_ row: [String]) { rows.append(row) }

  var text: String {
    let full = ([header] + rows).filter { $0.count == header.count }
    let widths = header.indices.map { column in full.map { $0[column].count }.max() ?? 0 }
    return ([header] + rows).map { row in
      guard row.count == header.count else { return row.joined(separator: "  ") }
      let cells = zip(row.indices, row).map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }
      return trimmed(cells.joined(separator: "  "))
    }.joined(separator: "\n")
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}
