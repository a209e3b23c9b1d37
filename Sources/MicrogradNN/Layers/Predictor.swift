import Micrograd

/// A trained model that only predicts, for example on a server.
///
/// It records nothing, needs no tape, and may be used by many threads at once. Its outputs are bit for bit those of the
/// model when the predictor was made. Further training does not change it.
///
/// ```swift
/// let predictor = try model.predictor()
/// predictor([0.5, -1])             // [0.73…]
/// predictor([[0.5, -1], [1, 2]])   // [[0.73…], [-1.2…]]
/// ```
public struct Predictor: Sendable {
  private let apply: @Sendable (Matrix) -> Matrix

  /// The number of inputs; `nil` if any number is accepted.
  public let inputCount: Int?

  /// Creates a predictor, usually from those of a model's parts.
  ///
  /// ```swift
  /// let (inner, outer) = try (self.inner.predictor(), self.outer.predictor())
  /// return Predictor { x in x + outer(inner(x).relu()) }
  /// ```
  ///
  /// - Parameters:
  ///   - inputCount: The number of inputs; `nil` to accept any number.
  ///   - apply: The model's function, from a matrix of plain numbers to another.
  public init(inputCount: Int? = nil, _ apply: @escaping @Sendable (Matrix) -> Matrix) {
    self.inputCount = inputCount
    self.apply = apply
  }

  /// Returns the outputs for a batch, one row per sample. No gradient flows.
  ///
  /// - Precondition: The batch has one column per input.
  public func callAsFunction(_ batch: Matrix) -> Matrix {
    if let inputCount {
      require(batch.columns == inputCount, "this takes \(inputCount) inputs a sample, not \(batch.columns)")
    }
    return apply(batch.detached).detached
  }

  /// Returns the outputs for one sample.
  public func callAsFunction(_ sample: [Double]) -> [Double] {
    self(Matrix.constant(rows: 1, columns: sample.count, sample)).data
  }

  /// Returns the outputs for samples, one row each; an empty array for no samples.
  public func callAsFunction(_ samples: [[Double]]) -> [[Double]] {
    if samples.isEmpty { return [] }
    let outputs = self(Matrix.constant(samples))
    let numbers = outputs.data
    return (0..<outputs.rows).map { Array(numbers[$0 * outputs.columns..<($0 + 1) * outputs.columns]) }
  }
}
