import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The random stream of CPython's `random.Random`, bit for bit.
///
/// A model that draws its weights from `PythonRandom(seed: 1337)` has the same initial weights as in Python after
/// `random.seed(1337)`. Every method takes as many words from the Mersenne Twister as CPython's method does, so calls may
/// be mixed in any order. `gauss` uses the platform's `log`, `sin` and `cos`, as CPython does, and so equals CPython *on
/// the same platform*. Everything else is the same on all platforms.
///
/// It is a value: a copy and its original produce the same numbers, independently of each other.
///
/// ```swift
/// var random = PythonRandom(seed: 42)
/// random.random()       // 0.6394267984578837
/// random.randint(1, 6)  // 1
/// ```
public struct PythonRandom: Sendable {
  private var twister: MersenneTwister
  /// The second of a pair of normal deviates, which the next call of `gauss` returns.
  private var spareDeviate: Double?

  /// Creates the stream of `random.Random(seed)`.
  ///
  /// The sign of `seed` is ignored, as in CPython: −7 and 7 give the same stream.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: -42)
  /// random.random()  // 0.6394267984578837, as with 42
  /// ```
  public init(seed: Int) {
    let magnitude = UInt64(seed.magnitude)
    let low = UInt32(truncatingIfNeeded: magnitude)
    let high = UInt32(magnitude >> 32)
    twister = MersenneTwister(key: high == 0 ? [low] : [low, high])
  }

  /// Continues the stream of a saved state.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: 42)
  /// let state = random.savedState
  /// random.random()  // 0.6394267984578837
  /// random = try PythonRandom(state)
  /// random.random()  // 0.6394267984578837
  /// ```
  ///
  /// - Throws: `CheckpointError` if the state belongs to another kind of stream.
  public init(_ state: RandomState) throws(CheckpointError) {
    twister = try MersenneTwister(state, of: .python)
    spareDeviate = state.spareDeviate
  }

  /// The state of the stream, to be saved: the words, and the deviate that `gauss` keeps.
  public var savedState: RandomState { twister.savedState(of: .python, spareDeviate: spareDeviate) }

  /// Returns a number in [0, 1), a multiple of 2⁻⁵³.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: 42)
  /// random.random()  // 0.6394267984578837
  /// ```
  public mutating func random() -> Double { twister.nextDouble() }

  /// Returns a number between `a` and `b`, in either order: `a + (b - a) * random()`.
  ///
  /// `b` itself can be returned if the sum rounds to it.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: 42)
  /// random.uniform(-1, 1)  // 0.2788535969157675
  /// ```
  public mutating func uniform(_ a: Double, _ b: Double) -> Double {
    a + (b - a) * twister.nextDouble()
  }

  /// Returns a normally distributed number.
  ///
  /// Deviates are made in pairs from two uniform numbers (Box and Muller, 1958). Every second call draws nothing and
  /// returns the second deviate, scaled by its own `mean` and `standardDeviation`. A negative standard deviation is
  /// allowed, as in CPython, and mirrors the deviate.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: 42)
  /// random.gauss()  // -0.14409032957792836
  /// random.gauss()  // -0.1729036003315193
  /// ```
  public mutating func gauss(mean: Double = 0, standardDeviation: Double = 1) -> Double {
    if let deviate = spareDeviate {
      spareDeviate = nil
      return mean + deviate * standardDeviation
    }
    let (deviate, spare) = twister.nextNormalPair()
    spareDeviate = spare
    return mean + deviate * standardDeviation
  }

  /// Returns a normally distributed number, by Kinderman and Monahan's ratio of uniform deviates (ACM TOMS 3, 1977).
  ///
  /// Unlike ``gauss(mean:standardDeviation:)`` it keeps no second deviate. A negative standard deviation mirrors the deviate.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: 42)
  /// random.normalvariate()  // 0.2453263417078634
  /// ```
  public mutating func normalvariate(mean: Double = 0, standardDeviation: Double = 1) -> Double {
    let width = 4 * exp(-0.5) / 2.0.squareRoot()
    while true {
      let x = twister.nextDouble()
      let y = 1 - twister.nextDouble()
      let deviate = width * (x - 0.5) / y
      if deviate * deviate / 4 <= -log(y) { return mean + deviate * standardDeviation }
    }
  }

  /// Returns an integer from `a` through `b`, all equally likely.
  ///
  /// `a` must not be greater than `b`.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: 42)
  /// random.randint(1, 6)  // 6
  /// random.randint(1, 6)  // 1
  /// ```
  public mutating func randint(_ a: Int, _ b: Int) -> Int {
    require(a <= b, "randint(\(a), \(b)) has no integer to return: give the lower bound first.")
    let span = UInt64(truncatingIfNeeded: b) &- UInt64(truncatingIfNeeded: a)
    return Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: a) &+ upTo(span))
  }

  /// Shuffles `elements` in place.
  ///
  /// The order differs from that of `elements.shuffle(using:)`. Takes O(*n*) time.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: 42)
  /// var letters = ["a", "b", "c", "d", "e"]
  /// random.shuffle(&letters)  // d, b, c, e, a
  /// ```
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    // Of 2³² elements or more, an index takes more than one word.
    let count = min(elements.count, Int(clamping: UInt32.max))
    for last in stride(from: elements.count - 1, through: count, by: -1) {
      elements.swapAt(last, Int(upTo(UInt64(last))))
    }
    elements.withUnsafeMutableBufferPointer { elements in
      twister.shuffle(UnsafeMutableBufferPointer(rebasing: elements[..<count]), adding: 1) { word, unused in
        word >> UInt32(unused)
      }
    }
  }

  /// Returns `count` elements of `population`, drawn with replacement.
  ///
  /// - Parameters:
  ///   - population: The elements to draw from; not empty unless `count` is 0.
  ///   - weights: The relative probability of each element: one per element, none negative, their sum positive and finite.
  ///     Without weights, all elements are equally likely; the sequence then differs from that of equal weights where
  ///     rounding matters.
  ///   - count: The number of draws, at least 0.
  ///
  /// Takes O(*n* + *count* · log *n*) time with weights, O(*count*) without.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: 42)
  /// random.choices(["red", "green"], weights: [1, 9], count: 3)  // green, red, green
  /// random.choices(["red", "green"], count: 3)                   // red, green, green
  /// ```
  public mutating func choices<Element>(
    _ population: [Element], weights: [Double]? = nil, count: Int = 1
  ) -> [Element] {
    require(count >= 0, "Cannot draw \(count) elements: ask for 0 or more.")
    if count == 0 { return [] }
    require(!population.isEmpty, "Cannot draw from an empty population: give it an element.")
    guard let weights else {
      let size = Double(population.count)
      return (0..<count).map { _ in population[Int(twister.nextDouble() * size)] }
    }
    require(
      weights.count == population.count,
      "\(weights.count) weights for \(population.count) elements: give one weight per element.")

    var bounds = weights
    for (index, weight) in weights.enumerated() {
      require(weight >= 0, "Weight \(index) is \(weight): give weights of 0 or more.")
      if index > 0 { bounds[index] += bounds[index - 1] }
    }
    let total = bounds[bounds.count - 1]
    require(
      total > 0 && total.isFinite,
      "The weights add up to \(total): give weights with a positive, finite sum.")
    return (0..<count).map { _ in
      population[Self.firstIndex(above: twister.nextDouble() * total, in: bounds)]
    }
  }

  /// Returns an integer from 0 through `bound`.
  ///
  /// CPython draws as many bits as the *number of values* has (one more than needed if it is a power of two), and draws
  /// again while the result is out of range. It takes the upper bits of a word. With several words, the lowest comes first
  /// and only the last is cut.
  private mutating func upTo(_ bound: UInt64) -> UInt64 {
    let (valueCount, isAllOfUInt64) = bound.addingReportingOverflow(1)
    let bits = isAllOfUInt64 ? 65 : UInt64.bitWidth - valueCount.leadingZeroBitCount
    while true {
      if bits <= 32 {
        let drawn = UInt64(twister.nextUInt32() >> UInt32(32 - bits))
        if drawn <= bound { return drawn }
      } else if bits <= 64 {
        let low = UInt64(twister.nextUInt32())
        let drawn = UInt64(twister.nextUInt32() >> UInt32(64 - bits)) << 32 | low
        if drawn <= bound { return drawn }
      } else {
        let drawn = twister.next()
        if twister.nextUInt32() >> 31 == 0 { return drawn }
      }
    }
  }

  /// Returns the first index whose bound is above `value`, or the last index if rounding left none above.
  private static func firstIndex(above value: Double, in bounds: [Double]) -> Int {
    var low = 0
    var high = bounds.count - 1
    while low < high {
      let middle = (low + high) / 2
      if value < bounds[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
