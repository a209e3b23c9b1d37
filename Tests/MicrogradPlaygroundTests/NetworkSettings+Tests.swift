@testable import MicrogradPlayground

extension NetworkSettings {
  /// The settings of micrograd's demo notebook.
  static let notebook = NetworkSettings(
    data: Points(
      kind: "moons", count: 100, noise: 0.1, seed: 1337, validation: 0, formula: "sin(2*x)", points: [],
      names: ["x", "y"], classes: ["0", "1"], standardise: false),
    hidden: [Hidden(neurons: 16, activation: "relu"), Hidden(neurons: 16, activation: "relu")], output: "identity",
    initializer: "micrograd", seed: 1337, loss: "hinge",
    optimizer: Rule(kind: "sgd", momentum: 0, beta1: 0.9, beta2: 0.999, alpha: 0.99, decay: 0.01, memory: 6), rate: 1,
    fall: 100, penalty: 1e-4, batch: 0, python: true)

  /// The same with changes.
  func with(_ change: (inout NetworkSettings) -> Void) -> NetworkSettings {
    var settings = self
    change(&settings)
    return settings
  }

  /// A small network, compiled.
  static let small = notebook.with {
    $0.data.count = 64
    $0.data.validation = 0.25
    $0.hidden = [Hidden(neurons: 4, activation: "tanh"), Hidden(neurons: 3, activation: "softplus")]
    $0.python = false
    $0.fall = 0
    $0.rate = 0.1
    $0.loss = "binaryCrossEntropy"
  }
}
