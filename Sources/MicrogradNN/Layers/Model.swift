import Micrograd

/// A module that turns a batch into outputs, a row a sample: what a training loop trains.
///
/// A model of one's own composes others and may do anything to a `Matrix` in between:
///
/// ```swift
/// struct Residual: Model, CompositeModule {
///   let inner: Linear
///   let outer: Linear
///   var children: KeyValuePairs<String, any Module> { ["inner": inner, "outer": outer] }
///   func callAsFunction(_ batch: Matrix) -> Matrix { batch + outer(inner(batch).relu()) }
/// }
/// ```
public protocol Model: Module {
  /// The outputs for a batch, as many rows.
  func callAsFunction(_ batch: Matrix) -> Matrix

  /// The outputs for a batch while training, where layers such as ``Dropout`` draw random numbers.
  ///
  /// Unless given, the same as without training. A model that contains such layers passes the stream on to them.
  func callAsFunction(_ batch: Matrix, training random: inout PythonRandom) -> Matrix

  /// The model of this moment as plain numbers, which predicts on any thread.
  ///
  /// Unless given, it throws ``NoPredictor``.
  func predictor() throws -> Predictor
}

extension Model {
  /// The same as without training.
  public func callAsFunction(_ batch: Matrix, training random: inout PythonRandom) -> Matrix { self(batch) }

  /// Throws ``NoPredictor``.
  public func predictor() throws -> Predictor { throw NoPredictor(model: "\(type(of: self))") }

  /// The outputs for one sample of plain numbers.
  public func callAsFunction(_ sample: [Double]) -> Vector {
    self(Matrix.constant(rows: 1, columns: sample.count, sample)).row(0)
  }
}

/// A model that does not say what it is as plain numbers.
public struct NoPredictor: Error, CustomStringConvertible {
  /// The type of the model.
  public let model: String

  /// What is missing and what to do.
  public var description: String {
    "\(model) has no predictor: give it a function predictor() that composes those of its parts"
  }
}
