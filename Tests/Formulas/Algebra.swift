import Foundation
import Micrograd

let algebra = [
  Formula("affine4", at: [0.3, -0.7, 1.1, 0.4, 0.2, 1.5, -0.6, 0.9, 2.1]) { v in
    affine4(Array(v[0..<5]), Array(v[5...]))
  },
  Formula("affine4OfNumbers", at: [0.3, -0.7, 1.1, 0.4, 0.2]) { w in affine4OfNumbers(w, [1.5, -0.6, 0.9, 2.1]) },
  Formula("affine8", at: [0.3, -0.7, 1.1, 0.4, 0.2, 1.5, -0.6, 0.9, 2.1, 0.8, -1.2, 0.5, 0.6, -0.3, 0.7, 1.9]) { v in
    affine8(Array(v[0..<8]), Array(v[8...]))
  },
  Formula("quadratic", at: [1.5, -0.7]) { v in quadratic(v[0], v[1]) },
  Formula("weightedQuadratic", at: [1.5, -0.7]) { v in weightedQuadratic(v[0], v[1]) },
  Formula("cubic", at: [1.3]) { v in cubic(v[0]) },
  Formula("horner", at: [1.3]) { v in horner(v[0]) },
  Formula("powers", at: [1.4]) { v in powers(v[0]) },
  Formula("determinant3", at: [2, -1, 0.5, 1.2, 3, -0.4, 0.7, 0.9, 1.6]) { v in
    determinant3([Array(v[0..<3]), Array(v[3..<6]), Array(v[6...])])
  },
  Formula(
    "rotated", at: [2, -1, 0.5, 1.2, 3, -0.4, 0.7, 0.9, 1.6, 0.3, 0.8, -1.4],
    results: { v in
      rotated([Array(v[0..<3]), Array(v[3..<6]), Array(v[6..<9])], Array(v[9...]))
    }),
  Formula("cross", at: [2, -1, 0.5, 1.2, 3, -0.4], results: { v in cross(Array(v[0..<3]), Array(v[3...])) }),
  Formula("dotProduct", at: [2, -1, 0.5, 1.2, 3, -0.4]) { v in dotProduct(Array(v[0..<3]), Array(v[3...])) },
  Formula("squaredError", at: [2, -1, 0.5]) { v in squaredError(v, [1.2, 3, -0.4]) },
  Formula("meanSquare", at: [2, -1, 0.5]) { v in meanSquare(v) },
]

func affine4(_ w: [Value], _ x: [Value]) -> Value {
  w[0] * x[0] + w[1] * x[1] + w[2] * x[2] + w[3] * x[3] + w[4]
}

func affine4OfNumbers(_ w: [Value], _ x: [Double]) -> Value {
  w[0] * x[0] + w[1] * x[1] + w[2] * x[2] + w[3] * x[3] + w[4]
}

func affine8(_ w: [Value], _ x: [Value]) -> Value {
  w[0] * x[0] + w[1] * x[1] + w[2] * x[2] + w[3] * x[3] + w[4] * x[4] + w[5] * x[5] + w[6] * x[6] + w[7] * x[7]
}

func quadratic(_ x: Value, _ y: Value) -> Value {
  x * x + 2 * x * y + 3 * y * y - 4 * x + 5 * y + 6
}

func weightedQuadratic(_ x: Value, _ y: Value) -> Value {
  0.5 * x * x + 0.25 * y * y - 0.1 * x * y + 2 * x
}

func cubic(_ x: Value) -> Value {
  3 * x * x * x - 2 * x * x + 5 * x - 7
}

func horner(_ x: Value) -> Value {
  ((((2 * x - 3) * x + 4) * x - 5) * x + 6) * x - 7
}

func powers(_ x: Value) -> Value {
  2 * x ** 5 - 3 * x ** 4 + 4 * x ** 3 - 5 * x ** 2 + 6 * x - 7
}

func determinant3(_ m: [[Value]]) -> Value {
  m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
    + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
}

func rotated(_ r: [[Value]], _ p: [Value]) -> [Value] {
  (0..<3).map { i in r[i][0] * p[0] + r[i][1] * p[1] + r[i][2] * p[2] }
}

func cross(_ a: [Value], _ b: [Value]) -> [Value] {
  [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

func dotProduct(_ a: [Value], _ b: [Value]) -> Value {
  zip(a, b).map { $0 * $1 }.reduce(Value(0)) { $0 + $1 }
}

func squaredError(_ predictions: [Value], _ targets: [Double]) -> Value {
  zip(predictions, targets).map { ($0 - $1) * ($0 - $1) }.reduce(Value(0), +) / Double(targets.count)
}

func meanSquare(_ errors: [Value]) -> Value {
  sum(errors.map { $0 * $0 }) / Double(errors.count)
}
