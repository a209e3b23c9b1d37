import Micrograd

/// A layer of neurons that share the same inputs.
///
/// Its parameters are one block: the weights row-major, one row of `inputCount` a neuron, then the biases.
public struct Layer: Model, CustomStringConvertible {
  internal let place: LayerPlace
  private let block: Parameters

  /// How the layer is put on the tape; automatic unless set.
  public var evaluation: Evaluation

  /// A layer whose weights are drawn neuron by neuron, from uniform(-1, 1) unless told, and whose biases are 0.
  ///
  /// - Parameters:
  ///   - inputCount: How many inputs; at least 1.
  ///   - outputCount: How many neurons; at least 1.
  ///   - isNonlinear: True to apply relu to each sum.
  ///   - evaluation: How the layer is put on the tape.
  ///   - initializer: How the weights are drawn.
  ///   - random: Where the weights come from.
  public init(
    _ inputCount: Int, _ outputCount: Int, isNonlinear: Bool = true, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd, using random: inout PythonRandom
  ) {
    require(inputCount >= 1 && outputCount >= 1, "a layer has at least one input and one neuron")
    let what = "a layer of \(inputCount) inputs and \(outputCount) neurons"
    let weightCount = checkedCount(what, outputCount, inputCount, adding: outputCount) - outputCount
    let weights = initializer.weights(inputCount, outputCount, using: &random)
    block = Parameters(weights + initializer.biases(inputCount, outputCount, using: &random))
    place = LayerPlace(
      parameters: block, weights: 0, biases: weightCount, inputCount: inputCount, outputCount: outputCount,
      isNonlinear: isNonlinear)
    self.evaluation = evaluation
  }

  /// A layer with weights drawn by a stream that is different in every run.
  public init(
    _ inputCount: Int, _ outputCount: Int, isNonlinear: Bool = true, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd
  ) {
    var random = PythonRandom.unpredictable()
    self.init(
      inputCount, outputCount, isNonlinear: isNonlinear, evaluation: evaluation, initializer: initializer,
      using: &random)
  }

  /// How many inputs each neuron has.
  public var inputCount: Int { place.inputCount }

  /// How many neurons there are.
  public var outputCount: Int { place.outputCount }

  /// The neurons, which share the layer's parameters.
  public var neurons: [Neuron] {
    (0..<place.outputCount).map { j in
      Neuron(
        place: LayerPlace(
          parameters: block, weights: place.weights + j * place.inputCount, biases: place.biases + j,
          inputCount: place.inputCount, outputCount: 1, isNonlinear: place.isNonlinear),
        evaluation: evaluation)
    }
  }

  /// Neuron by neuron, weights before bias, as micrograd lists them.
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

  /// The outputs of all neurons for `inputCount` inputs.
  public func callAsFunction(_ inputs: [Value]) -> [Value] {
    place.check(inputs.count)
    return evaluate([place], inputs, evaluation)
  }

  /// The outputs of all neurons for plain numbers, which become leaves.
  public func callAsFunction(_ inputs: [Double]) -> [Value] {
    place.check(inputs.count)
    return evaluate([place], inputs, evaluation)
  }

  /// The outputs for a batch, a row a sample: as many rows, as many columns as the layer has neurons.
  ///
  /// A batch of plain numbers (`Matrix.constant`) is data: no gradient is computed for it.
  public func callAsFunction(_ batch: Matrix) -> Matrix {
    place.check(batch.columns)
    return evaluate([place], batch, evaluation)
  }

  /// The outputs for a batch of plain numbers, one row a sample.
  public func callAsFunction(_ batch: [[Double]]) -> Matrix { self(Matrix.constant(batch)) }

  /// The layer of this moment as plain numbers.
  public func predictor() -> Predictor {
    let (layers, evaluation) = ([place].map(LayerNumbers.init), evaluation)
    return Predictor(inputCount: inputCount) { batch in
      layers.reduce(batch) { x, layer in layer.evaluate(x, evaluation) }
    }
  }

  /// `Layer of [ReLUNeuron(2), ReLUNeuron(2)]`.
  public var description: String { "Layer of [\(neurons.map(\.description).joined(separator: ", "))]" }
}
