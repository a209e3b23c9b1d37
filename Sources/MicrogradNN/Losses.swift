import Micrograd

/// The max-margin loss, also called hinge loss: the mean over samples of max(0, 1 - y · score).
///
/// - Parameters:
///   - scores: The model's output for each sample, any real number; its sign is the predicted class.
///   - expected: The class of each sample, -1 or 1.
/// - Returns: A number ≥ 0; its derivative is 0 for samples on the right side of the margin, the kink included.
/// - Precondition: As many scores as classes, and at least one.
public func maxMarginLoss(scores: [Value], expected: [Double]) -> Value {
  require(scores.count == expected.count, "\(scores.count) scores and \(expected.count) expected classes")
  require(!scores.isEmpty, "the loss of no samples is not defined")
  let losses = zip(scores, expected).map { score, y in (1 - y * score).relu() }
  return sum(losses) * (1 / Double(losses.count))
}

/// The L2 penalty α Σ p².
///
/// - Parameters:
///   - parameters: Usually `model.parameters`.
///   - weight: α, the weight of the penalty in the loss.
public func l2Penalty(_ parameters: [Value], weight: Double) -> Value {
  dot(parameters, parameters) * weight
}

/// The fraction of samples, 0 to 1, whose score has the sign of its class, a score of 0 counting as negative.
///
/// - Precondition: As many scores as classes, and at least one.
public func signAccuracy(scores: [Double], expected: [Double]) -> Double {
  require(scores.count == expected.count, "\(scores.count) scores and \(expected.count) expected classes")
  require(!scores.isEmpty, "the accuracy on no samples is not defined")
  let right = zip(scores, expected).count { score, y in (score > 0) == (y > 0) }
  return Double(right) / Double(scores.count)
}
