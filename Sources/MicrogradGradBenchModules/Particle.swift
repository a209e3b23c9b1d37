import Micrograd

/// The potential of two charges at (10, 10 - w) and (10, 0).
private func potential<T: DifferentiableNumber>(_ x: [T], _ w: T) -> T {
  func distance(_ height: T) -> T {
    let (dx, dy) = (x[0] - 10, x[1] - height)
    return .sqrt(dx * dx + dy * dy)
  }
  return 1 / distance(10 - w) + 1 / distance(T(constant: 0))
}

private func dualSlope<T: DifferentiableNumber>(at x: [T], _ w: T) -> [T] {
  gradient(at: x) { (x: [Dual<T>]) in potential(x, Dual(value: w, tangent: .zero)) }
}

private func recordedSlope<T: DifferentiableNumber>(at x: [T], _ w: T) -> [T] {
  gradient(at: x) { (x: [T.Recorded]) in potential(x, w.lifted) }
}

/// Returns the square of where a particle from (0, 8) lands, by Euler's method in steps of 0.1.
private func landing<T: DifferentiableNumber>(_ w: T, _ way: Way) -> T {
  var x = [T(constant: 0), T(constant: 8)], v = [T(constant: 0.75), T(constant: 0)]
  while true {
    let slope = way == .forward ? dualSlope(at: x, w) : recordedSlope(at: x, w)
    for k in x.indices { x[k] += 0.1 * v[k] }
    if x[1] <= 0 { return (x[0] - x[1] / v[1] * v[0]).squared() }
    for k in v.indices { v[k] -= 0.1 * slope[k] }
  }
}

extension Module {
  static let particle = Module(
    name: "particle",
    functions: [
      "ff": Function { (input: ParticleInput) in input.solution(.forward, .forward) },
      "fr": Function { (input: ParticleInput) in input.solution(.forward, .reverse) },
      "rf": Function { (input: ParticleInput) in input.solution(.reverse, .forward) },
      "rr": Function { (input: ParticleInput) in input.solution(.reverse, .reverse) },
    ])
}

/// How far the upper charge is from height 10, where the search starts.
struct ParticleInput: Input {
  let w: Double

  /// The w at which the particle lands closest to 0.
  func solution(_ outer: Way, _ inner: Way) -> Double {
    func square<T: DifferentiableNumber>(_ w: [T]) -> T { landing(w[0], inner) }
    return descent(from: [w], outer, plain: square, dual: square, recorded: square)[0]
  }
}
