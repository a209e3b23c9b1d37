import Micrograd

/// Brings each sample to mean 0 and variance 1, then scales and shifts each feature (Ba, Kiros and Hinton 2016).
///
/// Its parameters are `weight` (1 at first) and `bias` (0), a number a feature, as PyTorch's `nn.LayerNorm` has them.
public struct LayerNorm: Model {
  private let block: Parameters
  /// Added to the variance.
  public let epsilon: Double

  /// How many features a sample has.
  public var featureCount: Int { block.count / 2 }

  /// A norm over as many features as a sample has, at least 1; epsilon is above 0.
  public init(_ featureCount: Int, epsilon: Double = 1e-5) {
    require(featureCount >= 1, "a norm is over at least one feature")
    require(epsilon > 0, "epsilon is \(epsilon): give a number above 0")
    _ = checkedCount("LayerNorm(\(featureCount))", 2, featureCount)
    block = Parameters(Array(repeating: 1, count: featureCount) + Array(repeating: 0, count: featureCount))
    self.epsilon = epsilon
  }

  private var gain: Vector { block.matrix(rows: 1, columns: featureCount).row(0) }
  private var bias: Vector { block.matrix(rows: 1, columns: featureCount, from: featureCount).row(0) }

  /// The weights, then the biases.
  public var parameters: [Value] { Array(block) }

  /// `weight` and `bias`, [features] each.
  public var namedParameters: [NamedParameter] {
    [
      NamedParameter("weight", shape: [featureCount], block),
      NamedParameter("bias", shape: [featureCount], block, from: featureCount),
    ]
  }

  /// Each row normalised.
  public func callAsFunction(_ batch: Matrix) -> Matrix { batch.layerNorm(gain: gain, bias: bias, epsilon: epsilon) }

  /// The norm on plain numbers.
  public func predictor() -> Predictor {
    let (gain, bias, epsilon) = (gain.data, bias.data, epsilon)
    return Predictor(inputCount: featureCount) {
      $0.layerNorm(gain: .constant(gain), bias: .constant(bias), epsilon: epsilon)
    }
  }
}

/// Divides each sample by its root mean square, then scales each feature (Zhang and Sennrich 2019).
///
/// Its parameter is `weight` (1 at first), a number a feature, as PyTorch's `nn.RMSNorm` has it.
public struct RMSNorm: Model {
  private let block: Parameters
  /// Added to the mean of squares.
  public let epsilon: Double

  /// How many features a sample has.
  public var featureCount: Int { block.count }

  /// A norm over as many features as a sample has, at least 1; epsilon is above 0.
  ///
  /// PyTorch's own default for epsilon is that of the number type, 2.2·10⁻¹⁶ for doubles.
  public init(_ featureCount: Int, epsilon: Double = 1e-5) {
    require(featureCount >= 1, "a norm is over at least one feature")
    require(epsilon > 0, "epsilon is \(epsilon): give a number above 0")
    _ = checkedCount("RMSNorm(\(featureCount))", 1, featureCount)
    block = Parameters(Array(repeating: 1, count: featureCount))
    self.epsilon = epsilon
  }

  /// The weights.
  public var parameters: [Value] { Array(block) }

  /// `weight`, [features].
  public var namedParameters: [NamedParameter] { [NamedParameter("weight", shape: [featureCount], block)] }

  /// Each row normalised.
  public func callAsFunction(_ batch: Matrix) -> Matrix { batch.rmsNorm(gain: Vector(block), epsilon: epsilon) }

  /// The norm on plain numbers.
  public func predictor() -> Predictor {
    let (gain, epsilon) = (block.data, epsilon)
    return Predictor(inputCount: featureCount) { $0.rmsNorm(gain: .constant(gain), epsilon: epsilon) }
  }
}
