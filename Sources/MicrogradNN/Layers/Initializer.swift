import Micrograd

/// A rule for drawing the initial weights of a layer.
///
/// ```swift
/// var random = PythonRandom(seed: 1337)
/// let model = MLP(2, [16, 16, 1], initializer: .heNormal, using: &random)
/// ```
///
/// Most rules scale the weights by the number of inputs and outputs of the layer, so that activations neither vanish nor
/// explode in deep networks. Biases are 0, except with ``torchLinear``, ``lecture`` and ``constant(_:)``.
public struct Initializer: Sendable, Equatable {
  private enum Rule: Sendable, Equatable {
    case uniform(Double, Double)
    case normal(standardDeviation: Double)
    case constant(Double)
    case glorotUniform(gain: Double)
    case glorotNormal(gain: Double)
    case heUniform
    case heNormal
    case torchLinear
    case lecture
  }

  private let rule: Rule

  private init(_ rule: Rule) { self.rule = rule }

  /// The rule of micrograd: uniform(-1, 1).
  public static let micrograd = uniform(-1, 1)

  /// The rule of A. Karpathy's lecture "The spelled-out intro to neural networks and backpropagation" (2022): uniform(-1, 1) for
  /// weights and biases. Layers draw neuron by neuron, the bias after the weights, so that a seed gives the lecture's numbers.
  public static let lecture = Initializer(.lecture)

  /// A uniform distribution between two numbers.
  public static func uniform(_ low: Double, _ high: Double) -> Initializer { Self(.uniform(low, high)) }

  /// A normal distribution with the mean 0.
  ///
  /// - Parameter standardDeviation: The standard deviation, at least 0.
  public static func normal(standardDeviation: Double) -> Initializer {
    requireAtLeastZero(standardDeviation, "standardDeviation")
    return Self(.normal(standardDeviation: standardDeviation))
  }

  /// The same number everywhere, for biases too.
  public static func constant(_ number: Double) -> Initializer { Self(.constant(number)) }

  /// Zero everywhere. Suits a last layer; relu neurons that start at 0 stay there.
  public static let zeros = constant(0)

  /// Glorot (Xavier) initialisation, uniform(-b, b) with b = gain · √(6 / (inputs + outputs)), for tanh and the like.
  /// Glorot & Bengio (2010), equation 16.
  public static func glorotUniform(gain: Double = 1) -> Initializer {
    requireAtLeastZero(gain, "gain")
    return Self(.glorotUniform(gain: gain))
  }

  /// Glorot (Xavier) initialisation, normal with the standard deviation gain · √(2 / (inputs + outputs)). Glorot & Bengio
  /// (2010), equation 12.
  public static func glorotNormal(gain: Double = 1) -> Initializer {
    requireAtLeastZero(gain, "gain")
    return Self(.glorotNormal(gain: gain))
  }

  /// He (Kaiming) initialisation, uniform(-b, b) with b = √(6 / inputs), for relu. The variance is that of ``heNormal``.
  public static let heUniform = Initializer(.heUniform)

  /// He (Kaiming) initialisation, normal with the standard deviation √(2 / inputs), for relu. He, Zhang, Ren & Sun (2015),
  /// equation 10.
  public static let heNormal = Initializer(.heNormal)

  /// The default of PyTorch's `nn.Linear`: uniform(-b, b) with b = 1 / √inputs, for weights and biases.
  public static let torchLinear = Initializer(.torchLinear)

  // MARK: - Drawing

  /// Draws weights [outputs, inputs] in row-major order, by `random.uniform` or `random.gauss`.
  public func weights(_ inputCount: Int, _ outputCount: Int, using random: inout PythonRandom) -> [Double] {
    let (inputs, outputs) = (Double(inputCount), Double(outputCount))
    let count = checkedCount("a layer", outputCount, inputCount)
    switch rule {
    case .uniform(let low, let high): return (0..<count).map { _ in random.uniform(low, high) }
    case .normal(let deviation): return random.normal(count, deviation)
    case .constant(let number): return Array(repeating: number, count: count)
    case .glorotUniform(let gain): return random.uniform(count, within: gain * (6 / (inputs + outputs)).squareRoot())
    case .glorotNormal(let gain): return random.normal(count, gain * (2 / (inputs + outputs)).squareRoot())
    case .heUniform: return random.uniform(count, within: (6 / inputs).squareRoot())
    case .heNormal: return random.normal(count, (2 / inputs).squareRoot())
    case .torchLinear: return random.uniform(count, within: 1 / inputs.squareRoot())
    case .lecture: return random.uniform(count, within: 1)
    }
  }

  /// Draws biases [outputs]. Call it after ``weights(_:_:using:)``.
  public func biases(_ inputCount: Int, _ outputCount: Int, using random: inout PythonRandom) -> [Double] {
    switch rule {
    case .torchLinear: random.uniform(outputCount, within: 1 / Double(inputCount).squareRoot())
    case .lecture: random.uniform(outputCount, within: 1)
    case .constant(let number): Array(repeating: number, count: outputCount)
    default: Array(repeating: 0, count: outputCount)
    }
  }

  /// Draws the weights [outputs, inputs] of a layer and then its biases, in the order of the rule.
  internal func weightsAndBiases(
    _ inputCount: Int, _ outputCount: Int, using random: inout PythonRandom
  ) -> [Double] {
    guard rule == .lecture else {
      return weights(inputCount, outputCount, using: &random) + biases(inputCount, outputCount, using: &random)
    }
    let neurons = (0..<outputCount).map { _ in random.uniform(inputCount + 1, within: 1) }
    return neurons.flatMap { $0.dropLast() } + neurons.map { $0[inputCount] }
  }
}

extension PythonRandom {
  fileprivate mutating func uniform(_ count: Int, within bound: Double) -> [Double] {
    (0..<count).map { _ in uniform(-bound, bound) }
  }

  fileprivate mutating func normal(_ count: Int, _ standardDeviation: Double) -> [Double] {
    (0..<count).map { _ in gauss(standardDeviation: standardDeviation) }
  }
}
