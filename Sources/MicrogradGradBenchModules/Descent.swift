import Micrograd

/// How derivatives are computed: with dual numbers, or by sweeps over a recording.
enum Way: Sendable {
  case forward, reverse
}

/// Returns the end of a gradient descent.
///
/// The step length doubles after ten steps in a row that improve the function, and halves where a step does not. The descent
/// ends where the gradient or a step is at most 10⁻⁵ long.
///
/// - Parameters:
///   - start: The first point.
///   - value: The function to minimise.
///   - valueWithGradient: The same with its gradient.
func descent<T: DifferentiableNumber>(
  from start: [T], value: ([T]) -> T, valueWithGradient: ([T]) -> (value: T, gradient: [T])
) -> [T] {
  var x = start, (height, slope) = valueWithGradient(start)
  var rate = 1e-5, improved = 0
  let origin = start.map { _ in T(constant: 0) }
  while distance(from: slope, to: origin) > 1e-5 {
    if improved == 10 { (rate, improved) = (2 * rate, 0) }
    let next = x.indices.map { x[$0] - rate * slope[$0] }
    if distance(from: x, to: next) <= 1e-5 { break }
    if value(next) < height {
      x = next
      (height, slope) = valueWithGradient(next)
      improved += 1
    } else {
      (rate, improved) = (rate / 2, 0)
    }
  }
  return x
}

/// The distance of two points, as a plain number: it decides, and nothing is differentiated through it.
private func distance<T: DifferentiableNumber>(from x: [T], to y: [T]) -> Double {
  Double.sqrt(x.indices.reduce(0) { $0 + (x[$1].number - y[$1].number).squared() })
}

/// Returns the end of a descent from a point of plain numbers, with derivatives computed one way or the other.
///
/// - Parameters:
///   - plain: The function on plain numbers.
///   - dual: The same on dual numbers.
///   - recorded: The same on Values.
func descent(
  from start: [Double], _ way: Way, plain: ([Double]) -> Double, dual: ([Dual<Double>]) -> Dual<Double>,
  recorded: ([Value]) -> Value
) -> [Double] {
  descent(from: start, value: plain) { x in
    switch way {
    case .forward: valueWithGradient(at: x, of: dual)
    case .reverse: valueWithGradient(at: x, of: recorded)
    }
  }
}

extension Array where Element: DifferentiableNumber {
  /// The numbers as constants of a function of dual numbers.
  var dual: [Dual<Element>] { map { Dual(value: $0, tangent: .zero) } }
}
