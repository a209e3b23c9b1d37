import Micrograd
import MicrogradNN

/// A model and its training on documents, all chance coming from one stream: it first shuffles the documents, then draws
/// the model, then samples.
public struct GPTTraining {
  /// What can be chosen; the defaults are those of microgpt.
  public struct Options: Sendable {
    /// How the loss is computed.
    public var mode = GPTMode.fused
    /// How many steps there are to be, which is when the learning rate reaches 0; at least 1.
    public var steps = 1000
    /// Of how many documents a step takes the mean loss; at least 1.
    public var batchSize = 1
    /// The seed of the stream.
    public var seed = 42
    /// The learning rate of the first step.
    public var learningRate = 0.01

    /// The defaults.
    public init() {}
  }

  /// The documents in the order in which they are read; after the last comes the first.
  public let documents: [String]
  /// The characters and their tokens.
  public let tokenizer: Tokenizer
  /// What is learnt.
  public let parameters: GPTParameters

  private let options: Options
  private let evaluator: any GPTEvaluator
  private var optimizer: Adam
  private var random: PythonRandom

  /// Shuffles the documents, of which there is at least one, and draws a model.
  public init(_ documents: [String], _ options: Options = Options()) {
    require(!documents.isEmpty, "there is nothing to learn from: give at least one document")
    require(options.steps >= 1 && options.batchSize >= 1, "a training has at least one step of one document")
    random = PythonRandom(seed: options.seed)
    var shuffled = documents
    random.shuffle(&shuffled)
    self.documents = shuffled
    self.options = options
    tokenizer = Tokenizer(documents)
    parameters = GPTParameters(GPTConfiguration(tokenCount: tokenizer.count), using: &random)
    evaluator = options.mode.evaluator(parameters)
    optimizer = Adam(
      parameters, schedule: .linear(from: options.learningRate, to: 0, steps: options.steps), beta1: 0.85, beta2: 0.99)
  }

  /// How many steps were taken.
  public var stepCount: Int { optimizer.stepCount }

  /// Takes a step and returns the loss before it.
  public mutating func step() -> Double {
    let start = optimizer.stepCount * options.batchSize
    let batch = (start..<start + options.batchSize).map { tokenizer.encode(documents[$0 % documents.count]) }
    let loss = evaluator.addGradients(of: batch)
    if loss.isFinite { optimizer.stepAndZeroGradients() } else { optimizer.zeroGradients() }
    return loss
  }

  /// Makes up a document, token by token, until a boundary comes or the block is full.
  ///
  /// - Parameter temperature: What scores are divided by, above 0: below 1, what is likely becomes likelier.
  /// - Returns: `nil` where scores are not finite, as those of a training that diverged.
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
