import Micrograd
import RealModule
import XCTest

/// Functions that are generic over `RealFunctions`, and what needs no Foundation.
final class GenericFunctionsTests: XCTestCase {
  func testGenericFunctionsRunOnDoublesAndOnValues() {
    for (x, y) in [(0.7, 1.3), (2.1, -0.4), (5.2, 0.6)] {
      let plain = WithoutFoundation.generic(x, y)
      let (value, gradient) = valueWithGradient(at: x, y) { x, y in
        WithoutFoundation.generic(RealValue(x), RealValue(y)).value
      }
      XCTAssertEqual(value, plain, accuracy: 1e-13 * abs(plain))
      let h = 1e-5
      let dx = (WithoutFoundation.generic(x + h, y) - WithoutFoundation.generic(x - h, y)) / (2 * h)
      let dy = (WithoutFoundation.generic(x, y + h) - WithoutFoundation.generic(x, y - h)) / (2 * h)
      XCTAssertEqual(gradient.0, dx, accuracy: 1e-7 * max(1, abs(dx)))
      XCTAssertEqual(gradient.1, dy, accuracy: 1e-7 * max(1, abs(dy)))
    }
  }

  func testWithoutFoundationPlainNumbersStayPlain() {
    XCTAssertEqual(WithoutFoundation.choices(2.5, -0.5), [2.5, -0.5, 2.5, 1, 2.5, 0.4, 6.75])
    let functions = WithoutFoundation.functions(1)
    XCTAssertEqual(functions[2...3], [-0.5772156649015329, log(1 + exp(1))])
    XCTAssertEqual(functions[4...], [exp(1), 2.0.squareRoot(), 1, erf(1), 1])
  }

  func testWithoutFoundationFunctionsOfValuesAreFound() {
    let values = WithoutFoundation.values(Value(2), Value(-0.5)).map(\.data)
    XCTAssertEqual(values, [2, 2, 1, 5.0.squareRoot(), 4, 4, atan2(1, 2), 1, 1])
  }
}
