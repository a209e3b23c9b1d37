import Micrograd

// Long loops: their gradient with checkpoints, and the same steps recorded and swept piece by piece, as many as fit in memory.

/// A step of Lorenz's system by the classical Runge-Kutta method, of its three parameters and its state.
package func lorenzStep<T: DifferentiableNumber>(_ p: [T], _ s: [T]) -> [T] {
  let h = 0.001
  func slope(_ s: [T]) -> [T] { [p[0] * (s[1] - s[0]), s[0] * (p[1] - s[2]) - s[1], s[0] * s[1] - p[2] * s[2]] }
  func moved(_ k: [T], _ by: Double) -> [T] { s.indices.map { s[$0] + by * k[$0] } }
  let a = slope(s), b = slope(moved(a, h / 2)), c = slope(moved(b, h / 2)), d = slope(moved(c, h))
  return s.indices.map { s[$0] + h / 6 * (a[$0] + 2 * (b[$0] + c[$0]) + d[$0]) }
}

/// Lorenz's system. Its gradient grows with time, and leaves the range after some 10⁶ steps.
package func lorenzLoopCase(steps: Int) -> Case {
  loopCase("loop-lorenz", "Lorenz's system", steps, at: [1, 1.2, 20, 10, 28, 8.0 / 3], states: 3) { x, s in
    lorenzStep(Array(x[3...]), s)
  }
}

/// The heated floor of `Building`, with the state of slab, water and tank.
package func buildingLoopCase(steps: Int) -> Case {
  let x = Building.parameters
  return loopCase("loop-building", "heated floor", steps, at: [x[4], x[10], x[14]] + x, states: 3) { x, s in
    Building.step(Array(x[3...]), (slab: s[0], water: s[1], tank: s[2]))
  }
}

private func loopCase(
  _ name: String, _ title: String, _ steps: Int, at x: [Double], states: Int,
  step: @escaping ([Value], [Value]) -> [Value]
) -> Case {
  let part = min(steps, 10_000)
  func gradient(of steps: Int, _ loop: @escaping ([Value], @escaping ([Value]) -> [Value]) -> [Value]) -> [Double] {
    let (value, gradient) = valueWithGradient(at: x) { x in
      sum(loop(Array(x[..<states])) { s in step(x, s) })
    }
    return [value] + gradient
  }
  return Case(
    name: name, title: "\(title), \(grouped(steps)) steps: value and gradient", group: name, iterations: 1,
    contestants: [
      .computing("recorded, by pieces of \(grouped(part))") {
        var numbers: [Double] = []
        for _ in 0..<steps / part {
          numbers = gradient(of: part) { start, body in (0..<part).reduce(start) { state, _ in body(state) } }
        }
        return numbers
      },
      .computing("Swift, iterate") {
        gradient(of: steps) { iterate(steps, from: $0, checkpoints: nil, body: $1) }
      },
    ], parts: steps)
}
