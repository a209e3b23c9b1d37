import CMicrograd

/// A compiled function with the parameters of one moment, which any number of tasks may call at once.
///
/// ```swift
/// let weights = Parameters([2, -1])
/// let f = try compile(at: [0, 0]) { x in tanh(weights[0] * x[0] + weights[1] * x[1]) }
/// let evaluator = try f.evaluator()
/// weights[0].data = 0
/// try evaluator(at: [1, 2])  // 0.0
/// try evaluator.valueWithGradient(at: [1, 2])  // (value: 0.0, gradient: [2.0, -1.0])
/// ```
///
/// The evaluator above keeps the weights 2 and -1. A call takes no lock and touches no tape, so a server or an app can
/// evaluate a fitted model on every thread. Make another evaluator after the parameters have changed. Pass numbers that differ
/// from call to call as inputs of the function.
///
/// An evaluator knows the paths that its function had recorded when it was made.
public final class Evaluator: Sendable {
  /// The number of inputs.
  public let inputCount: Int
  /// The number of results.
  public let resultCount: Int

  private let paths: [EvaluatorPath]

  internal init(_ function: CompiledFunction) throws(CompilationError) {
    if function.paths.contains(where: \.callsCustom) {
      throw .frozen("calls custom operations, which an evaluator cannot call on several threads at once")
    }
    inputCount = function.inputCount
    resultCount = function.resultCount
    paths = function.paths.map { EvaluatorPath($0, hasGradient: function.resultCount == 1) }
  }

  /// Returns the value at a sample, of a function with one result.
  ///
  /// - Throws: ``CompilationError/pathNotRecorded`` if the sample takes a path that the function had not recorded.
  public func callAsFunction(at sample: [Double]) throws(CompilationError) -> Double {
    requireOneResult()
    var value = 0.0
    try run(sample, gradient: nil, values: &value)
    return value
  }

  /// Returns the results at a sample.
  ///
  /// - Throws: ``CompilationError/pathNotRecorded`` if the sample takes a path that the function had not recorded.
  public func results(at sample: [Double]) throws(CompilationError) -> [Double] {
    var results = [Double](repeating: 0, count: resultCount)
    try run(sample, gradient: nil, values: &results)
    return results
  }

  /// Returns the value at a sample and its gradient with respect to the sample's numbers.
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError/pathNotRecorded`` if the sample takes a path that the function had not recorded.
  public func valueWithGradient(
    at sample: [Double]
  ) throws(CompilationError) -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: 0, count: inputCount)
    let value = try valueWithGradient(at: sample, into: &gradient)
    return (value, gradient)
  }

  /// Returns the value at a sample and writes its gradient into an array. Takes no memory if the array has ``inputCount``
  /// numbers and the program is small.
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError/pathNotRecorded`` if the sample takes a path that the function had not recorded.
  @discardableResult
  public func valueWithGradient(
    at sample: [Double], into gradient: inout [Double]
  ) throws(CompilationError) -> Double {
    requireOneResult()
    if gradient.count != inputCount { gradient = [Double](repeating: 0, count: inputCount) }
    var value = 0.0
    try run(sample, gradient: &gradient, values: &value)
    return value
  }

  private func run(
    _ sample: [Double], gradient: UnsafeMutablePointer<Double>?, values: UnsafeMutablePointer<Double>?
  ) throws(CompilationError) {
    requireWidth(sample.count)
    for path in paths where path.run(sample, gradient: gradient, values: values) { return }
    throw .pathNotRecorded
  }
}

/// One path with its numbers. Nothing changes after it is made.
private final class EvaluatorPath: @unchecked Sendable {
  /// Owns the programs.
  private let path: CompiledPath
  private let guards, values: OpaquePointer?
  private let gradient: OpaquePointer?

  init(_ path: CompiledPath, hasGradient: Bool) {
    self.path = path
    guards = path.isGuarded ? path.snapshot(.guards) : nil
    values = path.snapshot(.values)
    gradient = hasGradient ? path.snapshot(.valueWithGradient) : nil
  }

  deinit {
    for single in [guards, values, gradient] {
      if let single { mg_single_free(single) }
    }
  }

  /// Returns false if the sample takes another path.
  func run(
    _ sample: [Double], gradient into: UnsafeMutablePointer<Double>?, values: UnsafeMutablePointer<Double>?
  ) -> Bool {
    if let guards, run(guards, sample, nil, nil).deviates { return false }
    guard let single = into == nil ? self.values : gradient else { return false }
    let result = run(single, sample, values, into)
    if result.table_count > 0 { CompiledPath.trapBadPick(result.bad_index, "the sample", result.table_count) }
    return true
  }

  private func run(
    _ single: OpaquePointer, _ sample: [Double], _ values: UnsafeMutablePointer<Double>?,
    _ gradient: UnsafeMutablePointer<Double>?
  ) -> mg_single_result {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: Int(mg_single_space(single))) { space in
      var result = mg_single_result()
      if let space = space.baseAddress { mg_single_run_with(single, space, sample, values, gradient, &result) }
      return result
    }
  }
}

extension CompiledFunction {
  /// Returns an evaluator with the parameters as they are now, which any number of tasks may call at once.
  ///
  /// - Throws: ``CompilationError`` if the function calls custom operations.
  public func evaluator() throws(CompilationError) -> Evaluator { try Evaluator(self) }
}
