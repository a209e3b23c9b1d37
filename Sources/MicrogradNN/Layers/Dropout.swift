import Micrograd

/// Sets elements to zero at random during training, and scales the others up to keep the mean: PyTorch's `nn.Dropout`.
///
/// Outside of training it is the identity. Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014.
public struct Dropout: Model {
  /// The probability of zeroing an element, from 0 up to but not including 1.
  public let probability: Double

  /// Creates a layer that zeroes each element with a probability from 0 up to but not including 1.
  public init(_ probability: Double) {
    require(probability >= 0 && probability < 1, "the probability is \(probability): give 0 to 1, but not 1")
    self.probability = probability
  }

  /// No parameters.
  public var parameters: [Value] { [] }

  /// Returns the batch itself.
  public func callAsFunction(_ batch: Matrix) -> Matrix { batch }

  /// Returns each element times 1 / (1 - probability), or zero. Draws one random number per element, row by row.
  public func callAsFunction(_ batch: Matrix, training random: inout PythonRandom) -> Matrix {
    if probability == 0 { return batch }
    noteRandomDraw()
    let kept = 1 / (1 - probability)
    return batch.scaled(by: (0..<batch.count).map { _ in random.random() < probability ? 0 : kept })
  }

  /// Returns a predictor that is the identity.
  public func predictor() -> Predictor { Predictor { $0 } }
}
