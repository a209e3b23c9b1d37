import Micrograd

// Losses with targets that are Values. In a compiled function, targets are inputs that differ from sample to sample.
// Targets have derivatives too. These overloads are disfavoured, so that literals are plain numbers.

/// The mean of max(0, 1 - y · score), for classes y of -1 or 1 that are Values.
///
/// ```swift
/// let loss = try compile(at: [0, 0, 1]) { x in maxMarginLoss(scores: model([x[0], x[1]]), expected: [x[2]]) }
/// ```
@_disfavoredOverload
public func maxMarginLoss(scores: [Value], expected: [Value]) -> Value {
  mean(of: scores, expected) { score, y in (1 - y * score).relu() }
}

/// The mean of max(0, 1 - y · score)², for classes y of -1 or 1 that are Values.
@_disfavoredOverload
public func squaredHingeLoss(scores: [Value], expected: [Value]) -> Value {
  mean(of: scores, expected) { score, y in (1 - y * score).relu().squared() }
}

/// The mean of (predicted - expected)², for targets that are Values.
@_disfavoredOverload
public func meanSquaredError(predicted: [Value], expected: [Value]) -> Value {
  mean(of: predicted, expected) { x, y in (x - y).squared() }
}

/// The mean of |predicted - expected|, for targets that are Values.
@_disfavoredOverload
public func meanAbsoluteError(predicted: [Value], expected: [Value]) -> Value {
  mean(of: predicted, expected) { x, y in abs(x - y) }
}

/// The Huber loss for targets that are Values: the mean of r² / 2 if |r| ≤ delta, else delta (|r| - delta / 2), with r =
/// predicted - expected.
@_disfavoredOverload
public func huberLoss(predicted: [Value], expected: [Value], delta: Double = 1) -> Value {
  require(delta > 0, "delta is \(delta): give a number above 0")
  return mean(of: predicted, expected) { x, y in
    let distance = abs(x - y)
    let near = min(distance, delta)
    return 0.5 * near.squared() + delta * (distance - near)
  }
}

/// The binary cross-entropy for probabilities y that are Values: the mean of -y log s(x) - (1 - y) log(1 - s(x)), with the
/// sigmoid s of the logits x.
@_disfavoredOverload
public func binaryCrossEntropy(logits: [Value], expected: [Value]) -> Value {
  mean(of: logits, expected) { x, y in share(y, of: (-x).softplus()) + share(1 - y, of: x.softplus()) }
}

/// Returns y · loss, or 0 if y is 0, even if the loss is infinite.
private func share(_ y: Value, of loss: Value) -> Value {
  select(loss < Double.infinity, y * loss, select(y == 0, y, y * loss))
}

/// The cross-entropy of the softmax of the logits of one sample, log Σ eˣ - x[class]. The class is a Value, 0 to
/// logits.count - 1.
///
/// ```swift
/// let loss = try compile(at: pixels + [0]) { x in crossEntropy(logits: model(Array(x.dropLast())), class: x[784]) }
/// ```
///
/// - Precondition: The class is a whole number from 0 to logits.count - 1.
@_disfavoredOverload
public func crossEntropy(logits: [Value], class index: Value) -> Value {
  require(!logits.isEmpty, "a sample has at least one logit")
  return 0 - pick(Matrix(rows: 1, columns: logits.count, values: logits).logSoftmax().flattened, at: index)
}

private func mean(of x: [Value], _ y: [Value], _ loss: (Value, Value) -> Value) -> Value {
  check(x.count, y.count)
  let losses = zip(x, y).map(loss)
  return losses.count == 1 ? losses[0] : sum(losses) * (1 / Double(losses.count))
}
