import Foundation
import Micrograd
import TestSupport

/// What make_programs.py wrote: random programs with their derivatives by PyTorch.
struct ProgramsFixture: Decodable {
  let operations: [String]
  let programs: [Program]

  static let shared: ProgramsFixture = try! readFixture("programs.json")

  struct Program: Decodable {
    let seed: Int
    let x: [Double]
    let v: [Double]
    let steps: [[Double]]
    let value: Double
    let gradient: [Double]
    let product: [Double]
  }

  /// Runs a program from its inputs.
  func run(_ program: Program, _ inputs: [Value]) -> Value {
    var numbers = inputs
    for step in program.steps {
      let name = operations[Int(step[0])]
      if let function = ProgramsFixture.unary[name] {
        numbers.append(function(numbers[Int(step[1])]))
      } else if let function = ProgramsFixture.withConstant[name] {
        numbers.append(function(numbers[Int(step[1])], step[2]))
      } else if let function = ProgramsFixture.binary[name] {
        numbers.append(function(numbers[Int(step[1])], numbers[Int(step[2])]))
      } else {
        numbers.append(ProgramsFixture.lists[name]!(step.dropFirst().map { numbers[Int($0)] }))
      }
    }
    return numbers[numbers.count - 1]
  }

  nonisolated(unsafe) private static let unary: [String: (Value) -> Value] = [
    "negate": { -$0 }, "square": { $0.squared() }, "cube": { $0.cubed() }, "relu": { $0.relu() }, "abs": { abs($0) },
    "sqrt": { sqrt($0) }, "cbrt": { cbrt($0) }, "exp": { exp($0) }, "expMinusOne": { expMinusOne($0) },
    "exp2": { exp2($0) }, "exp10": { exp10($0) }, "log": { log($0) }, "log1p": { log1p($0) }, "log2": { log2($0) },
    "log10": { log10($0) }, "log1mexp": { log1mexp($0) }, "sin": { sin($0) }, "cos": { cos($0) }, "tan": { tan($0) },
    "asin": { asin($0) }, "acos": { acos($0) }, "atan": { atan($0) }, "sinh": { sinh($0) }, "cosh": { cosh($0) },
    "tanh": { tanh($0) }, "asinh": { asinh($0) }, "acosh": { acosh($0) }, "atanh": { atanh($0) },
    "erf": { erf($0) }, "erfc": { erfc($0) }, "gamma": { gamma($0) }, "logGamma": { logGamma($0) },
    "digamma": { digamma($0) }, "trigamma": { polygamma(1, $0) }, "sigmoid": { sigmoid($0) }, "logit": { logit($0) },
    "softplus": { softplus($0) }, "silu": { $0.silu() }, "gelu": { $0.gelu() }, "geluTanh": { $0.geluTanh() },
    "floor": { floor($0) }, "ceil": { ceil($0) }, "round": { round($0) }, "trunc": { trunc($0) },
    "sign": { sign($0) },
  ]

  nonisolated(unsafe) private static let withConstant: [String: (Value, Double) -> Value] = [
    "plus": { $0 + $1 }, "from": { $1 - $0 }, "times": { $0 * $1 }, "over": { $0 / $1 }, "under": { $1 / $0 },
    "raised": { $0 ** $1 }, "base": { abs($1) ** $0 }, "atLeast": { $0.clamped(to: $1...) },
    "atMost": { $0.clamped(to: ...$1) }, "leakyReLU": { $0.leakyReLU(slope: abs($1)) },
    "elu": { $0.elu(scale: abs($1)) },
  ]

  nonisolated(unsafe) private static let binary: [String: (Value, Value) -> Value] = [
    "add": { $0 + $1 }, "subtract": { $0 - $1 }, "multiply": { $0 * $1 }, "divide": { $0 / $1 },
    "power": { $0 ** $1 }, "max": { max($0, $1) }, "min": { min($0, $1) }, "hypot": { hypot($0, $1) },
    "atan2": { atan2($0, $1) }, "remainder": { remainder($0, $1) }, "fmod": { fmod($0, $1) },
  ]

  nonisolated(unsafe) private static let lists: [String: ([Value]) -> Value] = [
    "sum": { sum($0) }, "logSumExp": { x in logSumExp(x) },
    "dot": { x in
      let pairs = stride(from: 0, to: x.count, by: 2)
      return dot(pairs.map { x[$0] }, pairs.map { x[$0 + 1] })
    },
    "choice": { x in
      let condition: Condition = x[0] < x[1]
      return select(condition, x[2], x[3])
    },
  ]
}
