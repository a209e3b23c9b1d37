import Micrograd

extension Communicator {
  /// Returns the sum over all blocks, the same bits on each rank, for any number of ranks.
  ///
  /// Each rank computes consecutive blocks, in order. Their sums are added in one fixed tree over the numbers of the blocks.
  /// A rank adds what the tree has within its own blocks, then one sum travels up the tree for each rank but the first; the
  /// result goes from rank 0 to all. So the time for messages grows with the logarithm of the number of ranks.
  ///
  /// - Parameters:
  ///   - blocks: The number of blocks, the same on each rank.
  ///   - width: The number of sums, the same on each rank.
  ///   - sum: Returns the sums of a block, `width` numbers, given its number. They must not depend on the rank.
  /// - Returns: `width` sums; zeros if there are no blocks.
  /// - Throws: ``CommunicationError`` if another rank has failed, and errors of `sum`.
  public func allReduce(blocks: Int, width: Int, sumOf sum: (Int) throws -> [Double]) throws -> [Double] {
    var total = try reduce(blocks: blocks, width: width, sumOf: sum) ?? [Double](repeating: 0, count: width)
    if width > 0 { try broadcast(&total, from: 0) }
    return total
  }

  /// The same, but rank 0 alone gets the sums: nil on other ranks, and if there are no blocks or no sums.
  ///
  /// - Parameter combine: Adds the sums of later blocks to those of earlier ones.
  internal func reduce(
    blocks: Int, width: Int, sumOf sum: (Int) throws -> [Double],
    combine: @escaping (inout [Double], [Double]) -> Void = { $0.add($1) }
  ) throws -> [Double]? {
    var sums = BlockSums(blocks: blocks, combine: combine)
    for block in SampleBlocks.blocks(blocks, ofRank: rank, of: size) {
      let ofBlock = try sum(block)
      require(ofBlock.count == width, "block \(block) has \(ofBlock.count) sums, and width is \(width)")
      sums.append(ofBlock, of: block)
    }
    return try reduce(sums, width: width)
  }

  /// Returns the sum of all blocks on rank 0, given the sums of this rank's blocks.
  private func reduce(_ sums: BlockSums, width: Int) throws(CommunicationError) -> [Double]? {
    let own = SampleBlocks.blocks(sums.blocks, ofRank: rank, of: size)
    var local = sums.nodes[...]
    return sums.blocks == 0 || width == 0 ? nil : try reduce(0..<sums.blocks, own, &local, sums, width)
  }

  /// Returns the sum of a node on the rank of its first block, nil on others.
  ///
  /// All ranks visit the nodes in the same order, children first, so that no two ranks wait for each other. A node
  /// without blocks of this rank is passed over, and one within its blocks is at hand.
  private func reduce(
    _ node: Range<Int>, _ own: Range<Int>, _ local: inout ArraySlice<(range: Range<Int>, sum: [Double])>,
    _ all: BlockSums, _ width: Int
  ) throws(CommunicationError) -> [Double]? {
    if !node.overlaps(own) { return nil }
    if own.lowerBound <= node.lowerBound, node.upperBound <= own.upperBound { return local.removeFirst().sum }
    let middle = BlockTree.middle(of: node)
    let left = try reduce(node.lowerBound..<middle, own, &local, all, width)
    let right = try reduce(middle..<node.upperBound, own, &local, all, width)
    let (owner, other) = (
      SampleBlocks.rank(ofBlock: node.lowerBound, among: all.blocks, of: size),
      SampleBlocks.rank(ofBlock: middle, among: all.blocks, of: size)
    )
    if rank == owner, var sum = left {
      if let right {
        all.combine(&sum, right)
      } else {
        all.combine(&sum, try receive(Double.self, count: width, from: other))
      }
      return sum
    }
    if rank == other, let right { try send(right, to: owner) }
    return nil
  }
}
