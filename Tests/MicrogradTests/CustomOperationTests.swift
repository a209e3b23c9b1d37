import Foundation
import Micrograd
import RealModule
import XCTest

/// Operations of one's own against the same functions made of built-in ones.
final class CustomOperationTests: XCTestCase {
  private let sine = CustomOperation(
    "sine", value: { Foundation.sin($0) }, derivative: { Foundation.cos($0) }, secondDerivative: { -Foundation.sin($0) }
  )

  /// (r, angle) to (x, y), with a reverse and a forward rule in numbers and a reverse one in Values.
  private func polar(reverse: Bool, forward: Bool, recorded: Bool) -> CustomOperation {
    func value(_ x: [Double]) -> [Double] { [x[0] * Double.cos(x[1]), x[0] * Double.sin(x[1])] }
    func pullback(_ x: [Double], _ v: [Double], _ w: [Double]) -> [Double] {
      [w[0] * Double.cos(x[1]) + w[1] * Double.sin(x[1]), w[1] * v[0] - w[0] * v[1]]
    }
    func pushforward(_ x: [Double], _ v: [Double], _ t: [Double]) -> [Double] {
      [t[0] * Double.cos(x[1]) - t[1] * v[1], t[0] * Double.sin(x[1]) + t[1] * v[0]]
    }
    func valuePullback(_ x: [Value], _ v: [Value], _ w: [Value]) -> [Value] {
      [w[0] * cos(x[1]) + w[1] * sin(x[1]), w[1] * v[0] - w[0] * v[1]]
    }
    return CustomOperation(
      "polar", inputCount: 2, outputCount: 2, value: value, vectorJacobianProduct: reverse ? pullback : nil,
      jacobianVectorProduct: forward ? pushforward : nil,
      recordedVectorJacobianProduct: recorded ? valuePullback : nil)
  }

  private var polars: [CustomOperation] {
    [(true, true, true), (true, false, true), (false, true, true), (false, false, true)].map(polar)
  }

  private func builtIn(_ x: [Value]) -> [Value] { [x[0] * cos(x[1]), x[0] * sin(x[1])] }

  /// Uses both outputs, the first twice, and the inputs beside them.
  private func wrapped(_ operation: ([Value]) -> [Value], _ x: [Value]) -> Value {
    let v = operation([x[0] * x[2], x[1]])
    return exp(v[0]) * v[1] + v[0] * x[1] + x[2].squared()
  }

  private let point = [0.7, 0.4, 1.3]

  private func assertEqual(_ a: [Double], _ b: [Double], line: UInt = #line) {
    XCTAssertEqual(a.count, b.count, line: line)
    for (a, b) in zip(a, b) { XCTAssertEqual(a, b, accuracy: 1e-13 * max(1.0, abs(b)), line: line) }
  }

  func testGradientsAreThoseOfBuiltInOperations() {
    let expected = valueWithGradient(at: point) { x in wrapped(builtIn, x) }
    for operation in polars + [polar(reverse: true, forward: false, recorded: false)] {
      let actual = valueWithGradient(at: point) { x in wrapped({ operation($0) }, x) }
      XCTAssertEqual(actual.value, expected.value, accuracy: 1e-15)
      assertEqual(actual.gradient, expected.gradient)
    }
  }

  func testTangentsAreThoseOfBuiltInOperations() {
    let direction = [0.3, -1.1, 0.6]
    let expected = directionalDerivative(at: point, along: direction) { x in wrapped(builtIn, x) }
    for operation in polars + [polar(reverse: false, forward: true, recorded: false)] {
      let actual = directionalDerivative(at: point, along: direction) { x in wrapped({ operation($0) }, x) }
      XCTAssertEqual(actual, expected, accuracy: 1e-13)
    }
  }

  func testSecondDerivativesAreThoseOfBuiltInOperations() {
    let expected = hessian(at: point) { x in wrapped(builtIn, x) }
    for operation in polars {
      assertEqual(hessian(at: point) { x in wrapped({ operation($0) }, x) }.flatMap { $0 }, expected.flatMap { $0 })
      let nested = jacobian(at: point) { x in gradient(at: x) { x in wrapped({ operation($0) }, x) } }
      assertEqual(nested.flatMap { $0 }, expected.flatMap { $0 })
      let forward = jacobian(at: point) { x in
        (0..<3).map { k in
          directionalDerivative(at: x, along: (0..<3).map { .constant($0 == k ? 1 : 0) }) { x in
            wrapped({ operation($0) }, x)
          }
        }
      }
      assertEqual(forward.flatMap { $0 }, expected.flatMap { $0 })
    }
  }

  func testThirdDerivativesThroughARuleWithValues() {
    let operation = polar(reverse: true, forward: true, recorded: true)
    for order in 0...4 {
      let expected = derivative(at: 0.4, order: order) { x in wrapped(builtIn, [x, 2 * x, x.squared()]) }
      let actual = derivative(at: 0.4, order: order) { x in wrapped({ operation($0) }, [x, 2 * x, x.squared()]) }
      XCTAssertEqual(actual, expected, accuracy: 1e-12 * max(1.0, abs(expected)), "order \(order)")
    }
  }

  func testAFunctionOfOneNumberHasTwoDerivatives() {
    for order in 0...2 {
      let actual = derivative(at: 0.4, order: order) { x in exp(sine(x)) * x }
      XCTAssertEqual(actual, derivative(at: 0.4, order: order) { x in exp(sin(x)) * x }, accuracy: 1e-13)
    }
  }

  func testACFunctionIsAccepted() {
    let bessel = CustomOperation("j0", value: j0, derivative: { -j1($0) })
    XCTAssertEqual(gradient(at: 2.5) { x in bessel(x) }, -j1(2.5))
  }

  func testAResultThatIsOneOfTheOutputs() {
    let operation = polar(reverse: true, forward: true, recorded: true)
    let rows = jacobian(at: [2, 0.5]) { x in operation(x) }
    assertEqual(rows.flatMap { $0 }, jacobian(at: [2, 0.5]) { x in builtIn(x) }.flatMap { $0 })
    let slope = gradient(at: 2) { r in gradient(at: [r, .constant(0.5)]) { x in operation(x)[0] * x[0] }[0] }
    XCTAssertEqual(slope, 2 * Foundation.cos(0.5), accuracy: 1e-14)
  }

  func testBackwardAndRecompute() {
    Tape.scope {
      let x = Value(0.4), y = sine(x) * 3
      XCTAssertEqual(y.operands.first?.operation?.name, "sine")
      x.data = 1.1
      Tape.current.recompute()
      y.backward()
      XCTAssertEqual([y.data, x.grad], [3 * Foundation.sin(1.1), 3 * Foundation.cos(1.1)])
      XCTAssertEqual(Graph(of: y).nodes.map(\.operation), [nil, "sine", "* 3.0"])
      let z = sine(x), slope = z.backward(creatingGraph: true)[x]
      XCTAssertEqual(slope.data, Foundation.cos(1.1), accuracy: 1e-15)
      x.grad = 0
      slope.backward()
      XCTAssertEqual(x.grad, -Foundation.sin(1.1), accuracy: 1e-15)
    }
  }

  func testConstantsAndPausesRecordNothing() {
    XCTAssertTrue(sine(Value.constant(0.4)).isConstant)
    Tape.scope {
      let x = Value(0.4)
      XCTAssertTrue(withoutGradients { sine(x) }.isConstant)
    }
  }

  func testTheOperationLivesAsLongAsItsNodes() {
    final class Witness {}
    weak var witness: Witness?
    Tape.scope {
      let x = Value(0.4)
      var y = x
      do {
        let inside = Witness()
        witness = inside
        let operation = CustomOperation(
          "held", value: { x in withExtendedLifetime(inside) { 2 * x } }, derivative: { _ in 2 })
        y = operation(x)
      }
      XCTAssertNotNil(witness)
      y.backward()
      XCTAssertEqual(x.grad, 2)
    }
    XCTAssertNil(witness)
  }

  func testARuleMayUseTheLibrary() {
    // The fixed point y = cos(x y), differentiated by the implicit function theorem.
    let fixedPoint = CustomOperation(
      "fixed point", inputCount: 1, outputCount: 1,
      value: { x in
        var y = 0.5
        for _ in 0..<200 { y = Foundation.cos(x[0] * y) }
        return [y]
      },
      vectorJacobianProduct: { x, y, w in
        let slopes = gradient(at: [x[0], y[0]]) { p in cos(p[0] * p[1]) }
        return [w[0] * slopes[0] / (1 - slopes[1])]
      })
    let slope = gradient(at: 0.6) { x in fixedPoint(x) }
    func y(_ x: Double) -> Double { fixedPoint(Value.constant(x)).data }
    XCTAssertEqual(slope, (y(0.6 + 1e-5) - y(0.6 - 1e-5)) / 2e-5, accuracy: 1e-9)
  }
}
