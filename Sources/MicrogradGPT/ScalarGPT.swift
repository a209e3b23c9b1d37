import Micrograd

/// The model op by op, as in Karpathy's program: every addition, multiplication, division, power, exponential and logarithm
/// is a node, and a document is read token by token.
public struct ScalarGPT: GPTEvaluator {
  /// The parameters.
  public let parameters: GPTParameters

  /// Creates a model with these parameters.
  public init(_ parameters: GPTParameters) { self.parameters = parameters }

  /// The keys and values of the positions read so far.
  public struct Cache {
    fileprivate var keys: [[Value]] = []
    fileprivate var values: [[Value]] = []

    /// Creates an empty cache.
    public init() {}
  }

  /// Returns the mean of -log p over the tokens after the first, up to the length of the block.
  public func loss(of tokens: [Int]) -> Value {
    let count = min(parameters.configuration.blockSize, tokens.count - 1)
    var cache = Cache()
    let losses = (0..<count).map { position in
      let scores = scores(of: embedding(of: tokens[position], at: position), &cache)
      return -softmax(scores)[tokens[position + 1]].log()
    }
    return 1 / Double(count) * total(losses)
  }

  /// Returns the embedding of a token at a position: the sum of two rows.
  internal func embedding(of token: Int, at position: Int) -> [Value] {
    plus(parameters.tokenEmbedding.row(token), parameters.positionEmbedding.row(position))
  }

  /// Returns the embedding of a token that is a Value.
  internal func embedding(of token: Value, at position: Int) -> [Value] {
    let row = parameters.tokenEmbedding.matrix.row(at: token)
    return plus((0..<row.count).map { row[$0] }, parameters.positionEmbedding.row(position))
  }

  /// Reads one more token, given by its embedding, and returns the logits of the next one.
  internal func scores(of embedding: [Value], _ cache: inout Cache) -> [Value] {
    var x = normed(embedding)
    x = plus(linear(attention(normed(x), &cache), parameters.attentionOutput), x)
    x = plus(linear(linear(normed(x), parameters.hidden).map { $0.relu() }, parameters.hiddenOutput), x)
    return linear(x, parameters.outputHead)
  }

  /// Returns causal multi-head attention.
  private func attention(_ x: [Value], _ cache: inout Cache) -> [Value] {
    let query = linear(x, parameters.query)
    cache.keys.append(linear(x, parameters.key))
    cache.values.append(linear(x, parameters.value))
    let width = parameters.configuration.headWidth
    return (0..<parameters.configuration.headCount).flatMap { head in
      let places = head * width..<(head + 1) * width
      let weights = softmax(
        cache.keys.map { key in total(places) { query[$0] * key[$0] } / Double(width).squareRoot() })
      return places.map { place in total(weights.indices) { weights[$0] * cache.values[$0][place] } }
    }
  }
}

// MARK: - Of lists of Values

/// Returns weighted sums, one per row.
private func linear(_ x: [Value], _ weights: WeightMatrix) -> [Value] {
  weights.numbers.weightedSums(of: x, rows: weights.rows)
}

/// Returns x / √(mean of squares + 10⁻⁵).
private func normed(_ x: [Value]) -> [Value] {
  let meanSquare = total(x.indices) { x[$0] * x[$0] } / Double(x.count)
  let scale = (meanSquare + 1e-5) ** -0.5
  return x.map { $0 * scale }
}

/// Returns the softmax eˣ / Σ eˣ. Subtracts the largest number first, as a constant.
internal func softmax(_ x: [Value]) -> [Value] {
  let largest = x.dropFirst().reduce(x[0].detached) { max($0, $1.detached) }
  let powers = x.map { ($0 - largest).exp() }
  let sum = total(powers)
  return powers.map { $0 / sum }
}

private func plus(_ x: [Value], _ y: [Value]) -> [Value] { x.indices.map { x[$0] + y[$0] } }

private func total(_ x: [Value]) -> Value { total(x.indices) { x[$0] } }

/// Returns the sum from left to right, one node per addition, as Python's `sum` does.
@inline(__always)
private func total(_ range: Range<Int>, _ element: (Int) -> Value) -> Value {
  var sum = element(range.lowerBound)
  for k in range.dropFirst() { sum = sum + element(k) }
  return sum
}
