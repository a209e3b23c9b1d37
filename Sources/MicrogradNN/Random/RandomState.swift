/// Where a random stream is, to be saved and gone on with later.
///
///     let state = random.savedState        // of a PythonRandom
///     var later = try PythonRandom(state)  // goes on with the same numbers as `random`
///
/// The words, the position and the deviate are those of Python's `random.getstate()` and NumPy's `RandomState.get_state()`.
public struct RandomState: Sendable, Equatable {
  /// Whose stream it is.
  public enum Generator: String, Sendable, CaseIterable {
    /// ``PythonRandom``.
    case python
    /// ``NumPyRandom``.
    case numPy
    /// ``MersenneTwister``.
    case mersenneTwister
  }

  /// Whose stream it is.
  public let generator: Generator

  /// The state of the Mersenne Twister, 624 words.
  public let words: [UInt32]

  /// Which word is the next, 0 to 624; with 624, all are used up.
  public let position: Int

  /// The normal deviate that waits to be handed out, made as the second of a pair.
  public let spareDeviate: Double?

  /// A state from outside.
  ///
  /// - Throws: `CheckpointError` where it is none that a stream can be in: another number of words, all words zero (such a
  ///   stream would have nothing but zeros), a position out of range, a deviate that is not finite.
  public init(
    _ generator: Generator, words: [UInt32], position: Int, spareDeviate: Double? = nil
  ) throws(CheckpointError) {
    func wrong(_ reason: String) -> CheckpointError { CheckpointError(.state("random state", reason: reason)) }
    guard words.count == MersenneTwister.size else { throw wrong("has \(words.count) words, not 624") }
    // Of the first word only the top bit counts.
    guard words[0] >> 31 != 0 || words.dropFirst().contains(where: { $0 != 0 }) else { throw wrong("is all zeros") }
    guard (0...words.count).contains(position) else { throw wrong("has the position \(position), not 0 to 624") }
    if let spareDeviate {
      guard spareDeviate.isFinite else { throw wrong("has the deviate \(spareDeviate)") }
      guard generator != .mersenneTwister else { throw wrong("has a deviate, which this generator does not keep") }
    }
    self.init(of: generator, words, position, spareDeviate)
  }

  internal init(of generator: Generator, _ words: [UInt32], _ position: Int, _ spareDeviate: Double?) {
    self.generator = generator
    self.words = words
    self.position = position
    self.spareDeviate = spareDeviate
  }

  internal func check(is expected: Generator) throws(CheckpointError) {
    if generator != expected {
      throw CheckpointError(
        .state("random state", reason: "is of the generator \(generator.rawValue), not \(expected.rawValue)"))
    }
  }
}
