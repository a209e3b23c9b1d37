import CMicrogradBaselines
import Micrograd
import MicrogradLanguagePeer

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Σ 100 (x[i+1] - x[i]²)² + (1 - x[i])².
@inline(never)
package func rosenbrock(_ x: [Value]) -> Value {
  var sum = Value(0)
  for i in 0..<x.count - 1 {
    sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
  }
  return sum
}

/// Rosenbrock's function of many variables, and its gradient.
package func rosenbrockCase(variables n: Int) -> Case {
  let x = (0..<n).map { 0.3 + 0.4 * sin(Double($0)) }
  var contestants: [Contestant] = [
    .handWritten(numbers: 1 + n) { mgb_hand_rosenbrock($0, x, Int64(n), $1) },
    .bareTape(numbers: 1 + n) { mgb_bare_rosenbrock($0, x, Int64(n), $1) },
    Contestant(name: "Swift", role: .library) { runRosenbrock($0, x) },
  ]
  // The language's gradient of a loop over an array takes time that grows with the square of the length.
  if let peer = LanguagePeer.shared, n <= 1_000 { contestants.append(.language { peer.rosenbrock(x) }) }
  return Case(
    name: "rosenbrock-\(n)", title: "Rosenbrock, \(grouped(n)) variables", group: "rosenbrock-\(n)",
    iterations: nil, contestants: contestants)
}

private func runRosenbrock(_ iterations: Int, _ point: [Double]) -> Contestant.Outcome {
  var numbers = [Double](repeating: 0, count: 1 + point.count)
  var nodes = 0
  for k in 0..<iterations {
    Tape.scope {
      let x = point.map { Value($0) }
      let sum = rosenbrock(x)
      sum.backward()
      numbers[0] = sum.data
      for i in 0..<x.count { numbers[1 + i] = x[i].grad }
      if k == 0 { nodes = Tape.current.nodeCount }
    }
  }
  return Contestant.Outcome(numbers: numbers, nodes: nodes)
}

/// `1000000` as `1 000 000`.
package func grouped(_ n: Int) -> String {
  n < 1000 ? "\(n)" : "\(grouped(n / 1000)) \("\(1000 + n % 1000)".dropFirst())"
}
