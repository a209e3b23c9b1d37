import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Functions of many numbers that are one node, recorded afresh each time, beside the plain function in Swift.

/// log Σ exp(x[i]).
package func logSumExpCase(count n: Int) -> Case {
  let x = (0..<n).map { 3 * sin(0.7 * Double($0)) }
  return reductionCase(
    "log-sum-exp", "logSumExp of \(grouped(n))", at: x, value: plainLogSumExp, of: { (x: Vector) in logSumExp(x) })
}

/// tanh(Σ w[i] · x[i] + b), by weights and inputs.
package func neuronCase(inputs n: Int) -> Case {
  let numbers = (0...2 * n).map { 0.1 * sin(0.7 * Double($0)) }
  return reductionCase(
    "neuron", "tanh neuron of \(n) inputs", at: numbers, value: { plainNeuron($0, n) },
    of: { (x: Vector) in tanh(dot(x[0..<n], x[n..<2 * n]) + x[2 * n]) })
}

@inline(never)
private func plainLogSumExp(_ x: [Double]) -> Double {
  var largest = -Double.infinity, sum = 0.0
  for number in x { largest = max(largest, number) }
  for number in x { sum += exp(number - largest) }
  return largest + log(sum)
}

@inline(never)
private func plainNeuron(_ x: [Double], _ n: Int) -> Double {
  var sum = x[2 * n]
  for k in 0..<n { sum += x[k] * x[n + k] }
  return tanh(sum)
}

private func reductionCase(
  _ name: String, _ title: String, at x: [Double], value: @escaping ([Double]) -> Double,
  of f: @escaping (Vector) -> Value
) -> Case {
  // A tape of its own, on which nobody else's parameters are.
  let tape = Tape()
  return Case(
    name: name, title: title, group: name, iterations: nil,
    contestants: [
      Contestant(name: "Swift, Double", role: .primal) { iterations in
        var number = value(x)
        for _ in 1..<max(iterations, 1) { number = value(x) }
        return Contestant.Outcome(numbers: [number], nodes: 0)
      },
      Contestant(name: "Swift, gradient", role: .library) { iterations in
        tape.use {
          var numbers: [Double] = []
          for _ in 0..<max(iterations, 1) {
            let (value, gradient) = valueWithGradient(at: x, of: f)
            if numbers.isEmpty { numbers = [value] + gradient }
          }
          return Contestant.Outcome(numbers: numbers, nodes: x.count + 2)
        }
      },
    ])
}
