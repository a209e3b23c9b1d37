import Micrograd

/// A weighted sum of inputs plus a bias, with or without relu.
///
/// ```swift
/// var random = PythonRandom(seed: 1337)
/// let neuron = Neuron(2, using: &random)
/// neuron  // ReLUNeuron(2)
/// neuron([Value(1.0), Value(-2.0)])
/// ```
public struct Neuron: Module, CustomStringConvertible {
  private let chain: LayerChain

  internal var place: LayerPlace { chain.places[0] }

  /// How the neuron is recorded. The default is automatic.
  public var evaluation: Evaluation

  /// Creates a neuron. Weights are drawn one by one, by default from uniform(-1, 1) as in micrograd; the bias is 0.
  ///
  /// - Parameters:
  ///   - inputCount: The number of inputs, at least 1.
  ///   - isNonlinear: True to apply relu to the sum.
  ///   - evaluation: How the neuron is recorded.
  ///   - initializer: The rule for drawing the weights.
  ///   - random: The random stream.
  public init(
    _ inputCount: Int, isNonlinear: Bool = true, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd, using random: inout PythonRandom
  ) {
    let layer = Layer(
      inputCount, 1, isNonlinear: isNonlinear, evaluation: evaluation, initializer: initializer, using: &random)
    self.init(place: layer.place, evaluation: evaluation)
  }

  /// Creates a neuron with a random stream that is different in every run.
  public init(
    _ inputCount: Int, isNonlinear: Bool = true, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd
  ) {
    var random = PythonRandom.unpredictable()
    self.init(
      inputCount, isNonlinear: isNonlinear, evaluation: evaluation, initializer: initializer, using: &random)
  }

  internal init(place: LayerPlace, evaluation: Evaluation) {
    chain = LayerChain([place])
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
    place.check(inputs.count)
    return chain.evaluate(inputs, evaluation)[0]
  }

  /// Returns the output for plain numbers, which become leaves.
  public func callAsFunction(_ inputs: [Double]) -> Value {
    place.check(inputs.count)
    return chain.evaluate(inputs, evaluation)[0]
  }

  /// A text like `ReLUNeuron(2)` or `LinearNeuron(2)`, with the number of inputs.
  public var description: String { "\(place.isNonlinear ? "ReLU" : "Linear")Neuron(\(place.inputCount))" }
}

extension LayerPlace {
  internal func check(_ count: Int) {
    require(count == inputCount, "this takes \(inputCount) inputs a sample, not \(count)")
  }
}

extension PythonRandom {
  /// Returns a stream that is different in every run of the program.
  internal static func unpredictable() -> PythonRandom { PythonRandom(seed: Int.random(in: 0 ... .max)) }
}
