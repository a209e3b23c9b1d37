import Micrograd

/// How a model computes its loss and gradients; the numbers are the same to rounding.
public enum GPTMode: String, CaseIterable, Sendable {
  /// Every addition and multiplication a node, as in micrograd.
  case scalar
  /// Dot products, norms, softmax and cross-entropy as single ops.
  case fused
  /// Op by op as in `scalar`, recorded once for each length and run over several documents at once.
  case compiled

  /// What computes that way.
  public func evaluator(_ parameters: GPTParameters) -> any GPTEvaluator {
    switch self {
    case .scalar: ScalarGPT(parameters)
    case .fused: FusedGPT(parameters)
    case .compiled: CompiledGPT(parameters)
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
  /// Records one document after the other, so that what is recorded stays in cache.
  public func addGradients(of batch: [[Int]]) -> Double {
    let losses = batch.map { tokens in
      Tape.scope {
        let loss = loss(of: tokens)
        loss.backward(seed: 1 / Double(batch.count))
        return loss.data
      }
    }
    return losses.reduce(0, +) / Double(batch.count)
  }
}
