import Micrograd
import TestSupport

/// The cases of functions.json, and the functions themselves.
enum FunctionsFixture {
  static let byOperation: [String: [FunctionCase]] = Dictionary(grouping: try! FunctionCase.all(), by: \.op)

  /// The functions; y is the second argument, or the order of polygamma.
  nonisolated(unsafe) static let functions: [String: (_ x: Value, _ y: Value?) -> Value] = [
    "negate": { x, _ in -x }, "square": { x, _ in x.squared() }, "cube": { x, _ in x.cubed() },
    "reciprocal": { x, _ in 1 / x }, "sqrt": { x, _ in sqrt(x) }, "cbrt": { x, _ in cbrt(x) },
    "exp": { x, _ in exp(x) }, "expMinusOne": { x, _ in expMinusOne(x) }, "exp2": { x, _ in exp2(x) },
    "exp10": { x, _ in exp10(x) },
    "log": { x, _ in log(x) }, "log2": { x, _ in log2(x) }, "log10": { x, _ in log10(x) },
    "log1p": { x, _ in log1p(x) }, "sin": { x, _ in sin(x) }, "cos": { x, _ in cos(x) }, "tan": { x, _ in tan(x) },
    "asin": { x, _ in asin(x) }, "acos": { x, _ in acos(x) }, "atan": { x, _ in atan(x) },
    "sinh": { x, _ in sinh(x) }, "cosh": { x, _ in cosh(x) }, "tanh": { x, _ in tanh(x) },
    "asinh": { x, _ in asinh(x) }, "acosh": { x, _ in acosh(x) }, "atanh": { x, _ in atanh(x) },
    "sigmoid": { x, _ in logistic(x) }, "softplus": { x, _ in softplus(x) }, "silu": { x, _ in x.silu() },
    "gelu": { x, _ in x.gelu() }, "geluTanh": { x, _ in x.geluTanh() }, "elu": { x, _ in x.elu(scale: 1.5) },
    "erf": { x, _ in erf(x) }, "erfc": { x, _ in erfc(x) }, "gamma": { x, _ in gamma(x) },
    "logGamma": { x, _ in logGamma(x) }, "digamma": { x, _ in digamma(x) }, "logit": { x, _ in logit(x) },
    "log1mexp": { x, _ in log1mexp(x) }, "polygamma": { x, y in polygamma(Int(y!.data), x) },
    "add": { x, y in x + y! }, "subtract": { x, y in x - y! }, "multiply": { x, y in x * y! },
    "divide": { x, y in x / y! }, "power": { x, y in x ** y! }, "atan2": { x, y in atan2(x, y!) },
    "hypot": { x, y in hypot(x, y!) },
  ]
}

extension FunctionCase {
  /// The arguments that are differentiated by.
  var point: [Double] { op == "polygamma" ? [x] : [x] + (y.map { [$0] } ?? []) }
  var first: [Double?] { point.count == 1 ? [dx] : [dx, dy] }
  var second: [[Double?]] { point.count == 1 ? [[dxx]] : [[dxx, dxy], [dxy, dyy]] }

  func evaluate(_ arguments: [Value]) -> Value {
    FunctionsFixture.functions[op]!(arguments[0], arguments.count > 1 ? arguments[1] : y.map { .constant($0) })
  }
}
