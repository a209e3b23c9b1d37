import Foundation
import Micrograd
import MicrogradOptimization

/// The 35 problems of J. J. Moré, B. S. Garbow and K. E. Hillstrom, *Testing unconstrained optimization software* (1981): residuals,
/// whose sum of squares is minimised, with the standard starts and the published minima.
struct MoreGarbowHillstrom {
  let number: Int
  let name: String
  let start: [Double]
  /// All published minima of the sum of squares, the lowest first.
  let minima: [Double]
  let residuals: ([Value]) -> [Value]

  private init(
    _ number: Int, _ name: String, from start: [Double], _ minima: [Double],
    _ residuals: @escaping ([Value]) -> [Value]
  ) {
    (self.number, self.name, self.start, self.minima, self.residuals) = (number, name, start, minima, residuals)
  }

  func sumOfSquares(_ x: [Value]) -> Value {
    let r = residuals(x)
    return dot(r, r)
  }

  static var all: [MoreGarbowHillstrom] { two + three + four + many + systems + linear }

  // MARK: - Two parameters

  private static var two: [MoreGarbowHillstrom] {
    [
      MoreGarbowHillstrom(1, "Rosenbrock", from: [-1.2, 1], [0]) { x in [10 * (x[1] - x[0].squared()), 1 - x[0]] },
      MoreGarbowHillstrom(2, "Freudenstein and Roth", from: [0.5, -2], [0, 48.9842]) { x in
        let (a, b) = (x[0], x[1])
        return [a - 13 + ((5 - b) * b - 2) * b, a - 29 + ((b + 1) * b - 14) * b]
      },
      MoreGarbowHillstrom(3, "Powell badly scaled", from: [0, 1], [0]) { x in
        [1e4 * x[0] * x[1] - 1, exp(-x[0]) + exp(-x[1]) - 1.0001]
      },
      MoreGarbowHillstrom(4, "Brown badly scaled", from: [1, 1], [0]) { x in [x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2]
      },
      MoreGarbowHillstrom(5, "Beale", from: [1, 1], [0]) { x in
        [1.5 - x[0] * (1 - x[1]), 2.25 - x[0] * (1 - x[1] ** 2), 2.625 - x[0] * (1 - x[1] ** 3)]
      },
      MoreGarbowHillstrom(6, "Jennrich and Sampson", from: [0.3, 0.4], [124.362]) { x in
        (1...10).map { (i: Int) -> Value in
          let k = Double(i)
          return 2 + 2 * k - (exp(k * x[0]) + exp(k * x[1]))
        }
      },
    ]
  }

  // MARK: - Three parameters

  private static let bard = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
  private static let gaussian = [
    0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989, 0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044,
    0.0009,
  ]
  private static let meyer: [Double] = [
    34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872,
  ]

  private static var three: [MoreGarbowHillstrom] {
    [
      MoreGarbowHillstrom(7, "Helical valley", from: [-1, 0, 0], [0]) { x in
        let turn: Value = x[0] > 0 ? atan(x[1] / x[0]) / (2 * .pi) : atan(x[1] / x[0]) / (2 * .pi) + 0.5
        return [10 * (x[2] - 10 * turn), 10 * (sqrt(x[0].squared() + x[1].squared()) - 1), x[2]]
      },
      MoreGarbowHillstrom(8, "Bard", from: [1, 1, 1], [8.21487e-3, 17.4286]) { x in
        bard.enumerated().map { (k, y) -> Value in
          let u = Double(k + 1), v = Double(15 - k), w = min(u, v)
          return y - (x[0] + u / (v * x[1] + w * x[2]))
        }
      },
      MoreGarbowHillstrom(9, "Gaussian", from: [0.4, 1, 0], [1.12793e-8]) { x in
        gaussian.enumerated().map { (k, y) -> Value in
          let t = (7 - Double(k)) / 2
          let power: Value = x[1] * (t - x[2]).squared()
          return x[0] * exp(-0.5 * power) - y
        }
      },
      MoreGarbowHillstrom(10, "Meyer", from: [0.02, 4000, 250], [87.9458]) { x in
        meyer.enumerated().map { (k, y) -> Value in
          let t = 50 + 5 * Double(k)
          return x[0] * exp(x[1] / (t + x[2])) - y
        }
      },
      MoreGarbowHillstrom(11, "Gulf research", from: [5, 2.5, 0.15], [0]) { x in
        (1...99).map { (i: Int) -> Value in
          let t = 0.01 * Double(i)
          let y: Double = 25 + Foundation.pow(-50 * Foundation.log(t), 2.0 / 3)
          let power: Value = pow(abs(y - x[1]), x[2])
          return exp(-power / x[0]) - t
        }
      },
      MoreGarbowHillstrom(12, "Box", from: [0, 10, 20], [0]) { x in
        (1...10).map { (i: Int) -> Value in
          let t = 0.1 * Double(i)
          let factor = Foundation.exp(-t) - Foundation.exp(-10 * t)
          return exp(-t * x[0]) - exp(-t * x[1]) - factor * x[2]
        }
      },
    ]
  }

  // MARK: - Four to eleven parameters

  private static let kowalik = [
    (0.1957, 4.0), (0.1947, 2), (0.1735, 1), (0.1600, 0.5), (0.0844, 0.25), (0.0627, 0.167), (0.0456, 0.125),
    (0.0342, 0.1), (0.0323, 0.0833), (0.0235, 0.0714), (0.0246, 0.0625),
  ]
  private static let osborne1 = [
    0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628, 0.603,
    0.580,
    0.558, 0.538, 0.522, 0.506, 0.490, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406,
  ]
  private static let osborne2 = [
    1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616, 0.606,
    0.602,
    0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495, 0.500, 0.423, 0.395,
    0.375,
    0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672, 0.708, 0.633, 0.668, 0.645, 0.632,
    0.591,
    0.559, 0.597, 0.625, 0.739, 0.710, 0.729, 0.720, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054,
  ]

  private static var four: [MoreGarbowHillstrom] {
    [
      MoreGarbowHillstrom(13, "Powell singular", from: [3, -1, 0, 1], [0], powell),
      MoreGarbowHillstrom(14, "Wood", from: [-3, -1, -3, -1], [0]) { x in
        [
          10 * (x[1] - x[0].squared()), 1 - x[0], 90.0.squareRoot() * (x[3] - x[2].squared()), 1 - x[2],
          10.0.squareRoot() * (x[1] + x[3] - 2), (x[1] - x[3]) / 10.0.squareRoot(),
        ]
      },
      MoreGarbowHillstrom(
        15, "Kowalik and Osborne", from: [0.25, 0.39, 0.415, 0.39], [3.07505e-4, 1.02734e-3]
      ) { x in
        kowalik.map { (y, u) -> Value in
          let above: Value = x[0] * (u * u + u * x[1]), below: Value = u * u + u * x[2] + x[3]
          return y - above / below
        }
      },
      MoreGarbowHillstrom(16, "Brown and Dennis", from: [25, 5, -5, -1], [85822.2]) { x in
        (1...20).map { (i: Int) -> Value in
          let t = Double(i) / 5
          let a: Value = x[0] + t * x[1] - Foundation.exp(t), b: Value = x[2] + Foundation.sin(t) * x[3]
          return a.squared() + (b - Foundation.cos(t)).squared()
        }
      },
      MoreGarbowHillstrom(17, "Osborne 1", from: [0.5, 1.5, -1, 0.01, 0.02], [5.46489e-5]) { x in
        osborne1.enumerated().map { (k, y) -> Value in
          let t = 10 * Double(k)
          return y - (x[0] + x[1] * exp(-t * x[3]) + x[2] * exp(-t * x[4]))
        }
      },
      MoreGarbowHillstrom(18, "Biggs EXP6", from: [1, 2, 1, 1, 1, 1], [0, 5.65565e-3]) { x in
        (1...13).map { (i: Int) -> Value in
          let t = 0.1 * Double(i)
          let y: Double = Foundation.exp(-t) - 5 * Foundation.exp(-10 * t) + 3 * Foundation.exp(-4 * t)
          let sum: Value = x[2] * exp(-t * x[0]) - x[3] * exp(-t * x[1]) + x[5] * exp(-t * x[4])
          return sum - y
        }
      },
      MoreGarbowHillstrom(
        19, "Osborne 2", from: [1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5], [4.01377e-2]
      ) { x in
        osborne2.enumerated().map { (k, y) -> Value in
          let t = Double(k) / 10
          let peaks = (0..<3).map { (j: Int) -> Value in x[1 + j] * exp(-(t - x[8 + j]).squared() * x[5 + j]) }
          return y - (x[0] * exp(-t * x[4]) + peaks.sum())
        }
      },
    ]
  }

  private static func powell(_ x: [Value]) -> [Value] {
    stride(from: 0, to: x.count, by: 4).flatMap { (k: Int) -> [Value] in
      [
        x[k] + 10 * x[k + 1], 5.0.squareRoot() * (x[k + 2] - x[k + 3]), (x[k + 1] - 2 * x[k + 2]).squared(),
        10.0.squareRoot() * (x[k] - x[k + 3]).squared(),
      ]
    }
  }

  // MARK: - Any number of parameters

  private static func watson(_ x: [Value]) -> [Value] {
    let rows = (1...29).map { (i: Int) -> Value in
      let t = Double(i) / 29
      let slope = (1..<x.count).map { (j: Int) -> Value in (Double(j) * Foundation.pow(t, Double(j - 1))) * x[j] }
      let curve = x.indices.map { (j: Int) -> Value in Foundation.pow(t, Double(j)) * x[j] }
      return slope.sum() - curve.sum().squared() - 1
    }
    return rows + [1 * x[0], x[1] - x[0].squared() - 1]
  }

  private static func penalty2(_ x: [Value]) -> [Value] {
    let n = x.count, root = 1e-5.squareRoot()
    func y(_ i: Int) -> Double { Foundation.exp(Double(i) / 10) + Foundation.exp(Double(i - 1) / 10) }
    let rises = (2...n).map { (i: Int) -> Value in root * (exp(x[i - 1] / 10) + exp(x[i - 2] / 10) - y(i)) }
    let falls = (2...n).map { (i: Int) -> Value in root * (exp(x[i - 1] / 10) - Foundation.exp(-0.1)) }
    let sum = x.indices.map { Double(n - $0) * x[$0].squared() }.sum()
    return [x[0] - 0.2] + rises + falls + [sum - 1]
  }

  private static func chebyquad(_ x: [Value]) -> [Value] {
    let n = x.count
    let columns = x.map { (x: Value) -> [Value] in
      let u: Value = 2 * x - 1
      var values = [Value.constant(1), u]
      while values.count <= n { values.append(2 * u * values[values.count - 1] - values[values.count - 2]) }
      return values
    }
    return (1...n).map { (i: Int) -> Value in
      let mean: Value = columns.map { $0[i] }.sum() / Double(n)
      return i % 2 == 0 ? mean + 1 / Double(i * i - 1) : mean
    }
  }

  private static func repeated(_ numbers: [Double], _ times: Int) -> [Double] { (0..<times).flatMap { _ in numbers } }

  private static var many: [MoreGarbowHillstrom] {
    [
      MoreGarbowHillstrom(20, "Watson", from: repeated([0], 6), [2.28767e-3], watson),
      MoreGarbowHillstrom(21, "extended Rosenbrock", from: repeated([-1.2, 1], 5), [0]) { x in
        stride(from: 0, to: x.count, by: 2).flatMap { (k: Int) -> [Value] in
          [10 * (x[k + 1] - x[k].squared()), 1 - x[k]]
        }
      },
      MoreGarbowHillstrom(22, "extended Powell singular", from: repeated([3, -1, 0, 1], 2), [0], powell),
      MoreGarbowHillstrom(23, "Penalty I", from: [1, 2, 3, 4], [2.24997e-5]) { x in
        x.map { 1e-5.squareRoot() * ($0 - 1) } + [dot(x, x) - 0.25]
      },
      MoreGarbowHillstrom(24, "Penalty II", from: repeated([0.5], 4), [9.37629e-6], penalty2),
      MoreGarbowHillstrom(25, "variably dimensioned", from: (1...10).map { 1 - Double($0) / 10 }, [0]) { x in
        let sum = x.indices.map { Double($0 + 1) * (x[$0] - 1) }.sum()
        return x.map { $0 - 1 } + [sum, sum.squared()]
      },
      MoreGarbowHillstrom(26, "trigonometric", from: repeated([0.1], 10), [0, 2.79506e-5]) { x in
        let sum = x.map { cos($0) }.sum()
        return x.indices.map { (i: Int) -> Value in
          let part: Value = Double(i + 1) * (1 - cos(x[i])) - sin(x[i])
          return Double(x.count) - sum + part
        }
      },
    ]
  }

  private static var systems: [MoreGarbowHillstrom] {
    let n = 10, h = 1 / Double(n + 1)
    let t = (1...n).map { Double($0) * h }
    let parabola = t.map { $0 * ($0 - 1) }
    return [
      MoreGarbowHillstrom(27, "Brown almost linear", from: repeated([0.5], n), [0, 1]) { x in
        let sum = x.sum()
        return (0..<n - 1).map { x[$0] + sum - Double(n + 1) } + [x.dropFirst().reduce(x[0]) { $0 * $1 } - 1]
      },
      MoreGarbowHillstrom(28, "discrete boundary value", from: parabola, [0]) { x in
        (0..<n).map { (i: Int) -> Value in
          let cube: Value = (x[i] + t[i] + 1) ** 3
          let (before, after) = (i > 0 ? x[i - 1] : .constant(0), i < n - 1 ? x[i + 1] : .constant(0))
          return 2 * x[i] - before - after + (h * h / 2) * cube
        }
      },
      MoreGarbowHillstrom(29, "discrete integral equation", from: parabola, [0]) { x in
        let cubes = (0..<n).map { (j: Int) -> Value in (x[j] + t[j] + 1) ** 3 }
        return (0..<n).map { (i: Int) -> Value in
          let below = (0...i).map { t[$0] * cubes[$0] }.sum()
          let above = (i..<n).dropFirst().map { (1 - t[$0]) * cubes[$0] }
          let sum: Value = above.isEmpty ? (1 - t[i]) * below : (1 - t[i]) * below + t[i] * above.sum()
          return x[i] + (h / 2) * sum
        }
      },
      MoreGarbowHillstrom(30, "Broyden tridiagonal", from: repeated([-1], n), [0]) { x in
        (0..<n).map { (i: Int) -> Value in
          let (before, after) = (i > 0 ? x[i - 1] : .constant(0), i < n - 1 ? x[i + 1] : .constant(0))
          return (3 - 2 * x[i]) * x[i] - before - 2 * after + 1
        }
      },
      MoreGarbowHillstrom(31, "Broyden banded", from: repeated([-1], n), [0]) { x in
        (0..<n).map { (i: Int) -> Value in
          let near = (max(0, i - 5)...min(n - 1, i + 1)).filter { $0 != i }
          return x[i] * (2 + 5 * x[i].squared()) + 1 - near.map { x[$0] * (1 + x[$0]) }.sum()
        }
      },
    ]
  }

  private static var linear: [MoreGarbowHillstrom] {
    let n = 10, m = 20, rows = Double(m)
    let rankOne: Double = rows * (rows - 1) / (2 * (2 * rows + 1))
    let zeros: Double = (rows * rows + 3 * rows - 6) / (2 * (2 * rows - 3))
    return [
      MoreGarbowHillstrom(32, "linear, full rank", from: repeated([1], n), [rows - Double(n)]) { x in
        let sum: Value = (2 / rows) * x.sum()
        return (0..<m).map { (i: Int) -> Value in i < n ? x[i] - sum - 1 : -sum - 1 }
      },
      MoreGarbowHillstrom(33, "linear, rank 1", from: repeated([1], n), [rankOne]) { x in
        let sum = x.indices.map { Double($0 + 1) * x[$0] }.sum()
        return (1...m).map { Double($0) * sum - 1 }
      },
      MoreGarbowHillstrom(34, "linear, rank 1, zero columns and rows", from: repeated([1], n), [zeros]) { x in
        let sum = (1..<n - 1).map { Double($0 + 1) * x[$0] }.sum()
        return (1...m).map { (i: Int) -> Value in i == 1 || i == m ? 0 * sum - 1 : Double(i - 1) * sum - 1 }
      },
      MoreGarbowHillstrom(35, "Chebyquad", from: (1...8).map { Double($0) / 9 }, [3.51687e-3], chebyquad),
    ]
  }
}
