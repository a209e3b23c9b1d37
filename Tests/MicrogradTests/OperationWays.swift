import Micrograd
import XCTest

// The ways to write every operation, by its name in Tests/Fixtures/operations.py; the article Operations.md has the first of
// them word for word.

typealias OperationOfOne = (Value) -> Value
typealias OperationOfTwo = (Value, Value) -> Value

enum OperationWays {
  /// The ways to write an operation at a case: for its form, and with its plain numbers.
  ///
  /// Of an operand that is not there, or a plain number, the closures make no use.
  static func of(_ at: OperationCase) -> [OperationOfTwo] {
    if let ways = ofOne[at.op] { return ways.map { way in { x, _ in way(x) } } }
    guard let ways = ofTwo[at.op] else { return [] }
    switch at.form {
    case "VV": return ways.vv
    case "VC":
      let c = at.y!
      return ways.vc.map { way in { x, _ in way(x, c) } } + ways.vv.map { way in { x, _ in way(x, .constant(c)) } }
    default:
      let c = at.x
      return ways.cv.map { way in { _, y in way(c, y) } } + ways.vv.map { way in { _, y in way(.constant(c), y) } }
    }
  }

  /// One way for each operation of one Value, and of two, by name.
  static var ofOneValue: [(name: String, run: OperationOfOne)] {
    ofOne.keys.filter { $0 != "detach" }.sorted().map { ($0, ofOne[$0]![0]) } + [("detach", { $0.detached })]
  }
  static var ofTwoValues: [(name: String, run: OperationOfTwo)] { ofTwo.keys.sorted().map { ($0, ofTwo[$0]!.vv[0]) } }

  /// One way of an operation of one or two Values; `nil` for one that has none.
  static func function(_ op: String) -> ((Value, Value?) -> Value)? {
    if let way = ofOne[op]?.first { return { x, _ in way(x) } }
    return ofTwo[op]?.vv.first.map { way in { x, y in way(x, y!) } }
  }

  /// The operations that can be written here.
  static var names: Set<String> { Set(ofOne.keys).union(ofTwo.keys) }
}

// MARK: - Of two numbers

private struct WaysOfTwo {
  var vv: [OperationOfTwo]
  var vc: [(Value, Double) -> Value] = []
  var cv: [(Double, Value) -> Value] = []
}

private func assigning<B>(_ x: Value, _ y: B, _ operation: (inout Value, B) -> Void) -> Value {
  var x = x
  operation(&x, y)
  return x
}

extension OperationWays {
  nonisolated(unsafe) private static let ofTwo: [String: WaysOfTwo] = [
    "add": WaysOfTwo(
      vv: [{ x, y in x + y }, { x, y in assigning(x, y) { $0 += $1 } }],
      vc: [{ x, y in x + y }, { x, y in assigning(x, y) { $0 += $1 } }], cv: [{ x, y in x + y }]),
    "subtract": WaysOfTwo(
      vv: [{ x, y in x - y }, { x, y in assigning(x, y) { $0 -= $1 } }],
      vc: [{ x, y in x - y }, { x, y in assigning(x, y) { $0 -= $1 } }], cv: [{ x, y in x - y }]),
    "multiply": WaysOfTwo(
      vv: [{ x, y in x * y }, { x, y in assigning(x, y) { $0 *= $1 } }],
      vc: [{ x, y in x * y }, { x, y in assigning(x, y) { $0 *= $1 } }], cv: [{ x, y in x * y }]),
    "divide": WaysOfTwo(
      vv: [{ x, y in x / y }, { x, y in assigning(x, y) { $0 /= $1 } }],
      vc: [{ x, y in x / y }, { x, y in assigning(x, y) { $0 /= $1 } }], cv: [{ x, y in x / y }]),
    "power": WaysOfTwo(
      vv: [
        { x, y in x ** y }, { x, y in pow(x, y) }, { x, y in Value.pow(x, y) },
        { x, y in assigning(x, y) { $0 **= $1 } },
      ],
      vc: [
        { x, y in x ** y }, { x, y in pow(x, y) }, { x, y in assigning(x, y) { $0 **= $1 } },
        { x, y in
          guard let n = Int(exactly: y) else { return x ** y }
          return Value.pow(x, n)
        },
      ], cv: [{ x, y in x ** y }, { x, y in pow(x, y) }]),
    "max": WaysOfTwo(vv: [{ x, y in max(x, y) }], vc: [{ x, y in max(x, y) }], cv: [{ x, y in max(x, y) }]),
    "min": WaysOfTwo(vv: [{ x, y in min(x, y) }], vc: [{ x, y in min(x, y) }], cv: [{ x, y in min(x, y) }]),
    "clampBetween": WaysOfTwo(vv: [{ x, y in clamp(x, y, 1) }, { x, y in min(max(x, y), 1) }]),
    "select": WaysOfTwo(
      vv: [{ x, y in select(x > 0, x, y) }], vc: [{ x, y in select(x > 0, x, y) }],
      cv: [{ x, y in select(Value.constant(x) > 0, x, y) }]),
    "pick": WaysOfTwo(vv: [{ x, y in pick([x, y], at: .constant(1)) }]),
    "fmod": WaysOfTwo(
      vv: [{ x, y in fmod(x, y) }, { x, y in x.truncatingRemainder(dividingBy: y) }],
      vc: [{ x, y in fmod(x, y) }, { x, y in x.truncatingRemainder(dividingBy: y) }], cv: [{ x, y in fmod(x, y) }]),
    "remainder": WaysOfTwo(
      vv: [{ x, y in remainder(x, y) }, { x, y in x.remainder(dividingBy: y) }],
      vc: [{ x, y in remainder(x, y) }, { x, y in x.remainder(dividingBy: y) }], cv: [{ x, y in remainder(x, y) }]),
    "hypot": WaysOfTwo(
      vv: [{ x, y in hypot(x, y) }, { x, y in Value.hypot(x, y) }], vc: [{ x, y in hypot(x, y) }],
      cv: [{ x, y in hypot(x, y) }]),
    "atan2": WaysOfTwo(
      vv: [{ x, y in atan2(x, y) }, { x, y in Value.atan2(y: x, x: y) }], vc: [{ x, y in atan2(x, y) }],
      cv: [{ x, y in atan2(x, y) }]),
    "logSumExp": WaysOfTwo(vv: [{ x, y in logSumExp([x, y]) }]),
    "sum": WaysOfTwo(vv: [{ x, y in sum([x, y]) }, { x, y in [x, y].sum() }]),
    "dot": WaysOfTwo(
      vv: [{ x, y in dot([x], [y]) }], vc: [{ x, y in dot([x], [y]) }], cv: [{ x, y in dot([x], [y]) }]),
  ]
}

// MARK: - Of one number

/// As while a function is compiled.
private func watched(_ operation: @escaping OperationOfOne) -> OperationOfOne {
  { x in RecordingWatch().watch(.current) { operation(x) } }
}

extension OperationWays {
  nonisolated(unsafe) private static let ofOne: [String: [OperationOfOne]] = [
    "negate": [{ x in -x }, { x in (-1) * x }],
    "square": [{ x in x.squared() }, { x in x ** 2 }],
    "cube": [{ x in x.cubed() }, { x in x ** 3 }],
    "reciprocal": [{ x in 1 / x }],
    "abs": [{ x in abs(x) }, { x in x.magnitude }],
    "sign": [{ x in sign(x) }],
    "clamp": [{ x in clamp(x, 0, 1) }, { x in x.clamped(to: 0...1) }, { x in clamp(x, 0.0, 1) }],
    "clampBelow": [{ x in x.clamped(to: 0...) }],
    "clampAbove": [{ x in x.clamped(to: ...1) }],
    "floor": [{ x in floor(x) }, { x in x.rounded(.down) }],
    "ceil": [{ x in ceil(x) }, { x in x.rounded(.up) }],
    "trunc": [{ x in trunc(x) }, { x in x.rounded(.towardZero) }],
    "round": [{ x in round(x) }, { x in x.rounded() }, { x in x.rounded(.toNearestOrAwayFromZero) }],
    "roundToEven": [{ x in x.rounded(.toNearestOrEven) }],
    "detach": [watched { x in x.detached }],
    "roundAway": [{ x in x.rounded(.awayFromZero) }],
    "sqrt": [{ x in sqrt(x) }, { x in x.sqrt() }, Value.sqrt, { x in Value.root(x, 2) }],
    "cbrt": [{ x in cbrt(x) }, { x in Value.root(x, 3) }],
    "root4": [{ x in Value.root(x, 4) }],
    "root5": [{ x in Value.root(x, 5) }],
    "exp": [{ x in exp(x) }, { x in x.exp() }, Value.exp],
    "expMinusOne": [{ x in expMinusOne(x) }, { x in expm1(x) }, Value.expMinusOne],
    "exp2": [{ x in exp2(x) }, Value.exp2],
    "exp10": [{ x in exp10(x) }, Value.exp10],
    "log": [{ x in log(x) }, { x in x.log() }, Value.log(_:)],
    "log1p": [{ x in log1p(x) }, { x in Value.log(onePlus: x) }],
    "log2": [{ x in log2(x) }, Value.log2],
    "log10": [{ x in log10(x) }, Value.log10],
    "log1mexp": [{ x in log1mexp(x) }],
    "sin": [{ x in sin(x) }, Value.sin],
    "cos": [{ x in cos(x) }, Value.cos],
    "tan": [{ x in tan(x) }, Value.tan],
    "asin": [{ x in asin(x) }, Value.asin],
    "acos": [{ x in acos(x) }, Value.acos],
    "atan": [{ x in atan(x) }, Value.atan],
    "sinh": [{ x in sinh(x) }, Value.sinh],
    "cosh": [{ x in cosh(x) }, Value.cosh],
    "tanh": [{ x in tanh(x) }, { x in x.tanh() }, Value.tanh],
    "asinh": [{ x in asinh(x) }, Value.asinh],
    "acosh": [{ x in acosh(x) }, Value.acosh],
    "atanh": [{ x in atanh(x) }, Value.atanh],
    "erf": [{ x in erf(x) }, Value.erf],
    "erfc": [{ x in erfc(x) }, Value.erfc],
    "gamma": [{ x in gamma(x) }, Value.gamma],
    "logGamma": [{ x in logGamma(x) }, Value.logGamma],
    "digamma": [{ x in digamma(x) }, { x in polygamma(0, x) }],
    "polygamma1": [{ x in polygamma(1, x) }],
    "polygamma2": [{ x in polygamma(2, x) }],
    "sigmoid": [{ x in sigmoid(x) }, { x in logistic(x) }, { x in x.sigmoid() }],
    "logit": [{ x in logit(x) }],
    "softplus": [{ x in softplus(x) }, { x in x.softplus() }],
    "relu": [{ x in relu(x) }, { x in x.relu() }],
    "leakyReLU": [{ x in x.leakyReLU(slope: 0.2) }],
    "elu": [{ x in x.elu(scale: 1.5) }],
    "softsign": [{ x in softsign(x) }, { x in x.softsign() }],
    "silu": [{ x in x.silu() }],
    "mish": [{ x in mish(x) }, { x in x.mish() }],
    "gelu": [{ x in x.gelu() }],
    "geluTanh": [{ x in x.geluTanh() }],
  ]
}

// MARK: - Of plain numbers and of elements

extension OperationWays {
  /// Operations of one number that Doubles have by their own means, of swift-numerics, or not at all.
  static let withoutPlain: Set<String> = [
    "negate", "square", "cube", "reciprocal", "abs", "clamp", "clampBelow", "clampAbove", "floor", "ceil", "trunc",
    "round", "roundToEven", "roundAway", "detach", "root4", "root5", "tanh", "acosh", "erfc", "gamma", "logGamma",
  ]

  /// The functions of a Double.
  static let plain: [String: @Sendable (Double) -> Double] = [
    "sign": { sign($0) }, "sqrt": { .sqrt($0) }, "cbrt": { .cbrt($0) }, "exp": { .exp($0) },
    "expMinusOne": { expMinusOne($0) }, "exp2": { .exp2($0) }, "exp10": { exp10($0) }, "log": { .log($0) },
    "log1p": { .log(onePlus: $0) }, "log2": { .log2($0) }, "log10": { .log10($0) }, "log1mexp": { log1mexp($0) },
    "sin": { .sin($0) }, "cos": { .cos($0) }, "tan": { .tan($0) }, "asin": { .asin($0) }, "acos": { .acos($0) },
    "atan": { .atan($0) }, "sinh": { .sinh($0) }, "cosh": { .cosh($0) }, "asinh": { .asinh($0) },
    "atanh": { .atanh($0) }, "erf": { .erf($0) }, "digamma": { digamma($0) },
    "polygamma1": { polygamma(1, $0) }, "polygamma2": { polygamma(2, $0) }, "sigmoid": { sigmoid($0) },
    "logit": { logit($0) }, "softplus": { softplus($0) }, "relu": { relu($0) },
    "leakyReLU": { .leakyReLU($0, slope: 0.2) }, "elu": { .elu($0, scale: 1.5) }, "softsign": { softsign($0) },
    "silu": { silu($0) }, "mish": { mish($0) }, "gelu": { gelu($0) }, "geluTanh": { geluTanh($0) },
  ]

  /// The functions of a matrix and of a vector, by the name of the method that they share with Values.
  static let ofElements: [String: @Sendable (Double) -> [Double]] = [
    "exp": elements({ $0.exp() }, { $0.exp() }), "log": elements({ $0.log() }, { $0.log() }),
    "sqrt": elements({ $0.sqrt() }, { $0.sqrt() }), "tanh": elements({ $0.tanh() }, { $0.tanh() }),
    "sigmoid": elements({ $0.sigmoid() }, { $0.sigmoid() }), "softplus": elements({ $0.softplus() }, { $0.softplus() }),
    "silu": elements({ $0.silu() }, { $0.silu() }), "gelu": elements({ $0.gelu() }, { $0.gelu() }),
    "geluTanh": elements({ $0.geluTanh() }, { $0.geluTanh() }),
  ]

  private static func elements(
    _ matrix: @escaping @Sendable (Matrix) -> Matrix, _ vector: @escaping @Sendable (Vector) -> Vector
  ) -> @Sendable (Double) -> [Double] {
    { x in matrix(.constant([[x, x]])).data + vector(.constant([x])).data }
  }
}
