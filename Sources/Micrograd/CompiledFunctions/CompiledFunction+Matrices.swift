import CMicrograd

/// Jacobians and Hessians, at one sample and at many.
///
/// Each has a program of its own, which is made at the first call and kept. It computes what derivatives share once, and leaves out
/// what is zero whatever the sample. Forms with `into:` take no memory if the arrays have the right counts. Numbers and
/// conventions are those of ``RecordedFunction``, to rounding.
extension CompiledFunction {
  /// Returns the Jacobian at a sample, a row for each result with a column for each input.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 1]) { x in [x[0] * x[1], x[0] + x[1]] }
  /// try f.jacobian(at: [2, 3])  // [[3.0, 2.0], [1.0, 1.0]]
  /// ```
  ///
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  /// - Complexity: The program is as long as the function and a reverse sweep for each result.
  public func jacobian(at sample: [Double]) throws(CompilationError) -> [[Double]] {
    var jacobian: [Double] = []
    try self.jacobian(at: sample, into: &jacobian)
    return jacobian.rows(of: inputCount, count: resultCount)
  }

  /// Writes the Jacobian at a sample into an array of ``resultCount`` · ``inputCount`` numbers, row by row.
  ///
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the array is unchanged then.
  public func jacobian(at sample: [Double], into jacobian: inout [Double]) throws(CompilationError) {
    jacobian.lengthen(to: resultCount * inputCount)
    try run(.valuesWithJacobian, sample, values: nil, gradient: &jacobian)
  }

  /// Returns the results and the Jacobian at a sample.
  ///
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func valueWithJacobian(
    at sample: [Double]
  ) throws(CompilationError) -> (value: [Double], jacobian: [[Double]]) {
    var (value, jacobian): ([Double], [Double]) = ([], [])
    try valueWithJacobian(at: sample, into: &value, jacobian: &jacobian)
    return (value, jacobian.rows(of: inputCount, count: resultCount))
  }

  /// Writes the results and the Jacobian at a sample into arrays of ``resultCount`` and ``resultCount`` · ``inputCount`` numbers.
  ///
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the arrays are unchanged then.
  public func valueWithJacobian(
    at sample: [Double], into value: inout [Double], jacobian: inout [Double]
  ) throws(CompilationError) {
    value.lengthen(to: resultCount)
    jacobian.lengthen(to: resultCount * inputCount)
    try run(.valuesWithJacobian, sample, values: &value, gradient: &jacobian)
  }

  /// Returns the Hessian of a function with one result at a sample, a row and a column for each input.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 2]) { x in x[0].squared() * x[1] }
  /// try f.hessian(at: [3, 5])  // [[10.0, 6.0], [6.0, 0.0]]
  /// ```
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  /// - Complexity: The program is as long as the gradient and a reverse sweep over it for each input.
  public func hessian(at sample: [Double]) throws(CompilationError) -> [[Double]] {
    try valueWithHessian(at: sample).hessian
  }

  /// Writes the Hessian at a sample into an array of ``inputCount`` · ``inputCount`` numbers, row by row.
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the array is unchanged then.
  public func hessian(at sample: [Double], into hessian: inout [Double]) throws(CompilationError) {
    hessian.take(try hessianRun(at: sample).derivatives, count: inputCount * inputCount)
  }

  /// Returns the value, the gradient and the Hessian of a function with one result at a sample.
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func valueWithHessian(
    at sample: [Double]
  ) throws(CompilationError) -> (value: Double, gradient: [Double], hessian: [[Double]]) {
    var (gradient, hessian): ([Double], [Double]) = ([], [])
    let value = try valueWithHessian(at: sample, into: &gradient, hessian: &hessian)
    return (value, gradient, hessian.rows(of: inputCount, count: inputCount))
  }

  /// Writes the gradient and the Hessian at a sample into arrays of ``inputCount`` and ``inputCount`` · ``inputCount`` numbers, and
  /// returns the value.
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the arrays are unchanged then.
  @discardableResult
  public func valueWithHessian(
    at sample: [Double], into gradient: inout [Double], hessian: inout [Double]
  ) throws(CompilationError) -> Double {
    let made = try hessianRun(at: sample)
    gradient.take(made.values, count: inputCount)
    hessian.take(made.derivatives, count: inputCount * inputCount)
    return made.values[inputCount]
  }

  private func hessianRun(at sample: [Double]) throws(CompilationError) -> DerivedFunction {
    requireOneResult()
    requireSample(sample)
    let made = try recordedGradient()
    made.set(sample)
    try made.run(.valuesWithJacobian)
    return made
  }

  private func recordedGradient() throws(CompilationError) -> DerivedFunction {
    if let made = derived.gradient { return made }
    let (f, n) = (try function(), inputCount)
    let made = try DerivedFunction(
      of: self, differentiating: DifferentiatedPart(results: n, isSymmetric: true), rows: n, isRecorded: true
    ) { x in Value.withResults(at: x, of: f) { $0.gradient + $0.values } }
    derived.gradient = made
    return made
  }

  // MARK: - Many samples

  /// Returns the Jacobian at each sample: row by row, ``resultCount`` · ``inputCount`` numbers a sample.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 1]) { x in [x[0] * x[1], x[0] + x[1]] }
  /// try f.jacobians(at: Samples([[2, 3], [4, 5]]))  // [[3.0, 2.0, 1.0, 1.0], [5.0, 4.0, 1.0, 1.0]]
  /// ```
  ///
  /// - Throws: ``CompilationError``, if a sample takes a path that cannot be added.
  public func jacobians(at samples: Samples) throws(CompilationError) -> Samples {
    try jacobians(at: samples, rows: resultCount)
  }

  /// Returns the Hessian of a function with one result at each sample: row by row, ``inputCount`` · ``inputCount`` numbers a sample.
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError``, if a sample takes a path that cannot be added.
  public func hessians(at samples: Samples) throws(CompilationError) -> Samples {
    requireOneResult()
    let width = inputCount * inputCount
    if samples.count == 0 { return Samples([], width: width, count: 0) }
    let made = try recordedGradient()
    made.function.threads = threads
    var hessians = try made.function.jacobians(at: samples, rows: inputCount)
    let special = (0..<samples.count).filter { !hessians[$0].areFinite }
    if special.isEmpty { return hessians }
    let careful = try made.carefulFunction().jacobians(at: Samples(special.map { samples[$0] }), rows: inputCount)
    for (k, sample) in special.enumerated() { hessians.setSample(sample, to: careful[k]) }
    return hessians
  }

  private func jacobians(at samples: Samples, rows: Int) throws(CompilationError) -> Samples {
    let width = rows * inputCount
    var numbers = [Double](repeating: 0, count: samples.count * width)
    try run(MG_WANT_JACOBIAN, samples, gradients: &numbers)
    return Samples(numbers, width: width, count: samples.count, isByColumn: samples.isByColumn)
  }
}

extension Samples {
  fileprivate mutating func setSample(_ sample: Int, to row: [Double]) {
    for k in 0..<width { numbers[isByColumn ? k * count + sample : sample * width + k] = row[k] }
  }
}
