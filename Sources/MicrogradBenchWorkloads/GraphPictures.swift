import Micrograd
import MicrogradVisual

/// A graph in which nodes are used far from where they are made: its nodes as numbers, then its steps, its layout and its
/// picture.
package func graphPictureCase(nodes count: Int) -> Case {
  let (graph, steps) = tangledGraph(nodes: count)
  return Case(
    name: "graphpicture", title: "a graph of \(count) nodes: its sweep in steps, its layout, its picture",
    group: "graphpicture",
    iterations: nil,
    contestants: [
      .computing("Swift, Graph.text") { [graph.text.isEmpty ? 0 : Double(graph.nodes.count)] },
      .computing("Swift, gradients of BackwardSteps") { [Double(steps.gradients(after: steps.count).count)] },
      .computing("Swift, GraphLayout") { [Double(GraphLayout(of: graph, limit: count).boxes.count)] },
      .computing("Swift, GraphPicture.svg()") {
        [GraphPicture(graph).svg(limit: count).isEmpty ? 0 : Double(graph.nodes.count)]
      },
    ])
}

/// Leaves, and operations that take a recent node that nobody uses yet and any other; the root adds up what is not used.
private func tangledGraph(nodes count: Int) -> (Graph, BackwardSteps) {
  Tape().scope {
    var state: UInt64 = 5
    func next(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var values: [Value] = [], unused: [Value] = []
    while values.count < count - 1 {
      let isLeaf = values.count < 4 || (next(below: 10) < 4 && values.count < count - 20)
      let value: Value
      if isLeaf {
        value = Value(0.01 * Double(next(below: 100)))
      } else {
        let x = unused.remove(at: max(0, unused.count - 1 - next(below: 12)))
        let isShared = unused.isEmpty || next(below: 3) == 0
        let y =
          isShared ? values[next(below: values.count)] : unused.remove(at: max(0, unused.count - 1 - next(below: 12)))
        value = next(below: 2) == 0 ? x + y : x * y
      }
      values.append(value)
      unused.append(value)
    }
    let root = sum(unused)
    root.backward()
    return (Graph(of: root), BackwardSteps(of: root))
  }
}
