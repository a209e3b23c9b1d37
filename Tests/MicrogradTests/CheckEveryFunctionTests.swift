import Micrograd
import XCTest

/// The other way round: differences against every function whose derivatives other tests hold against exact numbers.
final class CheckEveryFunctionTests: XCTestCase {
  private let functions: [(String, (Value) -> Value)] = [
    ("exp", { exp($0) }), ("expMinusOne", { Value.expMinusOne($0) }), ("exp2", { Value.exp2($0) }),
    ("exp10", { Value.exp10($0) }), ("log", { log($0) }), ("log1p", { Value.log(onePlus: $0) }),
    ("log2", { Value.log2($0) }), ("log10", { Value.log10($0) }), ("log1mexp", { log1mexp($0) }), ("sin", { sin($0) }),
    ("cos", { cos($0) }), ("tan", { tan($0) }), ("asin", { Value.asin($0) }), ("acos", { Value.acos($0) }),
    ("atan", { Value.atan($0) }), ("sinh", { Value.sinh($0) }), ("cosh", { Value.cosh($0) }), ("tanh", { $0.tanh() }),
    ("asinh", { Value.asinh($0) }), ("acosh", { Value.acosh($0) }), ("atanh", { Value.atanh($0) }),
    ("erf", { Value.erf($0) }), ("erfc", { Value.erfc($0) }), ("gamma", { Value.gamma($0) }),
    ("logGamma", { Value.logGamma($0) }), ("digamma", { digamma($0) }), ("trigamma", { polygamma(1, $0) }),
    ("sigmoid", { $0.sigmoid() }), ("logit", { logit($0) }), ("softplus", { $0.softplus() }), ("silu", { $0.silu() }),
    ("gelu", { $0.gelu() }), ("geluTanh", { $0.geluTanh() }), ("elu", { $0.elu(scale: 1.5) }),
    ("leakyReLU", { $0.leakyReLU(slope: 0.1) }), ("relu", { $0.relu() }), ("abs", { abs($0) }), ("sqrt", { sqrt($0) }),
    ("cbrt", { Value.root($0, 3) }), ("square", { $0.squared() }), ("cube", { $0.cubed() }), ("reciprocal", { 1 / $0 }),
    ("** 2.5", { $0 ** 2.5 }), ("** -3", { $0 ** -3 }), ("2 **", { 2 ** $0 }), ("x ** x", { $0 ** $0 }),
    ("hypot", { hypot($0, 0.5) }), ("atan2", { atan2($0, 0.3) }), ("max", { max($0, 0.4) }), ("floor", { floor($0) }),
    ("remainder", { remainder($0, 0.77) }), ("clamped", { $0.clamped(to: -0.6...0.6) }),
  ]

  func testEveryFunctionAgreesWithDifferences() {
    for (name, f) in functions {
      for magnitude in [1e-300, 1e-8, 1e-3, 0.1, 0.31, 0.7, 1.5, 3.2, 9.9, 29.3, 310.7, 1e5 + 0.3] {
        for x in [-magnitude, magnitude] {
          // Closer to a jump or an end than any difference can be told.
          if magnitude == 1e-300 && ["floor", "x ** x"].contains(name) { continue }
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
