import Micrograd

/// A layer of neurons that share the same inputs.
///
/// Its parameters are one block: the weights in row-major order, `inputCount` per neuron, then the biases.
public struct Layer: Model, CustomStringConvertible {
  private let stages: LayerStages
  private let block: Parameters

  internal var place: LayerPlace { stages.first }

  /// The activation of each weighted sum.
  public let activation: Activation

  /// How the layer is recorded. The default is automatic.
  public var evaluation: Evaluation

  /// Creates a layer. Weights are drawn neuron by neuron, by default from uniform(-1, 1); biases are 0.
  ///
  /// - Parameters:
  ///   - inputCount: The number of inputs, at least 1.
  ///   - outputCount: The number of neurons, at least 1.
  ///   - activation: The activation of each sum.
  ///   - evaluation: How the layer is recorded.
  ///   - initializer: The rule for drawing the weights.
  ///   - random: The random stream.
  public init(
    _ inputCount: Int, _ outputCount: Int, activation: Activation = .relu, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd, using random: inout PythonRandom
  ) {
    require(inputCount >= 1 && outputCount >= 1, "a layer has at least one input and one neuron")
    let what = "a layer of \(inputCount) inputs and \(outputCount) neurons"
    let weightCount = checkedCount(what, outputCount, inputCount, adding: outputCount) - outputCount
    block = Parameters(initializer.weightsAndBiases(inputCount, outputCount, using: &random))
    let place = LayerPlace(
      parameters: block, weights: 0, biases: weightCount, inputCount: inputCount, outputCount: outputCount,
      isNonlinear: activation == .relu)
    stages = LayerStages([(place, activation)])
    self.activation = activation
    self.evaluation = evaluation
  }

  /// Creates a layer with a random stream that is different in every run.
  public init(
    _ inputCount: Int, _ outputCount: Int, activation: Activation = .relu, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd
  ) {
    var random = PythonRandom.unpredictable()
    self.init(
      inputCount, outputCount, activation: activation, evaluation: evaluation, initializer: initializer,
      using: &random)
  }

  /// The number of inputs.
  public var inputCount: Int { place.inputCount }

  /// The number of neurons.
  public var outputCount: Int { place.outputCount }

  /// The neurons. They share the layer's parameters.
  public var neurons: [Neuron] {
    (0..<place.outputCount).map { j in
      Neuron(
        place: LayerPlace(
          parameters: block, weights: place.weights + j * place.inputCount, biases: place.biases + j,
          inputCount: place.inputCount, outputCount: 1, isNonlinear: place.isNonlinear),
        activation: activation, evaluation: evaluation)
    }
  }

  /// The parameters neuron by neuron, weights before bias, in micrograd's order.
  public var parameters: [Value] { neurons.flatMap(\.parameters) }

  /// `weight` [outputs, inputs] and `bias` [outputs].
  public var namedParameters: [NamedParameter] {
    [
      NamedParameter("weight", shape: [outputCount, inputCount], block, from: place.weights),
      NamedParameter("bias", shape: [outputCount], block, from: place.biases),
    ]
  }

  /// Sets the gradients of all parameters to zero.
  public func zeroGradients() { block.zeroGradients() }

  /// Returns the outputs of all neurons for `inputCount` inputs.
  public func callAsFunction(_ inputs: [Value]) -> [Value] {
    stages.evaluate(inputs, evaluation)
  }

  /// Returns the outputs of all neurons for plain numbers, which become leaves.
  public func callAsFunction(_ inputs: [Double]) -> [Value] {
    stages.evaluate(inputs, evaluation)
  }

  /// Returns the outputs for a batch with one row per sample: one row per sample, one column per neuron.
  ///
  /// No gradient is computed for a batch of plain numbers (`Matrix.constant`).
  public func callAsFunction(_ batch: Matrix) -> Matrix {
    stages.evaluate(batch, evaluation)
  }

  /// Returns the outputs for a batch of plain numbers, one row per sample.
  public func callAsFunction(_ batch: [[Double]]) -> Matrix { self(Matrix.constant(batch)) }

  /// Returns a predictor with the parameters of this moment.
  public func predictor() -> Predictor { stages.predictor(evaluation) }

  /// A text like `Layer of [ReLUNeuron(2), ReLUNeuron(2)]`.
  public var description: String { "Layer of [\(neurons.map(\.description).joined(separator: ", "))]" }
}
