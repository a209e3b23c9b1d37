import Micrograd

/// Models one after the other: PyTorch's `nn.Sequential`, with its parameters' names.
///
/// ```swift
/// var random = PythonRandom(seed: 1)
/// let model = Sequential(
///   Linear(784, 128, using: &random), Activation.relu, Dropout(0.2), Linear(128, 10, using: &random))
/// model.namedParameters.map(\.name)  // ["0.weight", "0.bias", "3.weight", "3.bias"]
/// ```
///
/// A `Linear` and a relu after it are one block on the tape.
public struct Sequential: Model {
  /// The parts, in the order in which a batch passes through them.
  public let models: [any Model]
  private let steps: [Step]

  /// A chain of models.
  public init(_ models: any Model...) {
    self.init(models)
  }

  /// A chain of models.
  public init(_ models: [any Model]) {
    self.models = models
    steps = Self.steps(of: models)
  }

  private var named: [(name: String, module: any Module)] {
    models.enumerated().map { ("\($0)", $1) }
  }

  /// The parts' parameters, in order, each once.
  public var parameters: [Value] { namedParameters.flatMap(\.runs.values) }

  /// `0.weight`, `0.bias`, `2.weight` and so on: the position of the part, and its own names.
  public var namedParameters: [NamedParameter] { NamedParameter.each(of: named) }

  /// Applies the parts to a batch, one after the other.
  public func callAsFunction(_ batch: Matrix) -> Matrix {
    steps.reduce(batch) { x, step in step.rectifies?.rectified(x) ?? step.model(x) }
  }

  /// The same while training.
  public func callAsFunction(_ batch: Matrix, training random: inout PythonRandom) -> Matrix {
    var x = batch
    for step in steps { x = step.rectifies?.rectified(x) ?? step.model(x, training: &random) }
    return x
  }

  /// The chain of the parts' predictors.
  public func predictor() throws -> Predictor {
    let predictors = try steps.map { try $0.rectifies?.predictor(rectified: true) ?? $0.model.predictor() }
    return Predictor(inputCount: predictors.first?.inputCount) { batch in
      predictors.reduce(batch) { x, predictor in predictor(x) }
    }
  }

  /// A part, or a `Linear` and the relu after it.
  private struct Step {
    let model: any Model
    let rectifies: Linear?
  }

  private static func steps(of models: [any Model]) -> [Step] {
    var steps: [Step] = []
    for model in models {
      if model as? Activation == .relu, let last = steps.last, last.rectifies == nil, let linear = last.model as? Linear
      {
        steps[steps.count - 1] = Step(model: linear, rectifies: linear)
      } else {
        steps.append(Step(model: model, rectifies: nil))
      }
    }
    return steps
  }
}
