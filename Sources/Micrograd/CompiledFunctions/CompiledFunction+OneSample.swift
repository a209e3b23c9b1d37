import CMicrograd

/// Calls for one sample at a time: what a control loop or a solver asks for again and again.
///
/// A call runs the program of its path without blocks of samples, threads, or memory of its own. Elementary functions are the
/// C library's, as in a recording, and sums are added in order; calls over many samples use vector code instead, so the two
/// agree to rounding.
extension CompiledFunction {
  /// Returns the value at a sample, of a function with one result.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
  /// try f(at: [0, 5])  // 1.0
  /// ```
  ///
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func callAsFunction(at sample: [Double]) throws(CompilationError) -> Double {
    requireOneResult()
    var value = 0.0
    _ = try run(.values, sample, values: &value, gradient: nil)
    return value
  }

  /// Returns the results at a sample.
  ///
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func results(at sample: [Double]) throws(CompilationError) -> [Double] {
    var results = [Double](repeating: 0, count: resultCount)
    try self.results(at: sample, into: &results)
    return results
  }

  /// Writes the results at a sample into an array. Takes no memory if the array has ``resultCount`` numbers.
  ///
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the array is unchanged then.
  public func results(at sample: [Double], into results: inout [Double]) throws(CompilationError) {
    if results.count != resultCount { results = [Double](repeating: 0, count: resultCount) }
    try results.withUnsafeMutableBufferPointer { results throws(CompilationError) in
      _ = try run(.values, sample, values: results.baseAddress, gradient: nil)
    }
  }

  /// Returns the value at a sample and its gradient with respect to the sample's numbers.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
  /// try f.valueWithGradient(at: [0, 5])  // (value: 1.0, gradient: [4.0, 0.0])
  /// ```
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func valueWithGradient(
    at sample: [Double]
  ) throws(CompilationError) -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: 0, count: inputCount)
    let value = try valueWithGradient(at: sample, into: &gradient)
    return (value, gradient)
  }

  /// Returns the value at a sample and writes its gradient into an array. Takes no memory if the array has ``inputCount``
  /// numbers.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 2]) { x in x[0] * x[1] }
  /// var slope = [0.0, 0.0]
  /// try f.valueWithGradient(at: [3, 4], into: &slope)  // 12.0
  /// slope  // [4.0, 3.0]
  /// ```
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the array is unchanged then.
  @discardableResult
  public func valueWithGradient(
    at sample: [Double], into gradient: inout [Double]
  ) throws(CompilationError) -> Double {
    requireOneResult()
    if gradient.count != inputCount { gradient = [Double](repeating: 0, count: inputCount) }
    var value = 0.0
    _ = try run(.valueWithGradient, sample, values: &value, gradient: &gradient)
    return value
  }

  /// Returns the gradient of the value at a sample with respect to the sample's numbers.
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func gradient(at sample: [Double]) throws(CompilationError) -> [Double] {
    try valueWithGradient(at: sample).gradient
  }

  /// Returns the value at a sample and adds its gradient to the gradients of all parameters and leaves that the function
  /// uses, as ``Value/backward(seed:)`` would.
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; no gradient has changed then.
  @discardableResult
  public func backward(at sample: [Double]) throws(CompilationError) -> Double {
    requireOneResult()
    return try run(.backward, sample, values: nil, gradient: nil)
  }
}

// MARK: - Running

extension CompiledFunction {
  @discardableResult
  internal func run(
    _ kind: OneSampleRun, _ sample: [Double], values: UnsafeMutablePointer<Double>?,
    gradient: UnsafeMutablePointer<Double>?
  ) throws(CompilationError) -> Double {
    try sample.withUnsafeBufferPointer { sample throws(CompilationError) in
      try run(kind, sample, values: values, gradient: gradient)
    }
  }

  @discardableResult
  internal func run(
    _ kind: OneSampleRun, _ sample: UnsafeBufferPointer<Double>, values: UnsafeMutablePointer<Double>?,
    gradient: UnsafeMutablePointer<Double>?
  ) throws(CompilationError) -> Double {
    requireWidth(sample.count)
    tape.pointer.pointee.watch?.pointee.swept = true  // who records a function has plain numbers from here
    if !firstPath.isGuarded, !firstPath.callsCustom {
      return firstPath.run(kind, at: sample, values, gradient).total
    }
    let path = try path(of: sample)
    if !path.callsCustom { return path.run(kind, at: sample, values, gradient).total }
    return tape.use { path.run(kind, at: sample, values, gradient).total }
  }

  /// Returns the path that a sample takes. Records the path if it is not known.
  internal func path(of sample: [Double]) throws(CompilationError) -> CompiledPath {
    try sample.withUnsafeBufferPointer { sample throws(CompilationError) in try path(of: sample) }
  }

  private func path(of sample: UnsafeBufferPointer<Double>) throws(CompilationError) -> CompiledPath {
    if !firstPath.isGuarded { return firstPath }
    let index = try pathIndex(of: sample)  // may append to the paths
    return paths[index]
  }

  /// Returns the index of the path that a sample takes. Records the path if it is not known.
  private func pathIndex(of sample: UnsafeBufferPointer<Double>) throws(CompilationError) -> Int {
    for k in paths.indices where !paths[k].run(.guards, at: sample, nil, nil).deviates { return k }
    return try tape.use { () throws(CompilationError) -> Int in try path(at: Array(sample), 0) }
  }
}

/// What a program computes of one sample.
internal enum OneSampleRun: Int, CaseIterable {
  case values, valueWithGradient, backward, guards, valuesWithJacobian

  /// The wishes for the compiler, as flags.
  var wants: Int32 {
    switch self {
    case .values: Int32(MG_WANT_VALUES)
    case .valueWithGradient: Int32(MG_WANT_VALUES | MG_WANT_INPUTS)
    case .backward: Int32(MG_WANT_PARAMETERS)
    case .guards: Int32(MG_WANT_GUARDS)
    case .valuesWithJacobian: Int32(MG_WANT_VALUES | MG_WANT_JACOBIAN)
    }
  }
}
