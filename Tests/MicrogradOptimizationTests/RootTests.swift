import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

/// The equations of make_roots.py, with the Values p captured.
enum RootEquations {
  static func solve(_ name: String, _ p: [Value]) throws -> [Value] {
    switch name {
    case "kepler": [try root(of: { x in x - p[1] * sin(x) - p[0] }, from: 1)]
    case "colebrook":
      [try root(of: { x in x + 2 * log10(p[1] / 3.7 + 2.51 / p[0] * x) }, from: 7)]
    case "vanDerWaals":
      [try root(of: { v in (p[0] + 0.3640 / v.squared()) * (v - 4.267e-5) - 8.314462618 * p[1] }, from: 0.0025)]
    case "circleAndParabola":
      try root(of: { x in [x[0] ** 2 + x[1] ** 2 - p[0], x[1] - p[1] * x[0] ** 2] }, from: [1, 1])
    case "duopoly":
      try root(
        of: { q in
          let total = (q[0] + q[1]).squared()
          return [q[1] / total - p[0], q[0] / total - p[1]]
        }, from: [1, 1])
    case "cosines":
      try root(
        of: { x in
          (0..<5).map { i in
            let coupling = Double(i + 1) / 10 * p[1] * x[(i + 2) % 5].squared()
            return x[i] - p[0] * cos(x[(i + 1) % 5]) - coupling
          }
        }, from: [Double](repeating: 0.5, count: 5))
    case "cosine": [try fixedPoint(of: { x in cos(p[0] * x) }, from: 0.7)]
    case "planeMap":
      try fixedPoint(of: { x in [sin(p[0] * x[1]) / 2 + p[1], cos(p[1] * x[0]) / 3] }, from: [0.5, 0.3])
    case "softplusMinimum":
      [try minimum(of: { x in log(1 + exp(x)) - p[0] * x + p[1] * x ** 4 }, from: 0.5)]
    default: fatalError("no equations for \(name)")
    }
  }
}

final class RootTests: XCTestCase {
  private func forEach(_ body: (RootsFixture.Root, _ unknown: Int, (([Value]) -> Value)) throws -> Void) rethrows {
    for expected in Fixture.roots.roots {
      for k in expected.root.indices {
        try body(expected, k) { p in try! RootEquations.solve(expected.name, p)[k] }
      }
    }
  }

  private func assertClose(
    _ found: [Double], _ expected: [Double], relative: Double, _ name: String, line: UInt = #line
  ) {
    XCTAssertEqual(found.count, expected.count, name, line: line)
    for (a, b) in zip(found, expected) {
      XCTAssertEqual(a, b, accuracy: relative * max(abs(b), 1e-12 * (expected.map(abs).max() ?? 0)), name, line: line)
    }
  }

  func testRootsAndGradientsAreMpmaths() {
    forEach { expected, k, solution in
      let (value, slopes) = valueWithGradient(at: expected.parameters, of: solution)
      XCTAssertEqual(value, expected.root[k], accuracy: 4e-15 * abs(expected.root[k]), expected.name)
      assertClose(slopes, expected.first[k], relative: 1e-13, expected.name)
    }
  }

  func testSecondDerivativesAreMpmaths() {
    forEach { expected, k, solution in
      for (row, exact) in zip(hessian(at: expected.parameters, of: solution), expected.second[k]) {
        assertClose(row, exact, relative: 1e-11, expected.name)
      }
    }
  }

  func testForwardModeGivesTheSameDerivatives() {
    for expected in Fixture.roots.roots {
      for k in expected.parameters.indices {
        let direction = expected.parameters.indices.map { $0 == k ? 1.0 : 0 }
        let found = jacobianVectorProduct(at: expected.parameters, along: direction) {
          try! RootEquations.solve(expected.name, $0)
        }
        assertClose(found, expected.first.map { $0[k] }, relative: 1e-13, expected.name)
      }
    }
  }

  func testGradientsOfRecordedGradientsAreTheHessian() {
    forEach { expected, k, solution in
      for j in expected.parameters.indices {
        let row = gradient(at: expected.parameters) { p in gradient(at: p, of: solution)[j] }
        assertClose(row, expected.second[k][j], relative: 1e-11, expected.name)
      }
    }
  }

  func testRecordedForwardModeGivesTheHessian() {
    forEach { expected, k, solution in
      for j in expected.parameters.indices {
        let direction = expected.parameters.indices.map { Value.constant($0 == j ? 1 : 0) }
        let row = gradient(at: expected.parameters) { p in
          directionalDerivative(at: p, along: direction, of: solution)
        }
        assertClose(row, expected.second[k][j], relative: 1e-11, expected.name)
      }
    }
  }

  func testASweepThatCreatesItsGraphGivesTheHessian() {
    forEach { expected, k, solution in
      Tape.scope {
        let p = expected.parameters.map { Value($0) }
        let slopes = solution(p).backward(creatingGraph: true)
        for j in p.indices {
          p.forEach { $0.grad = 0 }
          slopes[p[j]].backward()
          assertClose(p.map(\.grad), expected.second[k][j], relative: 1e-11, expected.name)
        }
      }
    }
  }

  func testDerivativesOfEveryOrderAreThoseOfTheSquareRoot() {
    // The n-th derivative of √p at 4.
    let exact: [Double] = [2, 0.25, -0.03125, 0.01171875, -0.00732421875, 0.00640869140625]
    for (order, expected) in exact.enumerated() {
      let found = derivative(at: 4, order: order) { p in try! root(of: { x in x * x - p }, from: 1) }
      XCTAssertEqual(found, expected, accuracy: 1e-12, "order \(order)")
    }
  }

  func testThirdDerivativesOfASystemAreThoseOfItsSolution() {
    // x + y = p, x y = 1: x = p/2 + √(p²/4 - 1), whose third derivative is 6 p / (p² - 4)^(5/2).
    let third = derivative(at: 3, order: 3) { p in
      try! root(of: { x in [x[0] + x[1] - p, x[0] * x[1] - 1] }, from: [3, 0.1])[0]
    }
    XCTAssertEqual(third, 6 * 3 / Double.pow(5, 2.5), accuracy: 1e-13)
  }

  func testDerivativesAreThoseThroughRecordedIterations() {
    func newton(_ p: [Value]) -> Value {
      var x = p[0] * 0 + 1
      for _ in 0..<12 { x = x - (x - p[1] * sin(x) - p[0]) / (1 - p[1] * cos(x)) }
      return x
    }
    func implicit(_ p: [Value]) -> Value { try! root(of: { x in x - p[1] * sin(x) - p[0] }, from: 1) }
    let start = [0.7, 0.6]
    XCTAssertEqual(gradient(at: start, of: implicit), gradient(at: start, of: newton), accuracy: 1e-14)
    XCTAssertEqual(hessian(at: start, of: implicit), hessian(at: start, of: newton), accuracy: 1e-13)
  }

  func testASystemHasTheDerivativesOfRecordedIterations() {
    func equations(_ x: [Value], _ p: [Value]) -> [Value] {
      [x[0] ** 2 + x[1] ** 2 - p[0], x[1] - p[1] * x[0] ** 2, x[2] * exp(x[2]) - x[0] * p[1]]
    }
    func newton(_ p: [Value]) -> Value {
      var x = [1, 1, 0.5].map { p[0] * 0 + $0 }
      for _ in 0..<10 {
        let (values, rows) = valueWithJacobian(at: x) { equations($0, p) }
        let matrix = Matrix(rows: 3, columns: 3, values: rows.flatMap { $0 })
        let step = try! matrix.solve(Vector(values: values))
        x = x.indices.map { x[$0] - step[$0] }
      }
      return x[0] * x[1] + x[2]
    }
    func implicit(_ p: [Value]) -> Value {
      let x = try! root(of: { equations($0, p) }, from: [1, 1, 0.5])
      return x[0] * x[1] + x[2]
    }
    XCTAssertEqual(gradient(at: [4, 0.5], of: implicit), gradient(at: [4, 0.5], of: newton), accuracy: 1e-14)
    XCTAssertEqual(hessian(at: [4, 0.5], of: implicit), hessian(at: [4, 0.5], of: newton), accuracy: 1e-13)
  }

  func testFixedPointsHaveTheDerivativesOfRecordedIterations() {
    func repeated(_ p: [Value]) -> Value {
      var x = p[0] * 0 + 1
      for _ in 0..<200 { x = cos(p[0] * x) / 2 + p[1] }
      return x
    }
    func implicit(_ p: [Value]) -> Value { try! fixedPoint(of: { x in cos(p[0] * x) / 2 + p[1] }, from: 1) }
    XCTAssertEqual(gradient(at: [0.8, 0.3], of: implicit), gradient(at: [0.8, 0.3], of: repeated), accuracy: 1e-14)
    XCTAssertEqual(hessian(at: [0.8, 0.3], of: implicit), hessian(at: [0.8, 0.3], of: repeated), accuracy: 1e-13)
  }

  func testAFixedPointIsFoundByRepetitionWhereNewtonsMethodCannotStart() throws {
    // g'(0) = 1.
    let p = Value(0.5)
    let x = try fixedPoint(of: { x in p + sin(x) }, from: 0)
    x.backward()
    XCTAssertEqual(x.data, 0.5 + Double.sin(x.data), accuracy: 3e-16)
    XCTAssertEqual(p.grad, 1 / (1 - Double.cos(x.data)), accuracy: 1e-14)
  }

  func testGradientsPassTheCheckByDifferences() {
    let check = checkGradient(at: [0.3, 0.9]) { p in
      try! root(of: { x in x - p[1] * sin(x) - p[0] }, from: 1)
    }
    XCTAssertTrue(check.isConsistent, "\(check)")
  }

  func testARootInsideOfARootHasExactDerivatives() {
    // y² = p x inside, x y = 8 outside: x = (64 / p)^(1/3).
    func solution(_ p: [Value]) -> Value {
      try! root(
        of: { x in
          let y = try root(of: { y in y * y - p[0] * x }, from: 1)
          return x * y - 8
        }, from: 1)
    }
    let p = 3.0, exact = 4 / Double.root(3, 3)
    let (value, slope) = valueWithGradient(at: [p], of: solution)
    XCTAssertEqual(value, exact, accuracy: 1e-14)
    XCTAssertEqual(slope, [-exact / 3 / p], accuracy: 1e-14)
    XCTAssertEqual(hessian(at: [p], of: solution), [[exact * 4 / 9 / p / p]], accuracy: 1e-13)
    let third = derivative(at: p, order: 3) { solution([$0]) }
    XCTAssertEqual(third, -exact * 28 / 27 / (p * p * p), accuracy: 1e-12)
  }

  func testAMinimumOfAFunctionWithAMinimumHasExactDerivatives() {
    // Inside, y = p x minimises (y - p x)² + (y - p x)⁴; outside, (y - 2)² + (x - p)² is least at x = 3 p / (1 + p²).
    func solution(_ p: Value) -> Value {
      try! minimum(
        of: { x in
          let y = try minimum(of: { y in (y - p * x).squared() + (y - p * x) ** 4 }, from: 1)
          return (y - 2).squared() + (x - p).squared()
        }, from: 0.5)
    }
    func exact(_ p: Value) -> Value { 3 * p / (1 + p.squared()) }
    XCTAssertEqual(
      derivative(at: 0.7, order: 0, of: solution), derivative(at: 0.7, order: 0, of: exact), accuracy: 1e-14)
    XCTAssertEqual(gradient(at: 0.7, of: solution), gradient(at: 0.7, of: exact), accuracy: 1e-13)
    XCTAssertEqual(
      derivative(at: 0.7, order: 2, of: solution), derivative(at: 0.7, order: 2, of: exact), accuracy: 1e-12)
  }

  func testARootMayCaptureParameters() throws {
    let weights = Parameters([2, 3])
    let x = try root(of: { x in weights[0] * x ** 3 - weights[1] }, from: 1)
    x.backward()
    // x = (w1 / w0)^(1/3)
    let exact = Double.root(1.5, 3)
    XCTAssertEqual(x.data, exact, accuracy: 1e-15)
    XCTAssertEqual(weights.gradients, [-exact / 6, exact / 9], accuracy: 1e-15)
    let slope = x.backward(creatingGraph: true)[weights[0]]
    weights.zeroGradients()
    slope.backward()
    XCTAssertEqual(weights.gradients, [exact * 4 / 9 / 4, -exact / 3 / 3 / 6], accuracy: 1e-14)
  }

  func testARootDependsOnACapturedValueOnceThoughAnotherIsComputedFromIt() throws {
    let p = Value(4), q = p * p
    let x = try root(of: { x in x - p - q }, from: 1)
    let slope = x.backward(creatingGraph: true)[p]
    XCTAssertEqual(x.data, 20)
    XCTAssertEqual(slope.data, 9)
    p.grad = 0
    slope.backward()
    XCTAssertEqual(p.grad, 2)
  }

  func testARootMayCaptureAnotherRootAndWhatThatDependsOn() {
    // q = √p and x = p + q; u + v = p and u v = 1, of which the first is captured, with p: y = u + p.
    func sum(_ p: Value) -> Value {
      let q = try! root(of: { q in q * q - p }, from: 1)
      return try! root(of: { x in x - p - q }, from: 1)
    }
    func first(_ p: Value) -> Value {
      let u = try! root(of: { u in [u[0] + u[1] - p, u[0] * u[1] - 1] }, from: [3, 0.1])
      return try! root(of: { y in y - u[0] - p }, from: 1)
    }
    let exact = [6.0, 1 + 1.0 / 4, -1.0 / 32, 3.0 / 256]
    for (order, expected) in exact.enumerated() {
      XCTAssertEqual(derivative(at: 4, order: order, of: sum), expected, accuracy: 1e-13, "order \(order)")
    }
    let slope = gradient(at: 3) { p in gradient(at: p, of: first) }
    XCTAssertEqual(slope, -2 / Double.pow(5, 1.5), accuracy: 1e-13)
    XCTAssertEqual(derivative(at: 3, order: 3, of: first), 18 / Double.pow(5, 2.5), accuracy: 1e-13)
  }

  func testARootOfAFunctionWithoutValuesIsAConstant() throws {
    let x = try root(of: { x in x * x - 2 }, from: 1)
    XCTAssertTrue(x.isConstant)
    XCTAssertEqual(x.data, 2.0.squareRoot(), accuracy: 3e-16)
  }

  func testOnlyTwoEvaluationsAndOneOperationAreRecorded() throws {
    for start in [0.9, 5, 30] {
      try Tape.scope {
        let p = Value(2), before = Tape.current.nodeCount
        _ = try root(of: { x in exp(x) * x - p }, from: start)
        XCTAssertEqual(Tape.current.nodeCount - before, 10)
      }
    }
  }

  func testARootIsNoPartOfWhatIsRecordedWithoutGradients() throws {
    let p = Value(2)
    let x = try withoutGradients { try root(of: { x in x * x - p }, from: 1) }
    XCTAssertTrue(x.isConstant)
    XCTAssertEqual(x.data, 2.0.squareRoot(), accuracy: 3e-16)
  }

  func testAFunctionWithARootIsNotCompiledWithTheRootOfOneSample() {
    XCTAssertThrowsError(
      try compile(at: [2]) { p in try! root(of: { x in x * x - p[0] }, from: 1) })
  }

  func testAMinimiserEvaluatesAFunctionWithARoot() throws {
    // x(p) = ln p; (x - 2)² is least at e².
    let found = try minimize({ p in (try! root(of: { x in exp(x) - p[0] }, from: 1) - 2).squared() }, from: [5])
    XCTAssertEqual(found.position, [.exp(2)], accuracy: 1e-9)
  }

  func testARootThatTakesManyStepsIsCompiledToTheSameRoot() throws {
    // About thirty steps from far away.
    let x = try root(of: { x in [exp(x[0]) - 2, x[1] * exp(x[1]) - 1] }, from: [40, 30])
    XCTAssertEqual(x.map(\.data), [.log(2), 0.5671432904097838], accuracy: 1e-15)
  }
}
