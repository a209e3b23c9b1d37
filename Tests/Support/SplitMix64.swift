/// The generator SplitMix64: a seed names a random program, graph or formula for good, on every platform.
public struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  /// Creates the stream of a seed.
  public init(seed: UInt64) { state = seed }

  /// Returns the next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  /// Returns a whole number below a limit.
  public mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
