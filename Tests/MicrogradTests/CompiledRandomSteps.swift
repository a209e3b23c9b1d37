@testable import Micrograd

// What random programs are made of, with a bound of their numbers for operands of at most 8.

// MARK: - The operations

/// Functions of one Value.
let unarySteps: [(name: String, bound: Double, of: @Sendable (Value) -> Value)] = [
  ("negate", 8, { -$0 }), ("square", 64, { $0.squared() }), ("cube", 512, { $0.cubed() }),
  ("relu", 8, { $0.relu() }), ("abs", 8, { abs($0) }), ("leaky", 8, { $0.leakyReLU(slope: 0.1) }),
  ("elu", 8, { $0.elu(scale: 1.5) }), ("softplus", 9, { $0.softplus() }), ("silu", 8, { $0.silu() }),
  ("gelu", 8, { $0.gelu() }), ("gelu~", 8, { $0.geluTanh() }), ("sigmoid", 1, { $0.sigmoid() }),
  ("tanh", 1, { tanh($0) }), ("sin", 1, { sin($0) }), ("cos", 1, { cos($0) }), ("tan", 3, { tan(0.15 * $0) }),
  ("atan", 2, { atan($0) }), ("asinh", 3, { asinh($0) }), ("erf", 1, { erf($0) }), ("erfc", 2, { erfc($0) }),
  ("exp", 8, { exp(0.25 * $0) }), ("expm1", 8, { expm1(0.25 * $0) }), ("exp2", 8, { exp2(0.25 * $0) }),
  ("exp10", 8, { exp10($0 / 9) }), ("sinh", 8, { sinh($0 * 0.3) }), ("cosh", 8, { cosh($0 * 0.3) }),
  ("log", 5, { log(positive($0)) }), ("log1p", 5, { log1p(positive($0)) }), ("log2", 7, { log2(positive($0)) }),
  ("log10", 2, { log10(positive($0)) }), ("sqrt", 9, { sqrt(positive($0)) }), ("cbrt", 5, { cbrt(positive($0)) }),
  ("log1mexp", 2, { log1mexp(positive($0)) }), ("acosh", 6, { acosh(1.5 + $0.squared()) }),
  ("asin", 2, { asin(0.9 * tanh($0)) }), ("acos", 4, { acos(0.9 * sin($0)) }), ("atanh", 2, { atanh(sin($0) * 0.9) }),
  ("logit", 4, { logit(0.5 + 0.45 * sin($0)) }), ("gamma", 4, { gamma(1.6 + sin($0)) }),
  ("logGamma", 2, { logGamma(1.7 + sin($0)) }), ("digamma", 4, { digamma(1.8 + sin($0)) }),
  ("polygamma", 8, { polygamma(1, 1.8 + sin($0)) }), ("polygamma2", 8, { polygamma(2, 2.5 + sin($0)) }),
  ("floor", 8, { floor($0) }), ("ceil", 9, { ceil($0) }), ("round", 8, { round($0) }), ("trunc", 8, { trunc($0) }),
  ("toEven", 8, { $0.rounded(.toNearestOrEven) }), ("sign", 1, { sign($0) }), ("detached", 8, { $0.detached }),
  ("clamp", 1, { $0.clamped(to: -1...1) }), ("atLeast", 8, { $0.clamped(to: 0.3...) }),
  ("atMost", 8, { $0.clamped(to: ...0.3) }), ("custom", 1, { ripple($0) }),
]

/// Functions of two.
let binarySteps: [(name: String, bound: Double, of: @Sendable (Value, Value) -> Value)] = [
  ("+", 16, { $0 + $1 }), ("-", 16, { $0 - $1 }), ("*", 64, { $0 * $1 }), ("/", 16, { $0 / positive($1) }),
  ("max", 8, { max($0, $1) }), ("min", 8, { min($0, $1) }), ("hypot", 12, { hypot($0, positive($1)) }),
  ("atan2", 4, { atan2($0, positive($1)) }), ("**", 70, { positive(sin($0)) ** $1.clamped(to: -2...2) }),
  ("remainder", 8, { remainder($0, positive($1)) }), ("fmod", 8, { fmod($0, positive($1)) }),
  ("clampTo", 8, { clamp($0, -0.4, max($1, -0.3)) }),
  ("select<", 8, { select($0 < $1, $0, 2 - $1) }), ("select>=", 8, { select($0 >= 0.2, sin($1), $0) }),
  ("select!=", 8, { select($0 != $1, $0, 3) }), ("select==", 8, { select($0 == $1, 1.5, $0) }),
]

/// Functions of a Value and a number from 0.5 to 2.
let constantSteps: [(name: String, bound: Double, of: @Sendable (Value, Double) -> Value)] = [
  ("x+c", 10, { $0 + $1 }), ("c-x", 10, { $1 - $0 }), ("x-c", 10, { $0 - $1 }), ("x*c", 16, { $0 * -$1 }),
  ("c*x", 16, { $1 * $0 }), ("x/c", 16, { $0 / $1 }), ("c/x", 4, { $1 / positive($0) }),
  ("x**c", 70, { positive($0) ** $1 }), ("x**-2", 4, { x, _ in positive(x) ** -2 }), ("x**3", 512, { x, _ in x ** 3 }),
  ("c**x", 300, { $1 ** $0 }), ("max c", 8, { max($0, $1) }), ("min c", 8, { min($1, $0) }),
  ("x+0", 8, { x, _ in x + 0 }), ("x*1", 8, { x, _ in x * 1 }), ("x*0", 8, { $0 * 0 + $1 }),
]

/// Functions of six Values.
let longSteps: [(name: String, bound: Double, of: @Sendable ([Value]) -> [Value])] = [
  ("sum", 48, { [sum($0)] }), ("dot", 200, { [dot(Array($0[..<3]), Array($0[3...]))] }),
  ("dot of itself", 200, { [dot(Array($0[..<3]), Array($0[..<3]))] }),
  ("weighted", 48, { [dot([0.5, -1, 1, 0.25, 2, -0.75], $0)] }), ("logSumExp", 10, { [logSumExp($0)] }),
  ("pick", 8, { [pick(Array($0[1...4]), at: floor(2 + 1.9 * sin($0[0])))] }),
  ("pair", 2, { swirl([$0[0], $0[1]]) }),
  ("softmax", 1, { matrix($0).softmax().values }), ("logSoftmax", 20, { matrix($0).logSoftmax().values }),
  ("rows", 30, { matrix($0).rowSums().values + matrix($0).logSumExp().values }),
  ("crossEntropy", 20, { matrix($0).crossEntropy(classes: [2, 0]).values }),
  ("rmsNorm", 16, { matrix($0).rmsNorm(gain: Vector(values: [$0[1], $0[3], $0[0]])).values }),
  (
    "layerNorm", 24,
    {
      let gain = Vector(values: [$0[0], $0[2], $0[4]]), bias = Vector(values: [$0[1], $0[3], $0[5]])
      return matrix($0).layerNorm(gain: gain, bias: bias, epsilon: 0.01).values
    }
  ),
  (
    "affine", 140,
    {
      let x = Matrix(rows: 1, columns: 2, values: [$0[4], $0[5]])
      return x.affine(
        weights: Matrix(rows: 2, columns: 2, values: Array($0[..<4])), bias: Vector(values: [$0[1], $0[4]])
      )
      .values
    }
  ),
  (
    "affineReLU", 140,
    {
      let x = Matrix(rows: 2, columns: 1, values: [$0[4], $0[5]])
      return x.affineReLU(weights: Matrix(rows: 2, columns: 1, values: [$0[0], $0[3]]), bias: nil).values
    }
  ),
  ("gather", 8, { matrix($0).gathering(rows: [1, 1, 0]).values }),
  ("matrix", 80, { (matrix($0) * matrix($0.reversed()) - 0.5 * matrix($0)).values }),
  ("matrix functions", 9, { (matrix($0).tanh() + matrix($0).sigmoid() / 2 - 1.5).relu().values }),
  ("matrix sums", 400, { [matrix($0).squared().mean(), dot(matrix($0), matrix($0)), matrix($0).sum()] }),
  ("scaled", 16, { matrix($0).scaled(by: [1, 2, 0, -1, -2, 0.5]).values }),
  ("hinge", 9, { matrix($0).losses(.hinge, expected: [1, -1, 1, -1, 1, 1]).values }),
  ("squared hinge", 81, { matrix($0).losses(.squaredHinge, expected: [1, -1, 1, -1, 1, 1]).values }),
  ("squared error", 100, { matrix($0).losses(.squaredError, expected: [0.5, -1, 1.5, 2, 0, 1]).values }),
  ("absolute error", 10, { matrix($0).losses(.absoluteError, expected: [0.5, -1, 1.5, 2, 0, 1]).values }),
  ("huber", 10, { matrix($0).losses(.huber(delta: 0.7), expected: [0.5, -1, 1.5, 2, 0, 1]).values }),
  ("binary", 10, { matrix($0).losses(.binaryCrossEntropy, expected: [0, 1, 0.5, 1, 0.25, 1]).values }),
]

/// At least 0.6, without a kink.
private func positive(_ x: Value) -> Value { 0.6 + x.squared() }

private func matrix(_ values: [Value]) -> Matrix { Matrix(rows: 2, columns: 3, values: values) }

/// Operations of one's own: of one number, and of two with two results.
private func ripple(_ x: Value) -> Value { rippleOperation.operation(x) }
private func swirl(_ x: [Value]) -> [Value] { swirlOperation.operation(x) }

/// Operations do not change.
private struct Shared: @unchecked Sendable { let operation: CustomOperation }

private let rippleOperation = Shared(
  operation: CustomOperation(
    "ripple", value: { $0 / (1 + $0 * $0) }, derivative: { (1 - $0 * $0) / (1 + $0 * $0) / (1 + $0 * $0) }))
private let swirlOperation = Shared(
  operation: CustomOperation(
    "swirl", inputCount: 2, outputCount: 2, value: { [$0[0] * $0[1] / 64, ($0[0] - $0[1]) / 16] },
    vectorJacobianProduct: { x, _, d in [d[0] * x[1] / 64 + d[1] / 16, d[0] * x[0] / 64 - d[1] / 16] }))
