import Foundation
import Micrograd
import TestSupport
import XCTest

/// Taylor coefficients up to order 20 against exact ones, and against derivatives by other ways.
///
/// Errors are measured in units of rounding of the coefficient's size: the larger of its magnitude and of the geometric mean of
/// its neighbours. A coefficient near a zero of a derivative, such as sin'' near π, is small by chance. The bound is ten such
/// units times k + 1: a unit of rounding of x itself changes the k-th coefficient by about k + 1 of them.
final class TaylorTests: XCTestCase {
  private let fixture = TaylorFixture.shared

  func testAllFunctionsAreThere() {
    let asked = Set((fixture.one + fixture.two).map(\.op)).union(["polygamma"])
    XCTAssertEqual(Set(FunctionsFixture.byOperation.keys).subtracting(asked), [], "run make_taylor.py")
    XCTAssertGreaterThan(fixture.one.count, 270)
    XCTAssertEqual(Set(fixture.formulas.map(\.op)), Set(Self.formulas.keys))
  }

  func testFunctionsToOrder20() {
    for each in fixture.one {
      let f = FunctionsFixture.function(each.op)!
      check(taylor(at: each.x, order: 20) { f($0, nil) }, each, within: 10)
    }
  }

  func testFunctionsOfTwoNumbersAlongALine() {
    for each in fixture.two {
      let f = FunctionsFixture.function(each.op)!
      check(taylor(at: [each.x, each.y!], along: [1, 0.7], order: 20) { f($0[0], $0[1]) }, each, within: 10)
    }
  }

  func testFormulasToOrder20() {
    for each in fixture.formulas {
      check(taylor(at: each.x, order: 20, of: Self.formulas[each.op]!), each, within: 200)
    }
  }

  private func check(_ series: TaylorSeries, _ each: TaylorFixture.Case, within bound: Double, line: UInt = #line) {
    XCTAssertEqual(series.order, 20, line: line)
    let exact = each.coefficients
    var worst = 0.0, place = 0
    for (k, coefficient) in series.coefficients.enumerated() {
      let neighbours = k == 0 ? 0 : abs(exact[k - 1]).squareRoot() * abs(exact[k + 1]).squareRoot()
      let divisor = each.op == "planck" ? growth(k, each) : 0
      let size = max(abs(exact[k]), neighbours, divisor, .leastNormalMagnitude)
      let error = abs(coefficient - exact[k]) / size / 0x1p-53 / Double(k + 1)
      if !(error <= worst) { (worst, place) = (error, k) }
    }
    XCTAssertLessThanOrEqual(worst, bound, "\(each), coefficient \(place)", line: line)
  }

  /// What a division by eˣ - 1 makes of rounding errors: they grow by 2ᵏ / k! from eˣ, and as if the zero of the divisor were
  /// not one of the dividend too.
  private func growth(_ k: Int, _ each: TaylorFixture.Case) -> Double {
    let ofExponential = (1...k + 1).dropLast().reduce(1.0) { $0 * 2 / Double($1) }
    return abs(each.coefficients[0]) * max(ofExponential, pow(each.x, -Double(k)))
  }

  // MARK: Against other derivatives

  func testTheFirstThreeDerivativesAreThoseOfRecordedDerivatives() {
    for (name, f) in OperationWays.ofOneValue {
      for x in [-1.3, -0.6, 0.15, 0.45, 0.8, 2.4] { checkNested(name, at: [x], along: [1]) { f($0[0]) } }
    }
    for (name, f) in OperationWays.ofTwoValues where name != "pick" {
      // A negative number has no power whose exponent moves.
      for (x, y) in [(0.7, 1.3), (2.1, -0.6), (3.2, 0.4)] + (name == "power" ? [] : [(-1.4, 2.0)]) {
        checkNested(name, at: [x, y], along: [1, 0.7]) { f($0[0], $0[1]) }
        checkNested(name, at: [x, y], along: [0, 1]) { f($0[0], $0[1]) }
      }
    }
  }

  func testFirstDerivativesAtKinksAreThoseOfOperations() {
    for (name, f) in OperationWays.ofOneValue {
      for x in [-1.0, -0.5, 0, 0.5, 1, 2] {
        let expected = jacobianVectorProduct(at: [x], along: [1]) { [f($0[0])] }[0]
        XCTAssertLessThanOrEqual(
          ulps(taylor(at: x, order: 2) { f($0) }.coefficients[1], expected), 16, "\(name) of \(x)")
      }
    }
    for (name, f) in OperationWays.ofTwoValues where name != "pick" {
      for (x, y) in [(0.0, 0.0), (1, 1), (-1, -1), (0, 2), (2, 0), (-2, 0)] {
        let expected = jacobianVectorProduct(at: [x, y], along: [1, 0.5]) { [f($0[0], $0[1])] }[0]
        let found = taylor(at: [x, y], along: [1, 0.5], order: 2) { f($0[0], $0[1]) }
        XCTAssertLessThanOrEqual(ulps(found.coefficients[1], expected), 16, "\(name) of \(x), \(y)")
      }
    }
  }

  func testLossesAndNormsOfMatricesHaveSeries() {
    func rows(_ x: [Value]) -> Matrix { Matrix(rows: 2, columns: 2, values: x) }
    let functions: [(String, ([Value]) -> Value)] = [
      ("product", { x in (rows(x) * rows(x)).sum() }), ("softmax", { x in rows(x).softmax().values[1] }),
      ("log softmax", { x in rows(x).logSoftmax().values[2] }), ("rows", { x in exp(rows(x).rowSums().values[1]) }),
      ("tanh", { x in rows(x).tanh().sum() }),
      ("solution", { x in try! rows(x).solve(Vector(values: [x[0], x[3]]))[1] }),
    ]
    for (name, f) in functions { checkNested(name, at: [0.3, -0.8, 1.1, 0.6], along: [1, 0.5, -2, 0.25], of: f) }
  }

  private func checkNested(
    _ name: String, at x: [Double], along direction: [Double], of f: @escaping ([Value]) -> Value, line: UInt = #line
  ) {
    let found = taylor(at: x, along: direction, order: 3, of: f).derivatives
    let along = { (t: Value) in f(zip(x, direction).map { t * $1 + $0 }) }
    let expected = (0...3).map { derivative(at: 0, order: $0, of: along) }
    let size = expected.reduce(0) { max($0, $1.isFinite ? abs($1) : 0) }
    for k in 0...3 where !(expected[k].isNaN && found[k].isNaN) {
      XCTAssertEqual(found[k], expected[k], accuracy: 1e-12 * size, "\(name) at \(x), order \(k)", line: line)
    }
  }

  // MARK: Operations of one's own

  func testACustomOperationWhoseRuleUsesItselfHasEveryOrder() {
    let holder = CustomHolder()
    let e = CustomOperation(
      "e", inputCount: 1, outputCount: 1, value: { [Foundation.exp($0[0])] },
      recordedVectorJacobianProduct: { x, _, weights in [weights[0] * holder.operation!(x)[0]] })
    holder.operation = e
    defer { holder.operation = nil }
    let found = taylor(at: 0.5, order: 12) { x in sin(e(x)) },
      expected = taylor(at: 0.5, order: 12) { x in sin(exp(x)) }
    for (a, b) in zip(found.coefficients, expected.coefficients) { XCTAssertEqual(a, b, accuracy: 1e-14) }
  }

  func testACustomOperationOfTwoOutputsUsesItsOutputs() {
    let circle = CustomOperation(
      "circle", inputCount: 1, outputCount: 2, value: { [Foundation.sin($0[0]), Foundation.cos($0[0])] },
      recordedVectorJacobianProduct: { _, outputs, w in [w[0] * outputs[1] - w[1] * outputs[0]] })
    let found = taylor(at: [0.4], along: [2], order: 9) { x in circle(x) }
    let expected = taylor(at: [0.4], along: [2], order: 9) { x in [sin(x[0]), cos(x[0])] }
    for (a, b) in zip(found.flatMap(\.coefficients), expected.flatMap(\.coefficients)) {
      XCTAssertEqual(a, b, accuracy: 1e-14)
    }
  }

  func testACustomOperationWithoutARecordedRuleHasItsFirstOrders() {
    let cubic = CustomOperation(
      "cubic", value: { $0 * $0 * $0 }, derivative: { 3 * $0 * $0 }, secondDerivative: { 6 * $0 })
    XCTAssertEqual(taylor(at: 2, order: 2) { x in cubic(x) }.coefficients, [8, 12, 6])
  }

  // MARK: The whole

  func testDerivativesInsideOfTheFunctionHaveSeries() {
    let found = taylor(at: 0.3, order: 6) { x in gradient(at: x) { y in exp(2 * y) } }
    let expected = taylor(at: 0.3, order: 6) { x in 2 * exp(2 * x) }
    for (a, b) in zip(found.coefficients, expected.coefficients) { XCTAssertEqual(a, b, accuracy: 1e-14 * b) }
  }

  func testCapturedValuesAndConstantsDoNotMove() {
    let p = Value(3)
    XCTAssertEqual(taylor(at: 2, order: 3) { x in p * x * x }.coefficients, [12, 12, 3, 0])
    XCTAssertEqual(taylor(at: 2, order: 2) { _ in p }.coefficients, [3, 0, 0])
    XCTAssertEqual(taylor(at: 2, order: 2) { _ in .constant(5) }.coefficients, [5, 0, 0])
    XCTAssertEqual(taylor(at: [], along: [], order: 1) { _ in p }.coefficients, [3, 0])
    XCTAssertEqual(p.grad, 0)
  }

  func testOrder0IsTheValue() {
    let series = taylor(at: 2, order: 0) { x in x * x }
    XCTAssertEqual(series.coefficients, [4])
    XCTAssertEqual(series(10), 4)
    XCTAssertEqual(series.derivatives, [4])
  }

  func testHighOrders() {
    let series = taylor(at: 0.5, order: 300) { x in 1 / (1 - x) }
    XCTAssertEqual(series.coefficients[300], pow(2, 301), accuracy: pow(2, 301) * 1e-13)
    XCTAssertEqual(series.derivatives[300], .infinity)
    let sine = taylor(at: 1, order: 60) { x in sin(x) }
    XCTAssertEqual(sine(2), Foundation.sin(3), accuracy: 1e-14)
  }

  func testTheEndsOfDomainsAreInfiniteThenNaN() {
    let functions: [(Value) -> Value] = [{ x in sqrt(x) }, { x in log(x) }, { x in x ** 0.5 }, { x in 1 / x }]
    for f in functions {
      let found = taylor(at: 0, order: 3, of: f).coefficients
      XCTAssertEqual(abs(found[1]), .infinity)
      XCTAssertTrue(found[2].isNaN)
    }
    XCTAssertEqual(taylor(at: 0, order: 3) { x in x ** 2.5 }.coefficients.prefix(3), [0, 0, 0])
    XCTAssertTrue(taylor(at: 0, order: 3) { x in x ** 2.5 }.coefficients[3].isNaN)
  }

  nonisolated(unsafe) private static let formulas: [String: (Value) -> Value] = [
    "planck": { x in x.cubed() / x.expm1() },
    "gauss": { x in exp(-x * x / 2) },
    "logistic": { x in 100 / (1 + 9 * exp(-x / 2)) },
    "oscillation": { x in exp(-x / 3) * cos(2 * x + 1) },
    "power 2.5": { x in x ** 2.5 },
    "power -3": { x in x ** -3.0 },
    "power 4": { x in x ** 4.0 },
    "power 40": { x in x ** 40.0 },
    "base 0.3": { x in 0.3 ** x },
    "3 over": { x in 3 / x },
    "self-power": { x in x ** x },
    "polygamma 2": { x in polygamma(2, x) },
    "softmax": { x in Matrix(rows: 1, columns: 3, values: [x, 2 * x, .constant(0)]).softmax().values[0] },
    "log softmax": { x in Matrix(rows: 1, columns: 3, values: [x, 2 * x, .constant(0)]).logSoftmax().values[0] },
    "log sum exp": { x in logSumExp([x, 2 * x, .constant(0)]) },
    "kepler": { x in atan2(0.6 * sin(x), cos(x) - 0.25) },
    "nested root": { x in sqrt(1 + sin(x).squared()) },
    "cosine of logarithm": { x in cos(log(1 + x * x)) },
  ]
}

/// Holds an operation that its own rule uses.
private final class CustomHolder {
  var operation: CustomOperation?
}

/// What make_taylor.py wrote.
private struct TaylorFixture: Decodable {
  let one: [Case]
  let two: [Case]
  let formulas: [Case]

  static let shared: TaylorFixture = try! readFixture("taylor.json")

  struct Case: Decodable, CustomStringConvertible {
    let op: String
    let x: Double
    let y: Double?
    let coefficients: [Double]

    var description: String { "\(op) of \(x)" + (y.map { ", \($0)" } ?? "") }
  }
}
