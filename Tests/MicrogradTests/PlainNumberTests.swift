import Micrograd
import XCTest

/// Functions of Values, of plain numbers and of both, side by side; XCTest brings Foundation's functions along.
///
/// That this file compiles is half of the test. PlainNumbersWithoutFoundation.swift is the same without Foundation.
final class PlainNumberTests: XCTestCase {
  private let x = 2.5, y = -0.5

  func testFunctionsOfPlainNumbersStayPlain() {
    let choices = [max(1, 2.5), min(x, y), max(x, 0), min(1, x), max(abs(x), 1), min(1, 1 / x), max(x * x - y, 0)]
    XCTAssertEqual(choices, [2.5, -0.5, 2.5, 1, 2.5, 0.4, 6.75])
    let powers = [pow(2.0, 3.0), pow(x, 2), pow(2, x), hypot(3.0, 4.0), hypot(x, 0), atan2(1, 1.0), atan2(y, 0)]
    XCTAssertEqual(powers, [8, 6.25, exp2(2.5), 5, 2.5, .pi / 4, -.pi / 2])
    let steps = [floor(2.5), ceil(x), round(2.5), trunc(y), x.rounded(), fmod(x, 2), remainder(x, 2)]
    XCTAssertEqual(steps, [2, 3, 3, -0.0, 3, 0.5, 0.5])
    let logarithms = [log2(8.0), log10(x * 4), exp2(3.0), log1p(0.0), expm1(0.0), cbrt(8.0), log(1.0)]
    XCTAssertEqual(logarithms, [3, 1, 8, 0, 0, 2, 0])
    let special = [erf(0.0), erfc(0.0), tgamma(5.0), lgamma(1.0), logistic(0.0), softplus(y) - y, digamma(1.0)]
    XCTAssertEqual(special, [0, 1, 24, 0, 0.5, log(1 + exp(0.5)), -0.5772156649015329])
    let n = 3, counts = [max(1, 2), min(3, [1, 2].count), max(0, 7 / 2), max(n, 4), max(1, 2, n)]
    XCTAssertEqual(counts, [2, 2, 3, 4, 3])
  }

  func testComparisonsOfPlainNumbersRecordNothing() {
    let before = Tape.current.nodeCount
    let limit: Double = max(abs(x), 1) / 4  // not within the comparison: README.md, Limits
    let isNear = abs(y - x) <= limit
    let isFar = hypot(x, 1) > min(2, x) * 3
    let isLarge = pow(x, 2) > max(1, y)
    let isSteep = atan2(y, 1) < 2 * fmod(x, 2)
    XCTAssertEqual([isNear, isFar, isLarge, isSteep], [false, false, true, true])
    XCTAssertEqual(Tape.current.nodeCount, before)
  }

  func testFunctionsOfPlainNumbersAreFoundByNameAsEver() {
    XCTAssertEqual([1.0, 4.0, 9.0].map(sqrt), [1, 2, 3])
    XCTAssertEqual([2.5, -0.5].reduce(0.0, max), 2.5)
    XCTAssertEqual(zip([1.0, 5.0], [3.0, 2.0]).map { max($0, $1) }, [3, 5])
    XCTAssertEqual([x, y].max(), 2.5)
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

  private func nodes(_ body: (Value) -> Value) -> Int {
    Tape.scope {
      let x = Value(3.0)
      let before = Tape.current.nodeCount
      _ = body(x)
      return Tape.current.nodeCount - before
    }
  }

  func testANumberBesideAValueIsAConstantOfTheFunction() {
    // Those of two operands record the constant as a leaf, of which the gradient is not asked.
    let two: [(Value) -> Value] = [
      { x in max(x, 0) }, { x in max(0, x) }, { x in min(x, 1.5) }, { x in min(1, x) }, { x in hypot(x, 1) },
      { x in hypot(1.5, x) }, { x in atan2(x, 1) }, { x in atan2(1, x) }, { x in fmod(x, 2) }, { x in remainder(7, x) },
    ]
    XCTAssertEqual(two.map(nodes), two.map { _ in 2 })
    let one: [(Value) -> Value] = [
      { x in pow(x, 2) }, { x in pow(x, 2.5) }, { x in pow(2, x) }, { x in x.clamped(to: 0...) }, { x in abs(x) },
    ]
    XCTAssertEqual(one.map(nodes), one.map { _ in 1 })
    XCTAssertEqual(nodes { x in clamp(x, 0, 1) }, 2)
    XCTAssertEqual(nodes { x in clamp(x, x, 1) }, 3)
    XCTAssertEqual(nodes { x in clamp(x, 0.5, x) }, 3)
  }

  func testALiteralBesideAConstantRecordsNothing() {
    let c = Value.constant(0.5)
    let constants = [
      max(c, 0), min(1, c), hypot(c, 1), pow(c, 2), atan2(1, c), fmod(c, 2), remainder(7, c), clamp(c, 0, 1),
      clamp(c, c, 1),
    ]
    XCTAssertTrue(constants.allSatisfy(\.isConstant))
  }

  func testValuesAreStillComparable() {
    let a = Value(3.0), b = Value(-1.0), n = 2
    XCTAssertEqual([max(a, b).data, min(a, b).data, max(a, n).data, min(Double(n), a).data], [3, -1, 3, 2])
    XCTAssertEqual([a, b].min()?.data, -1)
    XCTAssertEqual([a, b].max()?.data, 3)
    XCTAssertEqual(max(a, b, Value(7.0)).data, 7)
    XCTAssertEqual([a, b].sorted().map(\.data), [-1, 3])
    XCTAssertEqual([a, b].map(exp).map(\.data), [exp(3), exp(-1)])
    XCTAssertEqual([a, b].reduce(a, max).data, 3)
  }

  func testLongExpressionsOfFunctions() {
    let a = Value(x), b = Value(y)
    let value =
      2 * max(a, 0) - 3 * hypot(a, 1) + pow(a, 2) * erf(b) - log1p(exp(-a)) / (1 + logistic(2 * b)) + clamp(a, 0, 1)
      - 0.5 * atan2(1, a) + min(a * b, 4)
    let powers = 2 * x - 3 * hypot(x, 1) + x * x * erf(y)
    let gates = log1p(exp(-x)) / (1 + logistic(2 * y))
    XCTAssertEqual(value.data, powers - gates + 1 - 0.5 * atan2(1, x) + x * y, accuracy: 1e-14)
  }
}
