/// The state of an optimiser, which is needed to resume it later.
///
/// ```swift
/// let saved = optimizer.state
/// …
/// var resumed = Adam(model, learningRate: 0.01)
/// try resumed.restore(saved)
/// ```
///
/// The hyper-parameters and the schedule are not in it: the optimiser that it is restored to brings its own.
public struct OptimizerState: Sendable, Equatable {
  /// Which rule the state belongs to: `SGD`, `Adam`, `AdamW`, `RMSProp`, `Adagrad`, `LBFGS`, or one of your own.
  public var kind: String

  /// How many steps were taken.
  public var stepCount: Int

  /// Single numbers by name; only L-BFGS has any.
  public var numbers: [String: Double]

  /// Lists of numbers by the names that PyTorch gives them, as `exp_avg`: one number a parameter, in the order of
  /// ``Module/namedParameters``.
  public var buffers: [String: [Double]]

  /// A state of these parts.
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
  /// The state is that of another kind of optimiser.
  case kind(found: String, expected: String)
  /// The count of steps is negative, or more than 2⁵³.
  case stepCount(Int)
  /// The names of its numbers are not those that the optimiser has, in alphabetical order.
  case numbers(found: [String], expected: [String])
  /// The names of its buffers are not those that the optimiser has with its hyper-parameters, in alphabetical order.
  case buffers(found: [String], expected: [String])
  /// The size of a buffer is not the one that the optimiser needs.
  case bufferLength(name: String, found: Int, expected: Int)
  /// A single number is not one that the optimiser could have: a count that is negative or not whole.
  case number(name: String, found: Double)

  /// The reason in a sentence.
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
  /// Counts of what was done step by step: a number near 2⁶³ is damage, and one more would overflow.
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
