import CMicrograd

extension CompiledFunction {
  /// Returns the gradient of each sample's value with respect to parameters: a row for each sample, a column for each parameter.
  ///
  /// ```swift
  /// let w = Parameters([0.5, -1])
  /// let loss = try compile(at: [0, 0]) { x in (x[0] * w[0] + w[1] - x[1]).squared() }
  /// try loss.gradients(at: Samples([[1, 2], [3, 0]]), byParameters: Array(w))  // [[-5.0, -5.0], [3.0, 1.0]]
  /// ```
  ///
  /// ``backward(at:reduction:)`` adds up such rows, and is faster. The parameters' own gradients do not change. The program is
  /// made at the first call with these parameters, and kept; those of the four lists that were used last are. It treats the
  /// parameters as inputs, so it does not find matrices among them.
  ///
  /// - Parameters:
  ///   - samples: As many numbers each as the function has inputs.
  ///   - parameters: Parameters or leaves that were made outside of the function, each once. If the function does not use one,
  ///     its column is zero.
  /// - Returns: Samples that are stored by column.
  /// - Precondition: The function has one result.
  /// - Throws: ``CompilationError``, if a sample takes a path that cannot be added.
  public func gradients(
    at samples: Samples, byParameters parameters: [Value]
  ) throws(CompilationError) -> Samples {
    requireOneResult()
    let function = try function(of: parameters)
    function.threads = threads
    var gradients = [Double](repeating: 0, count: samples.count * parameters.count)
    if samples.count > 0 {
      let columns = samples.isByColumn ? samples : samples.transposed
      try function.run(MG_WANT_INPUTS, columns, gradients: &gradients)
    }
    return Samples(gradients, width: parameters.count, count: samples.count, isByColumn: true)
  }

  /// The function of parameters and inputs, compiled unless it is there.
  private func function(of parameters: [Value]) throws(CompilationError) -> CompiledFunction {
    let ids = parameters.map(\.id)
    if let place = derived.ofParameters.firstIndex(where: { $0.parameters == ids }) {
      derived.ofParameters.append(derived.ofParameters.remove(at: place))
      return derived.ofParameters[derived.ofParameters.count - 1].function
    }
    for (k, parameter) in parameters.enumerated() {
      require(parameter.pointer == tape.pointer, "parameters[\(k)] is not on the tape of the compiled function")
      let node = parameter.node(on: tape.pointer)
      require(
        node < 0 || mg_node_op(tape.pointer, node) == .leaf,
        "parameters[\(k)] was computed from other Values: give parameters and leaves")
    }
    require(Set(ids).count == ids.count, "a parameter is listed twice: give each once")
    let part = DifferentiatedPart(inputs: parameters.count, parameters: parameters), closure = try function()
    let made = try tape.use { () throws(CompilationError) in
      try CompiledFunction(
        at: firstSample, branching: branching, precision: precision, differentiating: part, of: closure)
    }
    if derived.ofParameters.count == 4 { derived.ofParameters.removeFirst() }
    derived.ofParameters.append((ids, made))
    return made
  }
}

extension Samples {
  /// The same samples, stored by column.
  fileprivate var transposed: Samples {
    Samples(columns.flatMap(\.self), width: width, count: count, isByColumn: true)
  }
}
