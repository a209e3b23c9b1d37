import Micrograd
import MicrogradGradBenchModules

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// GradBench's `gmm`: the posterior of a mixture of Gaussians and its gradient.
package func mixtureCase(dimensions d: Int, components k: Int, points n: Int) -> Case {
  let mixture = GaussianMixtureInput(
    d: d, k: k, n: n, x: rows(n, d, 1), m: 0, gamma: 1, alpha: rows(1, k, 2)[0], mu: rows(k, d, 3),
    q: rows(k, d, 4), l: rows(k, d * (d - 1) / 2, 5))
  return Case(
    name: "gmm", title: "GradBench gmm, d \(d), k \(k), n \(grouped(n))", group: "gmm", iterations: nil,
    contestants: [
      primal { [mixture.objective()] },
      gradient { mixture.measured() },
    ])
}

/// GradBench's `ode`: a Runge–Kutta method and the gradient of the last of its results.
package func rungeKuttaCase(variables n: Int, steps s: Int) -> Case {
  let problem = RungeKuttaInput(x: rows(1, n, 6)[0].map { 0.5 + 0.4 * $0 }, s: s)
  return Case(
    name: "ode", title: "GradBench ode, n \(grouped(n)), s \(s)", group: "ode", iterations: nil,
    contestants: [
      primal { [problem.primal()[n - 1]] },
      gradient { problem.measured() },
    ])
}

/// Numbers between -1 and 1 that are in no order.
private func rows(_ count: Int, _ length: Int, _ seed: Double) -> [[Double]] {
  (0..<count).map { i in (i * length..<(i + 1) * length).map { sin(seed + 7.3 * Double($0)) } }
}

private func primal(_ value: @escaping () -> [Double]) -> Contestant {
  .computing("Swift, Double", .primal, value)
}

private func gradient(_ measured: @escaping () -> Measured) -> Contestant {
  // A tape of its own, on which nobody else's parameters are.
  let tape = Tape()
  return Contestant(name: "Swift, gradient", role: .library) { iterations in
    tape.use {
      var last = measured()
      for _ in 1..<max(iterations, 1) { last = measured() }
      return Contestant.Outcome(numbers: [last.value] + last.gradient, nodes: last.nodes)
    }
  }
}
