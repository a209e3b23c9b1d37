import Micrograd

/// A chain of models: PyTorch's `nn.Sequential`, with the same parameter names.
///
/// ```swift
/// var random = PythonRandom(seed: 1)
/// let model = Sequential(
///   Linear(784, 128, using: &random), Activation.relu, Dropout(0.2), Linear(128, 10, using: &random))
/// model.namedParameters.map(\.name)  // ["0.weight", "0.bias", "3.weight", "3.bias"]
/// ```
///
/// A `Linear` and a relu after it are recorded as one block.
public struct Sequential: Model {
  /// The parts, in the order in which they are applied.
  public let models: [any Model]
  private let steps: [Step]

  /// Creates a chain of models.
  public init(_ models: any Model...) {
    self.init(models)
  }

  /// Creates a chain of models.
  public init(_ models: [any Model]) {
    self.models = models
    steps = Self.steps(of: models)
  }

  private var named: [(name: String, module: any Module)] {
    models.enumerated().map { ("\($0)", $1) }
  }

  /// The parameters of all parts in order, each once.
  public var parameters: [Value] { namedParameters.flatMap(\.runs.values) }

  /// `0.weight`, `0.bias`, `2.weight` and so on: the index of the part and the name in it.
  public var namedParameters: [NamedParameter] { NamedParameter.each(of: named) }

  /// Applies the parts to a batch, one after the other.
  public func callAsFunction(_ batch: Matrix) -> Matrix {
    steps.reduce(batch) { x, step in step.rectifies?.rectified(x) ?? step.model(x) }
  }

  /// Applies the parts to one sample, one after the other. Layers and activations record scalar nodes.
  public func callAsFunction(_ sample: [Value]) -> [Value] { models.reduce(sample) { x, model in model(x) } }

  /// Applies the parts to a batch during training.
  public func callAsFunction(_ batch: Matrix, training random: inout PythonRandom) -> Matrix {
    var x = batch
    for step in steps { x = step.rectifies?.rectified(x) ?? step.model(x, training: &random) }
    return x
  }

  /// Returns the chain of the parts' predictors.
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
