import Micrograd

/// A module that maps a batch to outputs, one row per sample. ``Trainer`` trains it.
///
/// Your own models compose other models and may use any operation of `Matrix`:
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
  /// Returns the outputs for a batch, one row per sample.
  func callAsFunction(_ batch: Matrix) -> Matrix

  /// Returns the outputs for a batch during training. Layers such as ``Dropout`` draw random numbers.
  ///
  /// By default, the same as without training. A model that contains such layers passes the stream on to them.
  func callAsFunction(_ batch: Matrix, training random: inout PythonRandom) -> Matrix

  /// Returns the outputs for one sample of Values.
  ///
  /// By default, those of a batch with one row.
  func callAsFunction(_ sample: [Value]) -> [Value]

  /// Returns the model with the parameters of this moment, as plain numbers. It predicts on any thread.
  ///
  /// By default, a ``CompositeModule`` is compiled as ``predictor(inputCount:)`` does; the first child that has a number of
  /// inputs gives it. Other models throw ``NoPredictor``.
  func predictor() throws -> Predictor
}

extension Model {
  /// Returns the same as without training.
  public func callAsFunction(_ batch: Matrix, training random: inout PythonRandom) -> Matrix { self(batch) }

  /// Returns the outputs of a batch with one row.
  public func callAsFunction(_ sample: [Value]) -> [Value] {
    self(Matrix(rows: 1, columns: sample.count, values: sample)).values
  }

  /// Returns the outputs for one sample of plain numbers.
  public func callAsFunction(_ sample: [Double]) -> Vector {
    self(Matrix.constant(rows: 1, columns: sample.count, sample)).row(0)
  }
}
