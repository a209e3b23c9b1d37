/// The fixed binary tree in which the sums of blocks are added.
///
/// A node stands for consecutive blocks. It has two children if it has two blocks or more: the first has as many blocks as
/// the largest power of two below the node's number of blocks, the second has the rest. The tree of 7 blocks:
///
/// ```
///               0…6
///         ┌──────┴──────┐
///        0…3           4…6
///     ┌───┴───┐     ┌───┴───┐
///    0…1     2…3   4…5      6
/// ```
///
/// The sum of a node is the sum of its first child plus that of its second child, so its bits do not depend on who
/// computes it.
internal enum BlockTree {
  /// Returns the first block of the second child of a node of at least two blocks.
  static func middle(of node: Range<Int>) -> Int {
    // The largest power of two below the count.
    node.lowerBound + 1 << (Int.bitWidth - 1 - (node.count - 1).leadingZeroBitCount)
  }
}

/// The sums of consecutive blocks, added as far as the tree allows without other blocks.
///
/// At most two nodes of each size are kept: memory is for O(log n) sums of n blocks.
internal struct BlockSums {
  /// The number of all blocks, of all ranks.
  let blocks: Int
  /// Nodes of the tree and their sums, in the order of blocks.
  private(set) var nodes: [(range: Range<Int>, sum: [Double])] = []

  /// Adds the sums of later blocks to those of earlier ones.
  let combine: (inout [Double], [Double]) -> Void

  init(blocks: Int, combine: @escaping (inout [Double], [Double]) -> Void = { $0.add($1) }) {
    (self.blocks, self.combine) = (blocks, combine)
  }

  /// Appends the sum of the next block.
  mutating func append(_ sum: [Double], of block: Int) {
    nodes.append((block..<block + 1, sum))
    while let parent = parentOfLastTwo {
      let right = nodes.removeLast()
      nodes[nodes.count - 1].range = parent
      combine(&nodes[nodes.count - 1].sum, right.sum)
    }
  }

  /// The node whose children are the last two nodes, if there is one.
  private var parentOfLastTwo: Range<Int>? {
    guard nodes.count >= 2 else { return nil }
    let (left, right) = (nodes[nodes.count - 2].range, nodes[nodes.count - 1].range)
    let count = left.count
    // A first child has a power of two of blocks, and starts at a multiple of twice that number.
    guard count & (count - 1) == 0, left.lowerBound & (2 * count - 1) == 0 else { return nil }
    let parent = left.lowerBound..<min(left.upperBound + count, blocks)
    return right.upperBound == parent.upperBound ? parent : nil
  }
}

extension [Double] {
  /// Adds the elements of an array of the same length.
  internal mutating func add(_ other: [Double]) {
    for index in indices { self[index] += other[index] }
  }
}
