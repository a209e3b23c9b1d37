import Foundation
import Micrograd

let closures = [
  Formula("huber", at: [0.4, -0.3, 2.1, -1.7]) { v in huber(v, 1.2) },
  Formula("softmaxByHand", at: [0.4, -0.3, 2.1], results: { v in softmaxByHand(v) }),
  Formula("fitLoss", at: [2, 0.7, 0.3]) { p in fitLoss([(0.5, 1.9), (1.2, 1.1), (2.3, 0.8)], p) },
  Formula("readmeExpression", at: [-4, 2]) { v in readmeExpression(v[0], v[1]) },
  Formula("heatEquation", at: [0.4, 0.9, 1.3, 0.2, -0.5], results: { u in heatEquation(u, 0.7, 0.1) }),
  Formula("rosenbrockInALoop", at: [-1.2, 1, 0.7, 1.4]) { x in rosenbrockInALoop(x) },
  Formula("pairwiseEnergy", at: [0.4, 1.9, -1.3]) { x in pairwiseEnergy(x) },
  Formula("membraneCurrent", at: [-20, 0.4, 0.3, 0.6]) { v in membraneCurrent(v[0], v[1], v[2], v[3], 10) },
  Formula("twoLayers", at: [0.3, -0.7, 1.1, 0.4, 0.2, -0.5, 0.8, -0.9, 0.6]) { v in
    twoLayers([[v[0], v[1]], [v[2], v[3]]], [v[4], v[5]], [v[6], v[7]], v[8], [1.5, -0.6])
  },
  Formula("sawtooth", at: [0.4]) { v in sawtooth(v[0]) },
]

func huber(_ errors: [Value], _ delta: Double) -> Value {
  errors.map { e in abs(e) < delta ? 0.5 * e * e : delta * (abs(e) - 0.5 * delta) }.reduce(Value(0), +)
}

func softmaxByHand(_ x: [Value]) -> [Value] {
  let total = x.map { exp($0) }.reduce(Value(0), +)
  return x.map { exp($0) / total }
}

func fitLoss(_ data: [(x: Double, y: Double)], _ p: [Value]) -> Value {
  data.map { ($0.y - (p[0] * exp(-p[1] * $0.x) + p[2])) ** 2 }.reduce(Value(0), +)
}

func gradientOfClosure() -> [Double] {
  gradient(at: [1, 2, 3]) { p in p[0] * p[0] + 2 * p[0] * p[1] + p[1] * p[2] * 3 - 4 * p[2] }
}

func readmeExpression(_ a: Value, _ b: Value) -> Value {
  var c = a + b
  var d = a * b + b ** 3
  c += c + 1
  c += 1 + c + (-a)
  d += d * 2 + (b + a).relu()
  d += 3 * d + (b - a).relu()
  let e = c - d
  let f = e ** 2
  var g = f / 2.0
  g += 10.0 / f
  return g
}

package let gradientOfPolynomial = gradientOfClosure()

func heatEquation(_ u: [Value], _ k: Double, _ dx: Double) -> [Value] {
  (1..<u.count - 1).map { i in k * (u[i - 1] - 2 * u[i] + u[i + 1]) / (dx * dx) }
}

func rosenbrockInALoop(_ x: [Value]) -> Value {
  var total = Value(0)
  for i in 1..<x.count {
    total += 100 * (x[i] - x[i - 1] * x[i - 1]) * (x[i] - x[i - 1] * x[i - 1]) + (1 - x[i - 1]) * (1 - x[i - 1])
  }
  return total
}

func pairwiseEnergy(_ x: [Value]) -> Value {
  var energy = Value(0)
  for i in 0..<x.count {
    for j in 0..<i { energy += Double(i + j) / (1 + (x[i] - x[j]) ** 2) - 0.5 * x[i] * x[j] }
  }
  return energy
}

func membraneCurrent(_ v: Value, _ m: Value, _ h: Value, _ n: Value, _ i: Double) -> Value {
  i - 120 * m ** 3 * h * (v - 50) - 36 * n ** 4 * (v + 77) - 0.3 * (v + 54.387)
}

func twoLayers(_ w1: [[Value]], _ b1: [Value], _ w2: [Value], _ b2: Value, _ x: [Double]) -> Value {
  let hidden = zip(w1, b1).map { w, b in tanh(zip(w, x).map { $0 * $1 }.sum() + b) }
  return zip(w2, hidden).map { $0 * $1 }.sum() + b2
}

func sawtooth(_ t: Value) -> Value {
  var y = 0.5 - t
  for k in 1...3 { y += sin(2 * .pi * Double(k) * t) / (.pi * Double(k)) }
  return y
}
