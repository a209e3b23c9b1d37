import Micrograd
import MicrogradOptimization

/// Rows that are dealt to the ranks of a communicator, block by block.
internal final class RankedRows: RankedBlocks {
  /// The number of rows of a block. It is part of the definition of a result: another one would give other bits.
  static let length = 2048

  var rowCount: Int { blocks.sampleCount }
  let ownRows: Range<Int>
  private let communicator: any Communicator
  /// The blocks of all ranks.
  private let blocks: SampleBlocks
  /// The first block of this rank.
  private let firstBlock: Int
  /// The first error of a message. What is computed afterwards is NaN, which ends the computation.
  private(set) var failure: (any Error)?

  init(_ count: Int, _ communicator: any Communicator) {
    self.communicator = communicator
    blocks = SampleBlocks(sampleCount: count, length: Self.length)
    firstBlock = SampleBlocks.blocks(blocks.count, ofRank: communicator.rank, of: communicator.size).lowerBound
    ownRows = blocks.samples(ofRank: communicator.rank, of: communicator.size)
  }

  func total(
    width: Int, of sums: (_ block: Int, _ rows: Range<Int>) -> [Double],
    combine: @escaping (inout [Double], [Double]) -> Void
  ) -> [Double] {
    let nothing = [Double](repeating: .nan, count: width)
    if failure != nil { return nothing }
    do {
      let found = try communicator.reduce(
        blocks: blocks.count, width: width, sumOf: { block in sums(block - firstBlock, blocks[block]) },
        combine: combine)
      var total = found ?? nothing
      try communicator.broadcast(&total, from: 0)
      return total
    } catch {
      failure = error
      return nothing
    }
  }

  func gather(_ own: [Double]) -> [Double] {
    if failure != nil { return own }
    do {
      var all = try communicator.gather(own, at: 0).concatenated
      if communicator.rank != 0 { all = [Double](unsafeUninitializedCapacity: rowCount) { $1 = rowCount } }
      try communicator.broadcast(&all, from: 0)
      return all
    } catch {
      failure = error
      return own
    }
  }

  /// Returns the result of a computation. Throws the error of a message, if there was one.
  func checked<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      let result = try body()
      if let failure { throw failure }
      return result
    } catch {
      throw failure ?? error
    }
  }
}
