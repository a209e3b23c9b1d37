import Micrograd
import XCTest

/// Expressions of fifteen terms, Values and literals mixed, as people write them.
///
/// That this file compiles is the test: CI type-checks it within 30 000 solver scopes an expression. The numbers are compared
/// with the same expression in `Double`. Formulas of many fields are in Tests/Formulas.
final class LongExpressionsTests: XCTestCase {
  private let a = 1.25, b = -0.75

  func testPolynomial() {
    let x = Value(a), y = Value(b)
    let value = 1 + 2 * x - 3 * y + 4 * x * y - 5 * x * x + 6 * y * y - 7 * x * x * y + 8 * x * y * y
    let plain = 1 + 2 * a - 3 * b + 4 * a * b - 5 * a * a + 6 * b * b - 7 * a * a * b + 8 * a * b * b
    XCTAssertEqual(value.data, plain, accuracy: 1e-12)
  }

  func testSumOfFifteenTerms() {
    let x = Value(a), y = Value(b)
    let value = x + 1 + y + 2.5 + x + 3 + y + 4.5 + x + 5 + y + 6.5 + x + 7 + y
    let plain = 4 * a + 4 * b + 29.5
    XCTAssertEqual(value.data, plain, accuracy: 1e-12)
  }

  func testQuotientsAndParentheses() {
    let x = Value(a), y = Value(b)
    let value = (x + 1) / (y - 2) * (3 - x) / (4 + y * y) - (5 / (x + 6)) * (7 - 8 / (9 + x * x))
    let left = (a + 1) / (b - 2) * (3 - a) / (4 + b * b)
    let right = (5 / (a + 6)) * (7 - 8 / (9 + a * a))
    XCTAssertEqual(value.data, left - right, accuracy: 1e-12)
  }

  func testPowersAndFunctions() {
    let x = Value(a), y = Value(b)
    let value =
      2 * x ** 3 - 3 * y ** 2 + 0.5 * exp(-x) + sin(2 * y) * cos(x / 2) - x.tanh() * 4 + (x - y).relu()
    let left = 2 * a * a * a - 3 * b * b + 0.5 * exp(-a)
    let right = sin(2 * b) * cos(a / 2) - tanh(a) * 4 + (a - b)
    XCTAssertEqual(value.data, left + right, accuracy: 1e-12)
  }

  func testPolynomialOfMatrices() {
    let x = Matrix.constant([[a]]), y = Matrix.constant([[b]])
    let value = 1 + 2 * x - 3 * y + 4 * x * y - 5 * x * x + 6 * y * y - 7 * x * x * y + 8 * x * y * y
    let plain = 1 + 2 * a - 3 * b + 4 * a * b - 5 * a * a + 6 * b * b - 7 * a * a * b + 8 * a * b * b
    XCTAssertEqual(value.data[0], plain, accuracy: 1e-12)
  }

  func testQuotientsOfMatrices() {
    let x = Matrix.constant([[a]]), y = Matrix.constant([[b]])
    let value = (x + 1) / (y - 2) * (3 - x) / (4 + y * y) - (5 / (x + 6)) * (7 - 8 / (9 + x * x)) + 1 / (1 + x.exp())
    let left = (a + 1) / (b - 2) * (3 - a) / (4 + b * b)
    let right = (5 / (a + 6)) * (7 - 8 / (9 + a * a))
    XCTAssertEqual(value.data[0], left - right + 1 / (1 + exp(a)), accuracy: 1e-12)
  }

  func testLossOfMatricesAndValues() {
    let x = Matrix([[a]]), y = Vector([b]), weight = Value(a), rate = 0.5
    let value =
      (x - y.matrix).squared().mean() + 0.01 * dot(x, x) + rate * y.sum() * weight + 1e-4
      * (2 * x + 1).magnitude().sum()
      - weight * rate + 2 * weight - 3
    let squares = (a - b) * (a - b) + 0.01 * a * a
    XCTAssertEqual(value.data, squares + 0.5 * a * b + 1e-4 * (2 * a + 1) - 0.5 * a + 2 * a - 3, accuracy: 1e-12)
  }

  func testLossOfFourProducts() {
    let x = Value(a), y = Value(b)
    let value =
      (x * 2 - 1) ** 2 + (y * 3 + 1) ** 2 + (x * y - 0.5) ** 2 + (x + y) ** 2 / 4 - 0.1 * (x - y) ** 2
    let left = (a * 2 - 1) * (a * 2 - 1) + (b * 3 + 1) * (b * 3 + 1) + (a * b - 0.5) * (a * b - 0.5)
    let right = (a + b) * (a + b) / 4 - 0.1 * (a - b) * (a - b)
    XCTAssertEqual(value.data, left + right, accuracy: 1e-12)
  }
}
