import Micrograd

/// While training, sets numbers to zero at random and scales the others up, so that the mean stays (Srivastava, Hinton,
/// Krizhevsky, Sutskever and Salakhutdinov 2014); otherwise the identity.
public struct Dropout: Model {
  /// The probability that a number becomes zero, 0 to 1 exclusive.
  public let probability: Double

  /// Sets each number to zero with a probability from 0 to 1 exclusive.
  public init(_ probability: Double) {
    require(probability >= 0 && probability < 1, "the probability is \(probability): give 0 to 1, but not 1")
    self.probability = probability
  }

  /// None.
  public var parameters: [Value] { [] }

  /// The batch itself.
  public func callAsFunction(_ batch: Matrix) -> Matrix { batch }

  /// Each number, times 1 / (1 - probability) or times zero; one draw a number, row by row.
  public func callAsFunction(_ batch: Matrix, training random: inout PythonRandom) -> Matrix {
    if probability == 0 { return batch }
    noteRandomDraw()
    let kept = 1 / (1 - probability)
    return batch.scaled(by: (0..<batch.count).map { _ in random.random() < probability ? 0 : kept })
  }

  /// The identity.
  public func predictor() -> Predictor { Predictor { $0 } }
}
