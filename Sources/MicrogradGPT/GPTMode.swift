import Micrograd

/// How a model computes its loss and gradients; the numbers are the same to rounding.
public enum GPTMode: String, CaseIterable, Sendable {
  /// Every addition and multiplication a node, as in micrograd.
  case scalar
  /// Dot products, norms, softmax and cross-entropy as single ops.
  case fused

  /// What computes that way.
  public func evaluator(_ parameters: GPTParameters) -> any GPTEvaluator {
    switch self {
    case .scalar: ScalarGPT(parameters)
    case .fused: FusedGPT(parameters)
    }
  }
}

/// Something that computes a model's loss and gradients.
public protocol GPTEvaluator {
  /// The mean of -log p over the tokens after the first, as many as the block has room for.
  func loss(of tokens: [Int]) -> Value

  /// The mean loss of documents, given by their tokens, whose derivatives are added to the parameters' gradients.
  func addGradients(of batch: [[Int]]) -> Double
}

extension GPTEvaluator {
  /// Records the losses of all documents and goes back once.
  public func addGradients(of batch: [[Int]]) -> Double {
    Tape.scope {
      let losses = batch.map(loss)
      let loss = losses.count == 1 ? losses[0] : losses.mean()
      loss.backward()
      return loss.data
    }
  }
}
