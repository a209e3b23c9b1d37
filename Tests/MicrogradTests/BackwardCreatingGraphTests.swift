import Micrograd
import XCTest

/// A sweep that is recorded itself, as PyTorch's with `create_graph`.
final class BackwardCreatingGraphTests: XCTestCase {
  func testGradientsAreValuesAndAddUpInGradAllTheSame() {
    Tape.scope {
      let x = Value(3)
      let gradients = (x * x * x).backward(creatingGraph: true)
      XCTAssertEqual([gradients[x].data, x.grad], [27, 27])
      gradients[x].backward()
      XCTAssertEqual(x.grad, 27 + 18)
    }
  }

  func testSeedsMultiplyEveryOrder() {
    Tape.scope {
      let x = Value(2)
      let slope = x.cubed().backward(seed: -0.5, creatingGraph: true)[x]
      XCTAssertEqual([slope.data, x.grad], [-6, -6])
      x.grad = 0
      slope.backward(seed: 10)
      XCTAssertEqual(x.grad, 10 * -0.5 * 12)
    }
  }

  func testCalledTwiceLeavesDoubleAndTheGradientsOfEachCallAreItsOwn() {
    Tape.scope {
      let x = Value(2), weights = Parameters([5])
      let inner = weights[0] * x, y = inner * x
      let first = y.backward(creatingGraph: true), second = y.backward(creatingGraph: true)
      XCTAssertEqual([x.grad, weights[0].grad], [40, 8])
      XCTAssertEqual(inner.grad, 2, "an interior one is that of the last sweep")
      for gradients in [first, second] {
        let slopes = [x, weights[0], inner, y].map { gradients[$0].data }
        XCTAssertEqual(slopes, [20, 4, 2, 1])
      }
    }
  }

  func testAnyOrderIsReachedByCallingItAgain() {
    Tape.scope {
      let x = Value(0.5)
      var derivative = exp(2 * x)
      for order in 1...5 {
        derivative = derivative.backward(creatingGraph: true)[x]
        XCTAssertEqual(derivative.data, pow(2, Double(order)) * exp(1), accuracy: 1e-13)
      }
    }
  }

  func testAPenaltyOnTheGradientReachesParameters() {
    // (∂/∂x of w x²)² = 4 w² x²: by w it is 8 w x², by x 8 w² x.
    Tape.scope {
      let weights = Parameters([3]), x = Value(2)
      let slope = (weights[0] * x.squared()).backward(creatingGraph: true)[x]
      Tape.current.zeroGradients()
      slope.squared().backward()
      XCTAssertEqual(weights.gradients, [96])
      XCTAssertEqual(x.grad, 144)
    }
  }

  func testWithoutCreatingAGraphTheGradientsAreConstants() {
    Tape.scope {
      let x = Value(3), y = x.squared()
      let slope = y.backward(creatingGraph: false)[x]
      XCTAssertTrue(slope.isConstant)
      XCTAssertEqual([slope.data, x.grad], [6, 6])
    }
  }

  func testValuesTheRootDoesNotDependOnHaveGradientZero() {
    Tape.scope {
      let x = Value(3), other = Value(4), weights = Parameters([1])
      let gradients = (x * 2).backward(creatingGraph: true)
      XCTAssertEqual([other, weights[0], .constant(7)].map { gradients[$0].data }, [0, 0, 0])
      XCTAssertEqual(gradients[x].data, 2)
    }
  }

  func testLeavesAndParametersMayBeRoots() {
    Tape.scope {
      let x = Value(3), weights = Parameters([1])
      XCTAssertEqual(x.backward(seed: 2, creatingGraph: true)[x].data, 2)
      XCTAssertEqual(weights[0].backward(seed: 3, creatingGraph: true)[weights[0]].data, 3)
      XCTAssertEqual([x.grad] + weights.gradients, [2, 3])
    }
  }

  func testEachOfManyParametersMayBeTheRoot() {
    Tape().use {
      let weights = Parameters([Double](repeating: 1, count: 300))
      for weight in weights { XCTAssertEqual(weight.backward(seed: 3, creatingGraph: true)[weight].data, 3) }
      XCTAssertEqual(weights.gradients, [Double](repeating: 3, count: 300))
    }
  }

  func testItReachesThroughOuterScopes() {
    Tape.scope {
      let x = Value(3), square = x.squared()
      Tape.scope {
        let slope = (square * x).backward(creatingGraph: true)[x]
        XCTAssertEqual(slope.data, 27)
        slope.backward()
      }
      XCTAssertEqual(x.grad, 27 + 18)
    }
  }

  func testAZeroMeetsNoInfiniteDerivative() {
    Tape.scope {
      let x = Value(0)
      let slope = (sqrt(x) * 0).backward(creatingGraph: true)[x]
      XCTAssertEqual(slope.data, 0)
      let y = select(x > 0, sqrt(x), x.squared())
      let gradients = y.backward(creatingGraph: true)
      gradients[x].backward()
      XCTAssertEqual(x.grad, 2)
    }
  }

  func testInsideOfADerivedFunctionItIsPartOfIt() {
    // x · d(x³)/dx = 3 x³
    let derivative = gradient(at: 2) { x in x * x.cubed().backward(creatingGraph: true)[x] }
    XCTAssertEqual(derivative, 9 * 4)
  }
}
