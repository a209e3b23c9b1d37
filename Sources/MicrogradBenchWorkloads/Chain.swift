import CMicrogradBaselines
import Micrograd

/// A long graph of two nodes over and over, x ← x · a + b, with derivatives by x, a and b.
///
/// a is so close to 1 that no derivative fades to zero, which a sweep might pass over.
package func chainCase(nodes: Int) -> Case {
  let links = nodes / 2
  let (start, a, b) = (0.5, 0.999_999_99, 1e-8)
  var history = [Double](repeating: 0, count: links)
  return Case(
    name: "chain-\(nodes)", title: "chain of \(grouped(nodes)) nodes", group: "chain", iterations: nil,
    contestants: [
      .handWritten(numbers: 4) { mgb_hand_chain($0, Int64(links), start, a, b, &history, $1) },
      .bareTape(numbers: 4) { mgb_bare_chain($0, Int64(links), start, a, b, $1) },
      Contestant(name: "Swift", role: .library) { runChain($0, links, start, a, b) },
    ])
}

/// A link is a multiplication and an addition.
@inline(never)
package func chain(_ links: Int, from start: Value, _ a: Value, _ b: Value) -> Value {
  var x = start
  for _ in 0..<links { x = x * a + b }
  return x
}

private func runChain(_ iterations: Int, _ links: Int, _ start: Double, _ a: Double, _ b: Double)
  -> Contestant.Outcome
{
  var numbers: [Double] = []
  var nodes = 0
  for _ in 0..<iterations {
    Tape.scope {
      let (first, factor, summand) = (Value(start), Value(a), Value(b))
      let x = chain(links, from: first, factor, summand)
      x.backward()
      numbers = [x.data, first.grad, factor.grad, summand.grad]
      nodes = Tape.current.nodeCount
    }
  }
  return Contestant.Outcome(numbers: numbers, nodes: nodes)
}
