import Micrograd

/// The model op by op, as Karpathy's program has it: every addition, multiplication, division, power, exponential and
/// logarithm is a node, and a document is read token by token.
public struct ScalarGPT: GPTEvaluator {
  /// What is learnt.
  public let parameters: GPTParameters

  /// A model with these parameters.
  public init(_ parameters: GPTParameters) { self.parameters = parameters }

  /// The keys and values of the positions that were read.
  public struct Cache {
    fileprivate var keys: [[Value]] = []
    fileprivate var values: [[Value]] = []

    /// Nothing was read yet.
    public init() {}
  }

  /// The mean of -log p over the tokens after the first, as many as the block has room for.
  public func loss(of tokens: [Int]) -> Value {
    let count = min(parameters.configuration.blockSize, tokens.count - 1)
    var cache = Cache()
    let losses = (0..<count).map { position in
      let scores = scores(of: embedding(of: tokens[position], at: position), &cache)
      return -softmax(scores)[tokens[position + 1]].log()
    }
    return 1 / Double(count) * total(losses)
  }

  /// What stands for a token at a position: the sum of a row for each.
  internal func embedding(of token: Int, at position: Int) -> [Value] {
    plus(parameters.tokenEmbedding.row(token), parameters.positionEmbedding.row(position))
  }

  /// The same for a token that is a Value.
  internal func embedding(of token: Value, at position: Int) -> [Value] {
    let row = parameters.tokenEmbedding.matrix.row(at: token)
    return plus((0..<row.count).map { row[$0] }, parameters.positionEmbedding.row(position))
  }

  /// The scores of what comes after one more token, by its embedding.
  internal func scores(of embedding: [Value], _ cache: inout Cache) -> [Value] {
    var x = normed(embedding)
    x = plus(linear(attention(normed(x), &cache), parameters.attentionOutput), x)
    x = plus(linear(linear(normed(x), parameters.hidden).map { $0.relu() }, parameters.hiddenOutput), x)
    return linear(x, parameters.outputHead)
  }

  /// What the position gathers from itself and those before, head by head.
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

/// Weighted sums, one a row.
private func linear(_ x: [Value], _ weights: WeightMatrix) -> [Value] {
  weights.numbers.weightedSums(of: x, rows: weights.rows)
}

/// x / √(mean of squares + 10⁻⁵).
private func normed(_ x: [Value]) -> [Value] {
  let meanSquare = total(x.indices) { x[$0] * x[$0] } / Double(x.count)
  let scale = (meanSquare + 1e-5) ** -0.5
  return x.map { $0 * scale }
}

/// eˣ / Σ eˣ, the largest number being subtracted first, through which no derivative flows.
internal func softmax(_ x: [Value]) -> [Value] {
  let largest = x.dropFirst().reduce(x[0].detached) { max($0, $1.detached) }
  let powers = x.map { ($0 - largest).exp() }
  let sum = total(powers)
  return powers.map { $0 / sum }
}

private func plus(_ x: [Value], _ y: [Value]) -> [Value] { x.indices.map { x[$0] + y[$0] } }

private func total(_ x: [Value]) -> Value { total(x.indices) { x[$0] } }

/// The sum from left to right, each addition a node, as Python's `sum` makes it.
@inline(__always)
private func total(_ range: Range<Int>, _ element: (Int) -> Value) -> Value {
  var sum = element(range.lowerBound)
  for k in range.dropFirst() { sum = sum + element(k) }
  return sum
}
