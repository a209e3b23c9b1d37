import Foundation

/// Random powers of a number, between the 18th and the -18th: factors between units.
struct RandomPowers {
  private let base: Double
  private var state: UInt64 = 88_172_645_463_325_252

  init(of base: Double) { self.base = base }

  /// By xorshift, always from the same seed.
  mutating func next() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return pow(base, Double(state % 37) - 18)
  }
}
