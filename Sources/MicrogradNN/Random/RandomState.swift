/// The state of a random stream, which can be saved and restored.
///
/// ```swift
/// let state = random.savedState        // of a PythonRandom
/// var later = try PythonRandom(state)  // produces the same numbers as `random`
/// ```
///
/// The words, the position and the deviate are those of Python's `random.getstate()` and NumPy's `RandomState.get_state()`.
public struct RandomState: Sendable, Equatable {
  /// The kind of stream.
  public enum Generator: String, Sendable, CaseIterable {
    /// ``PythonRandom``.
    case python
    /// ``NumPyRandom``.
    case numPy
    /// ``MersenneTwister``.
    case mersenneTwister
  }

  /// The kind of stream.
  public let generator: Generator

  /// The state of the Mersenne Twister, 624 words.
  public let words: [UInt32]

  /// The index of the next word, 0 to 624; 624 means that all words are used.
  public let position: Int

  /// The second normal deviate of a pair, which is returned next; `nil` if there is none.
  public let spareDeviate: Double?

  /// Creates a state from its parts.
  ///
  /// - Throws: `CheckpointError` if no stream can be in this state: the number of words is wrong, all words are zero, the
  ///   position is out of range, or the deviate is not finite.
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
}
