import Micrograd

/// Functions on which minimisers are compared, with their minima as published by J. J. Moré, B. S. Garbow and K. E. Hillstrom,
/// *Testing unconstrained optimization software* (1981), and for Himmelblau's by the roots of its gradient.
enum Valleys {
  /// The minimum is 0 at (1, …, 1).
  static func rosenbrock(_ x: [Value]) -> Value {
    (1..<x.count).map { k in
      let previous = x[k - 1]
      return (1 - previous).squared() + 100 * (x[k] - previous.squared()).squared()
    }.sum()
  }

  /// The minimum is 0 at the origin, where the Hessian is singular.
  static func powell(_ x: [Value]) -> Value {
    let far = (x[0] + 10 * x[1]).squared() + 5 * (x[2] - x[3]).squared()
    let flat = (x[1] - 2 * x[2]).squared().squared()
    return far + flat + 10 * (x[0] - x[3]).squared().squared()
  }

  /// The minimum is 0 at (3, 0.5).
  static func beale(_ x: [Value]) -> Value {
    let power = x[1].squared()
    let a = 1.5 - x[0] * (1 - x[1])
    let b = 2.25 - x[0] * (1 - power)
    let c = 2.625 - x[0] * (1 - power * x[1])
    return a.squared() + b.squared() + c.squared()
  }

  /// Four minima, all 0.
  static func himmelblau(_ x: [Value]) -> Value {
    (x[0].squared() + x[1] - 11).squared() + (x[0] + x[1].squared() - 7).squared()
  }
}
