import Micrograd

/// A tensor of a module's parameters, under the name by which it is saved: `layers.0.weight`.
///
/// A name is a path from the module: names of children, or their positions, joined by points. Names and shapes are those
/// that PyTorch gives: a layer's `weight` is [outputs, inputs], row-major, its `bias` [outputs].
public struct NamedParameter {
  /// The path from the module.
  public let name: String

  /// The extent of each dimension, the first varying slowest; the product of all is ``count``.
  public let shape: [Int]

  /// The numbers.
  public let runs: ParameterRuns

  /// Names a part of a block of parameters: as many numbers, from `offset` on, as the shape has.
  ///
  /// - Precondition: They are within the block.
  public init(_ name: String, shape: [Int], _ parameters: Parameters, from offset: Int = 0) {
    let count = shape.reduce(1, *)
    self.init(name, shape: shape, ParameterRuns(parameters, offset..<offset + count))
  }

  /// Names any parameters or leaves, in the order given.
  ///
  /// - Precondition: There are as many as the shape has places, each once.
  public init(_ name: String, shape: [Int], _ values: [Value]) {
    self.init(name, shape: shape, ParameterRuns(values))
  }

  private init(_ name: String, shape: [Int], _ runs: ParameterRuns) {
    require(
      shape.reduce(1, *) == runs.count,
      "parameter \(name) of shape \(shape) is given \(runs.count) numbers: give each place one")
    self.name = name
    self.shape = shape
    self.runs = runs
  }

  /// How many numbers there are.
  public var count: Int { runs.count }

  /// The numbers, row-major. Setting them takes as many.
  public var data: [Double] {
    get { runs.data }
    nonmutating set { runs.data = newValue }
  }

  /// The gradients, row-major. Setting them takes as many.
  public var gradients: [Double] {
    get { runs.gradients }
    nonmutating set { runs.gradients = newValue }
  }

  /// The same parameters as a child's: `named("weight").under("layers.0")` is `layers.0.weight`.
  public func under(_ path: String) -> NamedParameter { NamedParameter("\(path).\(name)", shape: shape, runs) }
}
