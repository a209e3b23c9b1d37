import Foundation
import Micrograd
import TestSupport
import XCTest

/// The examples of the article Derivatives.md, run and checked.
final class DerivativesArticleTests: ExampleTests {
  func testGradients() {
    check {
      gradient(at: 3) { x in x * x + 2 * x }  // 8.0
      gradient(at: 2, 3) { x, y in x * y }  // (3.0, 2.0)
      gradient(at: [1, 2, 3]) { x in exp(x[0]) * x[1] + x[2] }  // [5.4366, 2.7183, 1.0]
      valueWithGradient(at: [3, 4]) { (x: Vector) in dot(x, x) }  // (value: 25.0, gradient: [6.0, 8.0])
    }
  }

  func polar(_ x: [Value]) -> [Value] { [x[0] * cos(x[1]), x[0] * sin(x[1])] }

  func testSeveralResults() {
    check {
      jacobian(at: [2, 0], of: polar)  // [[1.0, 0.0], [0.0, 2.0]]
      jacobianVectorProduct(at: [2, 0], along: [0, 1], of: polar)  // [0.0, 2.0]: how both results move with the angle
      vectorJacobianProduct(at: [2, 0], along: [1, 1], of: polar)  // [1.0, 2.0]: the gradient of their sum
      directionalDerivative(at: [3, 4], along: [1, 0]) { x in hypot(x[0], x[1]) }  // 0.6
    }
  }

  func valley(_ x: [Value]) -> Value { x[0].cubed() * x[1] + x[1].squared() }

  func testSecondDerivatives() {
    check {
      hessian(at: [1, 2], of: valley)  // [[12.0, 3.0], [3.0, 2.0]]
      hessianVectorProduct(at: [1, 2], along: [1, 0], of: valley)  // [12.0, 3.0]
      hessianDiagonal(at: [1, 2], of: valley)  // [12.0, 2.0]
      derivative(at: 0.5, order: 3) { x in sin(x) }  // -0.8775825618903728, which is -cos(0.5)
    }
  }

  func smoothness(_ x: [Value]) -> Value { sum((1..<x.count).map { k in (x[k] - x[k - 1]).squared() }) }

  func testKnownZeros() {
    check {
      let ramp = (0..<1000).map { Double($0) }
      let bands = sparseHessian(at: ramp, pattern: .banded(1000, bandwidth: 1), of: smoothness)
      bands[500, 500]  // 4.0
      bands[500, 501]  // -2.0
      bands.sweepCount  // 3, not a thousand
      jacobianSparsity(at: [1, 2, 3]) { x in [x[0] * x[1], x[2]] }.columnsByRow  // [[0, 1], [2]]
    }
  }

  func testRecordOnce() {
    check {
      withDerivatives(at: [1, 2], of: valley) { f in
        let slope = f.gradient
        let curvature = f.hessianVectorProduct(along: slope)
        return zip(slope, curvature).reduce(0) { $0 + $1.0 * $1.1 }
      }  // 662.0, the curvature along the gradient times its length squared
    }
  }

  func testNesting() {
    check {
      gradient(at: 4) { x in x * gradient(at: Value(1)) { y in x * y } }  // 8.0: the inner one is x, so d/dx of x · x
      gradient(at: [1, 2]) { x in
        let slope = gradient(at: x, of: valley)
        return dot(slope, slope)
      }  // [174.0, 56.0]: how fast the steepness changes
    }
  }

  func testConstantsFromOutside() {
    check {
      gradient(at: 4) { x in x * gradient(at: 1) { y in x.detached * y } }  // 4.0
      gradient(at: 4) { x in x * gradient(at: 1) { y in y * y } }  // 2.0
    }
  }

  func testAGraphAtHand() {
    check {
      let x = Value(3.0)
      let y = x * x * x
      y.backward()
      x.grad  // 27.0
      x.grad = 0
      let slope = y.backward(creatingGraph: true)[x]
      x.grad = 0
      slope.backward()
      x.grad  // 18.0, the second derivative 6 x
    }
  }

  func testACFunction() {
    check {
      let bessel = CustomOperation("j0", value: j0, derivative: { -j1($0) }, secondDerivative: { j1($0) / $0 - j0($0) })
      derivative(at: 2.5, order: 1) { x in bessel(x).squared() }  // 0.0481
      derivative(at: 2.5, order: 2) { x in bessel(x).squared() }  // 0.4703
    }
  }

  func testSeveralOutputs() {
    check {
      let product = CustomOperation(
        "product and quotient", inputCount: 2, outputCount: 2,
        value: { x in [x[0] * x[1], x[0] / x[1]] },
        vectorJacobianProduct: { x, y, w in [w[0] * x[1] + w[1] / x[1], w[0] * x[0] - w[1] * y[1] / x[1]] })
      jacobian(at: [6, 2]) { x in product(x) }  // [[2.0, 6.0], [0.5, -1.5]]
      checkJacobian(at: [6, 2]) { x in product(x) }.isConsistent  // true
    }
  }

  func testTheImplicitFunctionTheorem() {
    check {
      let solution = CustomOperation(
        "solution", inputCount: 1, outputCount: 1,
        value: { x in
          var y = 1.0
          for _ in 0..<200 { y = cos(x[0] * y) }
          return [y]
        },
        recordedVectorJacobianProduct: { x, y, w in
          let slope = gradient(at: [x[0], y[0]]) { p in cos(p[0] * p[1]) }
          return [w[0] * slope[0] / (1 - slope[1])]
        })
      derivative(at: 0.6, order: 1) { x in solution(x) }  // -0.3323
      derivative(at: 0.6, order: 2) { x in solution(x) }  // -0.0437
    }
  }

  func swing<T: DifferentiableNumber>(_ x: T) -> T { .sin(x) * .exp(-0.5 * x) }

  func testDualNumbers() {
    check {
      derivative(at: 1) { (x: Dual<Double>) in swing(x) }  // 0.0725
      gradient(at: [3, 4]) { (x: [Dual<Double>]) in .hypot(x[0], x[1]) }  // [0.6, 0.8]
      derivative(at: 1) { (x: Dual<Double>) in
        derivative(at: x) { (y: Dual<Dual<Double>>) in swing(y) }
      }  // -0.7105, the second derivative
      gradient(at: 1) { x in derivative(at: x) { (y: Dual<Value>) in swing(y) } }  // -0.7105, reverse over forward mode
    }
  }

  func energy<T: DifferentiableNumber>(_ x: [T]) -> T { 0.5 * T.dot(x, x) + T.exp(-x[0]) }
  func force<T: DifferentiableNumber>(_ x: [T]) -> [T] { gradient(at: x) { x in energy(x) }.map { -$0 } }

  func testFunctionsWrittenOnce() {
    check {
      energy([0.0, 2.0])  // 3.0
      gradient(at: [0, 2]) { x in energy(x) }  // [-1.0, 2.0]
      hessian(at: [0, 2]) { x in energy(x) }  // [[2.0, 0.0], [0.0, 1.0]]
      force([0.0, 2.0])  // [1.0, -2.0]
      jacobian(at: [0, 2]) { x in force(x) }  // [[-2.0, 0.0], [0.0, -1.0]]: minus the Hessian
    }
  }

  func testBranches() {
    check {
      gradient(at: 0) { x in select(x > 0, sqrt(x), 0) }  // 0.0, though the slope of the root is infinite there
      gradient(at: 0) { x in 0 * sqrt(x) }  // 0.0
    }
  }

  func testTheExamplesAreThoseOfTheArticle() throws {
    let tested = Documented.lines(try Documented.text("Tests/MicrogradTests/DerivativesArticleTests.swift"))
    let examples = try Documented.examples(ofArticle: "Sources/Micrograd/Micrograd.docc/Derivatives.md")
    XCTAssertEqual(examples.count, 19)
    for example in examples { XCTAssertTrue(tested.contains(Documented.lines(example)), example) }
  }
}
