import Micrograd

/// y(2) of y₀' = x₀, yᵢ' = xᵢ yᵢ₋₁, y(0) = 0, by `steps` steps of the classical Runge–Kutta method of fourth order.
///
/// A stage of an element depends on the same stage of the element before it alone. So each step goes through the elements
/// once, with all four stages at a time: nothing is stored but y, and operands are recorded shortly before they are used.
func rungeKutta<T: DifferentiableNumber>(_ x: [T], steps: Int) -> [T] {
  var y = [T](repeating: T(constant: 0), count: x.count)
  // How far the slope of an element carries in half a step and in a whole one, for 1 in the place of yᵢ₋₁. Over [0, 2] half
  // a step is 1 / steps long.
  let halved = x.map { (1 / Double(steps)) * $0 }, doubled = halved.map { 2 * $0 }
  for _ in 0..<steps {
    var (k1, k2, k3, k4) = (halved[0], halved[0], doubled[0], halved[0])
    for i in y.indices.dropLast() {
      let before = y[i]
      let (second, third, fourth) = (before + k1, before + k2, before + k3)
      y[i] = before + (k1 + 2 * k2 + k3 + k4) / 3
      (k1, k2, k3, k4) = (
        halved[i + 1] * before, halved[i + 1] * second, doubled[i + 1] * third, halved[i + 1] * fourth
      )
    }
    y[x.count - 1] = y[x.count - 1] + (k1 + 2 * k2 + k3 + k4) / 3
  }
  return y
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
