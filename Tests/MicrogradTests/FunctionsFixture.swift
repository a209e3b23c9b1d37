import Foundation
import Micrograd

/// What make_functions.py wrote: functions at points of their whole domains, with first and second derivatives, all
/// rounded to the nearest double from exact results.
enum FunctionsFixture {
  static let byOperation: [String: [FunctionCase]] = Dictionary(grouping: try! read(), by: \.op)

  private static func read() throws -> [FunctionCase] {
    struct File: Decodable { let cases: [FunctionCase] }
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let file = tests.appendingPathComponent("Fixtures/functions.json")
    return try decoder.decode(File.self, from: Data(contentsOf: file)).cases
  }

  /// The functions themselves; y is of polygamma the order, elsewhere the second argument.
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

/// A function at one point. At kinks, at the ends of a domain and at infinity there are no derivatives.
struct FunctionCase: Decodable, CustomStringConvertible {
  let op: String
  let x: Double
  let y: Double?
  let value: Double
  let dx: Double?
  let dy: Double?
  let dxx: Double?
  let dxy: Double?
  let dyy: Double?

  var description: String { "\(op) of \(x)" + (y.map { ", \($0)" } ?? "") }

  /// The arguments that are differentiated by.
  var point: [Double] { op == "polygamma" ? [x] : [x] + (y.map { [$0] } ?? []) }
  var first: [Double?] { point.count == 1 ? [dx] : [dx, dy] }
  var second: [[Double?]] { point.count == 1 ? [[dxx]] : [[dxx, dxy], [dxy, dyy]] }

  func evaluate(_ arguments: [Value]) -> Value {
    FunctionsFixture.functions[op]!(arguments[0], arguments.count > 1 ? arguments[1] : y.map { .constant($0) })
  }
}

/// How far a result is from what it should be, in units of the last place of the latter: 0 where both are NaN, or the
/// same infinity, and infinite where only one of them is. Zeros are the same whatever their sign.
func ulps(_ result: Double, _ expected: Double) -> Double {
  if result == expected || (result.isNaN && expected.isNaN) { return 0 }
  guard result.isFinite, expected.isFinite else { return .infinity }
  return abs(result - expected) / expected.ulp
}
