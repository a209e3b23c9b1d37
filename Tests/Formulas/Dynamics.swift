import Foundation
import Micrograd

let dynamics = [
  Formula("rungeKutta", at: [1.3, 0.4, 0.6, -0.2, 0.9]) { v in rungeKutta(v[0], 0.1, v[1], v[2], v[3], v[4]) },
  Formula("rungeKuttaWithValueStep", at: [1.3, 0.1, 0.4, 0.6, -0.2, 0.9]) { v in
    rungeKuttaWithValueStep(v[0], v[1], v[2], v[3], v[4], v[5])
  },
  Formula("lorenz", at: [1, 2, 3, 10, 28, 2.67], results: { v in lorenz(Array(v[0..<3]), Array(v[3...])) }),
  Formula(
    "lotkaVolterra", at: [1, 2, 1.1, 0.4, 0.1, 0.4], results: { v in lotkaVolterra(Array(v[0..<2]), Array(v[2...])) }),
  Formula("pendulumAcceleration", at: [0.7, -0.4, 0.3, 0.9]) { v in
    pendulumAcceleration(Array(v[0..<2]), Array(v[2...]), 1.2, 0.8, 9.81)
  },
  Formula("lennardJones", at: [1.3]) { v in lennardJones(v[0], 0.8, 1.1) },
  Formula("distance", at: [2, -1, 0.5, 1.2, 3, -0.4]) { v in distance(Array(v[0..<3]), Array(v[3...])) },
  Formula("distortion", at: [0.4, -0.3, 0.1, -0.02, 0.005], results: { v in distortion(v[0], v[1], Array(v[2...])) }),
]

func rungeKutta(_ y: Value, _ h: Double, _ a: Value, _ b: Value, _ c: Value, _ d: Value) -> Value {
  y + h / 6 * (a + 2 * b + 2 * c + d)
}

func rungeKuttaWithValueStep(_ y: Value, _ h: Value, _ a: Value, _ b: Value, _ c: Value, _ d: Value) -> Value {
  y + h / 6 * (a + 2 * b + 2 * c + d)
}

func lorenz(_ s: [Value], _ p: [Value]) -> [Value] {
  [p[0] * (s[1] - s[0]), s[0] * (p[1] - s[2]) - s[1], s[0] * s[1] - p[2] * s[2]]
}

func lotkaVolterra(_ s: [Value], _ p: [Value]) -> [Value] {
  [p[0] * s[0] - p[1] * s[0] * s[1], p[2] * s[0] * s[1] - p[3] * s[1]]
}

func pendulumAcceleration(_ t: [Value], _ v: [Value], _ m: Double, _ l: Double, _ g: Double) -> Value {
  (-g * (2 * m + m) * sin(t[0]) - m * g * sin(t[0] - 2 * t[1]) - 2 * sin(t[0] - t[1]) * m
    * (v[1] * v[1] * l + v[0] * v[0] * l * cos(t[0] - t[1]))) / (l * (2 * m + m - m * cos(2 * t[0] - 2 * t[1])))
}

func lennardJones(_ r: Value, _ epsilon: Double, _ sigma: Double) -> Value {
  4 * epsilon * ((sigma / r) ** 12 - (sigma / r) ** 6)
}

func distance(_ a: [Value], _ b: [Value]) -> Value {
  sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]))
}

func distortion(_ x: Value, _ y: Value, _ k: [Value]) -> [Value] {
  let r2 = x * x + y * y
  return [
    x * (1 + k[0] * r2 + k[1] * r2 * r2) + 2 * k[2] * x * y,
    y * (1 + k[0] * r2 + k[1] * r2 * r2) + k[2] * (r2 + 2 * y * y),
  ]
}
