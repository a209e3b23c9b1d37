import Micrograd
import MicrogradOptimization

/// Rows that are dealt to the ranks of a communicator, block by block.
internal final class RankedRows: RankedBlocks {
  /// The number of rows of a block. It is part of the definition of a result: another one would give other bits.
  static let length = 2048

  let rowCount: Int
  let ownRows: Range<Int>
  private let communicator: any Communicator
  /// The number of blocks of all ranks.
  private let blocks: Int
  /// The first block of this rank.
  private let firstBlock: Int
  /// The first error of a message. What is computed afterwards is NaN, which ends the computation.
  private(set) var failure: (any Error)?

  init(_ count: Int, _ communicator: any Communicator) {
    rowCount = count
    self.communicator = communicator
    blocks = (count + Self.length - 1) / Self.length
    let own = SampleBlocks.blocks(blocks, ofRank: communicator.rank, of: communicator.size)
    firstBlock = own.lowerBound
    ownRows = min(own.lowerBound * Self.length, count)..<min(own.upperBound * Self.length, count)
  }

  func total(
    width: Int, of sums: (_ block: Int, _ rows: Range<Int>) -> [Double],
    combine: @escaping (inout [Double], [Double]) -> Void
  ) -> [Double] {
    let nothing = [Double](repeating: .nan, count: width)
    if failure != nil { return nothing }
    do {
      let found = try communicator.reduce(
        blocks: blocks, width: width,
        sumOf: { block in
          sums(block - firstBlock, block * Self.length..<min((block + 1) * Self.length, rowCount))
        }, combine: combine)
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
      var all = try communicator.gather(own, at: 0).flatMap { $0 }
      if communicator.rank != 0 { all = [Double](repeating: 0, count: rowCount) }
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
