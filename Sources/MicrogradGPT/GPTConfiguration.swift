/// The sizes of a model; all but the vocabulary are those of microgpt (A. Karpathy, 2026).
public struct GPTConfiguration: Sendable, Equatable {
  /// How many tokens there are.
  public let tokenCount: Int
  /// How many numbers stand for a token at its position.
  public let width = 16
  /// Into how many heads the attention is divided; a divisor of the width.
  public let headCount = 4
  /// How many tokens are read at most.
  public let blockSize = 16

  /// A model of this many tokens, at least 1.
  public init(tokenCount: Int) { self.tokenCount = tokenCount }

  /// How many of the numbers belong to a head.
  public var headWidth: Int { width / headCount }
  /// How many neurons lie between the two layers after the attention.
  public var hiddenWidth: Int { 4 * width }
}
