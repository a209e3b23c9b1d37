import Micrograd
import XCTest

/// Zeros of compiled functions have the signs that IEEE 754 gives them, step by step, and infinities stay infinite.
final class CompiledZerosTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private static let numbers: [Double] = [0, -0.0, 1, -1, 3, .infinity, -.infinity]

  /// Compares a compiled function of three numbers with the same formula of Doubles, to the sign of zero.
  private func assertSame(
    _ name: String, _ plain: ([Double]) -> Double, _ recorded: @escaping ([Value]) -> Value, line: UInt = #line
  ) throws {
    let n = CompiledZerosTests.numbers
    let samples = n.flatMap { a in n.flatMap { b in n.map { c in [a, b, c] } } }
    let values = try compile(at: [0.3, 0.4, 0.6], of: recorded).values(at: Samples(samples))
    for (x, value) in zip(samples, values) {
      let expected = plain(x)
      let isSame = expected.isNaN ? value.isNaN : value == expected && value.sign == expected.sign
      if !isSame { return XCTFail("\(name) of \(x) is \(value), not \(expected)", line: line) }
    }
  }

  func testDifferencesAndNegatives() throws {
    try assertSame("x - x", { $0[0] - $0[0] }, { $0[0] - $0[0] })
    try assertSame("-(x - y)", { -($0[0] - $0[1]) }, { -($0[0] - $0[1]) })
    try assertSame("z - (x + y)", { $0[2] - ($0[0] + $0[1]) }, { $0[2] - ($0[0] + $0[1]) })
    try assertSame("0 - x", { 0 - $0[0] }, { 0 - $0[0] })
    try assertSame("-x", { -$0[0] }, { -$0[0] })
    try assertSame("2x - 2x", { 2 * $0[0] - 2 * $0[0] }, { 2 * $0[0] - 2 * $0[0] })
    try assertSame("3x - 2x", { 3 * $0[0] - 2 * $0[0] }, { 3 * $0[0] - 2 * $0[0] })
    try assertSame("xy - xy", { $0[0] * $0[1] - $0[0] * $0[1] }, { $0[0] * $0[1] - $0[0] * $0[1] })
  }

  func testSumsAndProducts() throws {
    try assertSame("x + y + z", { $0[0] + $0[1] + $0[2] }, { $0[0] + $0[1] + $0[2] })
    try assertSame("xy + yz", { $0[0] * $0[1] + $0[1] * $0[2] }, { $0[0] * $0[1] + $0[1] * $0[2] })
    try assertSame("x - 0", { $0[0] - 0 }, { $0[0] - 0 })
    try assertSame("x + 0", { $0[0] + 0 }, { $0[0] + 0 })
    try assertSame("-2x", { -2 * $0[0] }, { -2 * $0[0] })
    try assertSame("0x", { 0 * $0[0] }, { 0 * $0[0] })
    try assertSame("sum", { 0 + $0[0] + $0[1] + $0[2] }, { sum($0) })
    try assertSame("dot", { 0 + $0[0] * $0[1] + $0[2] * $0[2] }, { dot([$0[0], $0[2]], [$0[1], $0[2]]) })
  }

  func testWhatIsComputedFromThemTellsTheSign() throws {
    let angle = try compile(at: [0.7, 0.7]) { x in atan2(x[0] - x[0], x[1]) }
    XCTAssertEqual(try angle.values(at: Samples([[-1, -2]])), [.pi])
    let ratio = try compile(at: [0.7, 0.7]) { x in x[1] / (x[0] - x[0]) }
    XCTAssertEqual(try ratio.values(at: Samples([[-1, 2]])), [.infinity])
  }

  func testNaNIsNotTakenForZero() throws {
    let f = try compile(at: [0.7]) { x in x[0] * Double.nan }
    XCTAssertTrue(try f.values(at: Samples([[3]]))[0].isNaN)
  }

  func testAZeroMeetsNothing() throws {
    let f = try compile(at: [1]) { x in log(exp(x[0])) }
    XCTAssertEqual(try f.valuesWithGradients(at: Samples([[800], [2]])).gradients.numbers, [0, 1])
    let w = Parameters([2, 3])
    let loss = try compile(at: [1, 1]) { x in log(exp(w[0] * x[0])) + w[1] * x[1] }
    try loss.backward(at: Samples([[900, 1], [1, 2]]))
    XCTAssertEqual(w.map(\.grad), [0.5, 1.5])
  }
}
