import Foundation
import Micrograd
import XCTest

/// Derivatives inside of derivatives: every mode inside of every other gives the closed form.
final class NestedDerivativesTests: XCTestCase {
  private typealias Function = (Value) -> Value

  /// The ways to take the derivative of a function of one Value at a Value.
  private let inner: [(String, (_ x: Value, _ f: @escaping Function) -> Value)] = [
    ("gradient", { x, f in gradient(at: x, of: f) }),
    ("gradient of many", { x, f in gradient(at: [x]) { f($0[0]) }[0] }),
    ("valueWithGradient", { x, f in valueWithGradient(at: x, of: f).gradient }),
    ("directional", { x, f in directionalDerivative(at: [x], along: [.constant(1)]) { f($0[0]) } }),
    ("jacobian", { x, f in jacobian(at: [x]) { [f($0[0])] }[0][0] }),
    ("columns", { x, f in jacobian(at: [x]) { [f($0[0]), f($0[0])] }[1][0] }),
    ("forwards", { x, f in jacobianVectorProduct(at: [x], along: [.constant(1)]) { [f($0[0])] }[0] }),
    ("backwards", { x, f in vectorJacobianProduct(at: [x], along: [.constant(1)]) { [f($0[0])] }[0] }),
    ("derivative", { x, f in derivative(at: x, of: f) }),
  ]

  /// The ways to take the derivative of a function of one number.
  private let outer: [(String, (_ x: Double, _ f: @escaping Function) -> Double)] = [
    ("gradient", { x, f in gradient(at: x, of: f) }),
    ("directional", { x, f in directionalDerivative(at: [x], along: [1]) { f($0[0]) } }),
    ("columns", { x, f in jacobian(at: [x]) { [f($0[0]), f($0[0])] }[1][0] }),
    ("derivative", { x, f in derivative(at: x, of: f) }),
    (
      "backward",
      { x, f in
        Tape.scope {
          let x = Value(x)
          f(x).backward()
          return x.grad
        }
      }
    ),
    (
      "backward creating a graph",
      { x, f in
        Tape.scope {
          let x = Value(x)
          return f(x).backward(creatingGraph: true)[x].data
        }
      }
    ),
  ]

  private func inEveryMode(
    at x: Double, expecting expected: Double, line: UInt = #line,
    _ f: (_ d: (_ x: Value, _ f: @escaping Function) -> Value, _ x: Value) -> Value
  ) {
    withoutActuallyEscaping(f) { f in
      for (name, derive) in outer {
        for (innerName, d) in inner {
          let result = derive(x) { x in f(d, x) }
          XCTAssertEqual(
            result, expected, accuracy: 1e-14 * max(1, abs(expected)), "\(innerName) inside of \(name)", line: line)
        }
      }
    }
  }

  // MARK: - Perturbations are not confused

  func testADerivativeOfASumIsNotTheOuterVariables() {
    // d/dx [x · d/dy (x + y) at y = 1] at 1: the inner derivative is 1 (Siskind and Pearlmutter 2005).
    inEveryMode(at: 1, expecting: 1) { d, x in x * d(.constant(1)) { y in x + y } }
  }

  func testADerivativeOfAProductIsTheOuterVariable() {
    inEveryMode(at: 4, expecting: 8) { d, x in x * d(.constant(1)) { y in x * y } }
  }

  func testTheInnerPointMayBeTheOuterVariable() {
    // d/dx [x · (d/dy y³ x at y = x)] = d/dx [3 x⁴] = 12 x³
    inEveryMode(at: 2, expecting: 96) { d, x in x * d(x) { y in y.cubed() * x } }
    // The inner variable hides nothing of the outer: d/dx d/dy (x y + x²) at y = x is 1.
    inEveryMode(at: 2, expecting: 1) { d, x in d(x) { y in x * y + x.squared() } }
  }

  func testTheInnerPointMayBeComputed() {
    // d/dx [cos(x²)] = -2 x sin(x²)
    inEveryMode(at: 0.7, expecting: -1.4 * sin(0.49)) { d, x in d(x.squared()) { y in sin(y) } }
  }

  func testAFunctionThatReturnsItsOuterVariableHasNoDerivative() {
    inEveryMode(at: 3, expecting: 2 * 3) { d, x in x.squared() + d(.constant(2)) { _ in x } }
    inEveryMode(at: 3, expecting: 6) { d, x in x.squared() + d(x) { _ in .constant(5) } }
  }

  func testAnArgumentReturnedHasDerivativeOne() {
    inEveryMode(at: 3, expecting: 7) { d, x in x.squared() + x * d(x) { y in y } }
  }

  func testThreeLevelsInEveryMixOfModes() {
    // f(x) = x · d/dy [y² · d/dz (x y z²) at z = y] at y = x = x · d/dy [2 x y⁴] at x = 8 x⁵; f'(x) = 40 x⁴
    for (name, derive) in outer {
      for (middleName, middle) in inner {
        for (innerName, innermost) in inner {
          let result = derive(1.5) { x in
            x * middle(x) { y in y.squared() * innermost(y) { z in x * y * z.squared() } }
          }
          XCTAssertEqual(result, 40 * pow(1.5, 4), accuracy: 1e-12, "\(innerName) in \(middleName) in \(name)")
        }
      }
    }
  }

  func testADerivativeAppliedToItself() {
    // D(D f) by handing on the operator, at levels that are only known when it runs.
    func nth(_ n: Int, _ f: @escaping Function) -> Function {
      n == 0 ? f : { x in gradient(at: x, of: nth(n - 1, f)) }
    }
    for n in 0...6 {
      let expected = [sin(0.4), cos(0.4), -sin(0.4), -cos(0.4)][n % 4]
      XCTAssertEqual(Tape.scope { nth(n) { sin($0) }(Value(0.4)).data }, expected, accuracy: 1e-15)
    }
  }

  // MARK: - Third and higher derivatives

  func testHigherDerivativesHaveTheirClosedForms() {
    // e^(2x) sin x is the imaginary part of e^((2 + i) x): each derivative multiplies it by 2 + i.
    var (real, imaginary) = (exp(0.6) * cos(0.3), exp(0.6) * sin(0.3))
    for order in 0...8 {
      let result = derivative(at: 0.3, order: order) { x in exp(2 * x) * sin(x) }
      XCTAssertEqual(result, imaginary, accuracy: 1e-13 * hypot(real, imaginary), "order \(order)")
      (real, imaginary) = (2 * real - imaginary, 2 * imaginary + real)
    }
    // 1 / (1 - x): n! / (1 - x)^(n + 1); at 1/2 that is n! 2^(n + 1)
    for (order, expected) in [2, 4, 16, 96, 768, 7680, 92160].enumerated() {
      XCTAssertEqual(derivative(at: 0.5, order: order) { x in 1 / (1 - x) }, Double(expected))
      let atValue = Tape.scope { derivative(at: Value(0.5), order: order) { x in 1 / (1 - x) }.data }
      XCTAssertEqual(atValue, Double(expected))
    }
  }

  func testProductsObeyLeibniz() {
    // (x³ e^x)'''' = (x³ + 12 x² + 36 x + 24) e^x
    let x = 0.8
    let expected = (x * x * x + 12 * x * x + 36 * x + 24) * exp(x)
    for way in [{ x in x.cubed() * exp(x) }, { x in x * x * x * exp(x) }, { x in x ** 3.0 * exp(x) }] as [Function] {
      XCTAssertEqual(derivative(at: x, order: 4, of: way), expected, accuracy: 1e-13 * expected)
    }
  }

  func testMixedThirdDerivatives() {
    // f = x² y³ z: ∂³f/∂x∂y∂z = 6 x y²
    let result = gradient(at: [2, 3, 5]) { (v: [Value]) in
      gradient(at: v) { v in
        gradient(at: v) { v in v[0].squared() * v[1].cubed() * v[2] }[0]
      }[1]
    }
    XCTAssertEqual(result[2], 6 * 2 * 9)
  }

  // MARK: - Laws of vectors and matrices

  private let point = [0.7, -1.1, 0.4, 1.9]

  private func bumpy(_ x: [Value]) -> Value {
    let wave = sin(x[1] - x[2].squared()) * tanh(x[3]), slope = hypot(x[0], x[3]) / (1.5 + x[2])
    return exp(x[0] * x[1]) + wave + slope + x[3] ** x[0].magnitude
  }

  func testTheHessianIsTheSameInEveryMode() {
    let direct = hessian(at: point, of: bumpy)
    for (i, row) in direct.enumerated() {
      for j in row.indices { XCTAssertEqual(row[j], direct[j][i], accuracy: 1e-15 * 8, "symmetry of [\(i), \(j)]") }
    }
    let others: [(String, [[Double]])] = [
      ("jacobian of the gradient", jacobian(at: point) { (x: [Value]) in gradient(at: x, of: bumpy) }),
      (
        "its columns",
        transposed(
          point.indices.map { k in
            jacobianVectorProduct(at: point, along: unit(k)) { (x: [Value]) in gradient(at: x, of: bumpy) }
          })
      ),
      (
        "jacobian of directional derivatives",
        jacobian(at: point) { (x: [Value]) in
          x.indices.map { directionalDerivative(at: x, along: unit($0).map { .constant($0) }, of: bumpy) }
        }
      ),
      ("hessian at Values", Tape.scope { hessian(at: point.map { Value($0) }, of: bumpy).map { $0.map(\.data) } }),
      (
        "products at Values",
        Tape.scope {
          let x = point.map { Value($0) }
          return x.indices.map { k in
            hessianVectorProduct(at: x, along: unit(k).map { .constant($0) }, of: bumpy).map(\.data)
          }
        }
      ),
      (
        "backward creating a graph",
        Tape.scope {
          let x = point.map { Value($0) }, gradients = bumpy(x).backward(creatingGraph: true)
          return x.map { row in
            for value in x { value.grad = 0 }
            gradients[row].backward()
            return x.map(\.grad)
          }
        }
      ),
    ]
    for (name, other) in others { assertEqual(other, direct, 1e-13, name) }
    XCTAssertEqual(hessianDiagonal(at: point, of: bumpy), point.indices.map { direct[$0][$0] })
    let recorded = Tape.scope { hessianDiagonal(at: point.map { Value($0) }, of: bumpy).map(\.data) }
    assertEqual([recorded], [point.indices.map { direct[$0][$0] }], 1e-13, "diagonal at Values")
  }

  func testHessianVectorProductsAreLinearInTheDirection() {
    let u = [1, -2, 0.5, 3], v = [0, 0.25, -1, 1.5]
    withDerivatives(at: point, of: bumpy) { f in
      let sum = f.hessianVectorProduct(along: zip(u, v).map { 2 * $0 - 3 * $1 })
      let parts = zip(f.hessianVectorProduct(along: u), f.hessianVectorProduct(along: v)).map { 2 * $0 - 3 * $1 }
      assertEqual([sum], [parts], 1e-14, "2 H u - 3 H v")
      XCTAssertEqual(f.hessianVectorProduct(along: [0, 0, 0, 0]), [0, 0, 0, 0])
    }
  }

  func testProductsWithTheJacobianAreTransposes() {
    let direction = [1, -2, 0.5, 3], weights = [0.3, -1, 2]
    withDerivatives(at: point, of: { x in [bumpy(x), x[1], sin(x[0]) * x[3]] }) { f in
      let forward = zip(f.jacobianVectorProduct(along: direction), weights).reduce(0) { $0 + $1.0 * $1.1 }
      let reverse = zip(f.vectorJacobianProduct(along: weights), direction).reduce(0) { $0 + $1.0 * $1.1 }
      XCTAssertEqual(forward, reverse, accuracy: 1e-14 * abs(forward))
    }
    let atValues = Tape.scope {
      let x = point.map { Value($0) }, f = { (x: [Value]) in [self.bumpy(x), x[1], sin(x[0]) * x[3]] }
      let forward = jacobianVectorProduct(at: x, along: direction.map { .constant($0) }, of: f)
      let reverse = vectorJacobianProduct(at: x, along: weights.map { .constant($0) }, of: f)
      return (dot(weights, forward).data, dot(direction, reverse).data)
    }
    XCTAssertEqual(atValues.0, atValues.1, accuracy: 1e-14 * abs(atValues.0))
  }

  func testRowsOfAJacobianAreGradientsWhereverTheResultsLie() {
    // As many results as arguments: rows, by reverse sweeps from results below and above one another, one twice.
    let f = { (x: [Value]) in
      let square = x[0] * x[0]
      return [square, square * x[1], x[2], square]
    }
    let expected: [[Double]] = [[6, 0, 0, 0], [30, 9, 0, 0], [0, 0, 1, 0], [6, 0, 0, 0]]
    XCTAssertEqual(jacobian(at: [3, 5, 7, 11], of: f), expected)
    let atValues = Tape.scope { jacobian(at: [3, 5, 7, 11].map { Value($0) }, of: f).map { $0.map(\.data) } }
    XCTAssertEqual(atValues, expected)
    withDerivatives(at: [3, 5, 7, 11], of: f) { f in
      XCTAssertEqual(f.vectorJacobianProduct(along: [1, 0, 2, 10]), [66, 0, 2, 0])
      XCTAssertEqual(f.jacobianVectorProduct(along: [1, 1, 1, 1]), [6, 39, 1, 6])
    }
  }

  private func unit(_ k: Int) -> [Double] { point.indices.map { $0 == k ? 1 : 0 } }

  private func transposed(_ rows: [[Double]]) -> [[Double]] { rows[0].indices.map { k in rows.map { $0[k] } } }

  private func assertEqual(
    _ actual: [[Double]], _ expected: [[Double]], _ digits: Double, _ message: String, line: UInt = #line
  ) {
    let largest = expected.joined().reduce(0) { Swift.max($0, abs($1)) }
    XCTAssertEqual(actual.map(\.count), expected.map(\.count), message, line: line)
    for (a, b) in zip(actual.joined(), expected.joined()) {
      XCTAssertEqual(a, b, accuracy: digits * largest, message, line: line)
    }
  }
}
