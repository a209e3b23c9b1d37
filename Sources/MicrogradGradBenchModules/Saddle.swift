import Micrograd

/// ‖x‖² - ‖y‖², to be minimised by x and maximised by y.
private func height<T: DifferentiableNumber>(_ x: [T], _ y: [T]) -> T {
  x[0] * x[0] + x[1] * x[1] - (y[0] * y[0] + y[1] * y[1])
}

/// Returns the y of the largest height at x, which depends on x as the steps of the ascent do.
private func highest<T: DifferentiableNumber>(at x: [T], from start: [Double], _ way: Way) -> [T] {
  let start = start.map { T(constant: $0) }
  switch way {
  case .forward:
    let dual = x.dual
    return descent(from: start, value: { y in -height(x, y) }) { y in
      valueWithGradient(at: y) { (y: [Dual<T>]) in -height(dual, y) }
    }
  case .reverse:
    return descent(from: start, value: { y in -height(x, y) }) { y in
      valueWithGradient(at: y) { (y: [T.Recorded]) in -height(x.map { $0.lifted }, y) }
    }
  }
}

extension Module {
  static let saddle = Module(
    name: "saddle",
    functions: [
      "ff": Function { (input: SaddleInput) in input.solution(.forward, .forward) },
      "fr": Function { (input: SaddleInput) in input.solution(.forward, .reverse) },
      "rf": Function { (input: SaddleInput) in input.solution(.reverse, .forward) },
      "rr": Function { (input: SaddleInput) in input.solution(.reverse, .reverse) },
    ])
}

/// Where both searches start.
struct SaddleInput: Input {
  let start: [Double]

  func check() throws(InputError) {
    try expect(start.count == 2, "start has \(start.count) numbers, not 2")
  }

  /// The x of the lowest maximum, and the y of this maximum.
  func solution(_ outer: Way, _ inner: Way) -> [Double] {
    func maximum<T: DifferentiableNumber>(_ x: [T]) -> T { height(x, highest(at: x, from: start, inner)) }
    let x = descent(from: start, outer, plain: maximum, dual: maximum, recorded: maximum)
    return x + highest(at: x, from: start, inner)
  }
}
