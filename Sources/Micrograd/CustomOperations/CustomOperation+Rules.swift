import CMicrograd

// What the engine asks of an operation: every mode from whichever rules there are.

extension CustomOperation {
  /// The outputs for inputs.
  internal func numbers(_ x: [Double]) -> [Double] {
    let outputs = function(x)
    requireCount(outputs.count, outputCount, "outputs by its value")
    return outputs
  }

  /// Σ weights[i] ∇output[i].
  internal func pullback(_ x: [Double], _ outputs: [Double], _ weights: [Double]) -> [Double] {
    let result: [Double]
    if let reverse {
      result = reverse(x, outputs, weights)
    } else if let forward {
      result = x.indices.map { column in
        let derivatives = forward(x, outputs, x.indices.map { $0 == column ? 1 : 0 })
        requireCount(derivatives.count, outputCount, "tangents by its jacobianVectorProduct")
        return zip(weights, derivatives).reduce(0) { $0 + ($1.0 == 0 ? 0 : $1.0 * $1.1) }
      }
    } else {
      result = recordedPullback(x.map { Value($0) }, weights.map { .constant($0) }).map(\.data)
    }
    requireCount(result.count, inputCount, "adjoints by its vectorJacobianProduct")
    return result
  }

  /// The derivatives of the outputs along a direction.
  internal func pushforward(_ x: [Double], _ outputs: [Double], _ direction: [Double]) -> [Double] {
    if let forward {
      let tangents = forward(x, outputs, direction)
      requireCount(tangents.count, outputCount, "tangents by its jacobianVectorProduct")
      return tangents
    }
    return outputs.indices.map { row in
      let gradient = pullback(x, outputs, outputs.indices.map { $0 == row ? 1 : 0 })
      return zip(direction, gradient).reduce(0) { $0 + ($1.0 == 0 ? 0 : $1.0 * $1.1) }
    }
  }

  /// The tangent of the pullback where the inputs move along `direction` and the weights along `weightDirection`.
  internal func pullbackTangent(
    _ x: [Double], _ direction: [Double], _ weights: [Double], _ weightDirection: [Double]
  ) -> [Double] {
    if let numericTangent { return numericTangent(x, direction, weights, weightDirection) }
    return jacobianVectorProduct(at: x + weights, along: direction + weightDirection) { arguments in
      recordedPullback(Array(arguments.prefix(inputCount)), Array(arguments.dropFirst(inputCount)))
    }
  }

  /// The reverse rule with Values, on whatever tape they are.
  internal func recordedPullback(_ x: [Value], _ weights: [Value], outputs: [Value]? = nil) -> [Value] {
    guard let recorded else {
      trap(
        """
        the operation \(name) has no rule for derivatives of its derivative: give it a secondDerivative, or a \
        recordedVectorJacobianProduct written with Values
        """)
    }
    let result = recorded(x, outputs ?? self(x), weights)
    requireCount(result.count, inputCount, "adjoints by its recordedVectorJacobianProduct")
    return result
  }

  /// The outputs that are to be recorded on a tape, which is closed meanwhile; `nil` for constants.
  internal func numbers(_ x: [Double], for tape: UnsafeMutablePointer<mg_tape>?) -> [Double] {
    var outputs: [Double] = []
    if let tape { mg_tape_begin_rule(tape) }
    asRule { outputs = numbers(x) }
    if let tape { mg_tape_end_rule(tape) }
    return outputs
  }

  /// The derivatives of the outputs along a direction, while a tape is closed.
  internal func tangents(
    _ x: [Double], _ outputs: [Double], along direction: [Double], for tape: UnsafeMutablePointer<mg_tape>
  ) -> [Double] {
    var tangents: [Double] = []
    mg_tape_begin_rule(tape)
    asRule { tangents = pushforward(x, outputs, direction) }
    mg_tape_end_rule(tape)
    return tangents
  }

  /// The operation as the engine sees it, its context yet to be set.
  internal static func callbacks(
    _ name: UnsafeMutablePointer<CChar>, _ inputCount: Int, _ outputCount: Int
  ) -> mg_custom {
    mg_custom(
      name: name, inputs: Int32(inputCount), outputs: Int32(outputCount), context: name,
      retain: { _ = Unmanaged<CustomOperation>.fromOpaque($0).retain() },
      release: { Unmanaged<CustomOperation>.fromOpaque($0).release() },
      value: { context, x, v in
        let this = operation(context)
        asRule { store(this.numbers(this.inputs(x)), v) }
      },
      pullback: { context, x, v, d, dx in
        let this = operation(context)
        asRule { store(this.pullback(this.inputs(x), this.outputs(v), this.outputs(d)), dx) }
      },
      pushforward: { context, x, v, s, t in
        let this = operation(context)
        asRule { store(this.pushforward(this.inputs(x), this.outputs(v), this.inputs(s)), t) }
      },
      pullback_tangent: { context, x, v, s, d, e, to in
        let this = operation(context)
        asRule { store(this.pullbackTangent(this.inputs(x), this.inputs(s), this.outputs(d), this.outputs(e)), to) }
      })
  }

  private func inputs(_ numbers: UnsafePointer<Double>) -> [Double] {
    Array(UnsafeBufferPointer(start: numbers, count: inputCount))
  }
  private func outputs(_ numbers: UnsafePointer<Double>) -> [Double] {
    Array(UnsafeBufferPointer(start: numbers, count: outputCount))
  }
}

private func operation(_ context: UnsafeMutableRawPointer) -> CustomOperation {
  Unmanaged<CustomOperation>.fromOpaque(context).takeUnretainedValue()
}

private func store(_ numbers: [Double], _ place: UnsafeMutablePointer<Double>) {
  for (k, number) in numbers.enumerated() { place[k] = number }
}

/// Runs a rule on a tape of its own, so that what it records and sweeps cannot get in the way of the sweep that calls it.
private func asRule(_ body: () -> Void) {
  let previous = mg_thread_begin_rule()
  body()
  mg_thread_end_rule(previous)
}
