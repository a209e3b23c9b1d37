import MicrogradDistributed
import XCTest

/// Sums of blocks have the same bits for any number of ranks.
final class BlockSumsTests: XCTestCase {
  /// Sums whose order of addition shows in the bits.
  private static func sum(_ block: Int) -> [Double] {
    let x = Double(block + 1)
    return [1 / x, block % 3 == 0 ? 1e16 : x, -0.0, (x * 0.7).truncatingRemainder(dividingBy: 1) - 0.5]
  }

  /// The definition: a node is cut at the largest power of two below its number of blocks.
  private static func tree(_ node: Range<Int>) -> [Double] {
    if node.count == 1 { return sum(node.lowerBound) }
    var half = 1
    while 2 * half < node.count { half *= 2 }
    let left = tree(node.lowerBound..<node.lowerBound + half), right = tree(node.lowerBound + half..<node.upperBound)
    return zip(left, right).map { $0 + $1 }
  }

  func testSumsAreThoseOfTheTreeForAnyNumberOfRanks() throws {
    for ranks in [1, 2, 3, 4, 7, 16] {
      let found = try InProcessCommunicator.run(ranks: ranks) { communicator in
        try (1...40).map { try communicator.allReduce(blocks: $0, width: 4, sumOf: Self.sum) }
      }
      for (rank, sums) in found.enumerated() {
        for blocks in 1...40 {
          let expected = Self.tree(0..<blocks).map(\.bitPattern)
          XCTAssertEqual(sums[blocks - 1].map(\.bitPattern), expected, "rank \(rank) of \(ranks), \(blocks) blocks")
        }
      }
    }
  }

  func testOneRankWithoutThreadsHasTheSameBits() throws {
    let sums = try SingleCommunicator().allReduce(blocks: 37, width: 4, sumOf: Self.sum)
    XCTAssertEqual(sums.map(\.bitPattern), Self.tree(0..<37).map(\.bitPattern))
  }

  func testNoBlocksGiveZeros() throws {
    let sums = try InProcessCommunicator.run(ranks: 3) { try $0.allReduce(blocks: 0, width: 2) { _ in [1, 1] } }
    XCTAssertEqual(sums, [[0, 0], [0, 0], [0, 0]])
  }

  func testBlocksAreDealtInOrderAndEvenly() {
    for count in 0...40 {
      for size in [1, 2, 3, 4, 7, 16] {
        let ranges = (0..<size).map { SampleBlocks.blocks(count, ofRank: $0, of: size) }
        XCTAssertEqual(ranges.flatMap { Array($0) }, Array(0..<count))
        XCTAssertLessThanOrEqual(ranges.map(\.count).max()! - ranges.map(\.count).min()!, 1)
      }
    }
  }

  func testBlocksHold256SamplesAndTheLastTheRest() {
    let blocks = SampleBlocks(sampleCount: 1000)
    XCTAssertEqual((0..<blocks.count).map { blocks[$0] }, [0..<256, 256..<512, 512..<768, 768..<1000])
    XCTAssertEqual((0..<3).map { blocks.samples(ofRank: $0, of: 3) }, [0..<512, 512..<768, 768..<1000])
    XCTAssertEqual(SampleBlocks(sampleCount: 0).count, 0)
    XCTAssertEqual(SampleBlocks(sampleCount: 300).samples(ofRank: 5, of: 6), 300..<300)
  }
}
