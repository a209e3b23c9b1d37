import Micrograd
import TestSupport
import XCTest

/// Nested derivatives at the edges of domains and of the range of doubles are those of numbers. Numbers by mpmath.
final class NestedEdgesTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  /// A derivative in all modes that have one.
  private func slopes(at x: Double, _ f: (Value) -> Value) throws -> [Double] {
    let value = Value(x)
    return [
      gradient(at: x, of: f), directionalDerivative(at: [x], along: [1]) { f($0[0]) },
      f(value).backward(creatingGraph: true)[value].data, gradient(at: value, of: f).data,
      directionalDerivative(at: [value], along: [.constant(1)]) { f($0[0]) }.data,
    ]
  }

  private func bends(at x: Double, _ f: (Value) -> Value) -> [Double] {
    let value = Value(x)
    return [
      hessian(at: [x]) { f($0[0]) }[0][0], gradient(at: x) { x in gradient(at: x, of: f) },
      gradient(at: value) { x in gradient(at: x, of: f) }.data, derivative(at: x, order: 2, of: f),
      directionalDerivative(at: [x], along: [1]) { x in gradient(at: x[0], of: f) },
    ]
  }

  func testOutsideOfTheirDomainsDerivativesAreNaNInEveryMode() throws {
    for (f, points) in [(logit, [2, -0.5, 1.01]), (log1mexp, [-0.5, -2])] as [((Value) -> Value, [Double])] {
      for x in points {
        for slope in try slopes(at: x, f) + bends(at: x, f) { XCTAssertTrue(slope.isNaN, "\(slope) at \(x)") }
        let compiled = try compile(at: [0.5]) { x in gradient(at: x[0], of: f) }
        XCTAssertTrue(try compiled.values(at: samples([x]))[0].isNaN)
        XCTAssertTrue(try compiled.gradients(at: samples([x])).rows[0][0].isNaN)
      }
    }
    XCTAssertEqual(try slopes(at: -0.0, logit), Array(repeating: .infinity, count: 5))
  }

  func testExponentialsAtTheEndOfTheRange() throws {
    for slope in try slopes(at: 1024, { exp2($0) }) {
      XCTAssertLessThanOrEqual(ulps(slope, 1.2460659279417838e308), 4)
    }
    for bend in bends(at: 1024, { exp2($0) }) { XCTAssertLessThanOrEqual(ulps(bend, 8.637070847446594e307), 4) }
    let compiled = try compile(at: [1]) { x in gradient(at: x[0]) { exp2($0) } }
    XCTAssertLessThanOrEqual(ulps(try compiled.values(at: samples([1024]))[0], 1.2460659279417838e308), 4)
    XCTAssertLessThanOrEqual(ulps(try compiled.gradients(at: samples([1024])).rows[0][0], 8.637070847446594e307), 4)
  }

  func testPowersAndDistancesAtTheEndOfTheRange() throws {
    // 2^1024 log 2 by the exponent: the power is out of range, its slope is not.
    for slope in try slopes(at: 1024, { 2 ** $0 }) + slopes(at: 1024, { Value(2) ** $0 }) {
      XCTAssertLessThanOrEqual(ulps(slope, 1.2460659279417838e308), 4)
    }
    let small = 1e-300 * 1e-10
    // The slope of x^0.001 at 1e-310 is 0.001 x^(-0.999), where x^(-0.999) is out of range.
    for slope in try slopes(at: small, { $0 ** 0.001 }) + slopes(at: small, { $0 ** Value(0.001) }) {
      XCTAssertLessThanOrEqual(ulps(slope, 4.897788193684477e306), 8)
    }
    let far = { (x: [Value]) in hypot(x[0], x[1]) }
    let corner = [1.5e308, 1.5e308]
    let nested = gradient(at: corner.map { Value($0) }, of: far).map(\.data)
    for slope in gradient(at: corner, of: far) + nested {
      XCTAssertLessThanOrEqual(ulps(slope, 0.7071067811865476), 2)
    }
  }

  /// ∂²/∂x∂y of x^y, as the limits from the right are: x^(y - 1) (1 + y log x).
  func testMixedDerivativesOfPowersOfZeroAreTheSameInEveryMode() {
    let power = { (x: [Value]) in x[0] ** x[1] }
    for (x, y, mixed) in [
      (0.0, 1.0, -Double.infinity), (0, 0.5, -.infinity), (0, 2, 0), (0, 1.5, 0), (0, -1, .infinity), (0, 0, .nan),
      (-2, 2, .nan), (4, 0, 0.25),
    ] {
      let point = [x, y], values = point.map { Value($0) }
      let modes = [
        hessian(at: point, of: power), jacobian(at: point) { (x: [Value]) in gradient(at: x, of: power) },
        hessian(at: values, of: power).map { $0.map(\.data) },
      ]
      for rows in modes {
        for number in [rows[0][1], rows[1][0]] {
          XCTAssertTrue(number == mixed || number.isNaN && mixed.isNaN, "\(number) at \(point)")
        }
      }
    }
  }

  func testActivationsAtInfinityHaveTheirLimits() throws {
    let activations: [(String, (Value) -> Value, Double)] = [
      ("silu", { $0.silu() }, .nan), ("gelu", { $0.gelu() }, 0), ("geluTanh", { $0.geluTanh() }, 0),
    ]
    for (name, f, below) in activations {
      for slope in try slopes(at: .infinity, f) { XCTAssertEqual(slope, 1, name) }
      for slope in try slopes(at: -.infinity, f) { XCTAssertTrue(slope == below || slope.isNaN && below.isNaN, name) }
      for x in [1e3, 1e4, 1e200] {
        for slope in try slopes(at: x, f) { XCTAssertEqual(slope, 1, name) }
        for slope in try slopes(at: -x, f) { XCTAssertEqual(slope, 0, name) }
        for bend in bends(at: x, f) + bends(at: -x, f) { XCTAssertEqual(bend, 0, name) }
      }
    }
  }

  func testAZeroAdjointMeetsNoInfiniteSlopeInAnyMode() throws {
    let f = { (x: [Value]) in log(0 * x[0] + x[1]) }
    XCTAssertEqual(gradient(at: [1, 0], of: f)[0], 0)
    XCTAssertEqual(jacobian(at: [1, 0]) { x in (0..<3).map { _ in f(x) } }.map { $0[0] }, [0, 0, 0])
    XCTAssertEqual(gradient(at: [Value(1), Value(0)], of: f)[0].data, 0)
    XCTAssertEqual(try slopes(at: 800) { log(exp($0)) }, [0, 0, 0, 0, 0])
  }

  func testInfiniteLogitsThatAreRightCostNothing() {
    for x in [[.infinity, 1, 2], [0, -.infinity, -.infinity]] as [[Double]] {
      let f = { (x: [Value]) in Matrix(rows: 1, columns: 3, values: x).crossEntropy(classes: [0])[0, 0] }
      let g = { (x: [Value]) in 0 - Matrix(rows: 1, columns: 3, values: x).logSoftmax()[0, 0] }
      for f in [f, g] {
        XCTAssertEqual(valueWithGradient(at: x, of: f).value, 0)
        XCTAssertEqual(gradient(at: x, of: f), [0, 0, 0])
        XCTAssertEqual(gradient(at: x.map { Value($0) }, of: f).map(\.data), [0, 0, 0])
      }
    }
    for x in [[.infinity], [-.infinity]] as [[Double]] {
      XCTAssertEqual(Tape.scope { logSumExp(x.map { Value($0) }).data }, x[0])
      XCTAssertEqual(gradient(at: x) { logSumExp($0) }, [1])
    }
    let row = Matrix(rows: 1, columns: 2, values: [Value(.infinity), Value(1)]).logSumExp()[0, 0]
    XCTAssertEqual(row.data, .infinity)
  }
}
