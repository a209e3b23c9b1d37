import MicrogradNN

/// Everything that can be set in the room. The same settings give the same run, bit for bit.
struct NetworkSettings: Codable, Equatable {
  struct Points: Codable, Equatable {
    /// `moons`, `circles`, `spirals`, `xor`, `function`, or `points` for those in ``points``.
    var kind: String
    var count: Int
    /// The standard deviation of the noise in each coordinate.
    var noise: Double
    var seed: Int
    /// The share of points that are held out of the training.
    var validation: Double
    /// The function of x that separates the classes of the kind `function`.
    var formula: String
    /// Rows of x, y and class, 0 or 1.
    var points: [[Double]]
    /// The names of x and y, and of the classes.
    var names: [String]
    var classes: [String]
    /// True if the network's inputs have mean 0 and standard deviation 1 over the training points.
    var standardise: Bool
  }

  struct Hidden: Codable, Equatable {
    var neurons: Int
    var activation: String
  }

  struct Rule: Codable, Equatable {
    /// `sgd`, `adam`, `adamw`, `rmsprop`, `adagrad` or `lbfgs`.
    var kind: String
    var momentum: Double
    var beta1: Double
    var beta2: Double
    var alpha: Double
    /// AdamW's weight decay.
    var decay: Double
    /// The number of steps that L-BFGS remembers.
    var memory: Int
  }

  var data: Points
  var hidden: [Hidden]
  /// The activation of the output.
  var output: String
  var initializer: String
  /// The seed of the weights and of the order of batches.
  var seed: Int
  var loss: String
  var optimizer: Rule
  var rate: Double
  /// The number of steps in which the rate falls linearly to a tenth; 0 if it is constant.
  var fall: Int
  /// The weight of the L2 penalty.
  var penalty: Double
  /// The number of points of a step; 0 for all.
  var batch: Int
  /// True to record every addition and multiplication in micrograd's order, so that losses are Python's to the last bit.
  var python: Bool
}

extension NetworkSettings {
  static let mostPoints = 5000, mostLayers = 6, mostNeurons = 64

  static let initializers: [(name: String, rule: Initializer)] = [
    ("micrograd", .micrograd), ("lecture", .lecture), ("glorotUniform", .glorotUniform()),
    ("glorotNormal", .glorotNormal()), ("heUniform", .heUniform), ("heNormal", .heNormal),
    ("torchLinear", .torchLinear),
    ("zeros", .zeros),
  ]
  static let losses: [(name: String, loss: Loss)] = [
    ("hinge", .hinge), ("squaredHinge", .squaredHinge), ("meanSquared", .meanSquared),
    ("binaryCrossEntropy", .binaryCrossEntropy),
  ]
  static let optimizers = ["sgd", "adam", "adamw", "rmsprop", "adagrad", "lbfgs"]
  static let kinds = ["moons", "circles", "spirals", "xor", "function", "points"]

  /// The number of neurons of each layer, from the inputs to the output.
  var sizes: [Int] { [2] + hidden.map(\.neurons) + [1] }

  var parameterCount: Int { zip(sizes, sizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 } }

  /// True if a run with these settings begins as one with `other` does: only what may change during a run differs.
  func begins(as other: NetworkSettings) -> Bool {
    var same = self
    (same.loss, same.optimizer, same.rate, same.fall) = (other.loss, other.optimizer, other.rate, other.fall)
    (same.penalty, same.batch) = (other.penalty, other.batch)
    return same == other
  }

  /// Throws an error that names the control, unless all settings are in range.
  func check() throws {
    func number(_ x: Double, _ range: ClosedRange<Double>, _ field: String, _ what: String) throws {
      guard range.contains(x) else {
        throw PlaygroundError(
          "\(what) is \(Self.short(x)): give \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))",
          field: field)
      }
    }
    func count(_ n: Int, _ range: ClosedRange<Int>, _ field: String, _ what: String) throws {
      guard range.contains(n) else {
        throw PlaygroundError("\(what) is \(n): give \(range.lowerBound) to \(range.upperBound)", field: field)
      }
    }
    func choice(_ name: String, _ known: [String], _ field: String) throws {
      guard known.contains(name) else {
        throw PlaygroundError(
          "there is no “\(name.prefix(40))”: choose from \(known.joined(separator: ", "))", field: field)
      }
    }
    let activations = Activation.all.map(\.name)
    try choice(data.kind, Self.kinds, "kind")
    if data.kind != "points" { try count(data.count, 2...Self.mostPoints, "count", "the number of points") }
    try number(data.noise, 0...10, "noise", "the noise")
    try count(data.seed, 0...Int(UInt32.max), "dataSeed", "the data's seed")
    try number(data.validation, 0...0.9, "validation", "the share for validation")
    try checkPoints()
    try count(hidden.count, 0...Self.mostLayers, "layers", "the number of hidden layers")
    for (k, layer) in hidden.enumerated() {
      try count(layer.neurons, 1...Self.mostNeurons, "neurons\(k)", "the number of neurons of layer \(k + 1)")
      try choice(layer.activation, activations, "activation\(k)")
    }
    try choice(output, activations, "output")
    try choice(initializer, Self.initializers.map(\.name), "initializer")
    try count(seed, 0...Int(UInt32.max), "seed", "the network's seed")
    try choice(loss, Self.losses.map(\.name), "loss")
    try choice(optimizer.kind, Self.optimizers, "optimizer")
    try number(optimizer.momentum, 0...0.999, "momentum", "the momentum")
    try number(optimizer.beta1, 0...0.9999, "beta1", "beta 1")
    try number(optimizer.beta2, 0...0.999999, "beta2", "beta 2")
    try number(optimizer.alpha, 0...0.9999, "alpha", "alpha")
    try number(optimizer.decay, 0...10, "decay", "the weight decay")
    try count(optimizer.memory, 1...20, "memory", "the number of remembered steps")
    try number(rate, 0...1e6, "rate", "the learning rate")
    try count(fall, 0...1_000_000, "fall", "the number of steps in which the rate falls")
    try number(penalty, 0...1000, "penalty", "the weight of the penalty")
    try count(batch, 0...Self.mostPoints, "batch", "the batch size")
    if optimizer.kind == "lbfgs", batch > 0 {
      throw PlaygroundError(
        "L-BFGS compares losses of the same points: give a batch size of 0, all points", field: "batch")
    }
    try checkWork()
  }

  /// Keeps a step below some seconds, and a recording below some hundred megabytes.
  private func checkWork() throws {
    if python, parameterCount * pointCount > Self.mostRecordedWork {
      throw PlaygroundError(
        "Python’s way records every operation, too many for \(pointCount) points and \(parameterCount) parameters: "
          + "give fewer, or switch it off", field: "python")
    }
    if workOfStep > Self.mostWork {
      throw PlaygroundError(
        "a step of \(optimizer.kind) takes too long for \(pointCount) points and \(parameterCount) parameters: "
          + "give fewer, or another optimiser", field: "optimizer")
    }
  }

  /// The most work of a step, in units of a parameter and a point; and the most that is recorded.
  static let mostWork = 1_000_000_000, mostRecordedWork = 2_000_000

  /// A number as one would type it.
  private static func short(_ x: Double) -> String {
    let text = "\(x)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private func checkPoints() throws {
    guard data.points.count <= Self.mostPoints else {
      throw PlaygroundError(
        "there are \(data.points.count) points, and the room takes \(Self.mostPoints): give fewer", field: "kind")
    }
    for (k, point) in data.points.enumerated() {
      guard point.count == 3, point.allSatisfy({ $0.magnitude <= 1e12 }), point[2] == 0 || point[2] == 1 else {
        throw PlaygroundError("point \(k + 1) is not x, y and a class of 0 or 1", field: "kind")
      }
    }
    guard data.formula.utf8.count <= 2000 else {
      throw PlaygroundError("the function has more than 2000 characters: give a shorter one", field: "formula")
    }
    guard data.names.count == 2, data.classes.count == 2,
      (data.names + data.classes).allSatisfy({ $0.utf8.count <= 200 })
    else { throw PlaygroundError("two columns and two classes have names: read the table again", field: "table") }
  }
}
