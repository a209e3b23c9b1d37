import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Mersenne Twister MT19937, the source of random words in both CPython and NumPy's legacy generator.
///
/// Its period is 2¹⁹⁹³⁷ − 1 words of 32 bits. It suits initial weights and noise. It is not secure: 624 words in a row
/// determine all that follow.
///
/// It is a value: a copy and its original produce the same words, independently of each other.
///
/// ```swift
/// var twister = MersenneTwister(seed: 5489)
/// twister.nextUInt32()  // 3499211612
/// Int.random(in: 1...6, using: &twister)
/// ```
///
/// The constants and both ways of seeding are those of M. Matsumoto and T. Nishimura, "Mersenne Twister: A
/// 623-Dimensionally Equidistributed Uniform Pseudo-Random Number Generator", ACM TOMACS 8 (1998), with the
/// initialisation that the authors revised in 2002.
public struct MersenneTwister: RandomNumberGenerator, Sendable {
  internal static let size = 624
  private static let lag = 397

  /// Always `size` words.
  private var state: [UInt32]
  /// The index of the next word of `state`; `size` if all are used.
  private var position = MersenneTwister.size

  /// Creates a generator from one word, as the authors' `init_genrand` does.
  ///
  /// Every `seed` is valid, 0 too. `MersenneTwister(seed: s)` and `MersenneTwister(key: [s])` are different streams.
  ///
  /// ```swift
  /// var twister = MersenneTwister(seed: 5489)
  /// twister.nextUInt32()  // 3499211612
  /// ```
  public init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(Self.size)
    for index in 1..<Self.size {
      state.append(1_812_433_253 &* Self.folded(state[index - 1]) &+ UInt32(index))
    }
  }

  /// Creates a generator from any number of words, as the authors' `init_by_array` does.
  ///
  /// `key` must hold at least one word.
  ///
  /// ```swift
  /// var twister = MersenneTwister(key: [0x123, 0x234, 0x345, 0x456])
  /// twister.nextUInt32()  // 1067595299
  /// ```
  public init(key: [UInt32]) {
    require(!key.isEmpty, "The key of a Mersenne Twister is empty: give it at least one word.")
    self.init(seed: 19_650_218)

    // Words 1...623 are visited round and round; word 0 only passes on what word 623 became.
    var index = 1
    func advance(_ state: inout [UInt32]) {
      index += 1
      if index == Self.size {
        state[0] = state[Self.size - 1]
        index = 1
      }
    }
    for round in 0..<max(Self.size, key.count) {
      let place = round % key.count
      let mixed = state[index] ^ (1_664_525 &* Self.folded(state[index - 1]))
      state[index] = mixed &+ key[place] &+ UInt32(truncatingIfNeeded: place)
      advance(&state)
    }
    for _ in 1..<Self.size {
      let mixed = state[index] ^ (1_566_083_941 &* Self.folded(state[index - 1]))
      state[index] = mixed &- UInt32(index)
      advance(&state)
    }
    // Of word 0 only the top bit counts; set, it keeps the state from being all zeros.
    state[0] = 0x8000_0000
  }

  /// Continues the stream of a saved state.
  ///
  /// - Throws: `CheckpointError` if the state belongs to another kind of stream.
  public init(_ state: RandomState) throws(CheckpointError) {
    try self.init(state, of: .mersenneTwister)
  }

  /// Continues the twister of a stream from its saved state.
  ///
  /// - Throws: `CheckpointError` if the state belongs to another kind of stream.
  internal init(_ state: RandomState, of generator: RandomState.Generator) throws(CheckpointError) {
    if state.generator != generator {
      let reason = "is of the generator \(state.generator.rawValue), not \(generator.rawValue)"
      throw CheckpointError(.state("random state", reason: reason))
    }
    self.state = state.words
    position = state.position
  }

  /// The state of the generator, to be saved.
  public var savedState: RandomState { savedState(of: .mersenneTwister) }

  internal func savedState(of generator: RandomState.Generator, spareDeviate: Double? = nil) -> RandomState {
    RandomState(of: generator, state, position, spareDeviate)
  }

  /// Returns the next 32 bits, 0 to 2³² − 1.
  ///
  /// ```swift
  /// var twister = MersenneTwister(seed: 5489)
  /// twister.nextUInt32()  // 3499211612
  /// twister.nextUInt32()  // 581869302
  /// ```
  public mutating func nextUInt32() -> UInt32 {
    if position == Self.size {
      twist()
      position = 0
    }
    position += 1
    return Self.tempered(state[position - 1])
  }

  /// Returns the next 64 bits: one word for the lower half, then one for the upper.
  ///
  /// `Int.random(in:using:)`, `shuffled(using:)` and the like use it.
  ///
  /// ```swift
  /// var twister = MersenneTwister(seed: 5489)
  /// twister.next()  // 581869302 << 32 | 3499211612
  /// ```
  public mutating func next() -> UInt64 {
    let low = UInt64(nextUInt32())
    return UInt64(nextUInt32()) << 32 | low
  }

  /// Returns the next number in [0, 1), a multiple of 2⁻⁵³, from two words.
  ///
  /// The first word gives the upper 27 bits, the second the lower 26: the authors' `genrand_res53`, which
  /// is `random()` in CPython and NumPy.
  ///
  /// ```swift
  /// var twister = MersenneTwister(seed: 0)
  /// twister.nextDouble()  // 0.5488135039273248
  /// ```
  public mutating func nextDouble() -> Double {
    let high = UInt64(nextUInt32() >> 5)
    let low = UInt64(nextUInt32() >> 6)
    return Double(high << 26 | low) * 0x1p-53
  }

  /// Returns the next normal deviate, of mean 0 and standard deviation 1, from two numbers: the first deviate of a pair by
  /// Box and Muller (1958), as `random.gauss` in CPython draws it. The second is not kept.
  ///
  /// The platform's `log` and `cos` decide the last digit.
  ///
  /// ```swift
  /// var twister = MersenneTwister(key: [42])
  /// twister.nextNormal()  // -0.14409032957792836
  /// ```
  public mutating func nextNormal() -> Double { nextNormalPair().first }

  /// Returns two independent normal deviates.
  internal mutating func nextNormalPair() -> (first: Double, second: Double) {
    let angle = nextDouble() * (2 * Double.pi)
    let radius = (-2 * log(1 - nextDouble())).squareRoot()
    return (cos(angle) * radius, sin(angle) * radius)
  }

  /// Shuffles `elements` in place, from the end: each is exchanged with itself or with one before it, all equally likely.
  ///
  /// A word whose index is out of range is passed over. About one in four is, which a processor cannot predict, so there is no
  /// branch: such a word exchanges an element with itself. Nor do steps wait for the number of bits of the last index: it is
  /// the same for many of them.
  ///
  /// - Parameters:
  ///   - elements: At most 2³² − `one` elements.
  ///   - one: 1 if an index has as many bits as the number of indices, 0 if it has as many as the largest index.
  ///   - index: Returns the index that a word stands for, given the number of bits of the word that it does not have.
  internal mutating func shuffle<Element>(
    _ elements: UnsafeMutableBufferPointer<Element>, adding one: Int, index: (_ word: UInt32, _ unused: Int) -> UInt32
  ) {
    var last = elements.count - 1
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.size) { words in
      while last > 0 {
        if position == Self.size {
          twist()
          position = 0
        }
        let unused = UInt32(truncatingIfNeeded: last + one).leadingZeroBitCount
        let smallest = Int(UInt32(1) << UInt32(31 - unused)) - one
        let next = position..<min(position + last - smallest + 1, Self.size)
        state.withUnsafeBufferPointer { state in
          for place in next { words[place] = Self.tempered(state[place]) }
        }
        for place in next {
          let drawn = Int(index(words[place], unused)), isInRange = drawn <= last
          let other = isInRange ? drawn : last
          (elements[last], elements[other]) = (elements[other], elements[last])
          last -= isInRange ? 1 : 0
        }
        position = next.upperBound
      }
    }
  }

  /// Replaces all words of the state by their successors, in place.
  private mutating func twist() {
    state.withUnsafeMutableBufferPointer { state in
      let wrapped = Self.size - Self.lag
      for index in 0..<wrapped { state.succeed(index, following: index + 1, partner: index + Self.lag) }
      for index in wrapped..<Self.size - 1 { state.succeed(index, following: index + 1, partner: index - wrapped) }
      state.succeed(Self.size - 1, following: 0, partner: Self.lag - 1)
    }
  }

  private static func tempered(_ word: UInt32) -> UInt32 {
    var word = word
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C_5680
    word ^= (word << 15) & 0xEFC6_0000
    return word ^ (word >> 18)
  }

  private static func folded(_ word: UInt32) -> UInt32 { word ^ (word >> 30) }
}

extension UnsafeMutableBufferPointer<UInt32> {
  /// Replaces a word of the state by its successor.
  fileprivate func succeed(_ index: Int, following: Int, partner: Int) {
    let joined = (self[index] & 0x8000_0000) | (self[following] & 0x7FFF_FFFF)
    self[index] = self[partner] ^ (joined >> 1) ^ ((0 &- (joined & 1)) & 0x9908_B0DF)
  }
}
