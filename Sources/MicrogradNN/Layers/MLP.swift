import Micrograd

/// A multi-layer perceptron: fully connected layers, with an activation after all but the last: relu, if no other is given.
///
/// ```swift
/// var random = PythonRandom(seed: 1337)
/// let model = MLP(2, [16, 16, 1], using: &random)
/// let score = model([0.5, -1.0])[0]
/// score.backward()
/// model.parameters[0].grad
/// ```
///
/// The network of A. Karpathy's lecture has tanh after each layer, the last too, and draws its biases like its weights:
///
/// ```swift
/// MLP(3, [4, 4, 1], activation: .tanh, outputActivation: .tanh, initializer: .lecture, using: &random)
/// ```
public struct MLP: Model, CustomStringConvertible {
  /// The layers, from inputs to outputs.
  public let layers: [Layer]

  /// All parameters as contiguous runs, which optimisers and penalties process in loops.
  public let trainedParameters: ParameterRuns

  private let stages: LayerStages

  /// How the layers are recorded. The default is automatic.
  public var evaluation: Evaluation

  /// Creates a network. By default, weights are drawn from uniform(-1, 1), in the order of micrograd with Python's
  /// `random`.
  ///
  /// - Parameters:
  ///   - inputCount: The number of inputs, at least 1.
  ///   - outputCounts: The number of neurons of each layer; at least one layer.
  ///   - activation: The activation after each layer except the last.
  ///   - outputActivation: The activation after the last layer.
  ///   - evaluation: How the layers are recorded.
  ///   - initializer: The rule for drawing the weights.
  ///   - random: The random stream.
  public init(
    _ inputCount: Int, _ outputCounts: [Int], activation: Activation = .relu,
    outputActivation: Activation = .identity, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd, using random: inout PythonRandom
  ) {
    require(!outputCounts.isEmpty, "a network has at least one layer")
    let sizes = [inputCount] + outputCounts
    var layers: [Layer] = []
    for (k, outputCount) in outputCounts.enumerated() {
      let isLast = k == outputCounts.count - 1
      layers.append(
        Layer(
          sizes[k], outputCount, activation: isLast ? outputActivation : activation, evaluation: evaluation,
          initializer: initializer,
          using: &random))
    }
    self.layers = layers
    stages = LayerStages(layers.map { ($0.place, $0.activation) })
    trainedParameters = ParameterRuns(joining: layers.flatMap(\.namedParameters).map(\.runs))
    self.evaluation = evaluation
  }

  /// Creates a network with a random stream that is different in every run.
  public init(
    _ inputCount: Int, _ outputCounts: [Int], activation: Activation = .relu,
    outputActivation: Activation = .identity, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd
  ) {
    var random = PythonRandom.unpredictable()
    self.init(
      inputCount, outputCounts, activation: activation, outputActivation: outputActivation, evaluation: evaluation,
      initializer: initializer, using: &random)
  }

  /// The parameters layer by layer and neuron by neuron, weights before bias, in micrograd's order.
  public var parameters: [Value] { layers.flatMap(\.parameters) }

  /// `layers.0.weight`, `layers.0.bias`, `layers.1.weight` and so on.
  public var namedParameters: [NamedParameter] {
    NamedParameter.each(of: layers.enumerated().map { ("layers.\($0)", $1) })
  }

  /// Sets the gradients of all parameters to zero.
  public func zeroGradients() { trainedParameters.zeroGradients() }

  /// Returns the outputs for one sample, one per neuron of the last layer.
  public func callAsFunction(_ inputs: [Value]) -> [Value] {
    stages.evaluate(inputs, evaluation)
  }

  /// Returns the outputs for one sample of plain numbers, which become leaves.
  public func callAsFunction(_ inputs: [Double]) -> [Value] {
    stages.evaluate(inputs, evaluation)
  }

  /// Returns the outputs for a batch with one row per sample: one row per sample, one column per neuron of the last layer.
  ///
  /// No gradient is computed for a batch of plain numbers (`Matrix.constant`).
  public func callAsFunction(_ batch: Matrix) -> Matrix {
    stages.evaluate(batch, evaluation)
  }

  /// Returns the outputs for a batch of plain numbers, one row per sample.
  public func callAsFunction(_ batch: [[Double]]) -> Matrix { self(Matrix.constant(batch)) }

  /// Returns a predictor with the parameters of this moment.
  public func predictor() -> Predictor { stages.predictor(evaluation) }

  /// A text like `MLP of [Layer of [ReLUNeuron(2), …], Layer of [LinearNeuron(16)]]`.
  public var description: String { "MLP of [\(layers.map(\.description).joined(separator: ", "))]" }
}
