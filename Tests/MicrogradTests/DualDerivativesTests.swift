import XCTest

@testable import Micrograd

/// Derivatives that are asked for by a closure over dual numbers.
final class DualDerivativesTests: XCTestCase {
  private func wave<T: DifferentiableNumber>(_ x: T) -> T { .sin(x) * .exp(-0.5 * x) }
  private func pair<T: DifferentiableNumber>(_ x: [T]) -> [T] { [x[0] * .exp(x[1]), .hypot(x[0], x[1]), x[1] / x[0]] }
  private func bowl<T: DifferentiableNumber>(_ x: [T]) -> T { .log(1 + x[0] * x[0]) * x[1] + x[1].cubed() }

  func testNothingIsRecorded() {
    let before = Tape.current.nodeCount
    _ = derivative(at: 0.7) { (x: Dual<Double>) in wave(x) }
    _ = bowl(nestedDuals([0.7, 2], along: 0, 1))
    XCTAssertEqual(Tape.current.nodeCount, before)
  }

  func testDerivativesAreThoseOfRecordings() {
    let (value, slope) = valueWithDerivative(at: 0.7) { (x: Dual<Double>) in wave(x) }
    XCTAssertEqual(value, wave(0.7))
    XCTAssertEqual(slope, gradient(at: 0.7) { x in wave(x) }, accuracy: 1e-15)
    let found = valueWithGradient(at: [0.7, 2]) { (x: [Dual<Double>]) in bowl(x) }
    XCTAssertEqual(found.value, bowl([0.7, 2]))
    XCTAssertEqual(found.gradient, jacobian(at: [0.7, 2]) { x in [bowl(x)] }[0])
  }

  func testJacobiansHaveTheBitsOfColumns() {
    let x = [0.7, 2.0]
    let found = valueWithJacobian(at: x) { (x: [Dual<Double>]) in pair(x) }
    XCTAssertEqual(found.value, pair(x))
    XCTAssertEqual(found.jacobian, jacobian(at: x) { x in pair(x) })
    XCTAssertEqual(found.jacobian, jacobian(at: x) { (x: [Dual<Double>]) in pair(x) })
    XCTAssertEqual(
      jacobianVectorProduct(at: x, along: [2, -3]) { (x: [Dual<Double>]) in pair(x) },
      jacobianVectorProduct(at: x, along: [2, -3]) { x in pair(x) })
    XCTAssertEqual(
      directionalDerivative(at: x, along: [2, -3]) { (x: [Dual<Double>]) in bowl(x) },
      directionalDerivative(at: x, along: [2, -3]) { x in bowl(x) })
  }

  func testFunctionsOfNothingHaveEmptyDerivatives() {
    let found = valueWithGradient(at: [Double]()) { (x: [Dual<Double>]) in Dual<Double>.sum(x) }
    XCTAssertEqual(found.value, 0)
    XCTAssertEqual(found.gradient, [])
    XCTAssertEqual(jacobian(at: [Double]()) { (x: [Dual<Double>]) in [Dual<Double>.sum(x)] }, [[]])
  }

  func testErrorsOfTheFunctionAreRethrown() {
    struct Refusal: Error {}
    XCTAssertThrowsError(try derivative(at: 1) { (_: Dual<Double>) throws(Refusal) -> Dual<Double> in throw Refusal() })
  }

  func testClosuresWithoutATypeAreOverValues() {
    var types: [Any.Type] = []
    _ = derivative(at: 0.5) { x in
      types.append(type(of: x))
      return x * x
    }
    _ = gradient(at: [0.5]) { x in
      types.append(type(of: x[0]))
      return x[0] * x[0]
    }
    XCTAssertTrue(types.allSatisfy { $0 == Value.self })
  }

  // MARK: - Nested

  func testPerturbationsOfTwoLevelsAreNotConfused() {
    let slope = derivative(at: 1) { (x: Dual<Double>) in
      x * derivative(at: x) { (y: Dual<Dual<Double>>) in y * Dual(value: x, tangent: .zero) }
    }
    XCTAssertEqual(slope, 2)
  }

  func testOrdersUpToFiveAreThoseOfRecordings() {
    func third<T: DifferentiableNumber>(_ x: T) -> T {
      derivative(at: x) { (x: Dual<T>) in
        derivative(at: x) { (x: Dual<Dual<T>>) in
          derivative(at: x) { (x: Dual<Dual<Dual<T>>>) in wave(x) + x.cubed() / .sqrt(x) + .atan(x) }
        }
      }
    }
    func f(_ x: Value) -> Value { wave(x) + x.cubed() / .sqrt(x) + .atan(x) }
    XCTAssertEqual(third(0.8), derivative(at: 0.8, order: 3, of: f), accuracy: 1e-12)
    let fourth = derivative(at: 0.8) { (x: Dual<Double>) in third(x) }
    XCTAssertEqual(fourth, derivative(at: 0.8, order: 4, of: f), accuracy: 1e-11)
    XCTAssertEqual(gradient(at: 0.8) { x in third(x) }, fourth, accuracy: 1e-11)
    XCTAssertEqual(hessian(at: [0.8]) { x in third(x[0]) }[0][0], derivative(at: 0.8, order: 5, of: f), accuracy: 1e-10)
  }

  func testFunctionsThatDifferentiateRunOnDualNumbers() {
    func slopes<T: DifferentiableNumber>(_ x: T) -> T {
      let inner = gradient(at: [x, x * x]) { y in bowl(y) * x.lifted }
      let rows = jacobian(at: [x, 2 * x]) { y in pair(y) }
      let curve = hessian(at: [x, T(constant: 1)]) { y in bowl(y) }
      return inner[0] * inner[1] + rows[0][1] * rows[2][0] + curve[0][1] + curve[0][0]
    }
    let expected = gradient(at: 0.6) { x in slopes(x) }
    XCTAssertEqual(derivative(at: 0.6) { (x: Dual<Double>) in slopes(x) }, expected, accuracy: 1e-12 * abs(expected))
    XCTAssertEqual(
      derivative(at: 0.6) { (x: Dual<Double>) in derivative(at: x) { (x: Dual<Dual<Double>>) in slopes(x) } },
      derivative(at: 0.6, order: 2) { x in slopes(x) }, accuracy: 1e-9)
  }

  func testTangentsOverValuesCanBeSweptBackwards() {
    Tape.scope {
      let x = Value(0.7)
      let slope = derivative(at: x) { (x: Dual<Value>) in wave(x) }
      slope.backward()
      XCTAssertEqual(x.grad, derivative(at: 0.7, order: 2) { x in wave(x) }, accuracy: 1e-14)
    }
  }

  func testCompiledFunctionsTakeDerivativesOfDualNumbers() throws {
    let compiled = try Tape.scope {
      try compile(at: [0.7]) { x in derivative(at: x[0]) { (x: Dual<Value>) in self.wave(x) } }
    }
    for x in [-1.5, 0, 0.7, 2] {
      XCTAssertEqual(try compiled.values(at: Samples([[x]]))[0], gradient(at: x) { x in wave(x) }, accuracy: 1e-14)
    }
  }

  // MARK: - Dual numbers themselves

  func testComparisonsCompareValues() {
    let a = Dual(value: 1.0, tangent: 5), b = Dual(value: 2.0, tangent: -5)
    XCTAssertTrue(a < b && a <= b && !(a > b) && !(a >= b) && a != b && a == Dual(value: 1.0, tangent: 0))
    XCTAssertTrue(a < 1.5 && 0.5 < a && a == 1)
    XCTAssertEqual(Dual.select(a < b, a, b).tangent, 5)
    XCTAssertEqual([b, a].min()?.tangent, 5)
  }

  func testDescription() {
    XCTAssertEqual("\(Dual(value: 8.909297426825681, tangent: 1.0))", "Dual(value: 8.9093, tangent: 1.0)")
  }

  func testListsAreThoseOfRecordings() {
    func lists<T: DifferentiableNumber>(_ x: [T]) -> T {
      T.dot(x, x.map { $0 * $0 }) + T.dot([1, -2, 3], x) + T.logSumExp(x) * T.sum(x) + T.pick(x, at: T(constant: 2))
    }
    let x = [0.3, -1.2, 2.5]
    let expected = gradient(at: x) { x in lists(x) }
    for (found, slope) in zip(gradient(at: x) { (x: [Dual<Double>]) in lists(x) }, expected) {
      XCTAssertEqual(found, slope, accuracy: 1e-13)
    }
    let rows = hessian(at: x) { x in lists(x) }
    for i in x.indices {
      for j in x.indices {
        XCTAssertEqual(lists(nestedDuals(x, along: i, j)).tangent.tangent, rows[i][j], accuracy: 1e-13)
      }
    }
  }
}
