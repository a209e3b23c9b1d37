import MicrogradNN
import MicrogradTables

/// The split of a table into training rows and validation rows, and the rule for shuffling by blocks.
///
/// A table of many rows is split and shuffled by blocks of rows, because lists of all rows would take too much memory. The
/// rule depends on the number of rows alone, so that a table in memory and one in a file give the same run.
enum RowSplit {
  /// The largest number of rows that are listed.
  static let greatestShuffle = 1 << 22
  /// The number of rows of a block.
  static let block = 256

  /// Returns the shuffle's block for this many training rows.
  static func shuffleBlock(_ count: Int) -> Int? { count > greatestShuffle ? block : nil }

  /// Splits the rows of a table at random, as `Dataset.split` does; a table of many rows block by block.
  ///
  /// - Parameters:
  ///   - count: The number of rows, at least 2.
  ///   - share: The fraction of the rows to hold out, between 0 and 1.
  static func split(
    _ count: Int, share: Double, using random: inout PythonRandom
  ) -> (training: BinaryTable.Selection, held: BinaryTable.Selection) {
    let units = count > greatestShuffle ? (count - 1) / block + 1 : count
    var order = Array(0..<units)
    random.shuffle(&order)
    let held = min(max(Int((Double(units) * share).rounded()), 1), units - 1)
    guard count > greatestShuffle else { return (.rows(Array(order[held...])), .rows(Array(order[..<held]))) }
    // In order, so that the last block of the table, which may be shorter, is the last of its part.
    return (.blocks(order[held...].sorted(), size: block), .blocks(order[..<held].sorted(), size: block))
  }

  /// Returns the rows of a selection of `count` rows.
  static func indices(_ selection: BinaryTable.Selection, of count: Int) -> [Int] {
    switch selection {
    case .all: Array(0..<count)
    case .rows(let rows): rows
    case .blocks(let blocks, let size): blocks.flatMap { $0 * size..<min(($0 + 1) * size, count) }
    }
  }
}
