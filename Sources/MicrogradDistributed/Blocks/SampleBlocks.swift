import Micrograd

/// Samples cut into blocks of a fixed size, and blocks dealt to ranks.
///
/// Blocks depend on the number of samples alone, never on the number of ranks or threads. Each rank has consecutive blocks.
/// Their numbers differ by at most 1; the first ranks have more. If there are more ranks than blocks, the last have none.
public struct SampleBlocks: Sendable, Equatable {
  /// The number of samples in a block; the last block may have fewer.
  ///
  /// A block is the unit of work. A batch of fewer samples is computed by one rank. The number is part of the definition of
  /// a result: another one would give other bits.
  public static let length = 256

  /// The number of samples.
  public let sampleCount: Int
  /// The number of blocks.
  public let count: Int
  private let blockLength: Int

  /// Cuts samples into blocks. Traps if there are fewer than 0 samples.
  public init(sampleCount: Int) { self.init(sampleCount: sampleCount, length: Self.length) }

  /// Cuts samples into blocks of another length.
  internal init(sampleCount: Int, length: Int) {
    require(sampleCount >= 0, "sampleCount is \(sampleCount): give 0 or more")
    (self.sampleCount, blockLength) = (sampleCount, length)
    count = (sampleCount + length - 1) / length
  }

  /// Returns the samples of a block.
  public subscript(block: Int) -> Range<Int> {
    block * blockLength..<min((block + 1) * blockLength, sampleCount)
  }

  /// Returns the samples of all blocks of a rank.
  public func samples(ofRank rank: Int, of size: Int) -> Range<Int> {
    let blocks = Self.blocks(count, ofRank: rank, of: size)
    return min(blocks.lowerBound * blockLength, sampleCount)..<min(blocks.upperBound * blockLength, sampleCount)
  }

  /// Returns the blocks of a rank.
  ///
  /// - Parameters:
  ///   - count: The number of blocks.
  ///   - rank: The rank.
  ///   - size: The number of ranks.
  public static func blocks(_ count: Int, ofRank rank: Int, of size: Int) -> Range<Int> {
    let (each, more) = count.quotientAndRemainder(dividingBy: size)
    let start = rank * each + min(rank, more)
    return start..<start + each + (rank < more ? 1 : 0)
  }

  /// Returns the rank that has a block.
  internal static func rank(ofBlock block: Int, among count: Int, of size: Int) -> Int {
    let (each, more) = count.quotientAndRemainder(dividingBy: size)
    let longer = more * (each + 1)
    return block < longer ? block / (each + 1) : more + (block - longer) / each
  }
}
