import Micrograd
import MicrogradOptimization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Whole fits and minimisations: recorded at every evaluation, and compiled where that is possible.

/// Fits of curves and of residuals.
package func fitCases(isQuick: Bool) -> [Case] {
  [fitCurveCase(points: 1_000), fitCurveCase(points: isQuick ? 3_000 : 100_000), trackingCase(), valleyCase()]
}

/// A curve of five parameters through points.
package func fitCurveCase(points: Int) -> Case {
  let x = (0..<points).map { 10 * Double($0) / Double(points - 1) }
  let y = x.indices.map { k -> Double in
    let curve: Double = 1 + 2 * exp(-0.5 * x[k]) + 0.7 * sin(1.3 * x[k]), row = Double(k)
    let noise: Double = sin(12.9898 * row) * cos(78.233 * row)
    return curve + 0.05 * noise
  }
  func fit(compiles: Bool) throws -> [Double] {
    try fitCurve(x: x, y: y, from: [0.5, 1.5, 0.3, 1, 1.2], options: FitOptions(compiles: compiles)) { p, x in
      p[0] + p[1] * exp(-p[2] * x) + p[3] * sin(p[4] * x)
    }.parameters
  }
  return callsCase(
    "fit-\(points)", "fitCurve, \(grouped(points)) points, 5 parameters", recorded: { try fit(compiles: false) },
    compiled: { try fit(compiles: true) })
}

/// 500 residuals of six parameters, one after the other.
package func trackingCase() -> Case {
  let times = (0..<500).map { 0.01 * Double($0) }, right = [1.2, -0.4, 0.7, 0.3, 1.5, 0.2]
  func curve(_ p: [Value], _ t: Double) -> Value {
    let place = p[4] * t - p[5]
    return p[0] * (p[1] + p[2] * t).tanh() + p[3] * (-place * place).exp()
  }
  let seen = times.map { (t: Double) -> Double in
    let noise: Double = sin(77 * t * t)
    return Tape.scope { curve(right.map(Value.constant), t).data } + 0.01 * noise
  }
  return residualsCase("tracking", "leastSquares, 500 residuals, 6 parameters", from: right.map { 1.3 * $0 }) { p in
    zip(times, seen).map { t, y in y - curve(p, t) }
  }
}

/// Rosenbrock's residuals, of which each depends on one or two parameters.
package func valleyCase(variables n: Int = 100) -> Case {
  residualsCase(
    "valley", "leastSquares, Rosenbrock, \(n) variables", from: (0..<n).map { $0 % 2 == 0 ? -1.2 : 1 }
  ) { x in
    (0..<n - 1).flatMap { (k: Int) -> [Value] in
      let curve: Value = 10 * (x[k + 1] - x[k].squared())
      return [curve, 1 - x[k]]
    }
  }
}

private func residualsCase(
  _ name: String, _ title: String, from start: [Double], _ residuals: @escaping ([Value]) -> [Value]
) -> Case {
  func fit(compiles: Bool) throws -> [Double] {
    try leastSquares(residuals, from: start, options: FitOptions(compiles: compiles)).parameters
  }
  return callsCase(name, title, recorded: { try fit(compiles: false) }, compiled: { try fit(compiles: true) })
}

/// Minimisations with products of the Hessian.
package func minimumCases(variables n: Int = 100) -> [Case] {
  let start = (0..<n).map { $0 % 2 == 0 ? -1.2 : 1 }
  let methods: [(String, MinimizationMethod)] = [("newton", .newtonCG), ("trust-region", .trustRegion)]
  return methods.map { name, method in
    func minimum(compiles: Bool) throws -> [Double] {
      try minimize(
        { rosenbrock(at: $0) }, from: start, method: method, options: MinimizationOptions(compiles: compiles)
      ).position
    }
    return callsCase(
      "minimize-\(name)", "minimize by \(method), Rosenbrock, \(n) variables",
      recorded: { try minimum(compiles: false) }, compiled: { try minimum(compiles: true) })
  }
}
