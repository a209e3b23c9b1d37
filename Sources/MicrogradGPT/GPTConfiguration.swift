/// The sizes of a model. The defaults are those of microgpt (A. Karpathy, 2026), except for the vocabulary.
public struct GPTConfiguration: Sendable, Equatable {
  /// The number of tokens in the vocabulary.
  public let tokenCount: Int
  /// The size of an embedding.
  public let width = 16
  /// The number of attention heads; a divisor of the width.
  public let headCount = 4
  /// The length of the context, in tokens.
  public let blockSize = 16

  /// Creates the sizes for a vocabulary of at least 1 token.
  public init(tokenCount: Int) { self.tokenCount = tokenCount }

  /// The size of a head.
  public var headWidth: Int { width / headCount }
  /// The size of the hidden layer of the feed-forward network.
  public var hiddenWidth: Int { 4 * width }
}
