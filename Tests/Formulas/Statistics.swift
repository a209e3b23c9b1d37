import Foundation
import Micrograd

let statistics = [
  Formula("gaussianLogDensity", at: [0.4, 1.7]) { v in gaussianLogDensity(1.3, v[0], v[1]) },
  Formula("gammaLogDensity", at: [2.4, 1.7]) { v in gammaLogDensity(1.3, v[0], v[1]) },
  Formula("blackScholesCall", at: [105, 0.03, 0.25]) { v in blackScholesCall(v[0], 100, v[1], v[2], 0.5) },
  Formula("logLikelihood", at: [0.4, -0.9]) { p in logLikelihood([0.5, -1.2, 2.3], [1, 0, 1], p) },
  Formula("studentLogDensity", at: [0.4, 1.7, 4.5]) { v in studentLogDensity(1.3, v[0], v[1], v[2]) },
  Formula("betaLogDensity", at: [2.4, 1.7]) { v in betaLogDensity(0.3, v[0], v[1]) },
  Formula("weibullLogDensity", at: [1.4, 2.7]) { v in weibullLogDensity(1.3, v[0], v[1]) },
  Formula("negativeBinomialLog", at: [3.4, 0.7]) { v in negativeBinomialLog(4, v[0], v[1]) },
  Formula("poissonLogLikelihood", at: [0.4, 0.3]) { p in poissonLogLikelihood([0.5, -1.2, 2.3], [2, 1, 5], p) },
  Formula("twoGaussiansLogDensity", at: [0.3, -0.4, 0.8, 1.9, 1.2]) { p in twoGaussiansLogDensity(0.7, p) },
  Formula("divergenceOfGaussians", at: [0.3, 0.8, -0.4, 1.2]) { v in divergenceOfGaussians(v[0], v[1], v[2], v[3]) },
  Formula("boxCox", at: [2.3, 0.4]) { v in boxCox(v[0], v[1]) },
  Formula("twoNormalsLogDensity", at: [0.6]) { v in twoNormalsLogDensity(0.7, -0.4, v[0]) },
]

func gaussianLogDensity(_ x: Double, _ m: Value, _ s: Value) -> Value {
  -0.5 * ((x - m) / s) * ((x - m) / s) - log(s) - 0.5 * log(2 * Double.pi)
}

func gammaLogDensity(_ x: Double, _ shape: Value, _ rate: Value) -> Value {
  shape * log(rate) - logGamma(shape) + (shape - 1) * log(x) - rate * x
}

func blackScholesCall(_ s: Value, _ k: Double, _ r: Value, _ v: Value, _ t: Double) -> Value {
  let d1 = (log(s / k) + (r + 0.5 * v * v) * t) / (v * sqrt(t))
  let d2 = d1 - v * sqrt(t)
  return s * 0.5 * (1 + erf(d1 / sqrt(2))) - k * exp(-r * t) * 0.5 * (1 + erf(d2 / sqrt(2)))
}

func logLikelihood(_ x: [Double], _ y: [Double], _ p: [Value]) -> Value {
  zip(x, y).map { x, y in y * log(sigmoid(p[0] + p[1] * x)) + (1 - y) * log(1 - sigmoid(p[0] + p[1] * x)) }.reduce(
    Value(0), +)
}

func studentLogDensity(_ x: Double, _ m: Value, _ s: Value, _ nu: Value) -> Value {
  logGamma((nu + 1) / 2) - logGamma(nu / 2) - 0.5 * log(nu * .pi) - log(s) - (nu + 1) / 2
    * log(1 + ((x - m) / s) ** 2 / nu)
}

func betaLogDensity(_ x: Double, _ a: Value, _ b: Value) -> Value {
  (a - 1) * log(x) + (b - 1) * log(1 - x) + logGamma(a + b) - logGamma(a) - logGamma(b)
}

func weibullLogDensity(_ x: Double, _ shape: Value, _ scale: Value) -> Value {
  log(shape / scale) + (shape - 1) * log(x / scale) - (x / scale) ** shape
}

func negativeBinomialLog(_ k: Double, _ r: Value, _ p: Value) -> Value {
  logGamma(k + r) - logGamma(r) - logGamma(k + 1) + r * log(1 - p) + k * log(p)
}

func poissonLogLikelihood(_ x: [Double], _ k: [Double], _ p: [Value]) -> Value {
  zip(x, k).map { x, k in k * (p[0] + p[1] * x) - exp(p[0] + p[1] * x) }.sum()
}

func twoGaussiansLogDensity(_ x: Double, _ p: [Value]) -> Value {
  log(p[0] * exp(-0.5 * ((x - p[1]) / p[2]) ** 2) / p[2] + (1 - p[0]) * exp(-0.5 * ((x - p[3]) / p[4]) ** 2) / p[4])
    - 0.5 * log(2 * .pi)
}

func divergenceOfGaussians(_ m1: Value, _ s1: Value, _ m2: Value, _ s2: Value) -> Value {
  log(s2 / s1) + (s1 * s1 + (m1 - m2) ** 2) / (2 * s2 * s2) - 0.5
}

func boxCox(_ x: Value, _ lambda: Value) -> Value {
  (x ** lambda - 1) / lambda
}

func twoNormalsLogDensity(_ x: Double, _ y: Double, _ rho: Value) -> Value {
  let z = x * x - 2 * rho * x * y + y * y
  return -z / (2 * (1 - rho * rho)) - log(2 * .pi * sqrt(1 - rho * rho))
}
