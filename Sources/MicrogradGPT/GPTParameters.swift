import Micrograd
import MicrogradNN

/// What a model learns: nine matrices without biases.
public struct GPTParameters: Module {
  /// The sizes of the matrices.
  public let configuration: GPTConfiguration

  /// What stands for a token, [tokens, width].
  public let tokenEmbedding: WeightMatrix
  /// What stands for a position, [block, width].
  public let positionEmbedding: WeightMatrix
  /// From what was made of a token to scores of the next one, [tokens, width].
  public let outputHead: WeightMatrix
  /// What a position asks for, [width, width].
  public let query: WeightMatrix
  /// What a position can be asked for, [width, width].
  public let key: WeightMatrix
  /// What a position answers, [width, width].
  public let value: WeightMatrix
  /// From the answers back to a position, [width, width].
  public let attentionOutput: WeightMatrix
  /// Into the layer of relu neurons, [hidden, width].
  public let hidden: WeightMatrix
  /// Out of it, [width, hidden].
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

  /// All numbers, matrix after matrix.
  public var parameters: [Value] { namedParameters.flatMap(\.runs.values) }

  /// The matrices in order, under the names that Karpathy's program has for them.
  public var namedParameters: [NamedParameter] {
    let matrices: KeyValuePairs = [
      "wte": tokenEmbedding, "wpe": positionEmbedding, "lm_head": outputHead, "layer0.attn_wq": query,
      "layer0.attn_wk": key, "layer0.attn_wv": value, "layer0.attn_wo": attentionOutput, "layer0.mlp_fc1": hidden,
      "layer0.mlp_fc2": hiddenOutput,
    ]
    return matrices.map { NamedParameter($0, shape: [$1.rows, $1.columns], $1.numbers) }
  }
}

/// Parameters in rows, one after the other.
public struct WeightMatrix {
  /// The numbers, row-major.
  public let numbers: Parameters
  /// How many rows.
  public let rows: Int
  /// How many numbers in a row.
  public let columns: Int

  internal init(_ rows: Int, _ columns: Int, using random: inout PythonRandom) {
    numbers = Parameters((0..<rows * columns).map { _ in random.gauss(standardDeviation: 0.08) })
    self.rows = rows
    self.columns = columns
  }

  /// One row.
  internal func row(_ row: Int) -> [Value] { (0..<columns).map { numbers[row * columns + $0] } }

  /// All of it at once.
  internal var matrix: Matrix { numbers.matrix(rows: rows, columns: columns) }
}
