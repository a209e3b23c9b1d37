import CMicrogradBaselines
import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Σ w[i] · x[i] as one writes it, w being parameters.
@inline(never)
package func dotByHand(_ w: Parameters, _ x: [Value]) -> Value {
  var s = Value(0)
  for i in 0..<x.count { s += w[i] * x[i] }
  return s
}

/// A dot product of parameters with leaves: user code over parameters, value by value.
package func dotCase(count n: Int) -> Case {
  let w = (0..<n).map { sin(0.7 * Double($0)) }
  let x = (0..<n).map { cos(0.3 * Double($0)) }
  let numbers = 1 + 2 * n
  let parameters = Parameters(w)
  return Case(
    name: "dot", title: "s += w[i] * x[i], \(grouped(n)) parameters", group: "dot", iterations: nil,
    contestants: [
      .handWritten(numbers: numbers) { mgb_hand_dot($0, w, x, Int64(n), $1) },
      .bareTape(numbers: numbers) { mgb_bare_dot($0, w, x, Int64(n), $1) },
      Contestant(name: "Swift", role: .library) { runDot($0, parameters, x, dotByHand) },
      Contestant(name: "Swift, dot(w, x)", role: .library) {
        runDot($0, parameters, x) { dot(Array($0), $1) }
      },
    ])
}

private func runDot(
  _ iterations: Int, _ w: Parameters, _ data: [Double], _ product: (Parameters, [Value]) -> Value
) -> Contestant.Outcome {
  var numbers = [Double](repeating: 0, count: 1 + 2 * data.count)
  var nodes = 0
  for k in 0..<iterations {
    Tape.scope {
      let x = data.map { Value($0) }
      let s = product(w, x)
      w.zeroGradients()
      s.backward()
      numbers[0] = s.data
      for (i, gradient) in w.gradients.enumerated() { numbers[1 + i] = gradient }
      for i in 0..<x.count { numbers[1 + x.count + i] = x[i].grad }
      if k == 0 { nodes = Tape.current.nodeCount }
    }
  }
  return Contestant.Outcome(numbers: numbers, nodes: nodes)
}
