import Micrograd
import MicrogradDynamics

/// Lorenz's equations: Dormand and Prince's method by hand over a right-hand side that is inlined, then the library's on plain
/// numbers and on a compiled right-hand side of Values, interpreted and as native code.
package func lorenzCase(time: Double = 10) -> Case {
  Case(
    name: "lorenz", title: "Lorenz's equations by Dormand and Prince's method", group: "lorenz", iterations: nil,
    contestants: [
      .computing("plain Swift by hand", .primal) {
        var method = HandWrittenDormandPrince(states: 3, tolerance: 1e-8)
        return method.solve(from: [1, 1, 1], to: time) { _, y, slopes in
          slopes[0] = 10 * (y[1] - y[0])
          slopes[1] = y[0] * (28 - y[2]) - y[1]
          slopes[2] = y[0] * y[1] - 8 / 3 * y[2]
        }
      },
      library("MicrogradDynamics, plain numbers", from: [1, 1, 1], to: time, lorenzOnNumbers),
    ]
      + compiled(from: [1, 1, 1], to: time) { t, y, p in
        [10 * (y[1] - y[0]), y[0] * (28 - y[2]) - y[1], y[0] * y[1] - 8 / 3 * y[2]]
      })
}

/// Seven stars in a plane, in the same ways.
package func pleiadesCase(time: Double = 3) -> Case {
  Case(
    name: "pleiades", title: "seven stars by Dormand and Prince's method", group: "pleiades", iterations: nil,
    contestants: [
      .computing("plain Swift by hand", .primal) {
        var method = HandWrittenDormandPrince(states: 28, tolerance: 1e-8)
        return method.solve(from: starsAtRest, to: time, attract)
      },
      library("MicrogradDynamics, plain numbers", from: starsAtRest, to: time, starsOnNumbers),
    ]
      + compiled(from: starsAtRest, to: time) { t, y, p in
        var slopes = Array(y[14...]) + [Value](repeating: .constant(0), count: 14)
        for i in 0..<7 {
          for j in 0..<7 where j != i {
            let dx = y[j] - y[i], dy = y[7 + j] - y[7 + i]
            let attraction = Double(j + 1) / (dx * dx + dy * dy) ** 1.5
            slopes[14 + i] += attraction * dx
            slopes[21 + i] += attraction * dy
          }
        }
        return slopes
      })
}

/// Lorenz's equations and the seven stars by the method of order 8 on plain numbers: with the continuous solution of all steps, and
/// for the states at the end only.
package func orderEightCases(lorenz: Double = 10, pleiades: Double = 3) -> [Case] {
  func made(_ name: String, _ title: String, from start: [Double], to time: Double, _ equation: DifferentialEquation)
    -> Case
  {
    Case(
      name: "\(name)-order-8", title: "\(title) by a method of order 8", group: name, iterations: nil,
      contestants: [true, false].map { keepsSteps in
        library(
          keepsSteps ? "order 8" : "order 8, end only", from: start, to: time, equation, .dormandPrince8,
          keepsSteps: keepsSteps)
      })
  }
  return [
    made("lorenz", "Lorenz's equations", from: [1, 1, 1], to: lorenz, lorenzOnNumbers),
    made("pleiades", "seven stars", from: starsAtRest, to: pleiades, starsOnNumbers),
  ]
}

private var lorenzOnNumbers: DifferentialEquation {
  .inPlace(states: 3) { t, y, p, slopes in
    slopes[0] = 10 * (y[1] - y[0])
    slopes[1] = y[0] * (28 - y[2]) - y[1]
    slopes[2] = y[0] * y[1] - 8 / 3 * y[2]
  }
}

private var starsOnNumbers: DifferentialEquation {
  .inPlace(states: 28) { t, y, p, slopes in
    y.withUnsafeBufferPointer { y in
      slopes.withUnsafeMutableBufferPointer { slopes in
        guard let y = y.baseAddress, let slopes = slopes.baseAddress else { return }
        attract(t, y, slopes)
      }
    }
  }
}

/// The start of the stars (E. Hairer, S. P. Nørsett and G. Wanner, Solving Ordinary Differential Equations I, section II.10).
private let starsAtRest: [Double] = [
  3, 3, -1, -3, 2, -2, 2, 3, -3, 2, 0, 0, -4, 4, 0, 0, 0, 0, 0, 1.75, -1.5, 0, 0, 0, -1.25, 1, 0, 0,
]

private func attract(_ t: Double, _ y: UnsafePointer<Double>, _ slopes: UnsafeMutablePointer<Double>) {
  for k in 0..<14 {
    slopes[k] = y[14 + k]
    slopes[14 + k] = 0
  }
  for i in 0..<7 {
    for j in 0..<7 where j != i {
      let dx = y[j] - y[i], dy = y[7 + j] - y[7 + i], square = dx * dx + dy * dy
      let attraction = Double(j + 1) / (square * square.squareRoot())
      slopes[14 + i] += attraction * dx
      slopes[21 + i] += attraction * dy
    }
  }
}

private func library(
  _ name: String, from start: [Double], to time: Double, _ equation: DifferentialEquation,
  _ method: IntegrationMethod = .dormandPrince5, native: Bool = false, keepsSteps: Bool = true
) -> Contestant {
  let options = SolverOptions(
    relativeTolerance: 1e-8, absoluteTolerance: 1e-8, firstStep: 1e-3, usesNativeCode: native, keepsSteps: keepsSteps)
  return .computing(name) {
    let found = resultOrStop {
      try equation.solve(from: start, over: 0...time, method: method, options: options)
    }
    return found.states[found.states.count - 1]
  }
}

/// A right-hand side of Values, compiled, and its native code where there is a C compiler.
private func compiled(from start: [Double], to time: Double, _ f: @escaping DifferentialEquation.ValueForm)
  -> [Contestant]
{
  let states = start.count
  let interpreted = library(
    "MicrogradDynamics, compiled", from: start, to: time, DifferentialEquation(states: states, f))
  let equation = DifferentialEquation(states: states, f)
  guard (try? equation.solve(from: start, over: 0...1e-3, options: SolverOptions(usesNativeCode: true))) != nil else {
    return [interpreted]
  }
  return [interpreted, library("MicrogradDynamics, native", from: start, to: time, equation, native: true)]
}

/// Dormand and Prince's method with the step control of the library, on plain numbers without any memory in a step.
private struct HandWrittenDormandPrince {
  private let count: Int
  private let tolerance: Double
  private var memory: [Double]

  init(states: Int, tolerance: Double) {
    (count, self.tolerance) = (states, tolerance)
    memory = [Double](repeating: 0, count: 10 * states)
  }

  @inline(__always)
  mutating func solve(
    from start: [Double], to end: Double,
    _ slopes: (Double, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    let (n, tolerance) = (count, tolerance)
    return memory.withUnsafeMutableBufferPointer { memory in
      guard let y = memory.baseAddress else { return [] }
      let (z, stage, k1) = (y + n, y + 2 * n, y + 3 * n)
      let (k2, k3, k4, k5, k6, k7) = (k1 + n, k1 + 2 * n, k1 + 3 * n, k1 + 4 * n, k1 + 5 * n, k1 + 6 * n)
      for k in 0..<n { y[k] = start[k] }
      var (time, size, last, rejected) = (0.0, 1e-3, 1e-4, false)
      slopes(time, y, k1)
      while time != end {
        let reaches = 1.01 * size >= end - time, h = reaches ? end - time : size
        for k in 0..<n { stage[k] = y[k] + h / 5 * k1[k] }
        slopes(time + h / 5, stage, k2)
        for k in 0..<n { stage[k] = y[k] + h * (3 / 40 * k1[k] + 9 / 40 * k2[k]) }
        slopes(time + 0.3 * h, stage, k3)
        for k in 0..<n { stage[k] = y[k] + h * (44 / 45 * k1[k] - 56 / 15 * k2[k] + 32 / 9 * k3[k]) }
        slopes(time + 0.8 * h, stage, k4)
        for k in 0..<n {
          let sum = 19372 / 6561 * k1[k] - 25360 / 2187 * k2[k] + 64448 / 6561 * k3[k]
          stage[k] = y[k] + h * (sum - 212 / 729 * k4[k])
        }
        slopes(time + 8 / 9 * h, stage, k5)
        for k in 0..<n {
          let sum = 9017 / 3168 * k1[k] - 355 / 33 * k2[k] + 46732 / 5247 * k3[k]
          stage[k] = y[k] + h * (sum + 49 / 176 * k4[k] - 5103 / 18656 * k5[k])
        }
        slopes(time + h, stage, k6)
        for k in 0..<n {
          let sum = 35 / 384 * k1[k] + 500 / 1113 * k3[k] + 125 / 192 * k4[k]
          z[k] = y[k] + h * (sum - 2187 / 6784 * k5[k] + 11 / 84 * k6[k])
        }
        slopes(time + h, z, k7)
        var squares = 0.0
        for k in 0..<n {
          let sum = 71 / 57600 * k1[k] - 71 / 16695 * k3[k] + 71 / 1920 * k4[k]
          let error = h * (sum - 17253 / 339200 * k5[k] + 22 / 525 * k6[k] - k7[k] / 40)
          let ratio = error / (tolerance + tolerance * Swift.max(abs(y[k]), abs(z[k])))
          squares += ratio * ratio
        }
        let error = (squares / Double(n)).squareRoot()
        if error <= 1 {
          time = reaches ? end : time + h
          for k in 0..<n { (y[k], k1[k]) = (z[k], k7[k]) }
          let wanted = 0.9 / Double.pow(Swift.max(error, 1e-10), 0.17) * Double.pow(last, 0.04)
          size = h * Swift.min(Swift.max(wanted, 0.2), rejected ? 1 : 10)
          (last, rejected) = (Swift.max(error, 1e-4), false)
        } else {
          size = h * Swift.max(0.2, 0.9 / Double.pow(error, 0.17))
          rejected = true
        }
      }
      return (0..<n).map { y[$0] }
    }
  }
}
