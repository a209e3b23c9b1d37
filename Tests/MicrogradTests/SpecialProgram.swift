import Micrograd
import TestSupport

/// A short program of any operations, at numbers among which are zeros, infinities, NaN and the ends of the range.
struct SpecialProgram {
  /// An operation of Values that are named by position: inputs, then results of earlier steps.
  private struct Step {
    let name: String
    let operands: [Int]
    let run: ([Value]) -> Value
  }

  static let numbers: [Double] = [
    0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 0.7, 3, 30, -30, 709, -745, 1e-8, 1e8, 1e200, -1e200, 1e-200, -1e-200, 0x1p-1030,
    .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, -.infinity, .nan,
  ]

  let inputs: [Double]
  private var steps: [Step] = []

  init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let isSpecial = Int.random(in: 0..<4, using: &random) > 0
    inputs = (0..<3).map { _ in
      isSpecial && Bool.random(using: &random)
        ? SpecialProgram.numbers.randomElement(using: &random)! : .random(in: -2...2, using: &random)
    }
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      steps.append(SpecialProgram.step(after: inputs.count + steps.count, using: &random))
    }
  }

  var description: String {
    "of \(inputs)\n" + steps.map { "\($0.name) \($0.operands)" }.joined(separator: "\n")
  }

  /// The inputs and the results of all steps. Whatever a step reads goes through `reading`.
  func values(_ inputs: [Value], reading: (Value) -> Value = { $0 }) -> [Value] {
    var values = inputs
    for step in steps { values.append(step.run(step.operands.map { reading(values[$0]) })) }
    return values
  }

  func callAsFunction(_ inputs: [Value]) -> Value { values(inputs).last! }

  private static func step(after count: Int, using random: inout SplitMix64) -> Step {
    func operands(_ wanted: Int) -> [Int] {
      (0..<wanted).map { k in
        // A step after others reads the last one, so that none is of no use.
        k == 0 && count > 3 ? count - 1 : Int.random(in: 0..<count, using: &random)
      }
    }
    let c = numbers.randomElement(using: &random)!
    switch Int.random(in: 0..<8, using: &random) {
    case 0..<3:
      let (name, run) = OperationWays.ofOneValue.randomElement(using: &random)!
      return Step(name: name, operands: operands(1)) { run($0[0]) }
    case 3..<6:
      let (name, run) = OperationWays.ofTwoValues.randomElement(using: &random)!
      return Step(name: name, operands: operands(2)) { run($0[0], $0[1]) }
    case 6:
      let (name, run) = withNumber.randomElement(using: &random)!
      return Step(name: "\(name), c = \(c)", operands: operands(1)) { run($0[0], c) }
    default:
      let (name, run) = ofThree.randomElement(using: &random)!
      return Step(name: name, operands: operands(3), run: run)
    }
  }

  private static let withNumber: [(name: String, run: @Sendable (Value, Double) -> Value)] = [
    ("x + c", { $0 + $1 }), ("c - x", { $1 - $0 }), ("x * c", { $0 * $1 }), ("x / c", { $0 / $1 }),
    ("c / x", { $1 / $0 }),
    ("x ** c", { $0 ** $1 }), ("c ** x", { $1 ** $0 }), ("max(x, c)", { max($0, $1) }), ("min(x, c)", { min($0, $1) }),
  ]

  private static let ofThree: [(name: String, run: @Sendable ([Value]) -> Value)] = [
    ("sum", { sum($0) }), ("chain", { $0[0] - $0[1] + $0[2] }), ("dot", { dot($0, [$0[1], $0[2], $0[0]]) }),
    ("product", { $0[0] * $0[1] - $0[2] }), ("weighted", { dot([1, -2, 0.5], $0) }),
    ("difference of one", { $0[0] - $0[0] + $0[1] }), ("logSumExp", { logSumExp($0) }),
    ("select", { select($0[0] < $0[1], $0[1], $0[2]) }), ("softmax", { matrix($0).softmax()[0, 0] }),
    ("log softmax", { matrix($0).logSoftmax()[0, 1] }),
    ("cross-entropy", { matrix($0).crossEntropy(classes: [2]).values[0] }),
  ]

  private static func matrix(_ values: [Value]) -> Matrix { Matrix(rows: 1, columns: 3, values: values) }
}
