import Foundation
import Micrograd
import XCTest

/// Leaves and parameters that are set between the recording of a function and a sweep over it: the gradient is that at the
/// numbers they have when the sweep begins, in every mode, as if the function had been recorded then.
final class ChangedLeavesTests: XCTestCase {
  override func invokeTest() { Tape().scope { super.invokeTest() } }

  /// Derivatives of ops that are computed from operands (x * y) and from results (exp) at once.
  private func f(_ x: Value, _ y: Value) -> Value { exp(x * 0.5) * y + (x / y).tanh() }

  private func gradientOfNew(_ x: Double, _ y: Double) -> [Double] {
    let (dx, dy) = gradient(at: x, y) { x, y in f(x, y) }
    return [dx, dy]
  }

  func testAGradientIsThatAtTheNumbersThatWereSet() {
    let x = Value(1), y = Value(2), z = f(x, y)
    x.data = -0.5
    y.data = 3
    z.backward()
    XCTAssertEqual([x.grad, y.grad], gradientOfNew(-0.5, 3))
    XCTAssertEqual(z.data, exp(-0.25) * 3 + tanh(-0.5 / 3), accuracy: 1e-15)
  }

  func testANumberThatIsSetBackChangesNothing() {
    let x = Value(1), y = Value(2), z = f(x, y), before = z.data
    x.data = 7
    x.data = 1
    z.backward()
    XCTAssertEqual([x.grad, y.grad], gradientOfNew(1, 2))
    XCTAssertEqual(z.data, before)
  }

  func testParametersThatWereSteppedAreTakenAsTheyAre() {
    let w = Parameters([1, 2]), z = f(w[0], w[1])
    z.backward()
    w.descend(learningRate: 0.25)
    let point = w.data
    w.zeroGradients()
    z.backward()
    XCTAssertEqual(w.gradients, gradientOfNew(point[0], point[1]))
    ParameterRuns(w, 0..<2).data = [0.5, 3]
    w.zeroGradients()
    z.backward()
    XCTAssertEqual(w.gradients, gradientOfNew(0.5, 3))
  }

  func testLookingAtGradientsMakesNoSweepComputeAnew() {
    nonisolated(unsafe) var calls = 0
    let square = CustomOperation(
      "square",
      value: {
        calls += 1
        return $0 * $0
      }, derivative: { 2 * $0 })
    let w = Parameters([3]), runs = ParameterRuns(w, 0..<1), z = square(w[0])
    z.backward()
    let before = calls
    XCTAssertTrue(runs.hasFiniteGradients)
    z.backward()
    XCTAssertEqual(calls, before)
    runs.data = [4]
    z.backward()
    XCTAssertGreaterThan(calls, before)
    XCTAssertEqual(w.gradients, [6 + 6 + 8])
  }

  func testNodesRecordedSinceMeetOlderOnesAtOnePoint() {
    let x = Value(1), y = Value(2), early = exp(x)
    x.data = 2
    let late = early * y + x * y
    late.backward()
    XCTAssertEqual([x.grad, y.grad], [(exp(2.0) + 1) * 2, exp(2.0) + 2])
  }

  func testOlderNodesAreMetThroughSumsPicksAndMatrices() {
    for use in [
      { (e: Value) in sum([e, e, e]) / 3 }, { e in pick([e, 2 * e], at: .constant(0)) },
      { e in Matrix(rows: 1, columns: 2, values: [e, e])[0, 1] }, { e in select(Value(1) < 2, e, 0) },
    ] as [(Value) -> Value] {
      let x = Value(1), early = exp(x)
      x.data = 2
      use(early).backward()
      XCTAssertEqual(x.grad, exp(2.0), accuracy: 1e-15)
    }
  }

  func testMatricesThatWereSetAreTakenAsTheyAre() {
    let x = Matrix([[1, 2], [3, 4]])
    let norm = x.exp().sum()
    x.data = [0, 1, 0, -1]
    norm.backward()
    for (gradient, number) in zip(x.gradients, [0, 1, 0, -1.0]) {
      XCTAssertEqual(gradient, exp(number), accuracy: 1e-15)
    }
  }

  func testCreatingAGraphComputesAnewToo() {
    let x = Value(1), y = Value(2), z = f(x, y)
    x.data = -0.5
    let slope = z.backward(creatingGraph: true)[x]
    XCTAssertEqual(slope.data, gradientOfNew(-0.5, 2)[0], accuracy: 1e-15)
  }

  func testASweepOverWhatWasRecordedSinceComputesNothingAnew() {
    let x = Value(1), early = exp(x)
    x.data = 5
    (x * 2).backward()
    XCTAssertEqual(x.grad, 2)
    XCTAssertEqual(early.data, exp(1.0))
    early.backward()
    XCTAssertEqual(x.grad, 2 + exp(5.0))
  }

  func testAChangeInAScopeConcernsWhatIsOlder() {
    let w = Parameters([1]), z = exp(w[0])
    for _ in 0..<3 { Tape.scope { w[0].data += (w[0] * 1).data } }
    z.backward()
    XCTAssertEqual(w[0].grad, exp(8.0))
  }

  func testOlderNodesAreMetByTheLowestOfSeveralResults() {
    let w = Parameters([1]), early = exp(w[0])
    w[0].data = 2
    withDerivatives(at: [3]) { x in
      [early * x[0], Value(7) * 2]
    } do: { f in
      XCTAssertEqual(f.vectorJacobianProduct(along: [1, 1]), [exp(2.0)])
    }
    w[0].data = 1
    withDerivatives(at: [3]) { x in
      [early * x[0], Value(7) * 2]
    } do: { f in
      XCTAssertEqual(f.jacobianVectorProduct(along: [1]), [exp(1.0), 0])
    }
  }

  func testCustomOperationsAreComputedAnew() {
    let square = CustomOperation("square", value: { $0 * $0 }, derivative: { 2 * $0 })
    let x = Value(3), z = exp(square(x) - 4)
    x.data = 2
    z.backward()
    XCTAssertEqual([z.data, x.grad], [1, 4])
  }

  func testARecordedFunctionIsDerivedAtTheParametersOfNow() {
    let w = Parameters([1])
    withDerivatives(at: [1]) { x in
      exp(w[0] * x[0])
    } do: { f in
      w[0].data = 2
      XCTAssertEqual(f.gradient, [2 * exp(2.0)])
      w[0].data = 3
      XCTAssertEqual(f.jacobianVectorProduct(along: [1]), [3 * exp(3.0)])
      XCTAssertEqual(f.hessianVectorProduct(along: [1])[0], 9 * exp(3.0), accuracy: 1e-13)
    }
  }
}
