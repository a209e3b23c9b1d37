import CMicrograd

/// What of a function derivatives are asked for.
internal struct DifferentiatedPart {
  /// How many of the inputs, from the first on, have derivatives; `nil` for all.
  var inputs: Int?
  /// How many of the results, from the first on, are rows of the Jacobian; `nil` for all.
  var results: Int?
  /// True if the Jacobian is symmetric: half of it is computed.
  var isSymmetric = false
  /// Parameters that are inputs too, before the others.
  var parameters: [Value] = []
}

/// The functions whose results, or derivatives, are the derivatives of a compiled function. Each is compiled when it is first
/// asked for, and kept.
internal struct DerivedFunctions {
  /// Of inputs and weights: the weighted sum of the results.
  var weightedSum: DerivedFunction?
  /// Of inputs and a direction: the derivatives of all results along it.
  var tangents: DerivedFunction?
  /// Of inputs and a direction: the derivative along it, then the value. Its gradient is a product with the Hessian.
  var slope: DerivedFunction?
  /// Of inputs: the gradient, then the value. Its Jacobian is the Hessian.
  var gradient: DerivedFunction?
  /// By pattern.
  var sparseJacobians: [SparseDerivative] = []
  var sparseHessians: [SparseDerivative] = []
  /// By the parameters that are inputs.
  var ofParameters: [(parameters: [Value.ID], function: CompiledFunction)] = []
  /// True if a Jacobian times a direction takes fewer operations than tangents.
  var hasCheapJacobian: Bool?
  /// Room for a Jacobian.
  var jacobian: [Double] = []
}

/// A function that computes derivatives of another, with room for what goes in and comes out of a call for one sample.
///
/// Derivatives that were recorded multiply as they find numbers, so that zero times infinity is NaN, and a sweep says that a
/// zero meets nothing. So where a number is not finite, a second recording decides, which chooses for each product.
internal final class DerivedFunction {
  let function: CompiledFunction
  /// What is computed at: the sample, and then a direction, where there is one.
  let sample: UnsafeMutableBufferPointer<Double>
  /// The results of the last call.
  let values: UnsafeMutableBufferPointer<Double>
  /// The gradient or the Jacobian of the last call.
  let derivatives: UnsafeMutableBufferPointer<Double>
  /// True if the last call needed the careful recording.
  private(set) var wasCareful = false

  private unowned let parent: CompiledFunction
  private let part: DifferentiatedPart
  private let isRecorded: Bool
  private let body: ([Value]) -> [Value]
  private var careful: CompiledFunction?

  /// Compiles a function of the parent's inputs, and of more numbers.
  ///
  /// - Parameters:
  ///   - more: How many numbers follow the inputs.
  ///   - isRecorded: True if the body records derivatives.
  init(
    of parent: CompiledFunction, more: Int = 0, differentiating part: DifferentiatedPart,
    rows: Int, isRecorded: Bool, body: @escaping ([Value]) -> [Value]
  ) throws(CompilationError) {
    let start = parent.firstSample + [Double](repeating: 1, count: more)
    function = try parent.tape.use { () throws(CompilationError) in
      try CompiledFunction(
        at: start, branching: parent.branching, precision: parent.precision, differentiating: part, of: body)
    }
    sample = .allocate(capacity: start.count)
    _ = sample.initialize(from: start)
    values = .allocate(capacity: function.resultCount)
    values.initialize(repeating: 0)
    derivatives = .allocate(capacity: rows * (part.inputs ?? start.count))
    derivatives.initialize(repeating: 0)
    (self.parent, self.part, self.isRecorded, self.body) = (parent, part, isRecorded, body)
  }

  deinit {
    sample.deallocate()
    values.deallocate()
    derivatives.deallocate()
  }

  /// Sets the inputs, and the numbers that follow them.
  func set(_ inputs: [Double], _ more: [Double] = []) {
    let sample = sample
    for k in inputs.indices { sample[k] = inputs[k] }
    for k in more.indices { sample[inputs.count + k] = more[k] }
  }

  /// Runs a program at ``sample``.
  func run(_ kind: OneSampleRun) throws(CompilationError) {
    try run(kind, by: function)
    guard isRecorded else { return }
    wasCareful = !(values.areFinite && (kind == .values || derivatives.areFinite))
    if wasCareful { try run(kind, by: carefulFunction()) }
  }

  private func run(_ kind: OneSampleRun, by function: CompiledFunction) throws(CompilationError) {
    try function.run(
      kind, UnsafeBufferPointer(sample), values: values.baseAddress, gradient: derivatives.baseAddress)
  }

  /// The same function, of which derivatives are recorded with care.
  func carefulFunction() throws(CompilationError) -> CompiledFunction {
    if let careful { return careful }
    let (body, parent) = (body, parent)
    let made = try parent.tape.use { () throws(CompilationError) in
      try CompiledFunction(
        at: function.firstSample, branching: parent.branching, precision: parent.precision, differentiating: part
      ) { x in
        currentTape().pointee.watch?.pointee.careful = true
        return body(x)
      }
    }
    careful = made
    return made
  }
}

extension Sequence<Double> {
  /// True if no number is infinite or NaN.
  internal var areFinite: Bool {
    var sum = 0.0
    for x in self { sum += x - x }
    return sum == 0
  }
}

extension [Double] {
  /// Gives the array a length. Takes no memory if it has it.
  internal mutating func lengthen(to count: Int) {
    if self.count != count { self = [Double](repeating: 0, count: count) }
  }

  /// Writes some of other numbers here. Takes no memory if there is room.
  internal mutating func take(_ numbers: UnsafeMutableBufferPointer<Double>, from first: Int = 0, count: Int) {
    lengthen(to: count)
    withUnsafeMutableBufferPointer { own in
      for k in 0..<count { own[k] = numbers[first + k] }
    }
  }

  /// The rows of a matrix.
  internal func rows(of width: Int, count: Int) -> [[Double]] {
    (0..<count).map { Array(self[$0 * width..<($0 + 1) * width]) }
  }
}
