import Micrograd
import MicrogradNN

/// A model and its training on documents. One random stream shuffles the documents, then draws the parameters, then
/// samples.
public struct GPTTraining {
  /// The options of a training run. The defaults are those of microgpt.
  public struct Options: Sendable {
    /// The way to compute the loss.
    public var mode = GPTMode.fused
    /// The type of numbers that ``GPTMode/compiled`` computes several documents a step with. Other modes compute in double.
    public var precision = CompiledFunction.Precision.double
    /// The total number of steps, at least 1. The learning rate falls to 0 over these steps.
    public var steps = 1000
    /// The number of documents per step, at least 1.
    public var batchSize = 1
    /// The seed of the random stream.
    public var seed = 42
    /// The learning rate of the first step.
    public var learningRate = 0.01

    /// Creates the default options.
    public init() {}
  }

  /// The documents in training order. After the last one, training continues with the first.
  public let documents: [String]
  /// The tokenizer.
  public let tokenizer: Tokenizer
  /// The parameters.
  public let parameters: GPTParameters

  private let options: Options
  private let evaluator: any GPTEvaluator
  private var optimizer: Adam
  private var random: PythonRandom

  /// Shuffles the documents, at least one, and draws the parameters.
  public init(_ documents: [String], _ options: Options = Options()) {
    require(!documents.isEmpty, "there are no documents: give at least one")
    require(options.steps >= 1 && options.batchSize >= 1, "steps and batchSize must be at least 1")
    random = PythonRandom(seed: options.seed)
    var shuffled = documents
    random.shuffle(&shuffled)
    self.documents = shuffled
    self.options = options
    tokenizer = Tokenizer(documents)
    parameters = GPTParameters(GPTConfiguration(tokenCount: tokenizer.count), using: &random)
    evaluator = options.mode.evaluator(parameters, precision: options.precision)
    optimizer = Adam(
      parameters, schedule: .linear(from: options.learningRate, to: 0, steps: options.steps), beta1: 0.85, beta2: 0.99)
  }

  /// The number of steps taken.
  public var stepCount: Int { optimizer.stepCount }

  /// Takes a step and returns the loss before it.
  public mutating func step() -> Double {
    let start = optimizer.stepCount * options.batchSize
    let batch = (start..<start + options.batchSize).map { tokenizer.encode(documents[$0 % documents.count]) }
    let loss = evaluator.addGradients(of: batch)
    if loss.isFinite { optimizer.stepAndZeroGradients() } else { optimizer.zeroGradients() }
    return loss
  }

  /// Samples a document, token by token, until a boundary token or the end of the block.
  ///
  /// - Parameter temperature: The temperature of sampling, above 0. Logits are divided by it: below 1, likely tokens become
  ///   more likely.
  /// - Returns: `nil` if logits are not finite, because training has diverged.
  public mutating func sample(temperature: Double = 0.5) -> String? {
    let model = ScalarGPT(parameters)
    var cache = ScalarGPT.Cache()
    var tokens = [tokenizer.boundary]
    while tokens.count <= parameters.configuration.blockSize {
      let scores = withoutGradients {
        model.scores(of: model.embedding(of: tokens[tokens.count - 1], at: tokens.count - 1), &cache)
      }
      let scaled = scores.map { $0.data / temperature }
      guard scaled.allSatisfy(\.isFinite) else { return nil }
      let weights = Matrix.constant([scaled]).softmax().data
      let token = random.choices(Array(0..<tokenizer.count), weights: weights)[0]
      if token == tokenizer.boundary { break }
      tokens.append(token)
    }
    return tokenizer.decode(Array(tokens.dropFirst()))
  }
}
