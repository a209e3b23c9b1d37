import Micrograd

extension Model {
  /// Throws ``NoPredictor``.
  public func predictor() throws -> Predictor {
    throw NoPredictor(model: "\(type(of: self))", reason: "its number of inputs is not known", remedy: .giveInputCount)
  }

  /// Returns the model with the parameters of this moment, compiled for one sample. It predicts on any thread.
  ///
  /// Outputs are those of the model to rounding. Each row of a batch is a sample of its own: a model that mixes rows, for
  /// example by their mean, needs a predictor of its own.
  ///
  /// ```swift
  /// let predictor = try residual.predictor(inputCount: 2)
  /// predictor([0.5, -1])
  /// ```
  ///
  /// - Parameter inputCount: The number of inputs of a sample, at least 1. The model traps if it takes another number.
  /// - Throws: ``NoPredictor`` if the model compares Values that depend on the sample; `CompilationError` if it cannot be
  ///   compiled, or calls custom operations.
  public func predictor(inputCount: Int) throws -> Predictor {
    require(inputCount >= 1, "the number of inputs is \(inputCount): give at least 1")
    let function = try compile(at: [Double](repeating: 0, count: inputCount)) { x in self(x) }
    if function.hasComparisons {
      throw NoPredictor(
        model: "\(type(of: self))", reason: "it compares Values that depend on the sample", remedy: .write)
    }
    let evaluator = try function.evaluator()
    return Predictor(inputCount: inputCount) { batch in
      let numbers = batch.data
      let outputs = (0..<batch.rows).flatMap { row in
        evaluator.onlyPath(at: Array(numbers[row * inputCount..<(row + 1) * inputCount]))
      }
      return Matrix.constant(rows: batch.rows, columns: evaluator.resultCount, outputs)
    }
  }
}

extension Evaluator {
  /// Returns the results of a function without comparisons, all of whose samples take one path.
  fileprivate func onlyPath(at sample: [Double]) -> [Double] {
    do {
      return try results(at: sample)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

extension Model where Self: CompositeModule {
  /// Returns the model with the parameters of this moment, compiled for one sample as by ``predictor(inputCount:)``. The first
  /// child whose predictor has a number of inputs gives it.
  ///
  /// - Throws: ``NoPredictor`` if no child has one, or for the reasons of ``predictor(inputCount:)``.
  public func predictor() throws -> Predictor {
    for (_, child) in children {
      guard let model = child as? any Model, let count = try? model.predictor().inputCount else { continue }
      return try predictor(inputCount: count)
    }
    throw NoPredictor(
      model: "\(type(of: self))", reason: "no child has a known number of inputs", remedy: .giveInputCount)
  }
}

/// An error: no predictor can be made of the model.
public struct NoPredictor: Error, CustomStringConvertible {
  /// What can be done.
  internal enum Remedy: String {
    case giveInputCount =
      "call predictor(inputCount:), or write a function predictor() that composes those of its parts"
    case write = "write a function predictor() that composes those of its parts, or use select, max or relu"
  }

  /// The type of the model.
  public let model: String
  /// What stands in the way.
  public let reason: String
  private let remedy: Remedy

  internal init(model: String, reason: String, remedy: Remedy) {
    (self.model, self.reason, self.remedy) = (model, reason, remedy)
  }

  /// A message that says what stands in the way and what to do.
  public var description: String { "\(model) has no predictor, because \(reason): \(remedy.rawValue)" }
}
