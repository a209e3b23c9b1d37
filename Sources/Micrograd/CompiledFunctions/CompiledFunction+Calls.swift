import CMicrograd

extension CompiledFunction {
  /// How the losses of samples are combined into one.
  public enum Reduction: Sendable, Hashable {
    /// Their sum.
    case sum
    /// Their sum divided by their number.
    case mean
  }

  /// Returns the value of each sample, for a function with one result.
  ///
  /// - Throws: ``CompilationError``, if a sample takes a path that cannot be added.
  public func values(at samples: Samples) throws(CompilationError) -> [Double] {
    requireOneResult()
    return try results(at: samples).numbers
  }

  /// Returns the results of each sample, one row per sample.
  ///
  /// - Throws: ``CompilationError``, if a sample takes a path that cannot be added.
  public func results(at samples: Samples) throws(CompilationError) -> Samples {
    var results = [Double](repeating: 0, count: samples.count * resultCount)
    try run(MG_WANT_VALUES, samples, values: &results)
    return Samples(results, width: resultCount, count: samples.count)
  }

  /// Returns the gradient of each sample's value with respect to its inputs, one row per sample.
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError``, if a sample takes a path that cannot be added.
  public func gradients(at samples: Samples) throws(CompilationError) -> Samples {
    var gradients = Samples([], width: inputCount, count: 0)
    try self.gradients(at: samples, into: &gradients)
    return gradients
  }

  /// Computes the gradients into `gradients`. Allocates no memory if it has the shape already.
  public func gradients(at samples: Samples, into gradients: inout Samples) throws(CompilationError) {
    requireOneResult()
    gradients.reshape(like: samples)
    try run(MG_WANT_INPUTS, samples, gradients: &gradients.numbers)
  }

  /// Returns the value of each sample and its gradient with respect to the sample's inputs.
  ///
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError``, if a sample takes a path that cannot be added.
  public func valuesWithGradients(
    at samples: Samples
  ) throws(CompilationError) -> (values: [Double], gradients: Samples) {
    requireOneResult()
    var values = [Double](repeating: 0, count: samples.count)
    var gradients = Samples([], width: inputCount, count: 0)
    gradients.reshape(like: samples)
    try run(MG_WANT_VALUES | MG_WANT_INPUTS, samples, values: &values, gradients: &gradients.numbers)
    return (values, gradients)
  }

  /// Adds the gradient of the mean (or the sum) of the samples' values to the gradients of all parameters and leaves that
  /// the function uses, as ``Value/backward(seed:)`` would. Returns the mean (or the sum).
  ///
  /// - Precondition: The function has one result, and there is at least one sample.
  /// - Throws: ``CompilationError``, if a sample takes a path that cannot be added; no gradient has changed then.
  @discardableResult
  public func backward(
    at samples: Samples, reduction: Reduction = .mean
  ) throws(CompilationError) -> Double {
    requireOneResult()
    require(samples.count > 0, "no samples: their mean is none")
    return try run(MG_WANT_PARAMETERS, samples, scale: reduction == .mean ? 1 / Double(samples.count) : 1)
  }

  /// The same with a factor of the caller's.
  package func addGradients(of samples: Samples, scale: Double) throws(CompilationError) -> Double {
    try run(MG_WANT_PARAMETERS, samples, scale: scale)
  }
}

extension Samples {
  internal mutating func reshape(like other: Samples) {
    if width == other.width && count == other.count && isByColumn == other.isByColumn { return }
    self = Samples(
      [Double](repeating: 0, count: other.numbers.count), width: other.width, count: other.count,
      isByColumn: other.isByColumn)
  }
}

// MARK: - Running

extension CompiledFunction {
  @discardableResult
  internal func run(
    _ wants: Int, _ samples: Samples, scale: Double = 1, values: UnsafeMutablePointer<Double>? = nil,
    gradients: UnsafeMutablePointer<Double>? = nil
  ) throws(CompilationError) -> Double {
    require(
      samples.width == inputCount || samples.count == 0,
      """
      samples of \(samples.width) numbers for a function of \(inputCount): give as many as it was compiled with
      """)
    require(threads >= 1, "at least one thread is needed: not \(threads)")
    tape.pointer.pointee.watch?.pointee.swept = true  // who records a function has plain numbers from here
    return try tape.use { () throws(CompilationError) -> Double in
      guard let samplesByPath = try sort(samples) else {
        return run(paths[0], wants, samples, nil, scale, values, gradients)
      }
      var total = 0.0
      for (path, indices) in zip(paths, samplesByPath) where !indices.isEmpty {
        total += run(path, wants, samples, indices, scale, values, gradients)
      }
      return total
    }
  }

  private func run(
    _ path: CompiledPath, _ wants: Int, _ samples: Samples, _ indices: [Int64]?, _ scale: Double,
    _ values: UnsafeMutablePointer<Double>?, _ gradients: UnsafeMutablePointer<Double>?,
    deviates: UnsafeMutablePointer<UInt8>? = nil
  ) -> Double {
    let parameters = part.parameters.map(\.unwatchedData)  // that are inputs
    return samples.numbers.withUnsafeBufferPointer { numbers in
      parameters.withUnsafeBufferPointer { parameters in
        func batch(_ indices: UnsafePointer<Int64>?, _ count: Int) -> mg_batch {
          mg_batch(
            samples: numbers.baseAddress, column: samples.isByColumn ? Int64(samples.count) : 0,
            shared: parameters.baseAddress, shared_count: Int64(parameters.count), indices: indices,
            count: Int64(count), threads: Int64(threads), scale: scale, values: values, input_gradients: gradients,
            deviates: deviates, reduction: nil)
        }
        guard let indices else { return path.run(Int32(wants), batch(nil, samples.count)) }
        return indices.withUnsafeBufferPointer { path.run(Int32(wants), batch($0.baseAddress, $0.count)) }
      }
    }
  }

  /// Returns the samples of each path, or `nil` if all take the first. Records new paths as it meets them.
  private func sort(_ samples: Samples) throws(CompilationError) -> [[Int64]]? {
    if !paths[0].isGuarded { return nil }
    var samplesByPath: [[Int64]] = []
    var left: [Int64]? = nil  // all
    var recorded: Int64? = nil  // the sample for which the path was recorded: it takes it, whatever rounding says
    var deviates = [UInt8](repeating: 0, count: samples.count)
    while true {
      let k = samplesByPath.count
      _ = run(paths[k], MG_WANT_GUARDS, samples, left, 1, nil, nil, deviates: &deviates)
      if left == nil && !deviates.contains(1) { return nil }
      let candidates = left ?? (0..<Int64(samples.count)).map(\.self)
      var (taking, others): ([Int64], [Int64]) = ([], [])
      for sample in candidates {
        if deviates[Int(sample)] == 0 || sample == recorded { taking.append(sample) } else { others.append(sample) }
      }
      samplesByPath.append(taking)
      recorded = nil
      while samplesByPath.count == paths.count, let next = others.first {
        let path = try path(at: samples[Int(next)], Int(next))
        if path == samplesByPath.count {
          recorded = next
        } else {
          samplesByPath[path].append(others.removeFirst())
        }
      }
      if others.isEmpty { return samplesByPath }
      left = others
    }
  }
}
