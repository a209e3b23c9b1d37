import Micrograd

/// A trained model as plain numbers: what a server holds.
///
/// It records nothing, needs no tape, and predicts from any number of threads at once, to the bits of the model's own
/// outputs at the moment it was made. Training goes on without it.
///
/// ```swift
/// let predictor = try model.predictor()
/// predictor([0.5, -1])             // [0.73…]
/// predictor([[0.5, -1], [1, 2]])   // [[0.73…], [-1.2…]]
/// ```
public struct Predictor: Sendable {
  private let apply: @Sendable (Matrix) -> Matrix

  /// How many numbers a sample has; `nil` where any number will do.
  public let inputCount: Int?

  /// A predictor of one's own, out of those of a model's parts.
  ///
  /// ```swift
  /// let (inner, outer) = try (self.inner.predictor(), self.outer.predictor())
  /// return Predictor { x in x + outer(inner(x).relu()) }
  /// ```
  ///
  /// - Parameters:
  ///   - inputCount: How many numbers a sample has; `nil` where any number will do.
  ///   - apply: What the model computes, from and to matrices of plain numbers.
  public init(inputCount: Int? = nil, _ apply: @escaping @Sendable (Matrix) -> Matrix) {
    self.inputCount = inputCount
    self.apply = apply
  }

  /// The outputs for a batch, of which only the numbers are seen; a row a sample.
  ///
  /// - Precondition: As many columns as the model has inputs.
  public func callAsFunction(_ batch: Matrix) -> Matrix {
    if let inputCount {
      require(batch.columns == inputCount, "this takes \(inputCount) inputs a sample, not \(batch.columns)")
    }
    return apply(batch.detached).detached
  }

  /// The outputs for one sample.
  public func callAsFunction(_ sample: [Double]) -> [Double] {
    self(Matrix.constant(rows: 1, columns: sample.count, sample)).data
  }

  /// The outputs for samples, one row each, in order; none for none.
  public func callAsFunction(_ samples: [[Double]]) -> [[Double]] {
    if samples.isEmpty { return [] }
    let outputs = self(Matrix.constant(samples))
    let numbers = outputs.data
    return (0..<outputs.rows).map { Array(numbers[$0 * outputs.columns..<($0 + 1) * outputs.columns]) }
  }
}
