import CMicrograd

/// Products of Jacobians and Hessians with a vector, at one sample.
///
/// Each has a program of its own, which is made at the first call and kept. Forms with `into:` take no memory if the arrays have the
/// right counts. Numbers and conventions are those of ``RecordedFunction``, to rounding.
extension CompiledFunction {
  /// Returns the sum of the results' gradients times weights, Σ weights[i] · ∇results[i], at a sample.
  ///
  /// ```swift
  /// let polar = try compile(at: [1, 1]) { x in [hypot(x[0], x[1]), atan2(x[1], x[0])] }
  /// try polar.vectorJacobianProduct(at: [3, 4], along: [5, 25])  // [-1.0, 7.0]
  /// ```
  ///
  /// - Parameters:
  ///   - sample: One number per input.
  ///   - weights: One number per result.
  /// - Returns: One number per input.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func vectorJacobianProduct(
    at sample: [Double], along weights: [Double]
  ) throws(CompilationError) -> [Double] {
    var product = [Double](repeating: 0, count: inputCount)
    try vectorJacobianProduct(at: sample, along: weights, into: &product)
    return product
  }

  /// Writes the sum of the results' gradients times weights into an array of ``inputCount`` numbers.
  ///
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the array is unchanged then.
  public func vectorJacobianProduct(
    at sample: [Double], along weights: [Double], into product: inout [Double]
  ) throws(CompilationError) {
    requireSample(sample)
    require(
      weights.count == resultCount,
      "a vector of \(weights.count) numbers for \(resultCount) results: give one number for each result")
    let sum = try weightedSum()
    sum.set(sample, weights)
    try sum.run(.valueWithGradient)
    product.take(sum.derivatives, count: inputCount)
  }

  /// Returns the derivatives of all results along a direction, at a sample.
  ///
  /// ```swift
  /// let polar = try compile(at: [1, 1]) { x in [hypot(x[0], x[1]), atan2(x[1], x[0])] }
  /// try polar.jacobianVectorProduct(at: [3, 4], along: [1, 0])  // [0.6, -0.16]
  /// ```
  ///
  /// - Parameters:
  ///   - sample: One number per input.
  ///   - direction: One number per input.
  /// - Returns: One number per result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func jacobianVectorProduct(
    at sample: [Double], along direction: [Double]
  ) throws(CompilationError) -> [Double] {
    var product = [Double](repeating: 0, count: resultCount)
    try jacobianVectorProduct(at: sample, along: direction, into: &product)
    return product
  }

  /// Writes the derivatives of all results along a direction into an array of ``resultCount`` numbers.
  ///
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the array is unchanged then.
  public func jacobianVectorProduct(
    at sample: [Double], along direction: [Double], into product: inout [Double]
  ) throws(CompilationError) {
    requireSample(sample)
    requireDirection(direction)
    // An operation of the user's own may have no rule for recorded tangents.
    var multiplies = try path(of: sample).recordsCustom
    if !multiplies { multiplies = try hasCheapJacobian() }
    if multiplies { return try multiplyJacobian(at: sample, by: direction, into: &product) }
    let tangents = try tangents()
    tangents.set(sample, direction)
    try tangents.run(.values)
    product.take(tangents.values, count: resultCount)
  }

  /// Returns the derivative of the value along a direction, at a sample.
  ///
  /// - Precondition: The function has one result, and the direction has a number per input.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func directionalDerivative(
    at sample: [Double], along direction: [Double]
  ) throws(CompilationError) -> Double {
    requireOneResult()
    return try jacobianVectorProduct(at: sample, along: direction)[0]
  }

  /// Returns the product of the Hessian and a direction at a sample: the derivative of the gradient along it.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 2]) { x in x[0].squared() * x[1] }
  /// try f.hessianVectorProduct(at: [3, 5], along: [1, 0])  // [10.0, 6.0]
  /// ```
  ///
  /// - Parameters:
  ///   - sample: One number per input.
  ///   - direction: One number per input.
  /// - Returns: One number per input.
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func hessianVectorProduct(
    at sample: [Double], along direction: [Double]
  ) throws(CompilationError) -> [Double] {
    var product = [Double](repeating: 0, count: inputCount)
    try hessianVectorProduct(at: sample, along: direction, into: &product)
    return product
  }

  /// Writes the product of the Hessian and a direction into an array of ``inputCount`` numbers.
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the array is unchanged then.
  public func hessianVectorProduct(
    at sample: [Double], along direction: [Double], into product: inout [Double]
  ) throws(CompilationError) {
    _ = try slope(at: sample, along: direction, into: &product)
  }

  /// Writes the gradient, and the product of the Hessian and a direction, into arrays of ``inputCount`` numbers, and returns the
  /// value: all of one run.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 2]) { x in x[0].squared() * x[1] }
  /// var (gradient, product) = ([0.0, 0.0], [0.0, 0.0])
  /// try f.valueWithGradient(at: [3, 5], along: [1, 0], into: &gradient, hessianProduct: &product)  // 45.0
  /// print(gradient, product)  // [30.0, 9.0] [10.0, 6.0]
  /// ```
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded; the arrays are unchanged then.
  @discardableResult
  public func valueWithGradient(
    at sample: [Double], along direction: [Double], into gradient: inout [Double],
    hessianProduct product: inout [Double]
  ) throws(CompilationError) -> Double {
    let slope = try slope(at: sample, along: direction, into: &product)
    // Where a zero met infinity, the slope does not depend on the direction as it should.
    if slope.wasCareful { return try valueWithGradient(at: sample, into: &gradient) }
    gradient.take(slope.derivatives, from: inputCount, count: inputCount)
    return slope.values[1]
  }

  // MARK: - Inside

  private func slope(
    at sample: [Double], along direction: [Double], into product: inout [Double]
  ) throws(CompilationError) -> DerivedFunction {
    requireOneResult()
    requireSample(sample)
    requireDirection(direction)
    let slope = try slope()
    slope.set(sample, direction)
    try slope.run(.valueWithGradient)
    product.take(slope.derivatives, count: inputCount)
    return slope
  }

  /// True if the whole Jacobian and its product take fewer operations than recorded tangents, whose rules are long for some
  /// functions. Decided once, by the first path.
  private func hasCheapJacobian() throws(CompilationError) -> Bool {
    if resultCount == 1 { return true }
    if let known = derived.hasCheapJacobian { return known }
    let entries = resultCount * inputCount
    var isCheap = entries <= 1024
    if isCheap {
      let rows = mg_program_flops(firstPath.program(OneSampleRun.valuesWithJacobian.wants)) + 2 * Int64(entries)
      isCheap = rows <= mg_program_flops(try tangents().function.firstPath.program(OneSampleRun.values.wants))
    }
    derived.hasCheapJacobian = isCheap
    return isCheap
  }

  private func multiplyJacobian(
    at sample: [Double], by direction: [Double], into product: inout [Double]
  ) throws(CompilationError) {
    var jacobian = derived.jacobian
    derived.jacobian = []  // not shared: it is written in place
    defer { derived.jacobian = jacobian }
    try self.jacobian(at: sample, into: &jacobian)
    product.lengthen(to: resultCount)
    for row in product.indices {
      var sum = 0.0
      for (k, d) in direction.enumerated() where d != 0 && jacobian[row * inputCount + k] != 0 {
        sum += d * jacobian[row * inputCount + k]
      }
      product[row] = sum
    }
  }

  internal func requireSample(_ sample: [Double]) {
    require(
      sample.count == inputCount,
      "a sample of \(sample.count) numbers for a function of \(inputCount): give as many as it was compiled with")
  }

  private func requireDirection(_ direction: [Double]) {
    require(
      direction.count == inputCount,
      "a direction of \(direction.count) numbers for \(inputCount) inputs: give one number for each input")
  }

  private func weightedSum() throws(CompilationError) -> DerivedFunction {
    if let made = derived.weightedSum { return made }
    let (f, n) = (try function(), inputCount)
    let made = try DerivedFunction(
      of: self, more: resultCount, differentiating: DifferentiatedPart(inputs: n), rows: 1, isRecorded: false
    ) { x in
      let results = f(Array(x[..<n]))
      return [dot(Array(x[n...]), results)]
    }
    derived.weightedSum = made
    return made
  }

  private func tangents() throws(CompilationError) -> DerivedFunction {
    if let made = derived.tangents { return made }
    let (f, n) = (try function(), inputCount)
    let made = try DerivedFunction(
      of: self, more: n, differentiating: DifferentiatedPart(), rows: 0, isRecorded: true
    ) { x in
      Value.withResults(at: Array(x[..<n]), of: f) { $0.jacobianVectorProduct(along: Array(x[n...])) }
    }
    derived.tangents = made
    return made
  }

  private func slope() throws(CompilationError) -> DerivedFunction {
    if let made = derived.slope { return made }
    let (f, n) = (try function(), inputCount)
    let made = try DerivedFunction(
      of: self, more: n, differentiating: DifferentiatedPart(), rows: 1, isRecorded: true
    ) { x in
      Value.withResults(at: Array(x[..<n]), of: f) {
        $0.jacobianVectorProduct(along: Array(x[n...])) + $0.values
      }
    }
    derived.slope = made
    return made
  }
}
