import MicrogradNN
import MicrogradTables

/// How a table is split into training rows and validation rows, and shuffled: row by row, or by blocks of rows.
///
/// A large table is split and shuffled by blocks, because lists of all rows would take much memory, and reading rows in any
/// order much time. The rule depends on the size of the table alone, so that a table in memory and one in a file give the
/// same run.
struct RowSplit {
  /// The largest number of cells of a table that is split and shuffled row by row: 128 MB in a file.
  static let greatestCellCount = 1 << 24
  /// The largest number of rows of a table that is split and shuffled row by row.
  static let greatestRowCount = 1 << 22
  /// A block has at most as many rows and, unless a row is larger, bytes.
  static let greatestBlock = (rows: 256, byteCount: 1 << 15)

  /// The number of rows of the table.
  let count: Int
  /// The number of neighbouring rows that stay together; nil to split and shuffle row by row.
  let block: Int?

  /// - Parameters:
  ///   - count: The number of rows.
  ///   - columns: The number of columns that are considered, with the target.
  init(count: Int, columns: Int) {
    self.count = count
    let (rows, byteCount) = Self.greatestBlock
    let isLarge = count > Self.greatestRowCount || count > Self.greatestCellCount / columns
    block = isLarge ? max(1, min(rows, byteCount / (8 * columns))) : nil
  }

  /// Splits the rows at random, as `Dataset.split` does; those of a large table block by block. There must be two rows.
  ///
  /// - Parameter share: The fraction of the rows to hold out, between 0 and 1.
  func split(
    share: Double, using random: inout PythonRandom
  ) -> (training: BinaryTable.Selection, held: BinaryTable.Selection) {
    let units = block.map { (count - 1) / $0 + 1 } ?? count
    var order = Array(0..<units)
    random.shuffle(&order)
    let held = min(max(Int((Double(units) * share).rounded()), 1), units - 1)
    guard let block else { return (.rows(Array(order[held...])), .rows(Array(order[..<held]))) }
    // In order, so that the last block of the table, which may be shorter, is the last of its part.
    return (.blocks(order[held...].sorted(), size: block), .blocks(order[..<held].sorted(), size: block))
  }

  /// Returns the rows of a selection.
  func indices(_ selection: BinaryTable.Selection) -> [Int] {
    switch selection {
    case .all: Array(0..<count)
    case .rows(let rows): rows
    case .blocks(let blocks, let size): blocks.flatMap { $0 * size..<min(($0 + 1) * size, count) }
    }
  }
}
