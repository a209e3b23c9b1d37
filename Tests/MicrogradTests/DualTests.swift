import TestSupport
import XCTest

@testable import Micrograd

/// Every operation on dual numbers, nested or not, against the oracles of the recorded operations and against recordings.
final class DualTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  // MARK: - First derivatives

  func testOperationsAreThoseOfTheOracles() {
    forEachOperation { expected, f, x in
      for (k, slope) in [expected.dx, expected.dy].enumerated() {
        guard let slope, let place = place(k, expected) else { continue }
        let result = f(duals(x, along: place))
        assertSame(result.value, expected.value, "value of \(expected)")
        if expected.value == 0 { XCTAssertEqual(result.value.sign, expected.value.sign, "sign of \(expected)") }
        assertSame(result.tangent, slope, "derivative \(k) of \(expected)")
      }
    }
  }

  func testTangentsHaveTheBitsOfRecordedOnes() {
    forEachOperation { expected, f, x in
      for place in x.indices {
        let tangent = f(duals(x, along: place)).tangent
        let recorded = directionalDerivative(at: x, along: unit(place, x.count)) { f($0) }
        assertSameBits(tangent, recorded, "derivative \(place) of \(expected)")
      }
    }
  }

  func testTangentsOverValuesAreThoseOfTheOracles() {
    forEachOperation { expected, f, x in
      for (k, slope) in [expected.dx, expected.dy].enumerated() {
        guard let slope, let place = place(k, expected) else { continue }
        let result = Tape.scope {
          let result = f(x.indices.map { Dual(value: Value(x[$0]), tangent: .constant($0 == place ? 1 : 0)) })
          return (value: result.value.data, tangent: result.tangent.data)
        }
        assertSame(result.value, expected.value, "value of \(expected)")
        assertSame(result.tangent, slope, "derivative \(k) of \(expected)")
      }
    }
  }

  func testAZeroTangentMeetsNothing() {
    forEachOperation { expected, f, x in
      XCTAssertEqual(f(x.map { Dual<Double>(constant: $0) }).tangent.bitPattern, 0, "\(expected)")
      let nested = f(x.map { Dual<Dual<Double>>(constant: $0) })
      XCTAssertEqual(nested.tangent.value.bitPattern, 0, "\(expected)")
      XCTAssertEqual(nested.value.tangent.bitPattern, 0, "\(expected)")
    }
  }

  // MARK: - Second derivatives

  func testSecondDerivativesAreThoseOfTheOracles() {
    for (op, cases) in FunctionsFixture.byOperation {
      for each in cases where each.first.allSatisfy({ $0 != nil }) {
        guard let f = Replay(at: each.point, of: { each.evaluate($0) }) else { return XCTFail("\(op) is not replayed") }
        let recorded = hessian(at: each.point) { each.evaluate($0) }
        for (i, row) in each.second.enumerated() {
          for (j, expected) in row.enumerated() {
            guard expected != nil else { continue }
            let found = f(nestedDuals(each.point, along: i, j)).tangent.tangent
            assertClose(found, recorded[i][j], "\(i), \(j) of \(each)")
          }
        }
      }
    }
  }

  func testSecondDerivativesAtKinksAreThoseOfTheOracles() {
    for kink in Fixture.kinks {
      let x = [kink.x] + (kink.y.map { [$0] } ?? [])
      let f = Replay(at: x) { OperationWays.of(kink.at)[0]($0[0], $0[$0.count - 1]) }!
      let expected = [[kink.dxx, kink.dxy], [kink.dxy, kink.dyy]]
      for i in x.indices {
        for j in x.indices {
          let twice = f(nestedDuals(x, along: i, j)).tangent.tangent
          XCTAssertEqual(twice, expected[i][j], "\(kink.at), by \(i) and \(j)")
          if twice == 0 { XCTAssertEqual(twice.sign, .plus, "\(kink.at)") }
          let ofValues = gradient(at: x) { x in
            f(x.indices.map { Dual(value: x[$0], tangent: .constant($0 == j ? 1 : 0)) }).tangent
          }
          XCTAssertEqual(ofValues[i], expected[i][j]!, "\(kink.at), by \(i) and \(j), over Values")
        }
      }
    }
  }

  // MARK: - Inside

  /// Calls `body` with each case of ops.json, the operation for numbers of any type, and the numbers to differentiate by.
  private func forEachOperation(_ body: (OperationCase, Replay, [Double]) -> Void) {
    for expected in Fixture.operations {
      let x = expected.form == "VV" ? [expected.x, expected.y!] : [expected.form == "CV" ? expected.y! : expected.x]
      for way in OperationWays.of(expected).prefix(1) {
        let f = Replay(at: x) {
          expected.form == "CV" ? way(.constant(expected.x), $0[0]) : way($0[0], $0[$0.count - 1])
        }
        guard let f else { return XCTFail("\(expected) is not replayed") }
        body(expected, f, x)
      }
    }
  }

  /// Where the k-th operand of a case is among the numbers to differentiate by.
  private func place(_ k: Int, _ expected: OperationCase) -> Int? {
    switch expected.form {
    case "VV": k
    case "CV": k == 1 ? 0 : nil
    default: k == 0 ? 0 : nil
    }
  }
}

// MARK: - What other tests of dual numbers use

func unit(_ place: Int, _ count: Int) -> [Double] { (0..<count).map { $0 == place ? 1 : 0 } }

func duals(_ x: [Double], along place: Int) -> [Dual<Double>] {
  x.indices.map { Dual(value: x[$0], tangent: $0 == place ? 1 : 0) }
}

/// Numbers whose tangent's tangent is the derivative by the i-th and the j-th.
func nestedDuals(_ x: [Double], along i: Int, _ j: Int) -> [Dual<Dual<Double>>] {
  x.indices.map {
    Dual(value: Dual(value: x[$0], tangent: $0 == i ? 1 : 0), tangent: Dual(constant: $0 == j ? 1 : 0))
  }
}

/// The same to twelve digits.
private func assertSame(_ actual: Double, _ expected: Double, _ message: @autoclosure () -> String) {
  if actual == expected || actual.isNaN && expected.isNaN { return }
  let tolerance = max(1e-12 * abs(expected), .leastNonzeroMagnitude)
  if !expected.isFinite || !(abs(actual - expected) <= tolerance) {
    XCTFail("\(message()) is \(actual), not \(expected)")
  }
}

func assertSameBits(_ actual: Double, _ expected: Double, _ message: @autoclosure () -> String) {
  if actual.isNaN && expected.isNaN || actual.bitPattern == expected.bitPattern { return }
  XCTFail("\(message()) is \(actual), not \(expected)")
}

/// The same to eleven digits, NaN and infinities as themselves.
func assertClose(_ actual: Double, _ expected: Double, _ message: @autoclosure () -> String) {
  if actual == expected || actual.isNaN && expected.isNaN { return }
  let tolerance = max(1e-11 * abs(expected), 4 * .leastNonzeroMagnitude)
  if !expected.isFinite || !(abs(actual - expected) <= tolerance) {
    XCTFail("\(message()) is \(actual), not \(expected)")
  }
}
