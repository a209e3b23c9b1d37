import Micrograd

/// The model with dot products, norms, softmax and cross-entropy as single ops, for all positions of a document at once.
public struct FusedGPT: GPTEvaluator {
  /// The parameters.
  public let parameters: GPTParameters
  /// The masks, by the number of positions minus 1.
  private let masks: [Matrix]
  private let gain: Vector

  /// Creates a model with these parameters.
  public init(_ parameters: GPTParameters) {
    let sizes = parameters.configuration
    self.parameters = parameters
    masks = (1...sizes.blockSize).map { FusedGPT.mask(headCount: sizes.headCount, positionCount: $0) }
    gain = .constant(Array(repeating: 1, count: sizes.width))
  }

  /// Returns the mean of -log p over the tokens after the first, up to the length of the block.
  public func loss(of tokens: [Int]) -> Value {
    let count = min(parameters.configuration.blockSize, tokens.count - 1)
    let scores = scores(of: Array(tokens[..<count]))
    return scores.crossEntropy(classes: Array(tokens[1...count])).mean()
  }

  /// Returns the logits of the next token, one row per token.
  private func scores(of tokens: [Int]) -> Matrix {
    let positions = parameters.positionEmbedding.matrix.rows(0..<tokens.count)
    var x = normed(parameters.tokenEmbedding.matrix.gathering(rows: tokens) + positions)
    x = linear(attention(normed(x)), parameters.attentionOutput) + x
    x = linear(linear(normed(x), parameters.hidden).relu(), parameters.hiddenOutput) + x
    return linear(x, parameters.outputHead)
  }

  /// Returns causal multi-head attention.
  ///
  /// The heads are stacked, so that one product has all scores. A mask removes the scores between different heads, and
  /// those of later positions.
  private func attention(_ x: Matrix) -> Matrix {
    let (sizes, count) = (parameters.configuration, x.rows)
    let (heads, width) = (sizes.headCount, sizes.headWidth)
    func stacked(_ weights: WeightMatrix) -> Matrix {
      linear(x, weights).reshaped(rows: count * heads, columns: width)
        .gathering(rows: (0..<heads * count).map { $0 % count * heads + $0 / count })
    }
    let (query, key) = (stacked(parameters.query), stacked(parameters.key))
    let scores = query.affine(weights: key) / Double(width).squareRoot()
    let weights = (scores + masks[count - 1]).softmax()
    let answers = weights.affine(weights: transposed(stacked(parameters.value)))
    return answers.gathering(rows: (0..<count * heads).map { $0 % heads * count + $0 / heads })
      .reshaped(rows: count, columns: sizes.width)
  }

  private func transposed(_ x: Matrix) -> Matrix {
    x.reshaped(rows: x.count, columns: 1)
      .gathering(rows: (0..<x.count).map { $0 % x.rows * x.columns + $0 / x.rows })
      .reshaped(rows: x.columns, columns: x.rows)
  }

  private func linear(_ x: Matrix, _ weights: WeightMatrix) -> Matrix { x.affine(weights: weights.matrix) }

  private func normed(_ x: Matrix) -> Matrix { x.rmsNorm(gain: gain) }

  /// Returns the mask: 0 if the query of a row may attend to the key of a column, else -∞.
  private static func mask(headCount: Int, positionCount: Int) -> Matrix {
    let size = headCount * positionCount
    let numbers = (0..<size * size).map { place in
      let (row, column) = (place / size, place % size)
      let isSameHead = row / positionCount == column / positionCount
      return isSameHead && column <= row ? 0 : -Double.infinity
    }
    return .constant(rows: size, columns: size, numbers)
  }
}
