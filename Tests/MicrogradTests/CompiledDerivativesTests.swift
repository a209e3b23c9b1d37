import Micrograd
import XCTest

/// Derivatives taken of Values inside a compiled function are part of the recording: of any order, and differentiable.
final class CompiledDerivativesTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private let w = Parameters([0.5, -0.3, 0.8, 1.2])

  /// A network of two neurons.
  private func network(_ t: Value) -> Value { w[0] * tanh(w[1] * t) + w[2] * tanh(w[3] * t) }

  /// How far it is from solving y″ + y = 0 at t.
  private func residual(_ t: Value) -> Value {
    let slope = { (t: Value) in gradient(at: t) { t in self.network(t) } }
    return (gradient(at: t) { t in slope(t) } + network(t)).squared()
  }

  func testAnEquationsResidualIsCompiledWithItsDerivatives() throws {
    let loss = try compile(at: [0.5]) { x in self.residual(x[0]) }
    let times = [0.5, 0.25, -1, 2, 0]
    let mean = try loss.backward(at: Samples(times.map { [$0] }))
    let compiled = w.gradients
    w.zeroGradients()
    let recorded = times.map { time in
      Tape.scope {
        let loss = residual(Value(time))
        loss.backward(seed: 1 / Double(times.count))
        return loss.data
      }
    }
    XCTAssertEqual(mean, recorded.reduce(0, +) / Double(times.count), accuracy: 1e-14)
    for (own, other) in zip(compiled, w.gradients) { XCTAssertEqual(own, other, accuracy: 1e-13) }
  }

  func testADerivativeByAnInputIsAFunctionOfTheInputs() throws {
    let slope = try compile(at: [0.5, 2]) { x in gradient(at: x[0]) { t in sin(x[1] * t) * t } }
    let (values, gradients) = try slope.valuesWithGradients(at: Samples([[0.5, 2], [1, 3]]))
    for (k, (t, a)) in [(0.5, 2.0), (1.0, 3.0)].enumerated() {  // d/dt (sin(a t) t), and its derivatives by t and a
      let (s, c) = (Double.sin(a * t), Double.cos(a * t))
      XCTAssertEqual(values[k], s + a * t * c, accuracy: 1e-15)
      XCTAssertEqual(gradients[k][0], 2 * a * c - a * a * t * s, accuracy: 1e-14)
      XCTAssertEqual(gradients[k][1], 2 * t * c - a * t * t * s, accuracy: 1e-14)
    }
  }
}
