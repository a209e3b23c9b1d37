import Foundation
import Micrograd

/// An order of the rows of a table.
enum RowOrder: Sendable, Equatable {
  /// The order of the table, with its number of rows.
  case inOrder(Int)
  /// These rows.
  case listed([Int])
  /// Random by blocks.
  case blocks(BlockOrder)

  var count: Int {
    switch self {
    case .inOrder(let count): count
    case .listed(let rows): rows.count
    case .blocks(let order): order.count
    }
  }

  /// Returns the rows at consecutive places of the order.
  func indices(_ places: Range<Int>) -> [Int] {
    switch self {
    case .inOrder: Array(places)
    case .listed(let rows): places == rows.indices ? rows : Array(rows[places])
    case .blocks(let order): order.indices(places)
    }
  }
}

/// Blocks of neighbouring rows in random order, the rows of a group of blocks shuffled.
///
/// The rows of a group are listed when one of them is asked for; the last group is kept.
struct BlockOrder: Sendable, Equatable {
  /// The number of blocks whose rows are shuffled together.
  static let groupSize = 64

  /// The number of rows.
  let count: Int
  private let block: Int
  /// The blocks in random order. The last block of the table, which may be shorter, is the last.
  private let blocks: [Int]
  /// Seeds the shuffle of each group.
  private let seed: Int
  private let last = LastGroup()

  init(count: Int, block: Int, using random: inout PythonRandom) {
    require(block >= 1, "Cannot shuffle by blocks of \(block) rows: give 1 or more.")
    self.count = count
    self.block = min(block, count)
    let whole = (count - 1) / self.block
    var blocks = Array(0..<whole)
    random.shuffle(&blocks)
    self.blocks = blocks + [whole]
    seed = random.randint(0, 1 << 32 - 1)
  }

  func indices(_ places: Range<Int>) -> [Int] {
    var found: [Int] = []
    found.reserveCapacity(places.count)
    let size = block * Self.groupSize
    var place = places.lowerBound
    while place < places.upperBound {
      let group = place / size, start = group * size
      let rows = last.rows(of: group) { self.rows(ofGroup: group) }
      let end = min(places.upperBound, start + rows.count)
      found += rows[(place - start)..<(end - start)]
      place = end
    }
    return found
  }

  private func rows(ofGroup group: Int) -> [Int] {
    let first = group * Self.groupSize
    var rows: [Int] = []
    for number in blocks[first..<min(first + Self.groupSize, blocks.count)] {
      rows += number * block..<min((number + 1) * block, count)
    }
    var random = PythonRandom(seed: seed &+ group)
    random.shuffle(&rows)
    return rows
  }

  static func == (a: BlockOrder, b: BlockOrder) -> Bool {
    a.count == b.count && a.block == b.block && a.blocks == b.blocks && a.seed == b.seed
  }
}

/// The rows of the group that was asked for last.
private final class LastGroup: @unchecked Sendable {
  private let lock = NSLock()
  private var group: Int?
  private var rows: [Int] = []

  func rows(of group: Int, make: () -> [Int]) -> [Int] {
    lock.withLock {
      if self.group != group { (self.group, rows) = (group, make()) }
      return rows
    }
  }
}
