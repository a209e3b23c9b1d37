import Foundation
import Micrograd

let testFunctions = [
  Formula("himmelblau", at: [1.7, -0.8]) { v in himmelblau(v) },
  Formula("rosenbrock", at: [-1.2, 1]) { v in rosenbrock(v) },
  Formula("rosenbrockByPowers", at: [-1.2, 1]) { v in rosenbrockByPowers(v) },
  Formula("rosenbrockSum", at: [-1.2, 1, 0.7, 1.4]) { v in rosenbrockSum(v) },
  Formula("ackley", at: [0.8, -0.3]) { v in ackley(v[0], v[1]) },
  Formula("beale", at: [1.4, 0.6]) { v in beale(v[0], v[1]) },
  Formula("rastrigin", at: [0.3, -0.8, 1.2]) { v in rastrigin(v) },
]

func himmelblau(_ p: [Value]) -> Value {
  (p[0] * p[0] + p[1] - 11) * (p[0] * p[0] + p[1] - 11) + (p[0] + p[1] * p[1] - 7) * (p[0] + p[1] * p[1] - 7)
}

func rosenbrock(_ x: [Value]) -> Value {
  100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) + (1 - x[0]) * (1 - x[0])
}

func rosenbrockByPowers(_ x: [Value]) -> Value {
  100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
}

func rosenbrockSum(_ x: [Value]) -> Value {
  (1..<x.count).map { i in 100 * (x[i] - x[i - 1] ** 2) ** 2 + (1 - x[i - 1]) ** 2 }.sum()
}

func ackley(_ x: Value, _ y: Value) -> Value {
  -20 * exp(-0.2 * sqrt(0.5 * (x * x + y * y))) - exp(0.5 * (cos(2 * Double.pi * x) + cos(2 * Double.pi * y)))
    + exp(1.0) + 20
}

func beale(_ x: Value, _ y: Value) -> Value {
  (1.5 - x + x * y) ** 2 + (2.25 - x + x * y * y) ** 2 + (2.625 - x + x * y * y * y) ** 2
}

func rastrigin(_ x: [Value]) -> Value {
  10 * Double(x.count) + x.map { $0 * $0 - 10 * cos(2 * .pi * $0) }.reduce(Value(0), +)
}
