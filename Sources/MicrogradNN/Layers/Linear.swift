import Micrograd

/// A fully connected layer, x · Wᵀ + b: PyTorch's `nn.Linear`.
///
/// Its parameters are `weight` [outputs, inputs] and, if it has a bias, `bias` [outputs].
public struct Linear: Model {
  private let block: Parameters
  private let hasBias: Bool

  /// The number of inputs.
  public let inputCount: Int
  /// The number of outputs.
  public let outputCount: Int

  /// Creates a layer. By default, weights and biases are drawn as in PyTorch, uniformly within ±1/√inputs.
  ///
  /// - Parameters:
  ///   - inputCount: The number of inputs, at least 1.
  ///   - outputCount: The number of outputs, at least 1.
  ///   - hasBias: True to add biases.
  ///   - initializer: The rule for drawing the weights, and then the biases.
  ///   - random: The random stream.
  public init(
    _ inputCount: Int, _ outputCount: Int, hasBias: Bool = true, initializer: Initializer = .torchLinear,
    using random: inout PythonRandom
  ) {
    require(inputCount >= 1 && outputCount >= 1, "a layer has at least one input and one output")
    _ = checkedCount(
      "Linear(\(inputCount), \(outputCount))", outputCount, inputCount, adding: hasBias ? outputCount : 0)
    block = Parameters(
      hasBias
        ? initializer.weightsAndBiases(inputCount, outputCount, using: &random)
        : initializer.weights(inputCount, outputCount, using: &random))
    self.hasBias = hasBias
    self.inputCount = inputCount
    self.outputCount = outputCount
  }

  private var weight: Matrix { block.matrix(rows: outputCount, columns: inputCount) }
  private var bias: Vector? {
    hasBias ? block.matrix(rows: 1, columns: outputCount, from: inputCount * outputCount).row(0) : nil
  }

  /// The weights in row-major order, then the biases.
  public var parameters: [Value] { Array(block) }

  /// `weight` [outputs, inputs] and `bias` [outputs].
  public var namedParameters: [NamedParameter] {
    [NamedParameter("weight", shape: [outputCount, inputCount], block)]
      + (hasBias ? [NamedParameter("bias", shape: [outputCount], block, from: inputCount * outputCount)] : [])
  }

  /// Returns x · Wᵀ + b for each row x of a batch.
  public func callAsFunction(_ batch: Matrix) -> Matrix {
    batch.affine(weights: weight, bias: bias)
  }

  /// Returns relu of the outputs, recorded as one block.
  internal func rectified(_ batch: Matrix) -> Matrix {
    batch.affineReLU(weights: weight, bias: bias)
  }

  /// Returns a predictor with the parameters of this moment.
  public func predictor() -> Predictor { predictor(rectified: false) }

  internal func predictor(rectified: Bool) -> Predictor {
    let (weight, bias) = (weight.data, bias?.data)
    let (inputs, outputs) = (inputCount, outputCount)
    return Predictor(inputCount: inputCount) { batch in
      let weights = Matrix.constant(rows: outputs, columns: inputs, weight)
      let biases = bias.map { Vector.constant($0) }
      return rectified
        ? batch.affineReLU(weights: weights, bias: biases) : batch.affine(weights: weights, bias: biases)
    }
  }
}
