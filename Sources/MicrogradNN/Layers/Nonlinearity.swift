import Micrograd

// micrograd's own way to choose between relu and none.

extension Neuron {
  /// Creates a neuron with relu, or with no activation if `isNonlinear` is false.
  public init(
    _ inputCount: Int, isNonlinear: Bool, evaluation: Evaluation = .automatic, initializer: Initializer = .micrograd,
    using random: inout PythonRandom
  ) {
    self.init(
      inputCount, activation: isNonlinear ? .relu : .identity, evaluation: evaluation, initializer: initializer,
      using: &random)
  }

  /// Creates a neuron with relu, or with none, with a random stream that is different in every run.
  public init(
    _ inputCount: Int, isNonlinear: Bool, evaluation: Evaluation = .automatic, initializer: Initializer = .micrograd
  ) {
    self.init(
      inputCount, activation: isNonlinear ? .relu : .identity, evaluation: evaluation, initializer: initializer)
  }
}

extension Layer {
  /// Creates a layer with relu, or with no activation if `isNonlinear` is false.
  public init(
    _ inputCount: Int, _ outputCount: Int, isNonlinear: Bool, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd, using random: inout PythonRandom
  ) {
    self.init(
      inputCount, outputCount, activation: isNonlinear ? .relu : .identity, evaluation: evaluation,
      initializer: initializer, using: &random)
  }

  /// Creates a layer with relu, or with none, with a random stream that is different in every run.
  public init(
    _ inputCount: Int, _ outputCount: Int, isNonlinear: Bool, evaluation: Evaluation = .automatic,
    initializer: Initializer = .micrograd
  ) {
    self.init(
      inputCount, outputCount, activation: isNonlinear ? .relu : .identity, evaluation: evaluation,
      initializer: initializer)
  }
}
