import Micrograd

// Loss functions: means over elements or samples, computed without overflow. They are PyTorch's functions of the same names
// in float64. At kinks their derivative is 0.

/// The max-margin loss, also called hinge loss: the mean over samples of max(0, 1 - y · score).
///
/// - Parameters:
///   - scores: The model's score for each sample. Its sign is the predicted class.
///   - expected: The class of each sample, -1 or 1.
/// - Returns: A number of at least 0. The derivative is 0 for samples beyond the margin and at the kink.
/// - Precondition: One score per class, and at least one.
public func maxMarginLoss(scores: [Value], expected: [Double]) -> Value {
  check(scores.count, expected.count)
  let losses = zip(scores, expected).map { score, y in (1 - y * score).relu() }
  return sum(losses) * (1 / Double(losses.count))
}

/// The max-margin loss of a batch: the mean of max(0, 1 - y · score) over all elements.
public func maxMarginLoss(scores: Matrix, expected: [Double]) -> Value {
  mean(of: .hinge, scores, expected)
}

/// The mean of max(0, 1 - y · score)² over all elements, for classes y of -1 or 1.
public func squaredHingeLoss(scores: Matrix, expected: [Double]) -> Value {
  mean(of: .squaredHinge, scores, expected)
}

/// The mean of max(0, 1 - y · score)², for classes y of -1 or 1.
public func squaredHingeLoss(scores: [Value], expected: [Double]) -> Value {
  mean(of: .squaredHinge, scores, expected)
}

/// The mean of (predicted - expected)² over all elements.
public func meanSquaredError(predicted: Matrix, expected: [Double]) -> Value {
  mean(of: .squaredError, predicted, expected)
}

/// The mean of (predicted - expected)².
public func meanSquaredError(predicted: [Value], expected: [Double]) -> Value {
  mean(of: .squaredError, predicted, expected)
}

/// The mean of |predicted - expected| over all elements.
public func meanAbsoluteError(predicted: Matrix, expected: [Double]) -> Value {
  mean(of: .absoluteError, predicted, expected)
}

/// The mean of |predicted - expected|.
public func meanAbsoluteError(predicted: [Value], expected: [Double]) -> Value {
  mean(of: .absoluteError, predicted, expected)
}

/// The Huber loss: the mean over all elements of r² / 2 if |r| ≤ delta, else delta (|r| - delta / 2), with r = predicted -
/// expected. Huber, 1964.
///
/// - Parameters:
///   - predicted: Any real numbers.
///   - expected: The targets, row-major.
///   - delta: The |r| from which on the loss is linear; above 0.
public func huberLoss(predicted: Matrix, expected: [Double], delta: Double = 1) -> Value {
  require(delta > 0, "delta is \(delta): give a number above 0")
  return mean(of: .huber(delta: delta), predicted, expected)
}

/// The Huber loss: the mean of r² / 2 if |r| ≤ delta, else delta (|r| - delta / 2), with r = predicted - expected.
public func huberLoss(predicted: [Value], expected: [Double], delta: Double = 1) -> Value {
  require(delta > 0, "delta is \(delta): give a number above 0")
  return mean(of: .huber(delta: delta), predicted, expected)
}

/// The binary cross-entropy: the mean of -y log s(x) - (1 - y) log(1 - s(x)) over all elements, with the sigmoid s of the
/// logits x.
///
/// - Parameters:
///   - logits: Any real numbers.
///   - expected: The probability of the class for each element, 0 to 1, row-major; usually 0 or 1.
public func binaryCrossEntropy(logits: Matrix, expected: [Double]) -> Value {
  mean(of: .binaryCrossEntropy, logits, expected)
}

/// The binary cross-entropy: the mean of -y log s(x) - (1 - y) log(1 - s(x)), with the sigmoid s of the logits x.
public func binaryCrossEntropy(logits: [Value], expected: [Double]) -> Value {
  mean(of: .binaryCrossEntropy, logits, expected)
}

/// The cross-entropy of the softmax of the logits: the mean over samples of log Σ eˣ - x[class].
///
/// - Parameters:
///   - logits: One row per sample, one column per class.
///   - classes: The class of each sample, 0 to columns - 1.
public func crossEntropy(logits: Matrix, classes: [Int]) -> Value { logits.crossEntropy(classes: classes).mean() }

/// The cross-entropy of the softmax of the logits of one sample: log Σ eˣ - x[class].
public func crossEntropy(logits: [Value], class index: Int) -> Value {
  require(!logits.isEmpty, "a sample has at least one logit")
  return Matrix(rows: 1, columns: logits.count, values: logits).crossEntropy(classes: [index])[0, 0]
}

/// The L2 penalty α Σ p².
///
/// - Parameters:
///   - parameters: Usually `model.parameters`.
///   - weight: The weight α of the penalty.
public func l2Penalty(_ parameters: [Value], weight: Double) -> Value {
  dot(parameters, parameters) * weight
}

/// The L2 penalty α Σ p² over all parameters of a module. Records one node per block of parameters.
public func l2Penalty(_ module: some Module, weight: Double) -> Value {
  module.trainedParameters.squaredNorm() * weight
}

/// The fraction of samples, 0 to 1, whose score has the sign of its class. A score of 0 counts as negative.
///
/// - Precondition: One score per class, and at least one.
public func signAccuracy(scores: [Double], expected: [Double]) -> Double {
  Double(rightSigns(scores, expected)) / Double(scores.count)
}

/// The number of samples whose score has the sign of its class.
internal func rightSigns(_ scores: [Double], _ expected: [Double]) -> Int {
  check(scores.count, expected.count)
  return zip(scores, expected).count { score, y in (score > 0) == (y > 0) }
}

/// The fraction of samples, 0 to 1, whose largest logit is that of their class. On a tie, the first counts.
///
/// - Precondition: One row per class label.
public func classAccuracy(logits: Matrix, classes: [Int]) -> Double {
  Double(rightClasses(logits, classes)) / Double(classes.count)
}

/// The number of samples whose largest logit is that of their class.
internal func rightClasses(_ logits: Matrix, _ classes: [Int]) -> Int {
  check(logits.rows, classes.count)
  return zip(logits.largestColumns, classes).count { $0 == $1 }
}

private func mean(of loss: ElementLoss, _ predicted: [Value], _ expected: [Double]) -> Value {
  check(predicted.count, expected.count)
  return mean(of: loss, Matrix(rows: predicted.count, columns: 1, values: predicted), expected)
}

private func mean(of loss: ElementLoss, _ predicted: Matrix, _ expected: [Double]) -> Value {
  check(predicted.count, expected.count)
  return predicted.losses(loss, expected: expected).mean()
}

internal func check(_ predicted: Int, _ expected: Int) {
  require(predicted == expected, "\(predicted) predictions and \(expected) expected numbers or classes: give as many")
  require(predicted > 0, "the loss of no samples is not defined")
}
