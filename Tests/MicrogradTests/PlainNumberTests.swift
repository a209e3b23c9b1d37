import Foundation
import Micrograd
import XCTest

/// Functions of two: what a literal means beside a Value, and that plain numbers stay what they were.
final class PlainNumberTests: XCTestCase {
  func testPlainNumbersStayDoubles() {
    let d = 2.5, n = 3
    let largest = max(1, d), smallest = min(d, 1), both = max(d, -d)
    let powers = (pow(2, d), pow(d, 2), pow(d, d), hypot(3, d), atan2(1, d), fmod(d, 2), remainder(d, 2))
    let rounded = (floor(d), ceil(d), round(d), trunc(d), log2(d), exp2(d), erf(d), cbrt(d), log1p(d), expm1(d))
    let numbers: [Double] = [
      largest, smallest, both, powers.0, powers.1, powers.2, powers.3, powers.4, powers.5, powers.6, rounded.0,
      rounded.9,
    ]
    XCTAssertEqual(numbers[0], 2.5)
    XCTAssertEqual(max(n, 4), 4)
    XCTAssertEqual(max(1, 2, n), 3)
    XCTAssertEqual([d, 1].max(), 2.5)
  }

  func testALiteralOrANumberBesideAValue() {
    let x = Value(0.5), d = 2.0, n = 3
    let values: [Value] = [
      max(x, 0), max(0, x), min(x, 1), max(x, d), max(d, x), min(n, x), pow(x, 2), pow(x, 2.5), pow(2, x), pow(x, d),
      pow(x, n), hypot(x, 1), hypot(1.5, x), atan2(x, 1), atan2(1, x), clamp(x, 0, 1), clamp(x, 0.1, d), fmod(x, 2),
      remainder(x, 0.3), max(x, x), pow(x, x), hypot(x, x), select(x > 0, x, 1), select(x > 0, 1, x),
    ]
    let expected = [
      0.5, 0.5, 0.5, 2, 2, 0.5, 0.25, pow(0.5, 2.5), pow(2, 0.5), 0.25, 0.125, hypot(0.5, 1), hypot(1.5, 0.5),
      atan2(0.5, 1), atan2(1, 0.5), 0.5, 0.5, 0.5, remainder(0.5, 0.3), 0.5, pow(0.5, 0.5), hypot(0.5, 0.5), 0.5, 1,
    ]
    for (value, number) in zip(values, expected) { XCTAssertEqual(value.data, number, accuracy: 2e-16) }
    XCTAssertEqual(pow(x, 2).operation?.name, "square")
    XCTAssertEqual(pow(2, x).operation?.name, "constant_power")
  }
}
