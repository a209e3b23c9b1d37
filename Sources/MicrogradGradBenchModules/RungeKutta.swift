import Micrograd

/// y(2) of y₀' = x₀, yᵢ' = xᵢ yᵢ₋₁, y(0) = 0, by `steps` steps of the classical Runge–Kutta method of fourth order.
package func rungeKutta<T: DifferentiableNumber>(_ x: [T], steps: Int) -> [T] {
  let h = 2 / Double(steps)
  var y = [T](repeating: T(constant: 0), count: x.count)
  var k1 = y, k2 = y, k3 = y, k4 = y, u = y
  for _ in 0..<steps {
    slope(x, y, &k1)
    for i in u.indices { u[i] = y[i] + (h / 2) * k1[i] }
    slope(x, u, &k2)
    for i in u.indices { u[i] = y[i] + (h / 2) * k2[i] }
    slope(x, u, &k3)
    for i in u.indices { u[i] = y[i] + h * k3[i] }
    slope(x, u, &k4)
    for i in y.indices { y[i] += (h / 6) * (k1[i] + 2.0 * (k2[i] + k3[i]) + k4[i]) }
  }
  return y
}

/// y' at y.
package func slope<T: DifferentiableNumber>(_ x: [T], _ y: [T], _ slope: inout [T]) {
  slope[0] = x[0]
  for i in 1..<x.count { slope[i] = x[i] * y[i - 1] }
}

extension Module {
  static let ode = Module(
    name: "ode",
    functions: [
      "primal": Function { (input: RungeKuttaInput) in rungeKutta(input.x, steps: input.s) },
      "gradient": Function { (input: RungeKuttaInput) in
        gradient(at: input.x) { x in rungeKutta(x, steps: input.s)[x.count - 1] }
      },
    ])
}

/// The parameters and how many steps to take.
package struct RungeKuttaInput: Input {
  let x: [Double]
  let s: Int

  package func check() throws(InputError) {
    try expect(!x.isEmpty, "x is empty")
    try expect(s > 0, "s is \(s): there is at least one step")
    try expect(s < 10_000_000 / x.count, "\(s) steps of \(x.count) numbers are more than a tape has room for")
  }
}
