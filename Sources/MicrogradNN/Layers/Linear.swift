import Micrograd

/// Weighted sums plus biases, x · Wᵀ + b: PyTorch's `nn.Linear`.
///
/// Its parameters are `weight` [outputs, inputs] and, where it has one, `bias` [outputs].
public struct Linear: Model {
  private let block: Parameters
  private let hasBias: Bool

  /// How many numbers a sample has.
  public let inputCount: Int
  /// How many sums there are.
  public let outputCount: Int

  /// A layer with weights as PyTorch draws them, uniform within ±1/√inputs, and biases too, unless told.
  ///
  /// - Parameters:
  ///   - inputCount: How many inputs; at least 1.
  ///   - outputCount: How many outputs; at least 1.
  ///   - hasBias: True to add biases.
  ///   - initializer: How weights, and after them biases, are drawn.
  ///   - random: Where they come from.
  public init(
    _ inputCount: Int, _ outputCount: Int, hasBias: Bool = true, initializer: Initializer = .torchLinear,
    using random: inout PythonRandom
  ) {
    require(inputCount >= 1 && outputCount >= 1, "a layer has at least one input and one output")
    _ = checkedCount(
      "Linear(\(inputCount), \(outputCount))", outputCount, inputCount, adding: hasBias ? outputCount : 0)
    let weights = initializer.weights(inputCount, outputCount, using: &random)
    block = Parameters(weights + (hasBias ? initializer.biases(inputCount, outputCount, using: &random) : []))
    self.hasBias = hasBias
    self.inputCount = inputCount
    self.outputCount = outputCount
  }

  private var weight: Matrix { block.matrix(rows: outputCount, columns: inputCount) }
  private var bias: Vector? {
    hasBias ? block.matrix(rows: 1, columns: outputCount, from: inputCount * outputCount).row(0) : nil
  }

  /// The weights, then the biases.
  public var parameters: [Value] { Array(block) }

  /// `weight` [outputs, inputs] and `bias` [outputs].
  public var namedParameters: [NamedParameter] {
    [NamedParameter("weight", shape: [outputCount, inputCount], block)]
      + (hasBias ? [NamedParameter("bias", shape: [outputCount], block, from: inputCount * outputCount)] : [])
  }

  /// The sums for each row of a batch.
  public func callAsFunction(_ batch: Matrix) -> Matrix {
    batch.affine(weights: weight, bias: bias)
  }

  /// max(0, ·) of the sums, in one block.
  internal func rectified(_ batch: Matrix) -> Matrix {
    batch.affineReLU(weights: weight, bias: bias)
  }

  /// The layer on plain numbers.
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
