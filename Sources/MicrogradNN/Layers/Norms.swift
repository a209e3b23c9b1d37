import Micrograd

/// Layer normalisation: brings each sample to mean 0 and variance 1, then scales and shifts each feature. PyTorch's
/// `nn.LayerNorm`.
///
/// Its parameters are `weight`, initially 1, and `bias`, initially 0, one number per feature. Ba, Kiros and Hinton, 2016.
public struct LayerNorm: Model {
  private let block: Parameters
  /// The number that is added to the variance.
  public let epsilon: Double

  /// The number of features.
  public var featureCount: Int { block.count / 2 }

  /// Creates a norm over a number of features, at least 1. Epsilon must be above 0.
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

  /// `weight` [features] and `bias` [features].
  public var namedParameters: [NamedParameter] {
    [
      NamedParameter("weight", shape: [featureCount], block),
      NamedParameter("bias", shape: [featureCount], block, from: featureCount),
    ]
  }

  /// Returns each row normalised.
  public func callAsFunction(_ batch: Matrix) -> Matrix { batch.layerNorm(gain: gain, bias: bias, epsilon: epsilon) }

  /// Returns a predictor with the parameters of this moment.
  public func predictor() -> Predictor {
    let (gain, bias, epsilon) = (gain.data, bias.data, epsilon)
    return Predictor(inputCount: featureCount) {
      $0.layerNorm(gain: .constant(gain), bias: .constant(bias), epsilon: epsilon)
    }
  }
}

/// RMS normalisation: divides each sample by its root mean square, then scales each feature. PyTorch's `nn.RMSNorm`.
///
/// Its parameter is `weight`, initially 1, one number per feature. Zhang and Sennrich, 2019.
public struct RMSNorm: Model {
  private let block: Parameters
  /// The number that is added to the mean square.
  public let epsilon: Double

  /// The number of features.
  public var featureCount: Int { block.count }

  /// Creates a norm over a number of features, at least 1. Epsilon must be above 0.
  ///
  /// PyTorch's default for epsilon is the machine epsilon, 2.2·10⁻¹⁶ for doubles.
  public init(_ featureCount: Int, epsilon: Double = 1e-5) {
    require(featureCount >= 1, "a norm is over at least one feature")
    require(epsilon > 0, "epsilon is \(epsilon): give a number above 0")
    _ = checkedCount("RMSNorm(\(featureCount))", 1, featureCount)
    block = Parameters(Array(repeating: 1, count: featureCount))
    self.epsilon = epsilon
  }

  /// The weights.
  public var parameters: [Value] { Array(block) }

  /// `weight` [features].
  public var namedParameters: [NamedParameter] { [NamedParameter("weight", shape: [featureCount], block)] }

  /// Returns each row normalised.
  public func callAsFunction(_ batch: Matrix) -> Matrix { batch.rmsNorm(gain: Vector(block), epsilon: epsilon) }

  /// Returns a predictor with the parameters of this moment.
  public func predictor() -> Predictor {
    let (gain, epsilon) = (block.data, epsilon)
    return Predictor(inputCount: featureCount) { $0.rmsNorm(gain: .constant(gain), epsilon: epsilon) }
  }
}
