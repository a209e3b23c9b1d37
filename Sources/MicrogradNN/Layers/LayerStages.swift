import Micrograd

/// Layers one after the other, each with its activation. Layers with relu or none are recorded as one chain; any other
/// activation follows as nodes of its own.
internal struct LayerStages {
  private struct Stage {
    let chain: LayerChain
    let activation: Activation
  }

  private let stages: [Stage]

  /// - Precondition: There is at least one layer, and all are on one tape.
  init(_ layers: [(place: LayerPlace, activation: Activation)]) {
    var (stages, places) = ([Stage](), [LayerPlace]())
    for (k, layer) in layers.enumerated() {
      places.append(layer.place)
      let isRecordedInLayer = layer.activation.isRecordedInLayer
      if isRecordedInLayer, k < layers.count - 1 { continue }
      stages.append(Stage(chain: LayerChain(places), activation: isRecordedInLayer ? .identity : layer.activation))
      places = []
    }
    self.stages = stages
  }

  /// The first layer.
  var first: LayerPlace { stages[0].chain.places[0] }

  /// Passes one sample through the layers.
  func evaluate(_ inputs: [Value], _ evaluation: Evaluation) -> [Value] {
    first.check(inputs.count)
    return stages.reduce(inputs) { x, stage in stage.activation(stage.chain.evaluate(x, evaluation)) }
  }

  /// Passes one sample of plain numbers, which become leaves, through the layers.
  func evaluate(_ inputs: [Double], _ evaluation: Evaluation) -> [Value] {
    first.check(inputs.count)
    let outputs = stages[0].activation(stages[0].chain.evaluate(inputs, evaluation))
    return stages.dropFirst().reduce(outputs) { x, stage in stage.activation(stage.chain.evaluate(x, evaluation)) }
  }

  /// Passes a batch through the layers, one row per sample.
  func evaluate(_ batch: Matrix, _ evaluation: Evaluation) -> Matrix {
    first.check(batch.columns)
    return stages.reduce(batch) { x, stage in stage.activation(stage.chain.evaluate(x, evaluation)) }
  }

  /// Returns a predictor with the parameters of this moment.
  func predictor(_ evaluation: Evaluation) -> Predictor {
    let layers = stages.map { stage in (stage.chain.places.map(LayerNumbers.init), stage.activation) }
    return Predictor(inputCount: first.inputCount) { batch in
      layers.reduce(batch) { x, layer in layer.1(layer.0.reduce(x) { $1.evaluate($0, evaluation) }) }
    }
  }
}

extension Activation {
  /// True if a layer is recorded together with this activation.
  internal var isRecordedInLayer: Bool { self == .relu || self == .identity }

  /// The name in descriptions of neurons, such as `ReLU`; `Linear` for the identity.
  internal var neuronName: String {
    switch self {
    case .identity: "Linear"
    case .leakyReLU: "LeakyReLU"
    case .elu: "ELU"
    default: Self.all.first { $0.activation == self }?.module[0] ?? "\(self)"
    }
  }
}

extension LayerPlace {
  internal func check(_ count: Int) {
    require(count == inputCount, "this takes \(inputCount) inputs a sample, not \(count)")
  }
}
