import Micrograd
import MicrogradDynamics
import XCTest

/// A step over Values has the derivatives of the step over plain numbers.
final class StepDerivativesTests: XCTestCase {
  /// The pendulum with friction: a state, a velocity, and x = [state, velocity, gravity, friction, time, size].
  private func slopes<T: DifferentiableNumber>(_ t: T, _ y: [T], _ p: [T]) -> [T] {
    [y[1], -p[0] * .sin(y[0]) - p[1] * y[1] * y[1] + .cos(t)]
  }

  private func jacobian<T: DifferentiableNumber>(_ t: T, _ y: [T], _ p: [T]) -> (byState: [[T]], byTime: [T]) {
    ([[.zero, T(constant: 1)], [-p[0] * .cos(y[0]), -2 * p[1] * y[1]]], [.zero, -.sin(t)])
  }

  private func explicit<T: DifferentiableNumber>(_ tableau: RungeKuttaTableau, _ x: [T]) -> T {
    let parameters = Array(x[2..<4])
    let step = tableau.step(from: Array(x[..<2]), at: x[4], size: x[5]) { slopes($0, $1, parameters) }
    let between = tableau.interpolated(at: T(constant: 0.3), from: Array(x[..<2]), size: x[5], stages: step.stages)
    return step.state[0] + 2 * step.state[1] + between[0]
  }

  private func implicit<T: DifferentiableNumber>(_ x: [T]) -> T {
    let parameters = Array(x[2..<4]), tableau = RosenbrockTableau.rodas4
    guard
      let step = tableau.step(
        from: Array(x[..<2]), at: x[4], size: x[5], of: { slopes($0, $1, parameters) },
        jacobian: { jacobian($0, $1, parameters) })
    else { return T(constant: .nan) }
    let between = tableau.interpolated(at: T(constant: 0.3), from: Array(x[..<2]), stages: step.stages)
    return step.state[0] + 2 * step.state[1] + between[0]
  }

  private func check(_ onValues: ([Value]) -> Value, _ onNumbers: ([Double]) -> Double, _ name: String) {
    let x = [0.7, -0.4, 3, 0.2, 0.5, 0.3]
    let (value, gradient) = valueWithGradient(at: x, of: onValues)
    XCTAssertEqual(value, onNumbers(x), accuracy: 1e-15 * 8, name)
    for k in x.indices {
      func moved(_ change: Double) -> Double {
        var moved = x
        moved[k] += change
        return onNumbers(moved)
      }
      // Central differences of order 4.
      let h = 1e-3
      let difference = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
      XCTAssertEqual(gradient[k], difference, accuracy: 1e-10 * max(1, abs(difference)), "\(name) by \(k)")
    }
  }

  func testExplicitStepsHaveExactDerivatives() {
    for tableau in [RungeKuttaTableau.dormandPrince5, .tsitouras5, .rungeKutta4, .dormandPrince8] {
      check({ explicit(tableau, $0) }, { explicit(tableau, $0) }, tableau.name)
    }
  }

  func testRosenbrockStepsHaveExactDerivatives() {
    check({ implicit($0) }, { implicit($0) }, "Rodas")
  }

  func testASingularSystemHasNoStep() {
    // 1 / (γ h) = 1 is the derivative of the right-hand side.
    let step = RosenbrockTableau.rodas4.step(
      from: [1.0], at: 0, size: 4, of: { $1 }, jacobian: { _, _ in (byState: [[1]], byTime: [0]) })
    XCTAssertNil(step)
  }
}
