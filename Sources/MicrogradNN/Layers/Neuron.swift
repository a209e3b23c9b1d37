import Micrograd

/// A weighted sum of inputs plus a bias, and an activation of it: relu, if no other is given.
///
/// ```swift
/// var random = PythonRandom(seed: 1337)
/// let neuron = Neuron(2, using: &random)
/// neuron  // ReLUNeuron(2)
/// neuron([Value(1.0), Value(-2.0)])
/// ```
public struct Neuron: Module, CustomStringConvertible {
  private let stages: LayerStages
  private var place: LayerPlace { stages.first }

  /// The activation of the weighted sum.
  public let activation: Activation

  /// How the neuron is recorded. The default is automatic.
  public var evaluation: Evaluation

  /// Creates a neuron. Weights are drawn one by one, by default from uniform(-1, 1) as in micrograd; the bias is 0.
  ///
  /// - Parameters:
  ///   - inputCount: The number of inputs, at least 1.
  ///   - activation: The activation of the sum.
  ///   - evaluation: How the neuron is recorded.
  ///   - initializer: The rule for drawing the weights.
  ///   - random: The random stream.
  public init(
    _ inputCount: Int, activation: Activation = .relu, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd, using random: inout PythonRandom
  ) {
    let layer = Layer(
      inputCount, 1, activation: activation, evaluation: evaluation, initializer: initializer, using: &random)
    self.init(place: layer.place, activation: activation, evaluation: evaluation)
  }

  /// Creates a neuron with a random stream that is different in every run.
  public init(
    _ inputCount: Int, activation: Activation = .relu, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd
  ) {
    var random = PythonRandom.unpredictable()
    self.init(
      inputCount, activation: activation, evaluation: evaluation, initializer: initializer, using: &random)
  }

  internal init(place: LayerPlace, activation: Activation, evaluation: Evaluation) {
    stages = LayerStages([(place, activation)])
    self.activation = activation
    self.evaluation = evaluation
  }

  /// The weights, one per input.
  public var weights: [Value] {
    (0..<place.inputCount).map { place.parameters[place.weights + $0] }
  }

  /// The bias.
  public var bias: Value { place.parameters[place.biases] }

  /// The weights, then the bias.
  public var parameters: [Value] { weights + [bias] }

  /// `weight` [1, inputs] and `bias` [1].
  public var namedParameters: [NamedParameter] {
    [
      NamedParameter("weight", shape: [1, place.inputCount], place.parameters, from: place.weights),
      NamedParameter("bias", shape: [1], place.parameters, from: place.biases),
    ]
  }

  /// Returns the output for one input per weight.
  public func callAsFunction(_ inputs: [Value]) -> Value {
    stages.evaluate(inputs, evaluation)[0]
  }

  /// Returns the output for plain numbers, which become leaves.
  public func callAsFunction(_ inputs: [Double]) -> Value {
    stages.evaluate(inputs, evaluation)[0]
  }

  /// A text like `ReLUNeuron(2)`, `TanhNeuron(2)` or `LinearNeuron(2)`, with the number of inputs.
  public var description: String { "\(activation.neuronName)Neuron(\(place.inputCount))" }
}

extension PythonRandom {
  /// Returns a stream that is different in every run of the program.
  internal static func unpredictable() -> PythonRandom { PythonRandom(seed: Int.random(in: 0 ... .max)) }
}
