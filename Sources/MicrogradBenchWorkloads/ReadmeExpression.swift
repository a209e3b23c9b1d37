import CMicrogradBaselines
import Micrograd
import MicrogradLanguagePeer

/// The expression of micrograd's README.
@inline(never)
package func readmeExpression(_ a: Value, _ b: Value) -> Value {
  var c = a + b
  var d = a * b + b ** 3
  c += c + 1
  c += 1 + c + (-a)
  d += d * 2 + (b + a).relu()
  d += 3 * d + (b - a).relu()
  let e = c - d
  let f = e ** 2
  var g = f / 2.0
  g += 10.0 / f
  return g
}

/// README expression: recorded, swept and both gradients read, in a scope each time.
package func readmeCase(a: Double = -4, b: Double = 2) -> Case {
  var contestants: [Contestant] = [
    .handWritten(numbers: 3) { mgb_hand_readme($0, a, b, $1) },
    .bareTape(numbers: 3) { mgb_bare_readme($0, a, b, $1) },
    .c("engine from C", .library, numbers: 3) { mgb_engine_readme($0, a, b, $1) },
    Contestant(name: "Swift", role: .library) { runReadme($0, a, b) },
  ]
  if let peer = LanguagePeer.shared { contestants.append(.language { peer.readmeExpression(a, b) }) }
  return Case(
    name: "readme", title: "README expression", group: "readme", iterations: nil, contestants: contestants)
}

func runReadme(_ iterations: Int, _ a: Double, _ b: Double) -> Contestant.Outcome {
  var numbers = (0.0, 0.0, 0.0)
  var nodes = 0
  for k in 0..<iterations {
    Tape.scope {
      let (x, y) = (Value(a), Value(b))
      let g = readmeExpression(x, y)
      g.backward()
      numbers = (g.data, x.grad, y.grad)
      if k == 0 { nodes = Tape.current.nodeCount }
    }
  }
  return Contestant.Outcome(numbers: [numbers.0, numbers.1, numbers.2], nodes: nodes)
}
