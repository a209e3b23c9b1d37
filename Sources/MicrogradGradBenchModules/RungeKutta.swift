import Micrograd

/// y after `steps` steps of the classical Runge–Kutta method of fourth order, which knows of the differential equation how
/// far its slope at y carries in half a step and in a whole one.
func rungeKutta<T: DifferentiableNumber>(
  from start: [T], steps: Int, half: ([T]) -> [T], whole: ([T]) -> [T]
) -> [T] {
  var y = start
  for _ in 0..<steps {
    let k1 = half(y)
    let k2 = half(y.indices.map { y[$0] + k1[$0] })
    let k3 = whole(y.indices.map { y[$0] + k2[$0] })
    let k4 = half(y.indices.map { y[$0] + k3[$0] })
    y = y.indices.map { y[$0] + (k1[$0] + 2 * k2[$0] + k3[$0] + k4[$0]) / 3 }
  }
  return y
}

/// y(2) of y₀' = x₀, yᵢ' = xᵢ yᵢ₋₁, y(0) = 0.
func rungeKutta<T: DifferentiableNumber>(_ x: [T], steps: Int) -> [T] {
  let zero = [T](repeating: T(constant: 0), count: x.count)
  // Over [0, 2] half a step is 1 / steps long.
  let halved = x.map { (1 / Double(steps)) * $0 }, doubled = halved.map { 2 * $0 }
  func carried(_ y: [T], _ rates: [T]) -> [T] { rates.indices.map { $0 == 0 ? rates[0] : rates[$0] * y[$0 - 1] } }
  return rungeKutta(from: zero, steps: steps, half: { carried($0, halved) }, whole: { carried($0, doubled) })
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
    // A step of one number takes 13 nodes, of which a tape has 2²⁸.
    try expect(s < (1 << 24) / x.count, "\(s) steps of \(x.count) numbers are more than a tape has room for")
  }

  package func primal() -> [Double] { rungeKutta(x, steps: s) }

  /// The last element and its gradient.
  package func measured() -> Measured { Measured(at: x) { x in rungeKutta(x, steps: s)[x.count - 1] } }
}
