import Micrograd
import XCTest

/// Derivatives inside of generic functions, on Double and on Value.
final class GenericDerivativesTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private func cubic<T: DifferentiableNumber>(_ x: T) -> T { x * x * x - 2 * x }
  private func slope<T: DifferentiableNumber>(_ x: T) -> T { gradient(at: x) { y in cubic(y) } }
  private func curvature<T: DifferentiableNumber>(_ x: T) -> T { gradient(at: x) { y in slope(y) } }

  func testDerivativesNestToAnyDepth() {
    XCTAssertEqual([cubic(2.0), slope(2.0), curvature(2.0)], [4, 10, 12])
    XCTAssertEqual(gradient(at: 2) { slope($0) }, 12)
    XCTAssertEqual(gradient(at: 2) { curvature($0) }, 6)
    XCTAssertEqual(derivative(at: 2, order: 2) { slope($0) }, 6)
  }

  func testNumbersFromOutsideAreLifted() {
    // d/dx of x · d/dy (x y²) at y = x, which is x · 2 x².
    func f<T: DifferentiableNumber>(_ x: T) -> T { x * gradient(at: x) { y in x.lifted * y * y } }
    XCTAssertEqual(f(3.0), 54)
    XCTAssertEqual(gradient(at: 3) { f($0) }, 54)
  }

  func testMethodsOfRecordedNumbers() {
    func f<T: DifferentiableNumber>(_ x: T) -> T { gradient(at: x) { y in y.exp() * y.sin() + y.tanh().squared() } }
    let tanh = tanh(0.7), expected = exp(0.7) * (sin(0.7) + cos(0.7)) + 2 * tanh * (1 - tanh * tanh)
    XCTAssertEqual(f(0.7), expected, accuracy: 1e-15)
    XCTAssertEqual(gradient(at: 0.7) { f($0) }, (f(0.7001) - f(0.6999)) / 2e-4, accuracy: 1e-7)
  }

  private func valley<T: DifferentiableNumber>(_ x: [T]) -> T { x[0] * x[0] * x[1] + T.sin(x[1]) }

  func testEveryKindOfDerivativeTakesAnyNumber() {
    func all<T: DifferentiableNumber>(_ x: [T]) -> [T] {
      let direction = [T(constant: 1), T(constant: -2)]
      let slopes = gradient(at: x) { x in valley(x) }
      let rows = jacobian(at: x) { x in [valley(x), x[0] * x[1]] }
      let forward = jacobianVectorProduct(at: x, along: direction) { x in [valley(x), x[0] * x[1]] }
      let backward = vectorJacobianProduct(at: x, along: direction) { x in [valley(x), x[0] * x[1]] }
      let bends = hessian(at: x) { x in valley(x) }
      let diagonal = hessianDiagonal(at: x) { x in valley(x) }
      let product = hessianVectorProduct(at: x, along: direction) { x in valley(x) }
      let along = directionalDerivative(at: x, along: direction) { x in valley(x) }
      let third = derivative(at: x[0], order: 3) { y in y * y * y * y }
      let single = [along, third, valueWithGradient(at: x[0]) { y in y * y }.gradient]
      return [slopes, rows[0], rows[1], forward, backward, bends[0], bends[1], diagonal, product, single].flatMap { $0 }
    }
    // By hand, at (x, y) = (2, 0.5): f = x² y + sin y and g = x y.
    let (x, y, c, s) = (2.0, 0.5, cos(0.5), sin(0.5))
    let (fx, fy, gx, gy) = (2 * x * y, x * x + c, y, x)
    let (fxx, fxy, fyy) = (2 * y, 2 * x, -s)
    let expected = [
      fx, fy, fx, fy, gx, gy, fx - 2 * fy, gx - 2 * gy, fx - 2 * gx, fy - 2 * gy, fxx, fxy, fxy, fyy, fxx, fyy,
      fxx - 2 * fxy, fxy - 2 * fyy, fx - 2 * fy, 24 * x, 2 * x,
    ]
    for (found, number) in zip(all([x, y]), expected) { XCTAssertEqual(found, number, accuracy: 1e-14) }
    for (found, number) in zip(all([Value(x), Value(y)]).map(\.data), expected) {
      XCTAssertEqual(found, number, accuracy: 1e-14)
    }
    XCTAssertEqual(all([x, y]).count, expected.count)
  }

  func testConditionsOfGenericNumbers() {
    func f<T: DifferentiableNumber>(_ x: T) -> T {
      let isNegative = x < 0
      let root = T.select(x > 0, T.sqrt(x), 0) + T.select(x != 2, x, 7) * T.select(1 <= x, 1, x)
      return isNegative ? -root : root
    }
    XCTAssertEqual([f(0.0), f(4.0), f(2.0), f(-3.0)], [0, 6, 2.0.squareRoot() + 7, -9])
    XCTAssertEqual(gradient(at: 0) { f($0) }, 0)
    XCTAssertEqual(gradient(at: -3) { f($0) }, 6)
  }

  func testWithoutGradientsDerivativesAreConstants() {
    let x = Value(2)
    let y = withoutGradients { slope(x) }
    XCTAssertTrue(y.isConstant)
    XCTAssertEqual(y.data, 10)
  }

  func testErrorsOfTheFunctionAreThrownOn() {
    struct Failed: Error {}
    func f<T: DifferentiableNumber>(_ x: T) throws(Failed) -> T {
      try gradient(at: x) { (y: T.Recorded) throws(Failed) in throw Failed() }
    }
    XCTAssertThrowsError(try f(1.0))
    XCTAssertThrowsError(try f(Value(1)))
  }
}
