import Micrograd
import RealModule

// No Foundation here: what these compile to must not depend on it. GenericFunctionsTests calls them.

enum WithoutFoundation {
  /// Choices among plain numbers, with literals on either side.
  static func choices(_ x: Double, _ y: Double) -> [Double] {
    [max(1, 2.5), min(x, y), max(x, 0), min(1, x), max(abs(x), 1), min(1, 1 / x), max(x * x - y, 0)]
  }

  /// Functions that this library has for plain numbers, too, and those of swift-numerics.
  static func functions(_ x: Double) -> [Double] {
    [
      logistic(x), softplus(x), digamma(x), logSumExp([x, 0]), .exp(x), .hypot(x, 1), .pow(x, 2), .erf(x), x.rounded(),
    ]
  }

  /// The same beside Values.
  static func values(_ x: Value, _ y: Value) -> [Value] {
    [
      max(x, y), max(x, 0), min(1, x), hypot(x, 1), pow(x, 2), pow(2, x), atan2(1, x), clamp(x, 0, 1),
      abs(x) + floor(y),
    ]
  }

  /// Written once, for Values and plain numbers.
  static func generic<T: RealFunctions & AlgebraicField>(_ x: T, _ y: T) -> T {
    let waves = T.erf(x) * T.hypot(x, y) - T.atan2(y: x, x: y) + T.log2(x) + T.log10(x) * T.exp2(y)
    return waves + T.gamma(x) / T.exp10(y) - T.erfc(y) + T.logGamma(x) * T.root(x, 3) + T.pow(x, y) + T.sqrt(x)
  }
}
