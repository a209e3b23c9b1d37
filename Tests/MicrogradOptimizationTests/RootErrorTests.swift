import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class RootErrorTests: XCTestCase {
  private func error(line: UInt = #line, _ body: () throws -> some Any) -> OptimizationError? {
    var found: OptimizationError?
    XCTAssertThrowsError(try body(), line: line) { found = $0 as? OptimizationError }
    return found
  }

  func testAStartMustBeFiniteAndHaveUnknowns() {
    XCTAssertEqual(
      error { try root(of: { x in x - 1 }, from: .infinity) }, .startNotFinite(parameter: 0, found: .infinity))
    XCTAssertEqual(error { try root(of: { (x: [Value]) in x }, from: []) }, .noParameters)
  }

  func testEachUnknownHasAnEquation() {
    let found = error { try root(of: { x in [x[0] - 1, x[0] - 2] }, from: [1]) }
    XCTAssertEqual(found, .equationCount(equations: 2, unknowns: 1))
    XCTAssertEqual("\(found!)", "1 unknowns have 2 equations; give one equation for each unknown")
    XCTAssertEqual(
      error { try fixedPoint(of: { x in [x[0]] }, from: [1, 2]) }, .equationCount(equations: 1, unknowns: 2))
  }

  func testAFunctionMustBeFiniteAtTheStart() {
    XCTAssertEqual(
      error { try root(of: { x in log(x) }, from: 0) }, .residualNotFinite(row: 0, found: -.infinity))
    XCTAssertEqual(
      error { try root(of: { x in [x[1] - 1, Value.sqrt(x[0]) - 2] }, from: [0, 1]) },
      .jacobianNotFinite(row: 1, parameter: 0, found: .infinity))
  }

  func testAFunctionWithoutARootIsAnError() {
    let p = Value(1)
    for start in [0.3, 1, 5] {
      switch error(line: #line, { try root(of: { x in x * x + p }, from: start) }) {
      case .rootNotFound, .singularJacobian: break
      case let other: XCTFail("\(String(describing: other))")
      }
    }
    switch error({ try root(of: { x in exp(-x) }, from: 1) }) {
    case .rootNotFound, .singularJacobian: break
    case let other: XCTFail("\(String(describing: other))")
    }
    switch error({ try root(of: { x in x * x + 1e-20 }, from: 1) }) {
    case .rootNotFound, .singularJacobian, .multipleRoot: break
    case let other: XCTFail("\(String(describing: other))")
    }
  }

  func testTooFewIterationsAreAnError() {
    guard
      case .rootNotFound(_, iterations: 2) = error({ try root(of: { x in exp(x) - 5 }, from: 20, maximumIterations: 2) }
      )
    else { return XCTFail() }
  }

  func testASingularJacobianIsAnError() {
    let p = Value(2)
    XCTAssertEqual(error { try root(of: { x in x * x - p }, from: 0) }, .singularJacobian(position: [0]))
    XCTAssertEqual(
      error { try root(of: { x in [x[0] + x[1] - p, 2 * x[0] + 2 * x[1] - 4] }, from: [1, 2]) },
      .singularJacobian(position: [1, 2]))
    XCTAssertEqual(
      error { try root(of: { x in [1e9 * (x[0] + x[1] / 3 - p), x[0] * 3e-9 + x[1] * 1e-9 - 4] }, from: [1, 2]) },
      .singularJacobian(position: [1, 2]))
    XCTAssertEqual(
      error { try root(of: { x in [x[0] - p, x[0] * x[0] - 4] }, from: [1, 2]) },
      .singularJacobian(position: [1, 2]))
  }

  func testMultipleRootsAreAnError() {
    let p = Value(1)
    func assertMultiple(_ line: UInt = #line, _ body: () throws -> some Any) {
      switch error(line: line, body) {
      case .multipleRoot, .singularJacobian: break
      case let other: XCTFail("\(String(describing: other))", line: line)
      }
    }
    assertMultiple { try root(of: { x in p * x * x }, from: 1) }
    assertMultiple { try root(of: { x in (x - p) ** 2 }, from: 3) }
    assertMultiple { try root(of: { x in (x - p) ** 3 }, from: 3) }
    assertMultiple { try root(of: { x in (x - p) ** 5 }, from: 1.7) }
    assertMultiple { try root(of: { x in (x - p) ** 2 }, from: 1) }
    assertMultiple { try root(of: { x in 1 - cos(x - p) }, from: 1.5) }
    assertMultiple { try root(of: { x in (x - p) ** 3 }, in: 0...3) }
    assertMultiple { try root(of: { x in p * x ** 3 }, in: -1...3) }
    // Two curves that touch.
    assertMultiple { try root(of: { x in [x[1] - x[0] ** 2 * p, x[1]] }, from: [1, 1]) }
    assertMultiple { try root(of: { x in [x[0] ** 2 + x[1] ** 2 - 2 * p, x[0] + x[1] - 2] }, from: [2, 1]) }
  }

  func testARangeMustHaveASignChange() {
    let found = error { try bracketedRoot(of: { (x: Double) in x * x + 1 }, in: -1...2) }
    XCTAssertEqual(found, .noSignChange(range: -1...2, lower: 2, upper: 5))
    XCTAssertEqual(
      "\(found!)",
      """
      the function is 2.0 and 5.0 at the ends of the range -1.0...2.0, of the same sign; give a range at whose ends its \
      signs differ
      """)
    XCTAssertEqual(
      error { try bracketedRoot(of: { (x: Double) in x }, in: -1 ... .infinity) }, .rangeNotFinite(-1 ... .infinity))
  }

  func testANumberThatIsNoneIsNamedInARange() {
    XCTAssertEqual(
      "\(error { try bracketedRoot(of: { (x: Double) in x == 0.5 ? .nan : x - 0.5 }, in: 0...1) }!)",
      "the function is nan at 0.5; give a range in which it is a number")
  }

  func testAPoleIsNoRoot() {
    guard case .pole(let position) = error({ try bracketedRoot(of: { (x: Double) in 1 / (x - 0.3) }, in: 0...1) })
    else { return XCTFail() }
    XCTAssertEqual(position, 0.3, accuracy: 1e-15)
    guard case .pole = error({ try bracketedRoot(of: { (x: Double) in 1 / x }, in: -1...1) }) else { return XCTFail() }
  }

  func testAMinimumMustExistAndBeStrict() {
    guard case .minimumNotFound = error({ try minimum(of: { x in exp(-x) }, from: 1, maximumIterations: 20) })
    else { return XCTFail() }
    let p = Value(1)
    guard case .minimumNotStrict = error({ try minimum(of: { x in (x - p) ** 4 }, from: 3) }) else {
      return XCTFail()
    }
    guard case .minimumNotStrict = error({ try minimum(of: { x in (x[0] + x[1] - p).squared() }, from: [1, 3]) })
    else { return XCTFail() }
    XCTAssertEqual(
      error { try minimum(of: { x in log(x) }, from: 0) }, .valueNotFinite(found: -.infinity))
  }

  func testAMapWithoutFixedPointIsAnError() {
    switch error({ try fixedPoint(of: { x in x + exp(-x * x) + 1 }, from: 0) }) {
    case .rootNotFound: break
    case let other: XCTFail("\(String(describing: other))")
    }
  }

  func testWhatAFunctionThrowsIsRethrown() {
    struct Failure: Error {}
    func fail(if condition: Bool) throws { if condition { throw Failure() } }
    XCTAssertThrowsError(try root(of: { (_: Value) in throw Failure() }, from: 1)) { XCTAssertTrue($0 is Failure) }
    func late(_ x: Value) throws -> Value {
      try fail(if: x.data > 1.2)
      return x - 2
    }
    func early(_ x: Value) throws -> Value {
      try fail(if: x.data < 2)
      return x * x
    }
    XCTAssertThrowsError(try root(of: late, from: 1)) { XCTAssertTrue($0 is Failure) }
    XCTAssertThrowsError(try minimum(of: early, from: 3)) { XCTAssertTrue($0 is Failure) }
  }
}
