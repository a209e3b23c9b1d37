import CMicrograd

// MARK: - One sample

extension NativeFunction {
  /// Returns the value at a sample.
  ///
  /// - Precondition: The function has one result, and `sample` as many numbers as there are inputs.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func callAsFunction(at sample: [Double]) throws(CompilationError) -> Double {
    requireOneResult()
    requireWidth(sample.count)
    if hasParameters { update(1) }
    var result = 0.0
    let status = sample.withUnsafeBufferPointer { x in
      value(x.baseAddress ?? UnsafePointer(uniforms.numbers), uniforms, &result)
    }
    if status == 0 { return result }
    interpretedCount += 1
    return try function(at: sample)
  }

  /// Writes the results at a sample into an array. Takes no memory if the array has as many numbers as there are results.
  ///
  /// - Precondition: `sample` has as many numbers as there are inputs.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func results(at sample: [Double], into results: inout [Double]) throws(CompilationError) {
    requireWidth(sample.count)
    if results.count != resultCount { results = [Double](repeating: 0, count: resultCount) }
    if hasParameters { update(1) }
    let status = sample.withUnsafeBufferPointer { x in
      results.withUnsafeMutableBufferPointer { to in
        to.baseAddress.map { value(x.baseAddress ?? UnsafePointer(uniforms.numbers), uniforms, $0) } ?? 0
      }
    }
    if status == 0 { return }
    interpretedCount += 1
    try function.results(at: sample, into: &results)
  }

  /// Returns the value at a sample and writes its gradient with respect to the inputs into an array. Takes no memory if the
  /// array has as many numbers as there are inputs.
  ///
  /// - Precondition: The function has one result and an input, and `sample` as many numbers as there are inputs.
  /// - Throws: ``CompilationError`` if the sample takes a path that is not to be recorded.
  public func valueWithGradient(
    at sample: [Double], into gradient: inout [Double]
  ) throws(CompilationError) -> Double {
    requireOneResult()
    requireWidth(sample.count)
    guard let compute = self.gradient else { trap("the function has no inputs: it has no gradient by them") }
    if gradient.count != inputCount { gradient = [Double](repeating: 0, count: inputCount) }
    if hasParameters { update(2) }
    var result = 0.0
    let status = sample.withUnsafeBufferPointer { x in
      gradient.withUnsafeMutableBufferPointer { to in
        guard let x = x.baseAddress, let to = to.baseAddress else { return Int32(1) }
        return compute(x, uniforms, &result, to)
      }
    }
    if status == 0 { return result }
    interpretedCount += 1
    return try function.valueWithGradient(at: sample, into: &gradient)
  }

  /// Returns the value at a sample and its gradient with respect to the inputs.
  public func valueWithGradient(
    at sample: [Double]
  ) throws(CompilationError) -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: 0, count: inputCount)
    let value = try valueWithGradient(at: sample, into: &gradient)
    return (value, gradient)
  }
}

extension UnsafeMutablePointer<UnsafePointer<Double>?> {
  /// An address for a function without inputs, which reads nothing from it.
  fileprivate var numbers: UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: Double.self)
  }
}

// MARK: - Many samples

extension NativeFunction {
  /// Returns the value of each sample, of a function with one result.
  ///
  /// - Throws: ``CompilationError`` if a sample takes a path that is not to be recorded.
  public func values(at samples: Samples) throws(CompilationError) -> [Double] {
    requireOneResult()
    return try results(at: samples).numbers
  }

  /// Returns the results of each sample, one row per sample.
  ///
  /// - Throws: ``CompilationError`` if a sample takes a path that is not to be recorded.
  public func results(at samples: Samples) throws(CompilationError) -> Samples {
    require(
      samples.count == 0 || samples.width == inputCount, "samples of \(samples.width) numbers for \(inputCount) inputs")
    var numbers = [Double](repeating: 0, count: samples.count * resultCount)
    guard samples.count > 0, resultCount > 0 else { return Samples(numbers, width: resultCount, count: samples.count) }
    if hasParameters { update(1) }
    let compute = batch("mg_values", samples, Values.self)
    let left = marks(samples) { x, left in
      numbers.withUnsafeMutableBufferPointer { to in
        to.baseAddress.map { compute(Int64(samples.count), x, uniforms, $0, left) } ?? 0
      }
    }
    if !left.isEmpty {
      let results = try function.results(at: samples.subset(left))
      for (k, s) in left.enumerated() {
        for j in 0..<resultCount { numbers[s * resultCount + j] = results.numbers[k * resultCount + j] }
      }
    }
    return Samples(numbers, width: resultCount, count: samples.count)
  }

  /// Returns the value of each sample and its gradient with respect to the sample's inputs.
  ///
  /// - Throws: ``CompilationError`` if a sample takes a path that is not to be recorded.
  public func valuesWithGradients(
    at samples: Samples
  ) throws(CompilationError) -> (values: [Double], gradients: Samples) {
    var (values, gradients) = ([Double](), Samples([], width: inputCount, count: 0))
    try valuesWithGradients(at: samples, values: &values, gradients: &gradients)
    return (values, gradients)
  }

  /// Writes the values and gradients into arrays. Takes no memory if the arrays have the right shape.
  public func valuesWithGradients(
    at samples: Samples, values: inout [Double], gradients: inout Samples
  ) throws(CompilationError) {
    requireOneResult()
    require(
      samples.count == 0 || samples.width == inputCount, "samples of \(samples.width) numbers for \(inputCount) inputs")
    gradients.reshape(like: samples)
    if values.count != samples.count { values = [Double](repeating: 0, count: samples.count) }
    guard samples.count > 0, gradient != nil else { return }
    if hasParameters { update(2) }
    let compute = batch("mg_gradients", samples, Gradients.self)
    let left = marks(samples) { x, left in
      values.withUnsafeMutableBufferPointer { values in
        gradients.numbers.withUnsafeMutableBufferPointer { gradients in
          guard let values = values.baseAddress, let gradients = gradients.baseAddress else { return 0 }
          return compute(Int64(samples.count), x, uniforms, values, gradients, left)
        }
      }
    }
    if left.isEmpty { return }
    let (found, slopes) = try function.valuesWithGradients(at: samples.subset(left))
    for (k, s) in left.enumerated() {
      values[s] = found[k]
      for j in 0..<inputCount {
        gradients.numbers[samples.isByColumn ? j * samples.count + s : s * inputCount + j] =
          slopes.numbers[k * inputCount + j]
      }
    }
  }

  /// Adds the gradient of the samples' mean value (or their sum) to the gradients of all parameters and leaves that the
  /// function uses, and returns the mean (or the sum), as ``CompiledFunction/backward(at:reduction:)`` does.
  ///
  /// - Precondition: The function has one result, and there is a sample.
  /// - Throws: ``CompilationError`` if a sample takes a path that is not to be recorded; no gradient has changed then.
  @discardableResult
  public func backward(
    at samples: Samples, reduction: CompiledFunction.Reduction = .mean
  ) throws(CompilationError) -> Double {
    requireOneResult()
    require(samples.count > 0, "no samples: their mean is none")
    require(samples.width == inputCount, "samples of \(samples.width) numbers for \(inputCount) inputs")
    guard hasParameters else { return try function.backward(at: samples, reduction: reduction) }
    let scale = reduction == .mean ? 1 / Double(samples.count) : 1
    update(3)
    let programs = paths.map { $0.program(CompiledFunction.Program.gradientByParameters.wants) }
    var sums = programs.map { [Double](repeating: 0, count: Int(mg_program_sum_count($0))) }
    var left = add("mg_sums", samples, to: &sums)
    if !sums.allSatisfy({ $0.allSatisfy(\.isFinite) }) {
      for k in sums.indices { sums[k] = [Double](repeating: 0, count: sums[k].count) }
      left = add("mg_careful_sums", samples, to: &sums)
    }
    var total = 0.0
    if !left.isEmpty {
      // Their gradients are scaled as the others': by the number of all.
      total = try function.addGradients(of: samples.subset(left), scale: scale)
    }
    for (k, program) in programs.enumerated() {
      if mg_program_add_gradients(program, function.tape.pointer, sums[k], scale) != .ok {
        trapFull(function.tape.pointer)
      }
      total += scale * sums[k][0]
    }
    return total
  }

  private func add(_ name: String, _ samples: Samples, to sums: inout [[Double]]) -> [Int] {
    let compute = batch(name, samples, Sums.self)
    let places = sums.map { UnsafeMutableBufferPointer<Double>.allocate(capacity: $0.count) }
    defer { for place in places { place.deallocate() } }
    for (place, numbers) in zip(places, sums) { _ = place.initialize(from: numbers) }
    var left = [UInt8](repeating: 0, count: samples.count)
    let missing = samples.numbers.withUnsafeBufferPointer { x in
      left.withUnsafeMutableBufferPointer { left in
        places.map(\.baseAddress).withUnsafeBufferPointer { places in
          guard let left = left.baseAddress, let places = places.baseAddress else { return Int64(0) }
          return compute(Int64(samples.count), x.baseAddress ?? UnsafePointer(uniforms.numbers), uniforms, places, left)
        }
      }
    }
    for (k, place) in places.enumerated() { sums[k] = Array(place) }
    return missing == 0 ? [] : left.indices.filter { left[$0] != 0 }
  }

  private func batch<T>(_ name: String, _ samples: Samples, _ type: T.Type) -> T {
    guard let function = library.function(samples.isByColumn ? name + "_by_column" : name, type) else {
      trap("the library lacks the function \(name)")
    }
    return function
  }

  /// The indices of the samples that were not computed.
  private func marks(_ samples: Samples, _ compute: (Numbers, Marks?) -> Int64) -> [Int] {
    samples.numbers.withUnsafeBufferPointer { x in
      let x = x.baseAddress ?? UnsafePointer(uniforms.numbers)
      if !isPartial {
        _ = compute(x, nil)
        return []
      }
      var left = [UInt8](repeating: 0, count: samples.count)
      let missing = left.withUnsafeMutableBufferPointer { compute(x, $0.baseAddress) }
      interpretedCount += Int(missing)
      return missing == 0 ? [] : left.indices.filter { left[$0] != 0 }
    }
  }
}

extension Samples {
  /// Some of them, sample after sample.
  fileprivate func subset(_ samples: [Int]) -> Samples {
    Samples(samples.flatMap { self[$0] }, width: width, count: samples.count)
  }
}
