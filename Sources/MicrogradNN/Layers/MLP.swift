import Micrograd

/// A multi-layer perceptron: layers one after the other, relu on all but the last.
///
/// ```swift
/// var random = PythonRandom(seed: 1337)
/// let model = MLP(2, [16, 16, 1], using: &random)
/// let score = model([0.5, -1.0])[0]
/// score.backward()
/// model.parameters[0].grad
/// ```
public struct MLP: Model, CustomStringConvertible {
  /// The layers, from inputs to outputs.
  public let layers: [Layer]

  private let places: [LayerPlace]

  /// How the layers are put on the tape; automatic unless set.
  public var evaluation: Evaluation

  /// A network whose weights are drawn from uniform(-1, 1) unless told, as micrograd draws them from Python's `random`.
  ///
  /// - Parameters:
  ///   - inputCount: How many inputs; at least 1.
  ///   - outputCounts: How many neurons each layer has; at least one layer.
  ///   - evaluation: How the layer is put on the tape.
  ///   - initializer: How the weights are drawn.
  ///   - random: Where the weights come from.
  public init(
    _ inputCount: Int, _ outputCounts: [Int], evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd, using random: inout PythonRandom
  ) {
    require(!outputCounts.isEmpty, "a network has at least one layer")
    let sizes = [inputCount] + outputCounts
    var layers: [Layer] = []
    for (k, outputCount) in outputCounts.enumerated() {
      let isLast = k == outputCounts.count - 1
      layers.append(
        Layer(
          sizes[k], outputCount, isNonlinear: !isLast, evaluation: evaluation, initializer: initializer,
          using: &random))
    }
    self.layers = layers
    places = layers.map(\.place)
    self.evaluation = evaluation
  }

  /// A network with weights drawn by a stream that is different in every run.
  public init(
    _ inputCount: Int, _ outputCounts: [Int], evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd
  ) {
    var random = PythonRandom.unpredictable()
    self.init(inputCount, outputCounts, evaluation: evaluation, initializer: initializer, using: &random)
  }

  /// Layer by layer, neuron by neuron, weights before bias, as micrograd lists them.
  public var parameters: [Value] { layers.flatMap(\.parameters) }

  /// `layers.0.weight`, `layers.0.bias`, `layers.1.weight` and so on.
  public var namedParameters: [NamedParameter] {
    NamedParameter.each(of: layers.enumerated().map { ("layers.\($0)", $1) })
  }

  /// Sets the gradients of all parameters to zero.
  public func zeroGradients() {
    for layer in layers { layer.zeroGradients() }
  }

  /// The outputs for one sample, as many as the last layer has neurons.
  public func callAsFunction(_ inputs: [Value]) -> [Value] {
    places[0].check(inputs.count)
    return evaluate(places, inputs, evaluation)
  }

  /// The outputs for one sample of plain numbers, which become leaves.
  public func callAsFunction(_ inputs: [Double]) -> [Value] {
    places[0].check(inputs.count)
    return evaluate(places, inputs, evaluation)
  }

  /// The outputs for a batch, a row a sample: as many rows, as many columns as the last layer has neurons.
  ///
  /// A batch of plain numbers (`Matrix.constant`) is data: no gradient is computed for it.
  public func callAsFunction(_ batch: Matrix) -> Matrix {
    places[0].check(batch.columns)
    return evaluate(places, batch, evaluation)
  }

  /// The outputs for a batch of plain numbers, one row a sample.
  public func callAsFunction(_ batch: [[Double]]) -> Matrix { self(Matrix.constant(batch)) }

  /// The network of this moment as plain numbers.
  public func predictor() -> Predictor {
    let (layers, evaluation) = (places.map(LayerNumbers.init), evaluation)
    return Predictor(inputCount: places[0].inputCount) { batch in
      layers.reduce(batch) { x, layer in layer.evaluate(x, evaluation) }
    }
  }

  /// `MLP of [Layer of [ReLUNeuron(2), …], Layer of [LinearNeuron(16)]]`.
  public var description: String { "MLP of [\(layers.map(\.description).joined(separator: ", "))]" }
}
