import Micrograd

/// A loss function to minimise, with its name and its use of the targets of a ``Dataset``.
public enum Loss: Hashable, Sendable {
  /// max(0, 1 - y · score), for two classes or targets of ±1; one output.
  case hinge
  /// The square of ``hinge``.
  case squaredHinge
  /// (output - target)².
  case meanSquared
  /// |output - target|.
  case meanAbsolute
  /// The Huber loss: quadratic up to delta, linear beyond.
  case huber(delta: Double = 1)
  /// The cross-entropy of sigmoid(output), for two classes or targets from 0 to 1; one output a target.
  case binaryCrossEntropy
  /// The cross-entropy of softmax(outputs), for classes; one output a class.
  case crossEntropy

  /// The names on the command line: `hinge`, `squared-hinge`, `mse`, `mae`, `huber`, `bce`, `cross-entropy`.
  public static let named: KeyValuePairs<String, Loss> = [
    "hinge": .hinge, "squared-hinge": .squaredHinge, "mse": .meanSquared, "mae": .meanAbsolute, "huber": .huber(),
    "bce": .binaryCrossEntropy, "cross-entropy": .crossEntropy,
  ]

  /// Returns the loss of a batch: the mean over its elements or samples.
  ///
  /// - Parameters:
  ///   - outputs: The outputs of the model, one row per sample.
  ///   - targets: The targets of the samples.
  /// - Throws: ``TrainingError`` if the loss does not take this kind or number of targets.
  public func callAsFunction(_ outputs: Matrix, _ targets: Dataset.Targets) throws(TrainingError) -> Value {
    if self == .crossEntropy {
      let classes = try classes(targets, outputs: outputs.columns)
      return MicrogradNN.crossEntropy(logits: outputs, classes: classes)
    }
    let numbers = try numbers(targets, outputs: outputs.columns)
    return switch self {
    case .hinge: maxMarginLoss(scores: outputs, expected: numbers)
    case .squaredHinge: squaredHingeLoss(scores: outputs, expected: numbers)
    case .meanAbsolute: meanAbsoluteError(predicted: outputs, expected: numbers)
    case .huber(let delta): huberLoss(predicted: outputs, expected: numbers, delta: delta)
    case .binaryCrossEntropy: MicrogradNN.binaryCrossEntropy(logits: outputs, expected: numbers)
    case .meanSquared, .crossEntropy: meanSquaredError(predicted: outputs, expected: numbers)
    }
  }

  /// Returns the number of outputs that a model needs for these targets.
  public func outputCount(for targets: Dataset.Targets) -> Int {
    switch targets {
    case .numbers(_, let columns): columns
    case .classes(_, let names): self == .crossEntropy ? names.count : 1
    }
  }

  /// True if the targets are classes, or numbers that stand for two classes.
  public var isForClasses: Bool {
    switch self {
    case .hinge, .squaredHinge, .binaryCrossEntropy, .crossEntropy: true
    case .meanSquared, .meanAbsolute, .huber: false
    }
  }

  // MARK: - Targets

  private func classes(_ targets: Dataset.Targets, outputs: Int) throws(TrainingError) -> [Int] {
    guard case .classes(let classes, let names) = targets else {
      throw .targets("cross-entropy takes classes, but the targets are numbers")
    }
    if names.count > outputs {
      throw .targets("\(names.count) classes need \(names.count) outputs, but the model has \(outputs)")
    }
    return classes
  }

  /// The targets as numbers; see ``number(ofClass:)``.
  private func numbers(_ targets: Dataset.Targets, outputs: Int) throws(TrainingError) -> [Double] {
    switch targets {
    case .numbers(let numbers, let columns):
      if columns != outputs {
        throw .targets(
          "a sample has \(columns) targets, but the model has \(outputs) outputs: give the model \(columns) outputs")
      }
      return numbers
    case .classes(let classes, let names):
      guard isForClasses, names.count <= 2, outputs == 1 else {
        throw .targets(
          isForClasses
            ? "this loss is for two classes and one output, but there are \(names.count) classes and \(outputs) outputs: use cross-entropy"
            : "this loss takes numbers, but the targets are classes: use cross-entropy")
      }
      return classes.map(number(ofClass:))
    }
  }

  /// The target that stands for a class: its index for ``crossEntropy``. Of two classes the second is 1; the first is -1
  /// for a loss with a margin, else 0.
  internal func number(ofClass index: Int) -> Double {
    if self == .crossEntropy { return Double(index) }
    return index > 0 ? 1 : self == .binaryCrossEntropy ? 0 : -1
  }
}
