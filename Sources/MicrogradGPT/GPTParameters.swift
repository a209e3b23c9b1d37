import Micrograd
import MicrogradNN

/// The parameters of a model: nine matrices without biases.
public struct GPTParameters: Module {
  /// The sizes of the matrices.
  public let configuration: GPTConfiguration

  /// The token embeddings, [tokens, width].
  public let tokenEmbedding: WeightMatrix
  /// The position embeddings, [block, width].
  public let positionEmbedding: WeightMatrix
  /// The output layer, from embeddings to logits, [tokens, width].
  public let outputHead: WeightMatrix
  /// The queries of attention, [width, width].
  public let query: WeightMatrix
  /// The keys of attention, [width, width].
  public let key: WeightMatrix
  /// The values of attention, [width, width].
  public let value: WeightMatrix
  /// The output projection of attention, [width, width].
  public let attentionOutput: WeightMatrix
  /// The first layer of the feed-forward network, [hidden, width].
  public let hidden: WeightMatrix
  /// The second layer of the feed-forward network, [width, hidden].
  public let hiddenOutput: WeightMatrix

  /// Draws all numbers from a normal distribution of standard deviation 0.08, in the order of the properties, each matrix
  /// row by row.
  public init(_ configuration: GPTConfiguration, using random: inout PythonRandom) {
    let (tokens, width, hidden) = (configuration.tokenCount, configuration.width, configuration.hiddenWidth)
    self.configuration = configuration
    tokenEmbedding = WeightMatrix(tokens, width, using: &random)
    positionEmbedding = WeightMatrix(configuration.blockSize, width, using: &random)
    outputHead = WeightMatrix(tokens, width, using: &random)
    query = WeightMatrix(width, width, using: &random)
    key = WeightMatrix(width, width, using: &random)
    value = WeightMatrix(width, width, using: &random)
    attentionOutput = WeightMatrix(width, width, using: &random)
    self.hidden = WeightMatrix(hidden, width, using: &random)
    hiddenOutput = WeightMatrix(width, hidden, using: &random)
  }

  /// All parameters, matrix after matrix.
  public var parameters: [Value] { namedParameters.flatMap(\.runs.values) }

  /// The matrices in order, with the names of Karpathy's program.
  public var namedParameters: [NamedParameter] {
    let matrices: KeyValuePairs = [
      "wte": tokenEmbedding, "wpe": positionEmbedding, "lm_head": outputHead, "layer0.attn_wq": query,
      "layer0.attn_wk": key, "layer0.attn_wv": value, "layer0.attn_wo": attentionOutput, "layer0.mlp_fc1": hidden,
      "layer0.mlp_fc2": hiddenOutput,
    ]
    return matrices.map { NamedParameter($0, shape: [$1.rows, $1.columns], $1.numbers) }
  }
}

/// A matrix of parameters.
public struct WeightMatrix {
  /// The numbers, row-major.
  public let numbers: Parameters
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int

  internal init(_ rows: Int, _ columns: Int, using random: inout PythonRandom) {
    numbers = Parameters((0..<rows * columns).map { _ in random.gauss(standardDeviation: 0.08) })
    self.rows = rows
    self.columns = columns
  }

  /// Returns one row.
  internal func row(_ row: Int) -> [Value] { (0..<columns).map { numbers[row * columns + $0] } }

  /// The whole matrix.
  internal var matrix: Matrix { numbers.matrix(rows: rows, columns: columns) }
}
