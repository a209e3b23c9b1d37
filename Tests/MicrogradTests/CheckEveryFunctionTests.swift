import Micrograd
import XCTest

/// The other way round: differences against every function whose derivatives other tests hold against exact numbers.
final class CheckEveryFunctionTests: XCTestCase {
  nonisolated(unsafe) private static let others: [(name: String, run: OperationOfOne)] = [
    ("leakyReLU 0.1", { $0.leakyReLU(slope: 0.1) }), ("** 2.5", { $0 ** 2.5 }), ("** -3", { $0 ** -3 }),
    ("2 **", { 2 ** $0 }), ("x ** x", { $0 ** $0 }), ("hypot", { hypot($0, 0.5) }), ("atan2", { atan2($0, 0.3) }),
    ("max", { max($0, 0.4) }), ("remainder", { remainder($0, 0.77) }), ("clamped", { $0.clamped(to: -0.6...0.6) }),
  ]

  func testEveryFunctionAgreesWithDifferences() {
    for (name, f) in OperationWays.ofOneValue + Self.others where name != "detach" {
      for magnitude in [1e-300, 1e-8, 1e-3, 0.1, 0.31, 0.7, 1.5, 3.2, 9.9, 29.3, 310.7, 1e5 + 0.3] {
        for x in [-magnitude, magnitude] {
          // Closer to a jump or an end than any difference can be told.
          if magnitude == 1e-300 && ["floor", "ceil", "sign", "roundAway", "x ** x"].contains(name) { continue }
          let (value, gradient) = valueWithGradient(at: x, of: f)
          guard value.isFinite, gradient.isFinite else { continue }
          let check = checkGradient(at: x, of: f)
          XCTAssertTrue(check.isConsistent, "\(name) at \(x): \(check)")
          // What is a ten-thousandth too large is found out, where the slope is not lost in the rounding of the value.
          let visible = abs(gradient) * max(abs(x), 1) > 1e-8 * abs(value)
          guard visible, check.entries[0].verdict == .agrees, check.entries[0].numeric.value != 0 else { continue }
          let wrong = checkGradient(at: x) { x in f(x) + 1e-4 * (f(x) - f(x).detached) }
          XCTAssertEqual(wrong.entries[0].verdict, .differs, "\(name) at \(x): \(wrong)")
        }
      }
    }
  }
}
