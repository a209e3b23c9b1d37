import Micrograd
import XCTest

/// What derivatives of functions make of unusual functions, and what they leave behind.
final class DerivativeEdgesTests: XCTestCase {
  // MARK: - Nothing is left for the next

  func testADirectionDoesNotOutliveAFunctionThatIgnoresIt() {
    // Leaves that are recorded where the arguments of an earlier function were have no tangents of those.
    for ignorant in [{ _ in .constant(1) }, { x in x[0] }] as [([Value]) -> Value] {
      _ = jacobianVectorProduct(at: [1, 2, 3], along: [5, 6, 7]) { [ignorant($0)] }
      _ = hessianVectorProduct(at: [1, 2, 3], along: [5, 6, 7], of: ignorant)
      let f = { (x: [Value]) in x[0] * x[0] * Value(2) * Value(3) }
      XCTAssertEqual(directionalDerivative(at: [1], along: [1], of: f), 12)
      XCTAssertEqual(hessianVectorProduct(at: [1], along: [1], of: f), [12])
    }
  }

  func testASweepInsideAFunctionThatIgnoresItLeavesNoGradient() {
    let derivative = gradient(at: 2) { x in
      (x * x).backward()
      return .constant(5)
    }
    XCTAssertEqual(derivative, 0)
  }

  func testGradientsOfOthersStayAsTheyWere() {
    Tape.scope {
      let weights = Parameters([2, 3]), a = Value(5)
      let product = weights[0] * a
      product.backward()
      let others = { [weights[0].grad, weights[1].grad, a.grad, product.grad] }
      let before = others()
      let function = { (x: [Value]) in x[0] * x[1] * product + dot([weights[0], a], x) * weights[1] * x[0] }
      withDerivatives(at: [1, 2], of: function) { f in
        _ = [f.gradient, f.jacobianVectorProduct(along: [1, 1]), f.hessianVectorProduct(along: [1, 2])]
        XCTAssertEqual(others(), before)
        XCTAssertEqual(f.hessian, [[12, 25], [25, 0]])
      }
      XCTAssertEqual(others(), before)
    }
  }

  func testNothingRemainsOnTheTapeInAnyMode() {
    let before = Tape.current.nodeCount
    _ = hessian(at: [1, 2]) { x in exp(x[0] * x[1]) }
    _ = derivative(at: 0.5, order: 5) { x in tanh(x) }
    _ = jacobian(at: [1]) { x in [gradient(at: x[0]) { y in y * y }, x[0]] }
    XCTAssertEqual(Tape.current.nodeCount, before)
  }

  func testARecordingMayBeAskedInsideOfAnother() {
    Tape.scope {
      let outside = Value(5), weights = Parameters([1])
      outside.backward(seed: 3)
      withDerivatives(at: [2, 3], of: { x in x[0] * x[0] * x[1] * outside * weights[0] }) { f in
        func check(_ place: String) {
          XCTAssertEqual(f.gradient, [60, 20], place)
          XCTAssertEqual(f.hessian, [[30, 20], [20, 0]], place)
          XCTAssertEqual(f.jacobianVectorProduct(along: [1, 1]), [80], place)
          XCTAssertEqual([outside.grad] + weights.gradients, [3, 0], place)
        }
        check("where it was recorded")
        Tape.scope {
          _ = Value(7) * Value(8)
          check("in a scope of its own")
        }
        withDerivatives(at: [4], of: { x in exp(x[0]) }) { g in
          check("inside of another")
          XCTAssertEqual(g.gradient, [exp(4)])
          check("after another")
        }
        withoutGradients { check("without gradients") }
        check("again")
      }
    }
  }

  // MARK: - Unusual functions

  func testFunctionsThatIgnoreTheirArguments() {
    Tape.scope {
      let outside = Value(7)
      for f in [{ _ in .constant(5) }, { x in x[0].detached }, { _ in outside }] as [([Value]) -> Value] {
        XCTAssertEqual(gradient(at: [1, 2], of: f), [0, 0])
        XCTAssertEqual(hessian(at: [1, 2], of: f), [[0, 0], [0, 0]])
        XCTAssertEqual(directionalDerivative(at: [1, 2], along: [1, 1], of: f), 0)
        XCTAssertEqual(jacobian(at: [1]) { [f($0), f($0), $0[0]] }, [[0], [0], [1]])
        let x = [Value(1), Value(2)]
        XCTAssertEqual(gradient(at: x, of: f).map(\.data), [0, 0])
        XCTAssertEqual(hessian(at: x, of: f).map { $0.map(\.data) }, [[0, 0], [0, 0]])
        XCTAssertEqual(hessianVectorProduct(at: x, along: x, of: f).map(\.data), [0, 0])
        XCTAssertEqual(directionalDerivative(at: x, along: x, of: f).data, 0)
        XCTAssertEqual(jacobian(at: x) { [$0[1], f($0)] }.map { $0.map(\.data) }, [[0, 1], [0, 0]])
      }
      XCTAssertEqual(outside.grad, 0)
    }
  }

  func testFunctionsOfNothing() {
    let nothing: [Double] = []
    XCTAssertEqual(gradient(at: nothing) { _ in Value(3) * 2 }, [])
    XCTAssertEqual(hessian(at: nothing) { _ in Value(3) * 2 }, [])
    XCTAssertEqual(hessianVectorProduct(at: nothing, along: []) { _ in Value(3) * 2 }, [])
    XCTAssertEqual(jacobian(at: nothing) { _ in [Value(3) * 2, .constant(1)] }, [[], []])
    XCTAssertEqual(jacobianVectorProduct(at: nothing, along: []) { _ in [Value(3) * 2] }, [0])
    Tape.scope {
      let none: [Value] = []
      XCTAssertEqual(gradient(at: none) { _ in Value(3) * 2 }.count, 0)
      XCTAssertEqual(hessian(at: none) { _ in Value(3) * 2 }.count, 0)
      XCTAssertEqual(jacobianVectorProduct(at: none, along: []) { _ in [Value(3) * 2] }.map(\.data), [0])
    }
  }

  func testFunctionsWithNoResults() {
    XCTAssertEqual(jacobian(at: [1, 2]) { _ in [] }, [])
    XCTAssertEqual(vectorJacobianProduct(at: [1, 2], along: []) { _ in [] }, [0, 0])
    XCTAssertEqual(jacobianVectorProduct(at: [1, 2], along: [1, 1]) { _ in [] }, [])
    Tape.scope {
      let x = [Value(1), Value(2)]
      XCTAssertEqual(jacobian(at: x) { _ in [] }.count, 0)
      XCTAssertEqual(vectorJacobianProduct(at: x, along: []) { _ in [] }.map(\.data), [0, 0])
    }
  }

  func testThePointMayBeOfConstantsParametersAndOneValueTwice() {
    Tape.scope {
      let weights = Parameters([3]), a = Value(2)
      let f = { (x: [Value]) in x[0] * x[1].squared() * x[2] * x[3] }
      let slopes = gradient(at: [a, a, weights[0], .constant(5)], of: f)
      XCTAssertEqual(slopes.map(\.data), [60, 120, 40, 24])
      // By a: ∂/∂a of a · a · w · 5 · 2, the second slope, through both places of a.
      slopes[1].backward()
      XCTAssertEqual(a.grad, 120)
      XCTAssertEqual(weights.gradients, [40])
    }
  }

  func testDerivativesAreDifferentiatedByWhatTheFunctionUsed() {
    Tape.scope {
      let weights = Parameters([2, 5]), bias = Value(3)
      let slope = gradient(at: Value(4)) { x in weights[0] * x.squared() + weights[1] * x * bias }
      XCTAssertEqual(slope.data, 2 * 2 * 4 + 5 * 3)
      slope.backward()
      XCTAssertEqual(weights.gradients + [bias.grad], [8, 3, 5])
    }
  }

  func testThrowingFunctionsRethrowFromEveryDerivative() throws {
    struct Stop: Error, Equatable {}
    let failing: ([Value]) throws(Stop) -> Value = { (_: [Value]) throws(Stop) in throw Stop() }
    try Tape.scope {
      let x = [Value(1)]
      XCTAssertThrowsError(try gradient(at: [1], of: failing))
      XCTAssertThrowsError(try hessian(at: [1], of: failing))
      XCTAssertThrowsError(try hessianVectorProduct(at: [1], along: [1], of: failing))
      XCTAssertThrowsError(try gradient(at: x, of: failing))
      XCTAssertThrowsError(try hessian(at: x, of: failing))
      XCTAssertThrowsError(try directionalDerivative(at: x, along: x, of: failing))
      XCTAssertThrowsError(try withoutGradients { () throws(Stop) in try gradient(at: x, of: failing) })
      // What was thrown out of is no function any more: numbers of it may be used at plain ones.
      XCTAssertEqual(gradient(at: 3) { y in y * x[0] }, 1)
      XCTAssertFalse(Value(1).isConstant)
    }
  }

  func testInsideWithoutGradientsDerivativesAreConstants() {
    Tape.scope {
      let x = Value(3), before = Tape.current.nodeCount
      withoutGradients {
        let slope = gradient(at: x) { x in x.cubed() }, curvature = hessian(at: [x]) { x in x[0].cubed() }[0][0]
        XCTAssertTrue(slope.isConstant && curvature.isConstant)
        XCTAssertEqual([slope.data, curvature.data], [27, 18])
        XCTAssertEqual(hessian(at: [3]) { x in x[0].cubed() }, [[18]])
        XCTAssertEqual(derivative(at: 3, order: 3) { x in x.cubed() }, 6)
        XCTAssertTrue(Value(1).isConstant)
      }
      XCTAssertEqual(Tape.current.nodeCount, before)
    }
  }

  func testWhatIsWithoutGradientsInsideAFunctionIsAConstantOfIt() {
    let f = { (x: Value) in x * withoutGradients { x * x } }
    XCTAssertEqual(gradient(at: 3, of: f), 9)
    XCTAssertEqual(derivative(at: 3, order: 2, of: f), 0)
    XCTAssertEqual(gradient(at: 3) { x in gradient(at: x, of: f) }, 0)
    // A derivative in there is a constant, too.
    XCTAssertEqual(gradient(at: 3) { x in x * withoutGradients { gradient(at: x) { y in y * y } } }, 6)
    XCTAssertEqual(gradient(at: 3) { x in x * withoutGradients { gradient(at: 2) { y in y * x } } }, 3)
  }

  func testDerivativesOnATapeOfOnesOwn() {
    let tape = Tape()
    let x = tape.use { Value(3) }
    let slope = tape.use { gradient(at: x) { x in x.cubed() } }
    XCTAssertEqual(slope.tape, tape)
    tape.use { slope.backward() }
    XCTAssertEqual(x.grad, 18)
  }

  // MARK: - Kinks

  func testAZeroMeetsNoInfiniteDerivativeInAnyMode() {
    let zero = { (x: Value) in x * 0 }
    let functions: [(String, Double, (Value) -> Value)] = [
      ("select of a root", 0, { x in select(x > 0, sqrt(x), zero(x)) }),
      ("select of a logarithm", 0, { x in select(x > 0, x * log(x), zero(x)) }),
      ("select of a quotient", 0, { x in select(x == 0, zero(x), sin(x) / x) }),
      ("maximum with a root", 0, { x in max(sqrt(x) - 1, zero(x)) }),
      ("relu of a logarithm", 0, { x in log(x).relu() }),
      ("clamped logarithm", 0, { x in log(x).clamped(to: -5...5) }),
      ("power zero", 0, { x in x ** 0.0 }),
      ("power of zero", 2, { x in 0.0 ** x }),
      ("distance", 0, { x in hypot(x, 0 * x) }),
      ("angle", 0, { x in atan2(x, 0 * x) }),
      ("zero times a logarithm", 0, { x in 0 * log(x) }),
      ("a zero times a root", 0, { x in zero(x) * sqrt(x) }),
      ("minimum of a root", 0, { x in min(sqrt(x) + 1, zero(x)) }),
      ("dot with a root", 0, { x in dot([sqrt(x), x], [zero(x), zero(x)]) }),
      ("weighted root", 0, { x in dot([0.0, 0.0], [sqrt(x), x]) }),
    ]
    for (name, x, f) in functions {
      XCTAssertEqual(gradient(at: x, of: f), 0, name)
      XCTAssertEqual(directionalDerivative(at: [x], along: [1]) { f($0[0]) }, 0, name)
      XCTAssertEqual(hessian(at: [x]) { f($0[0]) }, [[0]], name)
      XCTAssertEqual(derivative(at: x, order: 3, of: f), 0, name)
      XCTAssertEqual(gradient(at: x) { x in gradient(at: x, of: f) }, 0, name)
      XCTAssertEqual(
        gradient(at: x) { x in directionalDerivative(at: [x], along: [.constant(1)]) { f($0[0]) } }, 0, name)
    }
  }

  /// PyTorch's conventions, but for hypot, of which PyTorch has NaN; second derivatives at these places are 0 as well.
  func testAtTheOriginAnglesAndDistancesHaveNoDerivatives() {
    for f in [{ x in hypot(x[0], x[1]) }, { x in atan2(x[0], x[1]) }] as [([Value]) -> Value] {
      for origin in [[0, 0], [-0.0, 0]] {
        XCTAssertEqual(gradient(at: origin, of: f), [0, 0])
        XCTAssertEqual(directionalDerivative(at: origin, along: [1, 2], of: f), 0)
        XCTAssertEqual(hessian(at: origin, of: f), [[0, 0], [0, 0]])
        XCTAssertEqual(jacobian(at: origin) { (x: [Value]) in gradient(at: x, of: f) }, [[0, 0], [0, 0]])
      }
    }
    let hessian = hessian(at: [1, 1]) { x in hypot(x[0], x[1]) }, half = 0.35355339059327373  // √2 / 4
    for (row, expected) in zip(hessian, [[half, -half], [-half, half]]) {
      for (a, b) in zip(row, expected) { XCTAssertEqual(a, b, accuracy: 1e-16) }
    }
  }

  func testPowersOfZeroAndZerothPowers() {
    func power(_ x: Double, _ y: Double) -> [Double] { gradient(at: [x, y]) { x in x[0] ** x[1] } }
    // What PyTorch 2.15 has for pow of two tensors.
    XCTAssertEqual(power(0, 2), [0, 0])
    XCTAssertEqual(power(0, 1), [1, 0])
    XCTAssertEqual(power(0, 0), [0, 0])
    XCTAssertEqual(power(0, 0.5), [.infinity, 0])
    XCTAssertEqual(power(3, 0)[0], 0)
    XCTAssertEqual(power(3, 0)[1], log(3), accuracy: 1e-15)
    XCTAssertEqual(power(-2, 3)[0], 12)
    XCTAssertTrue(power(-2, 3)[1].isNaN)
    for f in [{ x in x ** 2.0 }, { x in x ** Value(2) }, { x in x.squared() }] as [(Value) -> Value] {
      XCTAssertEqual((0...3).map { order in derivative(at: 0, order: order, of: f) }, [0, 0, 2, 0])
      XCTAssertEqual((0...3).map { order in derivative(at: -1.5, order: order, of: f) }, [2.25, -3, 2, 0])
    }
    // x^y at y = 0 does not depend on x, but its slope in y does: ∂²/∂x∂y = 1 / x.
    let mixed = { (x: [Value]) in x[0] ** x[1] }
    XCTAssertEqual(hessian(at: [4, 0], of: mixed)[0][1], 0.25)
    XCTAssertEqual(jacobian(at: [4, 0]) { (x: [Value]) in gradient(at: x, of: mixed) }[0][1], 0.25)
    XCTAssertEqual(jacobian(at: [4, 0]) { (x: [Value]) in gradient(at: x, of: mixed) }[1][0], 0.25)
  }

  func testWhatIsLinearDoesNotTurnInfiniteDerivativesIntoNaN() {
    // log(x) + 1 - 2 log(x) at 0: infinite as the derivatives are, in either sweep.
    let f = { (x: [Value]) in -(log(x[0]) + 1) / 2 }
    XCTAssertEqual(directionalDerivative(at: [0], along: [1], of: f), -.infinity)
    XCTAssertEqual(hessianVectorProduct(at: [0], along: [1], of: f), [.infinity])
  }
}
