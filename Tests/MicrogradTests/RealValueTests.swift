import Micrograd
import RealModule
import XCTest

/// Code that is written over the protocols of swift-numerics, on Double and on RealValue.
final class RealValueTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  /// Everything that `Real` has and that has a derivative.
  private func everything<T: Real>(_ x: T, _ y: T) -> T {
    var z = T.exp(x) + T.expMinusOne(y) * 2 - T.exp2(x) / T.exp10(y) + T.log(x) * T.log(onePlus: y)
    z += T.log2(x) - T.log10(y) + T.sin(x) * T.cos(y) + T.tan(x) + T.asin(y) - T.acos(y) + T.atan(x)
    z -= T.sinh(x) + T.cosh(y) - T.tanh(x) * T.asinh(y) + T.acosh(1 + x) + T.atanh(y) + T.pow(x, y) + T.pow(x, 3)
    z *= T.sqrt(x) + T.root(y, 5) + T.hypot(x, y) + T.atan2(y: x, x: y) + T.erf(x) * T.erfc(y)
    z /= 1 + T.gamma(x) * T.logGamma(y) + x.magnitude
    z.negate()
    z = z * z + 1
    z.formSquareRoot()
    z.addProduct(x, y)
    let third = x / 3, distance = x.rounded() - T.pi
    z += x.truncatingRemainder(dividingBy: y)
    z += third.remainder(dividingBy: y)
    z += x.significand
    z += distance * 2 / T(sign: .minus, exponent: 1, significand: y)
    let larger = x > y ? x : y
    return z + larger
  }

  func testGenericCodeRunsOnDoublesAndOnValues() {
    for (x, y) in [(1.3, 0.4), (2.6, 0.7)] {
      let plain = everything(x, y)
      XCTAssertTrue(plain.isFinite)
      let (value, slopes) = valueWithGradient(at: x, y) { x, y in everything(RealValue(x), RealValue(y)).value }
      XCTAssertEqual(value, plain, accuracy: 1e-13 * abs(plain))
      let h = 1e-5
      XCTAssertEqual(slopes.0, (everything(x + h, y) - everything(x - h, y)) / (2 * h), accuracy: 1e-6 * abs(slopes.0))
      XCTAssertEqual(slopes.1, (everything(x, y + h) - everything(x, y - h)) / (2 * h), accuracy: 1e-6 * abs(slopes.1))
    }
  }

  func testLiteralsAreConstants() {
    let x = RealValue(Value(2))
    let before = Tape.current.nodeCount
    XCTAssertEqual((2 * x + 0.5).value.data, 4.5)
    XCTAssertEqual(Tape.current.nodeCount - before, 2)
  }

  func testPropertiesAreThoseOfDouble() {
    for number in [1.5, -0.0, .infinity, .nan, .leastNonzeroMagnitude, -7] {
      let x = RealValue(.constant(number))
      XCTAssertEqual(
        [x.isFinite, x.isNaN, x.isZero, x.isNormal, x.isSubnormal, x.isInfinite, x.isSignalingNaN, x.isCanonical],
        [
          number.isFinite, number.isNaN, number.isZero, number.isNormal, number.isSubnormal, number.isInfinite,
          number.isSignalingNaN, number.isCanonical,
        ])
      XCTAssertEqual(x.sign, number.sign)
      XCTAssertEqual(x.exponent, number.exponent)
      XCTAssertEqual(x.ulp.value.data.bitPattern, number.ulp.bitPattern)
      XCTAssertEqual(x.nextUp.value.data.bitPattern, number.nextUp.bitPattern)
      XCTAssertEqual(x.isTotallyOrdered(belowOrEqualTo: 2), number.isTotallyOrdered(belowOrEqualTo: 2))
      XCTAssertEqual(x.significand.value.data.bitPattern, number.significand.bitPattern)
    }
    XCTAssertEqual(RealValue(signOf: -1, magnitudeOf: 3), -3)
    XCTAssertEqual(RealValue(2).distance(to: 5), 3)
    XCTAssertEqual(RealValue(2).advanced(by: 5), 7)
    XCTAssertEqual(RealValue(exactly: 7), 7)
    XCTAssertEqual(Set([RealValue(1), RealValue(1), RealValue(2)]).count, 2)
    XCTAssertEqual("\(RealValue(.constant(1.5)))", "Value(data: 1.5, grad: 0.0)")
  }
}
