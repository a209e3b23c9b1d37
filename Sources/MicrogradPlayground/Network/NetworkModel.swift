import Micrograd
import MicrogradNN

/// The network of the room: layers with an activation each.
struct NetworkModel {
  let layers: [Layer]
  let sequential: Sequential

  /// Creates the network of some settings, which were checked. Weights are drawn from Python's stream, layer by layer.
  init(_ settings: NetworkSettings) {
    var random = PythonRandom(seed: settings.seed)
    let rule = NetworkSettings.initializers.first { $0.name == settings.initializer }?.rule ?? .micrograd
    let sizes = settings.sizes, names = settings.hidden.map(\.activation) + [settings.output]
    var layers: [Layer] = []
    for (k, name) in names.enumerated() {
      let layer = Layer(
        sizes[k], sizes[k + 1], activation: Self.activation(name),
        evaluation: settings.python ? .scalar : .automatic, initializer: rule, using: &random)
      layers.append(layer)
    }
    self.layers = layers
    sequential = Sequential(layers)
  }

  static func activation(_ name: String) -> Activation {
    Activation.all.first { $0.name == name }?.activation ?? .identity
  }

  /// Layer by layer, the weights [outputs, inputs] and then the biases.
  var runs: ParameterRuns { sequential.trainedParameters }

  /// Neuron by neuron, weights before the bias: micrograd's order.
  var inMicrogradsOrder: [Value] { layers.flatMap(\.parameters) }

  /// The outputs of all neurons for a sample, layer by layer.
  func units(_ inputs: [Value]) -> [[Value]] {
    var (units, x) = ([[Value]](), inputs)
    for layer in layers {
      x = layer(x)
      units.append(x)
    }
    return units
  }

  /// What a parameter is, by its place in ``runs``.
  func name(ofParameter index: Int) -> String {
    var start = 0
    for (k, layer) in layers.enumerated() {
      let weights = layer.inputCount * layer.outputCount
      let place = index - start
      let isLast = k == layers.count - 1
      func unit(_ j: Int) -> String { isLast ? "the output" : "neuron \(j + 1) of layer \(k + 1)" }
      if place < weights {
        let (neuron, input) = (place / layer.inputCount, place % layer.inputCount)
        let source = k == 0 ? "input \(input + 1)" : "neuron \(input + 1) of layer \(k)"
        return "the weight from \(source) to \(unit(neuron))"
      }
      if place < weights + layer.outputCount { return "the bias of \(unit(place - weights))" }
      start += weights + layer.outputCount
    }
    return "a parameter"
  }
}

extension Loss {
  /// The mean loss over samples, from the scores.
  func mean(_ scores: [Value], _ targets: [Double]) -> Value {
    switch self {
    case .squaredHinge: squaredHingeLoss(scores: scores, expected: targets)
    case .binaryCrossEntropy: MicrogradNN.binaryCrossEntropy(logits: scores, expected: targets)
    case .meanSquared: meanSquaredError(predicted: scores, expected: targets)
    default: maxMarginLoss(scores: scores, expected: targets)
    }
  }
}
