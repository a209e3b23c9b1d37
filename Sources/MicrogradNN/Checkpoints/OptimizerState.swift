/// What an optimiser has to remember so that it goes on as if it had not stopped, in a form that a file can hold.
public struct OptimizerState: Sendable, Equatable {
  /// Which optimiser it is: `Adam`. One of another kind does not take it.
  public var kind: String

  /// How many steps were taken, which is also where its schedule is.
  public var stepCount: Int

  /// Numbers by name, hyperparameters among them. They are saved exactly, but for what a NaN carries.
  public var numbers: [String: Double]

  /// Runs of numbers by name: `exp_avg`.
  ///
  /// Those that have one number for each parameter, in the order of the module's ``Module/namedParameters``, are saved as
  /// tensors of the parameters' shapes, and follow the parameters when the module orders them differently; all others are
  /// saved as they are.
  public var buffers: [String: [Double]]

  /// A state.
  public init(
    kind: String, stepCount: Int, numbers: [String: Double] = [:], buffers: [String: [Double]] = [:]
  ) {
    self.kind = kind
    self.stepCount = stepCount
    self.numbers = numbers
    self.buffers = buffers
  }
}
