import Foundation
import Micrograd
import XCTest

final class CheckGradientTests: XCTestCase {
  // MARK: - Right derivatives pass

  func testRightDerivativesAreConsistentAtEveryScale() {
    for x in [-1e12, -3e4, -2.5, -1e-3, -1e-9, 1e-300, 1e-20, 1e-8, 0.3, 1, 7, 1e5, 1e15] {
      assertConsistent(checkGradient(at: x) { x in x * x + 3 * x }, "square at \(x)")
      if abs(x) > 1e-100 { assertConsistent(checkGradient(at: x) { x in 1 / x }, "reciprocal at \(x)") }
      assertConsistent(checkGradient(at: x) { x in Value.atan(x) }, "atan at \(x)")
      if abs(x) < 1e6 {
        assertConsistent(checkGradient(at: x) { x in exp(-(x / 1e6)) }, "exp at \(x)")
        assertConsistent(checkGradient(at: x) { x in sin(x) * cos(2 * x) }, "sin at \(x)")
      }
      if x > 0 {
        assertConsistent(checkGradient(at: x) { x in log(x) }, "log at \(x)")
        assertConsistent(checkGradient(at: x) { x in sqrt(x) }, "sqrt at \(x)")
      }
    }
  }

  func testRightDerivativesAreConsistentNextToTheEndOfADomain() {
    for distance in [1e-2, 1e-5, 1e-9] {
      assertConsistent(checkGradient(at: 1 - distance) { x in Value.acos(x) }, "acos \(distance) from 1")
      assertConsistent(checkGradient(at: 1 + distance) { x in Value.acosh(x) }, "acosh \(distance) from 1")
      assertConsistent(checkGradient(at: distance - 1) { x in Value.log(onePlus: x) }, "log1p \(distance) from -1")
    }
  }

  func testAtTheEndOfADomainTheSlopeOfTheOneSideIsTaken() throws {
    let check = checkGradient(at: 0) { x in x * sqrt(x) + 3 * x }
    assertConsistent(checkGradient(at: 0) { x in x ** 1.5 + 3 * x }, "x ** 1.5")
    assertConsistent(check, "x sqrt(x)")
    XCTAssertEqual(check.entries[0].numeric.value, 3, accuracy: 1e-2)
  }

  func testInfiniteSlopesAreSeen() {
    for check in [checkGradient(at: 0) { x in sqrt(x) }, checkGradient(at: 0) { x in Value.root(x, 3) }] {
      XCTAssertEqual(check.entries[0].numeric.value, .infinity)
      assertConsistent(check, "infinite slope")
    }
  }

  func testZeroDerivativesAreConsistent() {
    assertConsistent(checkGradient(at: 0) { x in cos(x) }, "cos")
    assertConsistent(checkGradient(at: .pi) { x in cos(x) }, "cos at pi")
    assertConsistent(checkGradient(at: [1, 2]) { x in x[0] ** 3 }, "an argument that is not used")
    assertConsistent(checkGradient(at: 0) { x in x ** 4 }, "x ** 4")
    assertConsistent(checkGradient(at: 3) { _ in .constant(5) }, "constant")
  }

  func testArgumentsOfVeryDifferentScalesAreConsistent() {
    let check = checkGradient(at: [1e-10, 1e10, 1]) { x in
      let wave = sin(x[1] / 1e10)
      return x[0] * 1e12 * x[2] + wave + 1e-6 * x[2]
    }
    assertConsistent(check, "scales")
  }

  /// Differences of the error's own estimate are honest: the closed form is inside.
  func testTheNumericDerivativeIsWithinItsError() {
    for x in stride(from: -3.7, through: 4, by: 0.45) {
      let check = checkGradient(at: x) { x in exp(sin(3 * x)) / (1 + x * x) }
      let e = exp(sin(3 * x)), q = 1 + x * x
      let exact = e * 3 * cos(3 * x) / q - e * 2 * x / (q * q)
      let numeric = check.entries[0].numeric
      XCTAssertEqual(numeric.value, exact, accuracy: numeric.error + 1e-14)
      XCTAssertLessThan(numeric.error, 1e-8 * max(abs(exact), 0.1))
    }
  }

  // MARK: - Wrong ones do not

  func testWrongDerivativesDifferAtEveryScale() {
    for x in [-1e12, -2.5, -1e-3, 1e-100, 1e-8, 0.3, 1, 7, 1e5, 1e15] {
      XCTAssertEqual(verdict(at: x) { x in x * x.detached }, .differs, "half of it, at \(x)")
      XCTAssertEqual(verdict(at: x) { x in 1 / x.detached + x * 0 }, .differs, "none of it, at \(x)")
      XCTAssertEqual(verdict(at: x) { x in x + 1e-6 * x.detached }, .differs, "a millionth of it, at \(x)")
      if x > 0 { XCTAssertEqual(verdict(at: x) { x in -log(x) + 2 * log(x).detached }, .differs, "sign, at \(x)") }
    }
  }

  func testOneWrongEntryIsTheWorst() throws {
    let check = checkGradient(at: [1.5, 2, -0.5, 4]) { x in x[0] * x[1] + x[2].detached * x[2] * x[3] }
    XCTAssertFalse(check.isConsistent)
    let worst = try XCTUnwrap(check.worst)
    XCTAssertEqual(worst.argument, 2)
    XCTAssertEqual(worst.analytic, -2)
    XCTAssertEqual(worst.numeric.value, -4, accuracy: 1e-10)
    XCTAssertEqual(worst.relativeDifference, 0.5, accuracy: 1e-10)
    XCTAssertTrue("\(check)".contains("1 of 4 derivatives do not agree"))
    XCTAssertTrue("\(check)".contains("by argument 2: -2.0 on the tape"))
  }

  /// Steps of powers of two see nothing of a sine whose period is one.
  func testPeriodsOfTheStepsAreNotOverlooked() {
    XCTAssertEqual(verdict(at: 0.25) { x in x + sin(128 * .pi * x).detached }, .differs)
    assertConsistent(checkGradient(at: 0.25) { x in x + sin(128 * .pi * x) }, "fast sine")
  }

  func testNaNOnTheTapeDiffers() {
    XCTAssertEqual(verdict(at: 1) { x in x + sqrt(x - 1) - sqrt(x - 1) }, .differs)
  }

  // MARK: - Kinks and jumps

  func testBothSlopesOfAKinkAreReported() throws {
    for (check, left, right) in [
      (checkGradient(at: 0) { x in x.relu() }, 0.0, 1.0), (checkGradient(at: 0) { x in abs(x) }, -1, 1),
      (checkGradient(at: 2) { x in x * (x - 2).leakyReLU(slope: 0.1) }, 0.2, 2),
      (checkGradient(at: 0) { x in exp(3 * x) * abs(x) + x }, 0, 2),
    ] {
      let sides = try XCTUnwrap(check.entries[0].numeric.sides)
      XCTAssertEqual(sides.left, left, accuracy: 1e-8)
      XCTAssertEqual(sides.right, right, accuracy: 1e-8)
      XCTAssertEqual(check.entries[0].verdict, .kink)
      XCTAssertTrue(check.isConsistent)
    }
  }

  func testADerivativeOutsideOfTheSlopesOfAKinkDiffers() {
    XCTAssertEqual(verdict(at: 0) { x in abs(x) + 3 * (x - x.detached) }, .differs)
    XCTAssertEqual(verdict(at: 0) { x in x.relu() - (x - x.detached) }, .differs)
  }

  func testNextToAKinkThereIsNone() {
    for x in [-1e-2, -1e-9, 1e-12, 1e-7, 1e-3] {
      let check = checkGradient(at: x) { x in x.relu() * 3 + x }
      XCTAssertEqual(check.entries[0].verdict, .agrees, "\(x): \(check)")
      XCTAssertEqual(check.entries[0].numeric.value, x < 0 ? 1 : 4, accuracy: 1e-6)
    }
  }

  func testSmoothFunctionsHaveNoKinks() {
    XCTAssertNil(checkGradient(at: 0) { x in x ** 4 }.entries[0].numeric.sides)
    XCTAssertNil(checkGradient(at: 0) { x in Value.cosh(x) }.entries[0].numeric.sides)
    XCTAssertNil(checkGradient(at: 1e-3) { x in 1 / x }.entries[0].numeric.sides)
    XCTAssertNil(checkGradient(at: 0) { x in x.elu() }.entries[0].numeric.sides)
  }

  func testJumpsAreReported() throws {
    let check = checkGradient(at: 1) { x in x * x + Value(x.data < 1 ? 0 : 5) }
    let sides = try XCTUnwrap(check.entries[0].numeric.sides)
    XCTAssertEqual(sides.left, .infinity)
    XCTAssertEqual(sides.right, 2, accuracy: 1e-8)
  }

  func testChoicesAndStepsAreReportedAtTheirKinks() {
    for (check, left, right) in [
      (checkGradient(at: 2) { x in max(x * x, 4) }, 0.0, 4.0), (checkGradient(at: 2) { x in min(x * x, 2 * x) }, 4, 2),
      (checkGradient(at: 1) { x in x.clamped(to: 0...1) }, 1, 0),
      (checkGradient(at: 3) { x in floor(x) }, .infinity, 0),
    ] {
      let sides = check.entries[0].numeric.sides
      XCTAssertEqual(sides?.left ?? .nan, left, accuracy: 1e-8)
      XCTAssertEqual(sides?.right ?? .nan, right, accuracy: 1e-8)
      XCTAssertEqual(check.entries[0].verdict, .kink)
    }
    for x in [-2.7, 0.3, 1.4] {
      assertConsistent(checkGradient(at: x) { x in floor(x) + fmod(x, 1.7) + select(x > 0, x, 3 * x) }, "\(x)")
      assertConsistent(checkGradient(at: x) { x in atan2(x, 2 - x) + hypot(x, 0.4) + digamma(x) }, "\(x)")
    }
  }

  // MARK: - What cannot be decided

  func testFunctionsThatVaryByThemselvesAreUndecided() {
    var calls = 0.0
    let check = checkGradient(at: 1) { x in
      calls += 1
      return x + sin(calls)
    }
    XCTAssertFalse(check.isConsistent)
  }

  /// Differences see nothing below the rounding of 1e20.
  func testSlopesHiddenByRoundingAreUndecided() {
    XCTAssertEqual(verdict(at: 1) { x in (1e20 + sin(x)) - 1e20 }, .undecided)
    let hidden = verdict(at: 1) { x in
      let wave = 2 * sin(x.detached) + 0 * x
      return (1e20 + wave) - 1e20
    }
    XCTAssertEqual(hidden, .undecided)
  }

  func testPointsWhereTheFunctionIsNotFiniteAreUndecided() {
    XCTAssertEqual(verdict(at: 0) { x in log(x) }, .undecided)
    XCTAssertEqual(verdict(at: .infinity) { x in Value.atan(x) }, .undecided)
  }

  // MARK: - Several outputs, parameters

  func testJacobiansAreCheckedRowByRow() throws {
    let check = checkJacobian(at: [2, 3]) { x in [x[0] * x[1], sin(x[0]), x[1].detached * x[1]] }
    XCTAssertEqual(check.entries.map(\.output), [0, 0, 1, 1, 2, 2])
    XCTAssertEqual(check.entries.map(\.argument), [0, 1, 0, 1, 0, 1])
    XCTAssertEqual(check.entries.map(\.analytic), [3, 2, cos(2), 0, 0, 3])
    XCTAssertEqual(check.entries.map(\.verdict), [.agrees, .agrees, .agrees, .agrees, .agrees, .differs])
    XCTAssertTrue("\(check)".contains("of output 2 by argument 1: 3.0 on the tape"))
  }

  func testTwoNumbers() {
    assertConsistent(checkGradient(at: 2, 0.5) { x, y in x ** y }, "power")
  }

  func testLossesAreCheckedByTheirParameters() {
    let weights = Parameters([0.4, -0.3, 0.2, 0.9, 0.1, -0.7]), bias = Parameters([0.05, -0.1])
    func loss() -> Value {
      let x = Matrix.constant([[1, -2, 0.5], [0.3, 0.8, -1]])
      let y = x.affine(weights: weights.matrix(rows: 2, columns: 3), bias: bias.matrix(rows: 1, columns: 2).row(0))
      return (y.tanh() * y).softmax().log().values.sum()
    }
    Tape.scope {
      loss().backward()
      let gradients = weights.gradients, data = weights.data + bias.data, nodes = Tape.current.nodeCount
      let check = checkGradient(withRespectTo: Array(weights) + Array(bias), of: loss)
      assertConsistent(check, "layer")
      XCTAssertEqual(check.entries.map(\.analytic), gradients + bias.gradients)
      XCTAssertEqual(weights.gradients, gradients)
      XCTAssertEqual(weights.data + bias.data, data)
      XCTAssertEqual(Tape.current.nodeCount, nodes)
    }
  }

  func testParametersAreSetBackWhereTheLossThrows() {
    struct Stop: Error {}
    let weights = Parameters([2, 3])
    var calls = 0
    XCTAssertThrowsError(
      try checkGradient(withRespectTo: Array(weights)) {
        calls += 1
        if calls == 5 { throw Stop() }
        return weights[0] * weights[1]
      })
    XCTAssertEqual(weights.data, [2, 3])
  }

  // MARK: - No trace

  func testNothingRemainsOnTheTapeNorInItsGradients() {
    Tape.scope {
      let a = Value(2), inner = a * a
      (inner * 3).backward()
      let (nodes, before) = (Tape.current.nodeCount, [a.grad, inner.grad])
      assertConsistent(checkGradient(at: 3) { x in x * inner * a }, "captured")
      XCTAssertEqual(Tape.current.nodeCount, nodes)
      XCTAssertEqual([a.grad, inner.grad], before)
      inner.backward()
      XCTAssertEqual(a.grad, 12 + 4)
    }
  }

  func testInsideWithoutGradientsTheCheckIsTheSame() {
    withoutGradients {
      assertConsistent(checkGradient(at: 3) { x in x * x }, "paused")
      XCTAssertTrue(Value(1).isConstant)
    }
  }

  func testThrowingFunctionsRethrow() {
    struct Stop: Error, Equatable {}
    XCTAssertThrowsError(try checkGradient(at: 3) { (_: Value) throws(Stop) -> Value in throw Stop() })
  }

  // MARK: -

  private func verdict(at x: Double, _ f: (Value) -> Value) -> GradientCheck.Verdict {
    checkGradient(at: x, of: f).entries[0].verdict
  }

  private func assertConsistent(_ check: GradientCheck, _ what: String, line: UInt = #line) {
    XCTAssertTrue(check.isConsistent, "\(what): \(check)", line: line)
  }
}
