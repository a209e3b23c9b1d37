import Micrograd

/// y after `steps` steps of the classical Runge–Kutta method of fourth order, which knows of the differential equation how
/// far its slope at y carries in half a step.
func rungeKutta<T: DifferentiableNumber>(from start: [T], steps: Int, halfStep: ([T]) -> [T]) -> [T] {
  var y = start
  for _ in 0..<steps {
    let k1 = halfStep(y)
    let k2 = halfStep(y.indices.map { y[$0] + k1[$0] })
    let k3 = halfStep(y.indices.map { y[$0] + k2[$0] })
    let k4 = halfStep(y.indices.map { y[$0] + 2 * k3[$0] })
    y = y.indices.map { y[$0] + (k1[$0] + 2 * (k2[$0] + k3[$0]) + k4[$0]) / 3 }
  }
  return y
}

/// y(2) of y₀' = x₀, yᵢ' = xᵢ yᵢ₋₁, y(0) = 0.
func rungeKutta<T: DifferentiableNumber>(_ x: [T], steps: Int) -> [T] {
  let zero = [T](repeating: T(constant: 0), count: x.count)
  let scaled = x.map { (1 / Double(steps)) * $0 }
  return rungeKutta(from: zero, steps: steps) { y in
    x.indices.map { $0 == 0 ? scaled[0] : scaled[$0] * y[$0 - 1] }
  }
}

extension Module {
  static let ode = Module(
    name: "ode",
    functions: [
      "primal": Function { (input: RungeKuttaInput) in input.primal() },
      "gradient": Function { (input: RungeKuttaInput) in input.measured().gradient },
    ])
}

/// The parameters and how many steps to take.
package struct RungeKuttaInput: Input {
  let x: [Double]
  let s: Int

  package init(x: [Double], s: Int) { (self.x, self.s) = (x, s) }

  package func check() throws(InputError) {
    try expect(!x.isEmpty, "x is empty")
    try expect(s > 0, "s is \(s): there is at least one step")
    // A step of one number takes 14 nodes, of which a tape has 2²⁸.
    try expect(s < (1 << 24) / x.count, "\(s) steps of \(x.count) numbers are more than a tape has room for")
  }

  package func primal() -> [Double] { rungeKutta(x, steps: s) }

  /// The last element and its gradient.
  package func measured() -> Measured { Measured(at: x) { x in rungeKutta(x, steps: s)[x.count - 1] } }
}
