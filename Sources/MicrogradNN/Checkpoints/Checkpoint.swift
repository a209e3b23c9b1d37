import Micrograd

/// The state of a training run: everything that is needed to resume it bit for bit.
///
/// ```swift
/// // At intervals:
/// let checkpoint = Checkpoint(
///   model, optimizer: optimizerState, randomStreams: ["shuffle": random.savedState], step: step)
/// try checkpoint.write(to: url)
///
/// // To resume, with a model of the same shape:
/// let checkpoint = try Checkpoint(contentsOf: url)
/// try checkpoint.restore(into: model)
/// let optimizerState = try checkpoint.optimizerState(for: model)
/// random = try checkpoint.randomStream("shuffle", PythonRandom.init)
/// for step in checkpoint.step..<lastStep { … }
/// ```
///
/// In the file, numbers are float64 and parameters have their own names, so that it loads in Python too. The file also has
/// tensors such as `optimizer.exp_avg.layers.0.weight`, and `random.shuffle`, the 624 words of that stream. Everything else
/// is text in the metadata, with keys that begin with `micrograd.`.
public struct Checkpoint: Sendable, Equatable {
  /// The model's parameters, under the names of ``Module/namedParameters``.
  public let parameters: [SafeTensors.Tensor]

  /// The state of the optimiser, with its buffers in the order of `parameters`.
  internal let optimizer: OptimizerState?

  /// The states of random streams, by name.
  public let randomStreams: [String: RandomState]

  /// The number of steps taken.
  public let step: Int

  /// The number of completed epochs.
  public let epoch: Int

  /// Additional metadata.
  public let metadata: [String: String]

  /// Creates a checkpoint of a run.
  ///
  /// - Parameters:
  ///   - module: The model.
  ///   - optimizer: The state of the optimiser.
  ///   - randomStreams: The states of random streams, by names that you choose.
  ///   - step: The number of steps so far, 0 or more.
  ///   - epoch: The number of completed epochs, 0 or more.
  ///   - metadata: Additional metadata. Keys that begin with `micrograd.` are reserved.
  public init(
    _ module: some Module, optimizer: OptimizerState? = nil, randomStreams: [String: RandomState] = [:],
    step: Int = 0, epoch: Int = 0, metadata: [String: String] = [:]
  ) {
    require(step >= 0 && epoch >= 0 && (optimizer?.stepCount ?? 0) >= 0, "steps and epochs are counted from 0")
    self.init(
      parameters: module.namedParameters.map { .init($0.name, shape: $0.shape, $0.data) }, optimizer: optimizer,
      randomStreams: randomStreams, step: step, epoch: epoch, metadata: metadata)
  }

  internal init(
    parameters: [SafeTensors.Tensor], optimizer: OptimizerState?, randomStreams: [String: RandomState], step: Int,
    epoch: Int, metadata: [String: String]
  ) {
    self.parameters = parameters
    self.optimizer = optimizer
    self.randomStreams = randomStreams
    self.step = step
    self.epoch = epoch
    self.metadata = metadata
  }

  /// Copies the saved parameters into the module: all of them, or none if there is an error.
  ///
  /// - Throws: `CheckpointError` if the module's parameters have other names or shapes.
  public func restore(into module: some Module) throws(CheckpointError) {
    try module.load(SafeTensors(parameters))
  }

  /// Returns the saved state of the optimiser, with its buffers in the order of the module's parameters; `nil` if none was
  /// saved.
  ///
  /// - Throws: `CheckpointError` if the module's parameters have other names or shapes. If they are in another order, also
  ///   for a buffer that does not have one number per parameter.
  public func optimizerState(for module: some Module) throws(CheckpointError) -> OptimizerState? {
    guard var state = optimizer else { return nil }
    let wanted = module.namedParameters.map { ($0.name, $0.shape) }
    _ = try SafeTensors(parameters).tensors(for: wanted, strict: true)
    if wanted.map(\.0) == parameters.map(\.name) { return state }

    for (name, numbers) in state.buffers {
      guard isPerParameter(numbers) else {
        throw CheckpointError(
          .state(Layout.optimizerTensor + name, reason: "belongs to a model with its parameters in another order"))
      }
      state.buffers[name] = try SafeTensors(split(numbers)).tensors(for: wanted, strict: true).flatMap(\.data)
    }
    return state
  }

  /// Restores a random stream, which continues the saved one.
  ///
  /// ```swift
  /// var random = try checkpoint.randomStream("shuffle", PythonRandom.init)
  /// ```
  ///
  /// - Throws: `CheckpointError` if no stream of this name and kind was saved.
  public func randomStream<Stream>(
    _ name: String, _ make: (RandomState) throws(CheckpointError) -> Stream
  ) throws(CheckpointError) -> Stream {
    guard let state = randomStreams[name] else {
      throw CheckpointError(.state("random.\(name)", reason: "was not saved"))
    }
    return try make(state)
  }

  // MARK: - Buffers

  internal func isPerParameter(_ numbers: [Double]) -> Bool {
    numbers.count == parameters.reduce(0) { $0 + $1.data.count }
  }

  /// Splits one number per parameter into tensors with the parameters' names and shapes.
  internal func split(_ numbers: [Double]) -> [SafeTensors.Tensor] {
    var offset = 0
    return parameters.map { parameter in
      defer { offset += parameter.data.count }
      return .init(
        parameter.name, shape: parameter.shape, Array(numbers[offset..<offset + parameter.data.count]))
    }
  }
}
