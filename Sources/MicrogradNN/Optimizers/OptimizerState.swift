/// The state of an optimiser, which is saved to resume training later.
///
/// ```swift
/// let saved = optimizer.state
/// …
/// var resumed = Adam(model, learningRate: 0.01)
/// try resumed.restore(saved)
/// ```
///
/// It does not contain the hyper-parameters and the schedule: they are those of the optimiser that restores it.
public struct OptimizerState: Sendable, Equatable {
  /// The kind of optimiser: `SGD`, `Adam`, `AdamW`, `RMSProp`, `Adagrad`, `LBFGS`, or one of your own.
  public var kind: String

  /// The number of steps taken.
  public var stepCount: Int

  /// Single numbers by name. Only L-BFGS has any.
  public var numbers: [String: Double]

  /// Lists of numbers by PyTorch's names, such as `exp_avg`: one number per parameter, in the order of
  /// ``Module/namedParameters``.
  public var buffers: [String: [Double]]

  /// Creates a state.
  public init(
    kind: String, stepCount: Int, numbers: [String: Double] = [:], buffers: [String: [Double]] = [:]
  ) {
    self.kind = kind
    self.stepCount = stepCount
    self.numbers = numbers
    self.buffers = buffers
  }
}

/// An error in the state of an optimiser.
public enum OptimizerStateError: Error, Equatable, CustomStringConvertible {
  /// The state belongs to another kind of optimiser.
  case kind(found: String, expected: String)
  /// The count of steps is negative, or more than 2⁵³.
  case stepCount(Int)
  /// The names of the numbers are not those of the optimiser. They are in alphabetical order.
  case numbers(found: [String], expected: [String])
  /// The names of the buffers are not those of the optimiser with its hyper-parameters. They are in alphabetical order.
  case buffers(found: [String], expected: [String])
  /// A buffer has the wrong size.
  case bufferLength(name: String, found: Int, expected: Int)
  /// A number is impossible: a count that is negative or not whole.
  case number(name: String, found: Double)

  /// A message that says what is wrong.
  public var description: String {
    switch self {
    case .kind(let found, let expected): "the state is that of \(found), not of \(expected)"
    case .stepCount(let count): "the state has taken \(count) steps: give a state of 0 to 2⁵³ steps"
    case .numbers(let found, let expected): "the state has the numbers \(found), not \(expected)"
    case .buffers(let found, let expected):
      "the state has the buffers \(found), not \(expected): the optimiser had other hyper-parameters"
    case .bufferLength(let name, let found, let expected):
      "the state's \(name) has \(found) numbers, not \(expected): it belongs to another model"
    case .number(let name, let found): "the state's \(name) is \(found)"
    }
  }
}

extension OptimizerState {
  /// The range of step counts. A larger count is damage, and near 2⁶³ the next step would overflow.
  internal static let possibleCounts = 0...(1 << 53)

  /// Throws unless this is a state of `kind` with these numbers and buffers.
  internal func check(kind: String, numbers: [String], buffers: [String: Int]) throws(OptimizerStateError) {
    if self.kind != kind { throw .kind(found: self.kind, expected: kind) }
    if !Self.possibleCounts.contains(stepCount) { throw .stepCount(stepCount) }
    if Set(self.numbers.keys) != Set(numbers) {
      throw .numbers(found: self.numbers.keys.sorted(), expected: numbers.sorted())
    }
    if Set(self.buffers.keys) != Set(buffers.keys) {
      throw .buffers(found: self.buffers.keys.sorted(), expected: buffers.keys.sorted())
    }
    for (name, count) in buffers.sorted(by: { $0.key < $1.key }) {
      let found = self.buffers[name]?.count ?? 0
      if found != count { throw .bufferLength(name: name, found: found, expected: count) }
    }
  }
}
