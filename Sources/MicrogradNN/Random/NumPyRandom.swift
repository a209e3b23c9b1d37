import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The random stream of NumPy's `RandomState`, bit for bit: the legacy stream that `np.random.seed` seeds.
///
/// NumPy has frozen this stream (NEP 19), so scripts of any year draw the same numbers. It is not the stream of the newer
/// `np.random.default_rng`. Every method takes as many words from the Mersenne Twister as NumPy's method does, so calls may
/// be mixed in any order. `normal` uses the platform's `log`, as NumPy does, and so equals NumPy *on the same platform*.
/// Everything else is the same on all platforms.
///
/// It is a value: a copy and its original produce the same numbers, independently of each other.
///
/// ```swift
/// var random = NumPyRandom(seed: 42)
/// random.random()  // 0.3745401188473625
/// random.normal()  // -1.1118801180469204
/// ```
public struct NumPyRandom: Sendable {
  private var twister: MersenneTwister
  /// The second of a pair of normal deviates, which the next call of `normal` returns.
  private var spareDeviate: Double?

  /// Creates the stream of `np.random.RandomState(seed)`, the same as after `np.random.seed(seed)`.
  ///
  /// Every `seed` from 0 to 2³² − 1 is valid.
  ///
  /// ```swift
  /// var random = NumPyRandom(seed: 42)
  /// random.random()  // 0.3745401188473625
  /// ```
  public init(seed: UInt32) {
    twister = MersenneTwister(seed: seed)
  }

  /// Continues the stream of a saved state.
  ///
  /// ```swift
  /// var random = NumPyRandom(seed: 42)
  /// let state = random.savedState
  /// random.random()  // 0.3745401188473625
  /// random = try NumPyRandom(state)
  /// random.random()  // 0.3745401188473625
  /// ```
  ///
  /// - Throws: `CheckpointError` if the state belongs to another kind of stream.
  public init(_ state: RandomState) throws(CheckpointError) {
    twister = try MersenneTwister(state, of: .numPy)
    spareDeviate = state.spareDeviate
  }

  /// The state of the stream, to be saved: the words, and the deviate that `normal` keeps.
  public var savedState: RandomState { twister.savedState(of: .numPy, spareDeviate: spareDeviate) }

  /// Returns a number in [0, 1), a multiple of 2⁻⁵³.
  ///
  /// ```swift
  /// var random = NumPyRandom(seed: 42)
  /// random.random()  // 0.3745401188473625
  /// ```
  public mutating func random() -> Double { twister.nextDouble() }

  /// Returns a number between `low` and `high`: `low + (high - low) * random()`.
  ///
  /// `high` itself can be returned if the sum rounds to it. `high - low` must be finite.
  ///
  /// ```swift
  /// var random = NumPyRandom(seed: 42)
  /// random.uniform(-1, 1)  // -0.250919762305275
  /// ```
  public mutating func uniform(_ low: Double = 0, _ high: Double = 1) -> Double {
    let range = high - low
    require(
      range.isFinite, "uniform(\(low), \(high)) spans no finite range: give bounds with a finite difference.")
    return low + range * twister.nextDouble()
  }

  /// Returns `count` numbers between `low` and `high`, the same as `count` single calls.
  ///
  /// `count` must be at least 0.
  ///
  /// ```swift
  /// var random = NumPyRandom(seed: 42)
  /// random.uniform(-1, 1, count: 2)  // [-0.250919762305275, 0.9014286128198323]
  /// ```
  public mutating func uniform(_ low: Double = 0, _ high: Double = 1, count: Int) -> [Double] {
    require(count >= 0, "Cannot draw \(count) numbers: ask for 0 or more.")
    return (0..<count).map { _ in uniform(low, high) }
  }

  /// Returns a normally distributed number.
  ///
  /// Deviates are made in pairs from a point in the unit disc (Marsaglia's polar method, 1964). Every second call draws
  /// nothing and returns the second deviate, scaled by its own `mean` and `standardDeviation`. `standardDeviation` must not
  /// be negative. With 0, the result is `mean`, but a deviate is drawn all the same.
  ///
  /// ```swift
  /// var random = NumPyRandom(seed: 42)
  /// random.normal()                               // 0.4967141530112327
  /// random.normal(mean: 5, standardDeviation: 2)  // 4.72347139765763
  /// ```
  public mutating func normal(mean: Double = 0, standardDeviation: Double = 1) -> Double {
    require(
      !(standardDeviation < 0),
      "The standard deviation is \(standardDeviation): give one of 0 or more.")
    return mean + standardDeviation * deviate()
  }

  /// Returns `count` normally distributed numbers, the same as `count` single calls.
  ///
  /// `count` must be at least 0, `standardDeviation` not negative.
  ///
  /// ```swift
  /// var random = NumPyRandom(seed: 42)
  /// random.normal(count: 2)  // [0.4967141530112327, -0.13826430117118466]
  /// ```
  public mutating func normal(mean: Double = 0, standardDeviation: Double = 1, count: Int) -> [Double] {
    require(count >= 0, "Cannot draw \(count) numbers: ask for 0 or more.")
    return (0..<count).map { _ in normal(mean: mean, standardDeviation: standardDeviation) }
  }

  /// Shuffles `elements` in place.
  ///
  /// The order differs from that of `elements.shuffle(using:)`. Takes O(*n*) time. There may be at most 2³² elements.
  ///
  /// ```swift
  /// var random = NumPyRandom(seed: 42)
  /// var letters = ["a", "b", "c", "d", "e"]
  /// random.shuffle(&letters)  // b, e, c, a, d
  /// ```
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    require(elements.count <= UInt64(1) << 32, "\(elements.count) elements cannot be shuffled: give 2³² or fewer")
    elements.withUnsafeMutableBufferPointer { elements in
      twister.shuffle(elements, adding: 0) { word, unused in word & UInt32.max >> UInt32(unused) }
    }
  }

  /// Returns the integers 0 to `n` − 1, shuffled.
  ///
  /// `n` must be at least 0. Takes O(*n*) time.
  ///
  /// ```swift
  /// var random = NumPyRandom(seed: 42)
  /// random.permutation(5)  // [1, 4, 2, 0, 3]
  /// ```
  public mutating func permutation(_ n: Int) -> [Int] {
    require(n >= 0, "Cannot permute \(n) integers: ask for 0 or more.")
    var indices = Array(0..<n)
    shuffle(&indices)
    return indices
  }

  /// Returns a deviate of mean 0 and standard deviation 1.
  private mutating func deviate() -> Double {
    if let deviate = spareDeviate {
      spareDeviate = nil
      return deviate
    }
    var x: Double
    var y: Double
    var squaredRadius: Double
    repeat {
      x = 2 * twister.nextDouble() - 1
      y = 2 * twister.nextDouble() - 1
      squaredRadius = x * x + y * y
    } while squaredRadius >= 1 || squaredRadius == 0
    let scale = (-2 * log(squaredRadius) / squaredRadius).squareRoot()
    // NumPy returns the second coordinate first.
    spareDeviate = scale * x
    return scale * y
  }
}
