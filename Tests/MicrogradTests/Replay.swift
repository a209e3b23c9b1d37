import CMicrograd

@testable import Micrograd

/// A recording that is computed again with numbers of any type: a function of Values becomes one of all numbers.
struct Replay {
  private struct Step {
    let op: OpCode
    var function: FunctionCode?
    var relation: Relation?
    let operands: [Int]
    let constants: [Double]
  }

  /// The inputs are numbered first, then the steps.
  private let inputCount: Int
  private var steps: [Step] = []
  /// The number of the result.
  private var place = 0

  /// Records a function at a point; `nil` where it has operations on whole rows, which other numbers lack.
  init?(at x: [Double], of f: ([Value]) -> Value) {
    inputCount = x.count
    Tape.scope {
      let inputs = x.map { Value($0) }, result = f(inputs)
      guard let tape = result.pointer else {
        steps = [Step(op: .leaf, operands: [], constants: [result.data])]
        place = x.count
        return
      }
      var places: [mg_node: Int] = [:]
      for (k, input) in inputs.enumerated() { places[input.node(on: tape)] = k }
      for node in Replay.below(result.node(on: tape), on: tape) where places[node] == nil {
        places[node] = inputCount + steps.count
        steps.append(Replay.step(node, on: tape, places))
      }
      place = places[result.node(on: tape)]!
    }
    if steps.contains(where: { Replay.ofRows.contains($0.op) }) { return nil }
  }

  private static let ofRows: Set<OpCode> = [
    .copy, .row_sum, .softmax, .log_softmax, .cross_entropy, .layer_norm, .rms_norm, .neuron, .custom, .block,
  ]

  private static func below(_ root: mg_node, on tape: UnsafeMutablePointer<mg_tape>) -> [mg_node] {
    var found: Set<mg_node> = [], open = [root]
    while let node = open.popLast() {
      guard found.insert(node).inserted else { continue }
      open += (0..<mg_node_operand_count(tape, node)).map { mg_node_operand(tape, node, $0) }
    }
    return found.sorted()
  }

  private static func step(
    _ node: mg_node, on tape: UnsafeMutablePointer<mg_tape>, _ places: [mg_node: Int]
  ) -> Step {
    let op = mg_node_op(tape, node), count = mg_node_operand_count(tape, node)
    let constants =
      op == .leaf ? [Value(live: node, on: tape).data] : (0..<max(count, 1)).map { mg_node_constant(tape, node, $0) }
    var step = Step(
      op: op, operands: (0..<count).map { places[mg_node_operand(tape, node, $0)]! }, constants: constants)
    if op == .function { step.function = mg_node_function(tape, node) }
    if op == .select { step.relation = mg_select_relation(tape, Int64(node)) }
    return step
  }

  /// Computes all numbers and returns the result.
  func callAsFunction<T: DifferentiableNumber>(_ inputs: [T]) -> T {
    var numbers = inputs
    for step in steps { numbers.append(Replay.run(step, step.operands.map { numbers[$0] })) }
    return numbers[place]
  }

  private static func run<T: DifferentiableNumber>(_ step: Step, _ x: [T]) -> T {
    let c = step.constants.first ?? .nan, half = x.count / 2
    switch step.op {
    case .leaf: return T(constant: c)
    case .add: return x[0] + x[1]
    case .subtract: return x[0] - x[1]
    case .multiply: return x[0] * x[1]
    case .divide: return x[0] / x[1]
    case .power: return x[0] ** x[1]
    case .add_constant: return x[0] + c
    case .subtract_from_constant: return c - x[0]
    case .multiply_constant: return x[0] * c
    case .divide_by_constant: return x[0] / c
    case .divide_constant: return c / x[0]
    case .power_constant: return x[0] ** c
    case .constant_power: return c ** x[0]
    case .negate: return -x[0]
    case .relu: return .relu(x[0])
    case .square: return x[0].squared()
    case .cube: return x[0].cubed()
    case .function: return .apply(step.function!, to: x[0])
    case .sum, .sum_run: return .sum(x)
    case .dot, .dot_runs: return .dot(Array(x[..<half]), Array(x[half...]))
    case .weighted_sum: return .dot(step.constants, x)
    case .log_sum_exp: return .logSumExp(x)
    case .select: return .select(Condition(x[0], step.relation!, x[1]), x[2], x[3])
    case .pick: return .pick(Array(x.dropFirst()), at: x[0])
    case .maximum, .minimum, .hypotenuse, .angle, .remainder, .truncating_remainder:
      return .apply(step.op, to: x[0], x[1])
    default: return .apply(step.op, to: x[0], constant: c)
    }
  }
}
