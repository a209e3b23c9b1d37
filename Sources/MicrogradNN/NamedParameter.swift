import Micrograd

/// A tensor of parameters with its name, such as `layers.0.weight`.
///
/// A name consists of the names or positions of children, joined by points. Names and shapes are those of PyTorch: a
/// layer's `weight` is [outputs, inputs], row-major, and its `bias` [outputs].
public struct NamedParameter {
  /// The name, from the module down.
  public let name: String

  /// The size of each dimension, the first varying slowest. Their product is ``count``.
  public let shape: [Int]

  /// The numbers.
  public let runs: ParameterRuns

  /// Names a part of a block of parameters, from `offset` on, of the given shape.
  ///
  /// - Precondition: The part is within the block.
  public init(_ name: String, shape: [Int], _ parameters: Parameters, from offset: Int = 0) {
    let count = shape.reduce(1, *)
    self.init(name, shape: shape, ParameterRuns(parameters, offset..<offset + count))
  }

  /// Names a list of parameters or leaves.
  ///
  /// - Precondition: The shape has one place per Value, and each Value is listed once.
  public init(_ name: String, shape: [Int], _ values: [Value]) {
    self.init(name, shape: shape, ParameterRuns(values))
  }

  private init(_ name: String, shape: [Int], _ runs: ParameterRuns) {
    require(
      shape.reduce(1, *) == runs.count,
      "parameter \(name) of shape \(shape) has \(runs.count) numbers: give one for each element")
    self.name = name
    self.shape = shape
    self.runs = runs
  }

  /// The number of parameters.
  public var count: Int { runs.count }

  /// The numbers, row-major. The setter takes ``count`` numbers.
  public var data: [Double] {
    get { runs.data }
    nonmutating set { runs.data = newValue }
  }

  /// The gradients, row-major. The setter takes ``count`` numbers.
  public var gradients: [Double] {
    get { runs.gradients }
    nonmutating set { runs.gradients = newValue }
  }

  /// Returns the same parameters with a child's name in front: `weight` under `layers.0` is `layers.0.weight`.
  public func under(_ path: String) -> NamedParameter { NamedParameter("\(path).\(name)", shape: shape, runs) }
}
