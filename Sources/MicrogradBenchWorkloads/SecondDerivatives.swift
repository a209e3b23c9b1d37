import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Sweeps over one recorded graph: the gradient, a derivative along a direction, a product with the Hessian. What is measured
// records nothing.

/// The sweeps over Rosenbrock's function.
package func rosenbrockSweepsCase(variables n: Int) -> Case {
  let x = (0..<n).map { 0.3 + 0.4 * sin(Double($0)) }
  return sweepsCase("rosenbrock-\(n)", "Rosenbrock, \(grouped(n)) variables", at: x, of: rosenbrock)
}

/// The sweeps over a network of 2-16-16-1 neurons, made of scalar operations, with a squared error over samples.
package func networkSweepsCase(samples: Int) -> Case {
  let weights = (0..<337).map { 0.9 * sin(12.9898 * Double($0)) }
  return sweepsCase("network", "2-16-16-1 network, \(samples) samples", at: weights) { w in
    let losses = (0..<samples).map { sample -> Value in
      let angle = Double(sample), inputs: [Value] = [.constant(sin(1.3 * angle)), .constant(cos(0.7 * angle))]
      var next = 0
      let hidden = layer(w, &next, layer(w, &next, inputs, 16), 16)
      let error = layer(w, &next, hidden, 1, isLast: true)[0] - sin(angle)
      return error * error
    }
    return sum(losses)
  }
}

private func layer(_ w: [Value], _ next: inout Int, _ inputs: [Value], _ count: Int, isLast: Bool = false) -> [Value] {
  (0..<count).map { _ in
    var total = w[next + inputs.count]
    for (k, input) in inputs.enumerated() { total += w[next + k] * input }
    next += inputs.count + 1
    return isLast ? total : total.tanh()
  }
}

private func sweepsCase(_ name: String, _ title: String, at x: [Double], of f: @escaping ([Value]) -> Value) -> Case {
  let direction = x.indices.map { cos(Double($0)) }
  // A tape of its own, on which nobody else's parameters are.
  let tape = Tape()
  let recorded = RecordedFunction(at: x, keptOn: tape) { [f($0)] }
  func contestant(
    _ name: String, _ role: Contestant.Role, _ sweep: @escaping (RecordedFunction) -> [Double]
  ) -> Contestant {
    Contestant(name: name, role: role) { iterations in
      var numbers = sweep(recorded)
      for _ in 1..<max(iterations, 1) { numbers = sweep(recorded) }
      return Contestant.Outcome(numbers: numbers, nodes: tape.nodeCount)
    }
  }
  return Case(
    name: "sweeps-\(name)", title: "sweeps over \(title)", group: "sweeps-\(name)", iterations: nil,
    contestants: [
      contestant("gradient", .primal) { $0.gradient },
      contestant("along a direction", .library) { $0.jacobianVectorProduct(along: direction) },
      contestant("Hessian × direction", .library) { $0.hessianVectorProduct(along: direction) },
    ])
}
