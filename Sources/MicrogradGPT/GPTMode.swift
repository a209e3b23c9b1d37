import Micrograd

/// The way to compute loss and gradients. The results are the same, to rounding.
public enum GPTMode: String, CaseIterable, Sendable {
  /// One node per addition and multiplication, as in micrograd.
  case scalar
  /// Dot products, norms, softmax and cross-entropy as single ops.
  case fused
  /// Op by op as in `scalar`, compiled for each length and run over several documents at once.
  case compiled

  /// Returns an evaluator for this mode.
  ///
  /// - Parameter precision: The type of numbers that `compiled` computes several documents with. Other modes compute in double.
  public func evaluator(
    _ parameters: GPTParameters, precision: CompiledFunction.Precision = .double
  ) -> any GPTEvaluator {
    switch self {
    case .scalar: ScalarGPT(parameters)
    case .fused: FusedGPT(parameters)
    case .compiled: CompiledGPT(parameters, precision: precision)
    }
  }
}

/// Something that computes a model's loss and gradients.
public protocol GPTEvaluator {
  /// Returns the mean of -log p over the tokens after the first, up to the length of the block.
  func loss(of tokens: [Int]) -> Value

  /// Returns the mean loss of documents, given by their tokens, and adds its gradient to the parameters' gradients.
  func addGradients(of batch: [[Int]]) -> Double
}

extension GPTEvaluator {
  /// Records one document at a time, so that the recording stays in cache.
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
