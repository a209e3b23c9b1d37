import Foundation
import Micrograd

// Formulas over any number: one function for Double, a plain prediction, and for Value, its derivatives.

/// A formula over any number, for both of its types.
package struct GenericFormula: Sendable {
  package let name: String
  package let point: [Double]
  package let plain: @Sendable ([Double]) -> Double
  package let recorded: @Sendable ([Micrograd.Value]) -> Micrograd.Value

  init(
    _ name: String, at point: [Double], _ plain: @escaping @Sendable ([Double]) -> Double,
    _ recorded: @escaping @Sendable ([Micrograd.Value]) -> Micrograd.Value
  ) {
    self.name = name
    self.point = point
    self.plain = plain
    self.recorded = recorded
  }
}

package let genericFormulas = [
  GenericFormula(
    "genericQuadratic", at: [1.5, -0.7], { genericQuadratic($0[0], $0[1]) }, { genericQuadratic($0[0], $0[1]) }),
  GenericFormula(
    "genericExponentials", at: [2, 0.7, 1.1, 0.2, 0.5], { genericExponentials(1.3, $0) },
    { genericExponentials(1.3, $0) }),
  GenericFormula("genericHimmelblau", at: [1.7, -0.8], { genericHimmelblau($0) }, { genericHimmelblau($0) }),
  GenericFormula(
    "genericRungeKutta", at: [1.3, 0.4, 0.6, -0.2, 0.9],
    { genericRungeKutta($0[0], 0.1, $0[1], $0[2], $0[3], $0[4]) },
    { genericRungeKutta($0[0], 0.1, $0[1], $0[2], $0[3], $0[4]) }),
  GenericFormula(
    "genericCall", at: [105, 0.03, 0.25], { genericCall($0[0], 100, $0[1], $0[2], 0.5) },
    { genericCall($0[0], 100, $0[1], $0[2], 0.5) }),
  GenericFormula(
    "genericPendulum", at: [0.7, -0.4, 0.3, 0.9],
    { genericPendulum(Array($0[0..<2]), Array($0[2...]), 1.2, 0.8, 9.81) },
    { genericPendulum(Array($0[0..<2]), Array($0[2...]), 1.2, 0.8, 9.81) }),
  GenericFormula("genericHuber", at: [0.4], { genericHuber($0[0], 1.2) }, { genericHuber($0[0], 1.2) }),
  GenericFormula("genericHuber, far", at: [-2.4], { genericHuber($0[0], 1.2) }, { genericHuber($0[0], 1.2) }),
  GenericFormula(
    "genericNeuron", at: [0.3, -0.7, 1.1, 0.4, 0.2, -0.5, 0.1],
    { genericNeuron(Array($0[0..<3]), Array($0[3..<6]), $0[6]) },
    { genericNeuron(Array($0[0..<3]), Array($0[3..<6]), $0[6]) }),
  GenericFormula(
    "genericKinetics", at: [1.4, 2, 0.7, 1.1, 0.3, -0.5], { genericKinetics($0[0], Array($0[1...])) },
    { genericKinetics($0[0], Array($0[1...])) }),
  GenericFormula("genericPrior", at: [1.4, 0.6], { genericPrior($0[0], $0[1]) }, { genericPrior($0[0], $0[1]) }),
  GenericFormula(
    "genericAngle", at: [1.4, 0.6, -0.3, 0.8], { genericAngle(Array($0[0..<2]), Array($0[2...])) },
    { genericAngle(Array($0[0..<2]), Array($0[2...])) }),
  GenericFormula(
    "genericHill", at: [1.3, 0.2, 5, 0.9, 1.8], { genericHill($0[0], Array($0[1...])) },
    { genericHill($0[0], Array($0[1...])) }),
  GenericFormula("genericStudent", at: [0.4, 1.7, 4.5], { genericStudent(1.3, $0) }, { genericStudent(1.3, $0) }),
  GenericFormula(
    "genericSmile", at: [0.04, 0.2, -0.4, 0.1, 0.3], { genericSmile(0.2, $0) }, { genericSmile(0.2, $0) }),
  GenericFormula("genericPayoff", at: [105], { genericPayoff($0[0], 100) }, { genericPayoff($0[0], 100) }),
  GenericFormula(
    "genericMorse", at: [1.1, 4.6, 1.9, 0.74], { genericMorse($0[0], Array($0[1...])) },
    { genericMorse($0[0], Array($0[1...])) }),
  GenericFormula(
    "genericMorseForce", at: [1.1, 4.6, 1.9, 0.74], { genericMorseForce($0[0], Array($0[1...])) },
    { genericMorseForce($0[0], Array($0[1...])) }),
  GenericFormula("genericNewtonStep", at: [1.1, 0.6], { genericNewtonStep($0) }, { genericNewtonStep($0) }),
]

func genericQuadratic<T: DifferentiableNumber>(_ x: T, _ y: T) -> T {
  x * x + 2 * x * y + 3 * y * y - 4 * x + 5 * y + 6
}

func genericExponentials<T: DifferentiableNumber>(_ t: Double, _ p: [T]) -> T {
  p[0] * T.exp(-p[1] * t) + p[2] * T.exp(-p[3] * t) + p[4]
}

func genericHimmelblau<T: DifferentiableNumber>(_ p: [T]) -> T {
  (p[0] * p[0] + p[1] - 11) * (p[0] * p[0] + p[1] - 11) + (p[0] + p[1] * p[1] - 7) * (p[0] + p[1] * p[1] - 7)
}

func genericRungeKutta<T: DifferentiableNumber>(_ y: T, _ h: Double, _ a: T, _ b: T, _ c: T, _ d: T) -> T {
  y + h / 6 * (a + 2 * b + 2 * c + d)
}

func genericCall<T: DifferentiableNumber>(_ s: T, _ k: Double, _ r: T, _ v: T, _ t: Double) -> T {
  let d1 = (T.log(s / k) + (r + 0.5 * v * v) * t) / (v * t.squareRoot())
  let d2 = d1 - v * t.squareRoot()
  return 0.5 * s * (1 + T.erf(d1 / 2.0.squareRoot())) - 0.5 * k * T.exp(-r * t) * (1 + T.erf(d2 / 2.0.squareRoot()))
}

func genericPendulum<T: DifferentiableNumber>(_ t: [T], _ v: [T], _ m: Double, _ l: Double, _ g: Double) -> T {
  let gravity = -g * (2 * m + m) * T.sin(t[0]) - m * g * T.sin(t[0] - 2 * t[1])
  let motion = v[1] * v[1] * l + v[0] * v[0] * l * T.cos(t[0] - t[1])
  let inertia = l * (2 * m + m - m * T.cos(2 * t[0] - 2 * t[1]))
  return (gravity - 2 * T.sin(t[0] - t[1]) * m * motion) / inertia
}

func genericHuber<T: DifferentiableNumber>(_ e: T, _ delta: Double) -> T {
  T.abs(e) < delta ? 0.5 * e * e : delta * (T.abs(e) - 0.5 * delta)
}

func genericNeuron<T: DifferentiableNumber>(_ x: [T], _ w: [T], _ b: T) -> T {
  T.tanh(w[0] * x[0] + w[1] * x[1] + w[2] * x[2] + b)
}

func genericKinetics<T: DifferentiableNumber>(_ s: T, _ p: [T]) -> T {
  p[0] * s ** 2 / (p[1] ** 2 + s ** 2) + p[2] * T.sigmoid(s - p[3]) + T.max(p[4], 0)
}

func genericPrior<T: DifferentiableNumber>(_ m: T, _ s: T) -> T {
  -0.5 * (m / 10) * (m / 10) - log(10) - T.log1p(s * s)
}

func genericAngle<T: DifferentiableNumber>(_ p: [T], _ q: [T]) -> T {
  T.atan2(y: p[1] - q[1], x: p[0] - q[0]) + T.hypot(p[0], p[1]) / T.hypot(q[0], q[1])
}

func genericHill<T: DifferentiableNumber>(_ c: T, _ p: [T]) -> T {
  p[0] + p[1] * c ** p[3] / (p[2] ** p[3] + c ** p[3])
}

func genericStudent<T: DifferentiableNumber>(_ x: Double, _ p: [T]) -> T {
  let z = (x - p[0]) / p[1]
  let normalisation = T.logGamma((p[2] + 1) / 2) - T.logGamma(p[2] / 2) - 0.5 * T.log(p[2] * .pi)
  return normalisation - T.log(p[1]) - (p[2] + 1) / 2 * T.log1p(z * z / p[2])
}

func genericSmile<T: DifferentiableNumber>(_ k: Double, _ p: [T]) -> T {
  p[0] + p[1] * (p[2] * (k - p[3]) + T.sqrt((k - p[3]) * (k - p[3]) + p[4] * p[4]))
}

func genericPayoff<T: DifferentiableNumber>(_ s: T, _ k: Double) -> T {
  T.max(s - k, 0) + T.select(s > k, T.log(s / k), T.squared(s - k)) + T.clamped(s, to: 0...100) / 50
}

func genericMorse<T: DifferentiableNumber>(_ r: T, _ p: [T]) -> T {
  p[0] * (1 - T.exp(-p[1] * (r - p[2]))) ** 2
}

/// A derivative inside of a generic function: written once, differentiated again where T is Value.
func genericMorseForce<T: DifferentiableNumber>(_ r: T, _ p: [T]) -> T {
  -gradient(at: r) { r in genericMorse(r, p.map(\.lifted)) }
}

/// A step of Newton's method, by a Hessian inside of a generic function.
func genericNewtonStep<T: DifferentiableNumber>(_ x: [T]) -> T {
  let (_, gradient, hessian) = valueWithHessian(at: x) { x in genericHimmelblau(x) }
  let determinant = hessian[0][0] * hessian[1][1] - hessian[0][1] * hessian[1][0]
  return x[0] - (hessian[1][1] * gradient[0] - hessian[0][1] * gradient[1]) / determinant
}
