import Micrograd
import XCTest

final class GradientTests: XCTestCase {
  func testGradientOfOneNumberHasItsClosedForm() {
    for x in [-2.3, -0.4, 0.7, 1.9] {
      let (value, gradient) = valueWithGradient(at: x) { x in exp(2 * x) * sin(x) }
      XCTAssertEqual(value, exp(2 * x) * sin(x), accuracy: 1e-12)
      XCTAssertEqual(gradient, exp(2 * x) * (2 * sin(x) + cos(x)), accuracy: 1e-12)
    }
  }

  func testGradientOfTwoNumbersHasItsClosedForm() {
    let (value, (dx, dy)) = valueWithGradient(at: 2, 3) { x, y in x ** 2 * y - x / y }
    XCTAssertEqual(value, 12 - 2.0 / 3, accuracy: 1e-14)
    XCTAssertEqual(dx, 12 - 1.0 / 3, accuracy: 1e-14)
    XCTAssertEqual(dy, 4 + 2.0 / 9, accuracy: 1e-14)
  }

  func testGradientOfManyNumbersIsThatOfCentralDifferences() {
    func rosenbrock<T: Scalar>(_ x: [T]) -> T {
      zip(x, x.dropFirst()).map { a, b in
        let valley = b - a * a, distance = 1 - a
        return 100 * (valley * valley) + distance * distance
      }.reduce(0 * x[0]) { $0 + $1 }
    }
    let point = [0.3, -1.2, 0.8, 1.7, -0.6]
    let gradient = gradient(at: point) { (x: [Value]) in rosenbrock(x) }
    for k in point.indices {
      var (left, right) = (point.map { Reference($0) }, point.map { Reference($0) })
      left[k] = Reference(point[k] - 1e-5)
      right[k] = Reference(point[k] + 1e-5)
      let slope = (rosenbrock(right).data - rosenbrock(left).data) / 2e-5
      XCTAssertEqual(gradient[k], slope, accuracy: 1e-6 * abs(slope))
    }
  }

  func testArgumentsNotUsedHaveGradientZero() {
    XCTAssertEqual(gradient(at: [1, 2, 3]) { x in x[1] * x[1] }, [0, 4, 0])
  }

  func testAnArgumentItselfHasGradientOne() {
    XCTAssertEqual(gradient(at: [1, 2, 3]) { x in x[1] }, [0, 1, 0])
  }

  func testConstantFunctionsHaveGradientZero() {
    XCTAssertEqual(gradient(at: 3) { _ in .constant(5) }, 0)
    XCTAssertEqual(gradient(at: 3) { _ in .constant(5) }, 0)
    XCTAssertEqual(valueWithGradient(at: 3) { x in x.detached }.gradient, 0)
    Tape.scope {
      let outside = Value(7)
      XCTAssertEqual(gradient(at: 3) { _ in outside }, 0)
      XCTAssertEqual(outside.grad, 0)
    }
  }

  func testNothingRemainsOnTheTape() {
    let before = Tape.current.nodeCount
    _ = gradient(at: 3) { x in exp(x) * x }
    XCTAssertEqual(Tape.current.nodeCount, before)
  }

  // MARK: - Others' gradients

  func testGradientsOfCapturedValuesAndParametersStayAsTheyWere() {
    Tape.scope {
      let a = Value(2), inner = a * a
      let weights = Parameters([5, 6])
      (inner * weights[0] * weights[1]).backward()
      let before = [a.grad, inner.grad] + weights.gradients
      let derivative = gradient(at: 3) { x in
        let product = weights[0] * x * x * inner, sums = [dot(Array(weights), [x, a]), a * x]
        return product + sums[0] + sums[1]
      }
      XCTAssertEqual(derivative, 120 + 5 + 2)
      XCTAssertEqual([a.grad, inner.grad] + weights.gradients, before)
    }
  }

  func testGradientsOfWhatCapturedValuesWereComputedFromStayAsTheyWere() {
    Tape.scope {
      let a = Value(2), b = Value(3)
      let inner = exp(a)
      XCTAssertEqual(gradient(at: [Double]()) { _ in inner + b * b }, [])
      XCTAssertEqual([a.grad, b.grad, inner.grad], [0, 0, 0])
    }
  }

  func testParametersMayBeMadeAndReleasedInside() {
    let tape = Tape()
    tape.use {
      let derivative = gradient(at: 3) { x in
        let weights = Parameters([5])
        return withExtendedLifetime(weights) { weights[0] * x }
      }
      XCTAssertEqual(derivative, 5)
      XCTAssertEqual(tape.parameterCount, 0)
      XCTAssertEqual(Parameters([1]).gradients, [0])
    }
  }

  func testASweepInsideTheFunctionDoesNotCountTwice() {
    let derivative = gradient(at: 2) { x in
      let y = x * x
      y.backward()
      return 3 * y
    }
    XCTAssertEqual(derivative, 12)
  }

  // MARK: - Nesting

  func testDerivativesAreTakenInsideDerivedFunctions() {
    let derivative = gradient(at: 2) { x in
      // d/dy x y² = 2 x y = 12, a plain number here, as x is one there.
      let slope = gradient(at: 3) { y in x.detached * y * y }
      return slope * x * x
    }
    XCTAssertEqual(derivative, 12 * 2 * 2)
  }

  func testInsideWithoutGradientsTheFunctionIsRecordedAllTheSame() {
    withoutGradients {
      XCTAssertEqual(gradient(at: 3) { x in x * x }, 6)
      XCTAssertTrue(Value(1).isConstant)
    }
  }

  func testInAnotherTapesUse() {
    let tape = Tape()
    XCTAssertEqual(tape.use { gradient(at: 3) { x in x * x } }, 6)
    XCTAssertEqual(tape.nodeCount, 0)
  }

  // MARK: - Errors

  func testThrowingFunctionsRethrowAndLeaveTheTapeClean() {
    struct Stop: Error, Equatable {}
    let before = Tape.current.nodeCount
    do {
      _ = try gradient(at: 3) { (x: Value) throws(Stop) -> Value in
        _ = x * x
        throw Stop()
      }
      XCTFail("did not throw")
    } catch { XCTAssertEqual(error, Stop()) }
    XCTAssertEqual(Tape.current.nodeCount, before)
    XCTAssertFalse(Tape.scope { Value(1).isConstant })
  }
}
