import Micrograd

/// A value, its gradient, and how many nodes they took.
package struct Measured {
  package let value: Double
  package let gradient: [Double]
  package let nodes: Int

  @inline(__always)
  init(at x: [Double], of f: ([Value]) -> Value) {
    var nodes = 0
    (value, gradient) = valueWithGradient(at: x) { x in
      let value = f(x)
      nodes = Tape.current.nodeCount
      return value
    }
    self.nodes = nodes
  }
}

/// Returns the value of a function of Values, without recording it.
func number(at x: [Double], of f: ([Value]) -> Value) -> Double {
  withoutGradients { f(x.map { .constant($0) }).data }
}
