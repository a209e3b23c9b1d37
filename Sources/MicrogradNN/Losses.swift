import Micrograd

// What a prediction costs. All are means over elements or samples, computed without overflow, as PyTorch's functions of
// the same names in float64; at kinks their derivative is 0.

/// The max-margin loss, also called hinge loss: the mean over samples of max(0, 1 - y · score).
///
/// - Parameters:
///   - scores: The model's output for each sample, any real number; its sign is the predicted class.
///   - expected: The class of each sample, -1 or 1.
/// - Returns: A number ≥ 0; its derivative is 0 for samples on the right side of the margin, the kink included.
/// - Precondition: As many scores as classes, and at least one.
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

/// The mean over all elements of r² / 2 for |r| ≤ delta, and delta (|r| - delta / 2) beyond (Huber 1964), r being
/// predicted - expected.
///
/// - Parameters:
///   - predicted: Any real numbers.
///   - expected: As many, row-major.
///   - delta: Where the parabola ends; above 0.
public func huberLoss(predicted: Matrix, expected: [Double], delta: Double = 1) -> Value {
  require(delta > 0, "delta is \(delta): give a number above 0")
  return mean(of: .huber(delta: delta), predicted, expected)
}

/// The mean of r² / 2 for |r| ≤ delta, and delta (|r| - delta / 2) beyond, r being predicted - expected.
public func huberLoss(predicted: [Value], expected: [Double], delta: Double = 1) -> Value {
  require(delta > 0, "delta is \(delta): give a number above 0")
  return mean(of: .huber(delta: delta), predicted, expected)
}

/// The mean of -y log s(x) - (1 - y) log(1 - s(x)) over all elements, s being the sigmoid of the logits x.
///
/// - Parameters:
///   - logits: Any real numbers.
///   - expected: The probability of the class for each element, 0 to 1, row-major; usually 0 or 1.
public func binaryCrossEntropy(logits: Matrix, expected: [Double]) -> Value {
  mean(of: .binaryCrossEntropy, logits, expected)
}

/// The mean of -y log s(x) - (1 - y) log(1 - s(x)), s being the sigmoid of the logits x.
public func binaryCrossEntropy(logits: [Value], expected: [Double]) -> Value {
  mean(of: .binaryCrossEntropy, logits, expected)
}

/// The mean over samples of log Σ eˣ - x[class]: the cross-entropy of the softmax of the logits.
///
/// - Parameters:
///   - logits: A row a sample, a column a class, any real numbers.
///   - classes: The class of each sample, 0 to columns - 1.
public func crossEntropy(logits: Matrix, classes: [Int]) -> Value { logits.crossEntropy(classes: classes).mean() }

/// log Σ eˣ - x[class] for one sample: the cross-entropy of the softmax of its logits.
public func crossEntropy(logits: [Value], class index: Int) -> Value {
  require(!logits.isEmpty, "a sample has at least one logit")
  return Matrix(rows: 1, columns: logits.count, values: logits).crossEntropy(classes: [index])[0, 0]
}

/// The L2 penalty α Σ p².
///
/// - Parameters:
///   - parameters: Usually `model.parameters`.
///   - weight: α, the weight of the penalty in the loss.
public func l2Penalty(_ parameters: [Value], weight: Double) -> Value {
  dot(parameters, parameters) * weight
}

/// The L2 penalty α Σ p² of all parameters of a module, one node for each piece in which they lie.
public func l2Penalty(_ module: some Module, weight: Double) -> Value {
  ParameterRuns(joining: module.namedParameters.map(\.runs)).squaredNorm() * weight
}

/// The fraction of samples, 0 to 1, whose score has the sign of its class, a score of 0 counting as negative.
///
/// - Precondition: As many scores as classes, and at least one.
public func signAccuracy(scores: [Double], expected: [Double]) -> Double {
  check(scores.count, expected.count)
  let right = zip(scores, expected).count { score, y in (score > 0) == (y > 0) }
  return Double(right) / Double(scores.count)
}

/// The fraction of samples, 0 to 1, whose largest number is that of their class; of equal ones the first counts.
///
/// - Precondition: As many rows as classes.
public func classAccuracy(logits: Matrix, classes: [Int]) -> Double {
  check(logits.rows, classes.count)
  let right = zip(logits.largestColumns, classes).count { $0 == $1 }
  return Double(right) / Double(classes.count)
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
