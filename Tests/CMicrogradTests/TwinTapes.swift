import CMicrograd
import XCTest

/// Two tapes with the same numbers: on one they are recorded in blocks, on the other each is made of scalar nodes.
///
/// What a block computes is spelled out here in the ops of scalars, which are proven against PyTorch. A number is named
/// by its node on the tape with blocks; `scalar(_:)` is its node on the other.
final class TwinTapes {
  let blocks: TapePointer
  let scalars: TapePointer
  private var twins: [mg_node] = []  // by recorded node on `blocks`; no node for a cap
  private var starts: [mg_node] = []  // by recorded node: where the scalar nodes of its block begin
  private var parameterTwins: [mg_node: mg_node] = [:]
  private(set) var parameters: [(blocks: mg_parameters, scalars: mg_parameters)] = []
  private(set) var isData: Set<mg_node> = []

  init(_ blocks: TapePointer, _ scalars: TapePointer) {
    self.blocks = blocks
    self.scalars = scalars
  }

  func scalar(_ node: mg_node) -> mg_node { node < 0 ? parameterTwins[node]! : twins[Int(node)] }
  func scalars(_ first: mg_node, _ count: Int) -> [mg_node] { (0..<Int32(count)).map { scalar(first + $0) } }
  /// Whether there is a number: a parameter that was not released, or a recorded node that is no cap.
  func isAlive(_ node: mg_node) -> Bool { node < 0 ? parameterTwins[node] != nil : twins[Int(node)] != noNode }
  func start(_ node: mg_node) -> mg_node { starts[Int(node)] }
  var count: Int { twins.count }
  /// All that have a number: parameters and recorded nodes, but for the caps.
  var nodes: [mg_node] { parameters.flatMap(\.blocks.nodes) + (0..<Int32(count)).filter(isAlive) }

  // MARK: - What is on both

  func addParameters(_ numbers: [Double]) {
    let pair = (blocks: blocks.allocateParameters(numbers), scalars: scalars.allocateParameters(numbers))
    for (a, b) in Swift.zip(pair.blocks.nodes, pair.scalars.nodes) { parameterTwins[a] = b }
    parameters.append(pair)
  }

  func removeParameters(_ position: Int) {
    let pair = parameters.remove(at: position)
    for node in pair.blocks.nodes { parameterTwins[node] = nil }
    mg_tape_free_parameters(blocks, pair.blocks)
    mg_tape_free_parameters(scalars, pair.scalars)
  }

  /// What is left after the end of a scope or a reset.
  func truncate() {
    isData = isData.filter { $0 < blocks.pointee.count }
    twins.removeLast(twins.count - Int(blocks.pointee.count))
    starts.removeLast(starts.count - Int(blocks.pointee.count))
  }

  /// Does the same on both tapes.
  func both(_ body: (TapePointer) -> Void) {
    body(blocks)
    body(scalars)
  }

  func both(_ node: mg_node, _ body: (TapePointer, mg_node) -> Void) {
    body(blocks, node)
    body(scalars, scalar(node))
  }

  /// A scalar node on both tapes, from operands named on the first.
  func record(_ operands: [mg_node], _ body: (TapePointer, [mg_node]) -> mg_node) {
    starts.append(mg_node(scalars.pointee.count))
    XCTAssertEqual(Int(body(blocks, operands)), twins.count)
    twins.append(body(scalars, operands.map(scalar)))
  }

  // MARK: - Blocks

  /// A block, and for each of its nodes the scalar nodes that make it; `operands` are those that it should name.
  private func add(
    _ first: mg_node, _ count: Int, _ op: OpCode, operands: (Int) -> [mg_node] = { _ in [] }, twin: (Int) -> mg_node
  ) {
    XCTAssertEqual(Int(first), twins.count)
    let start = mg_node(scalars.pointee.count)
    for k in 0..<count {
      let node = first + Int32(k), named = mg_node_operand_count(blocks, node)
      XCTAssertEqual(mg_node_op(blocks, node), op)
      XCTAssertEqual((0..<named).map { mg_node_operand(blocks, node, $0) }, operands(k), "operands of \(op)")
      twins.append(twin(k))
    }
    twins.append(noNode)
    starts += Array(repeating: start, count: count + 1)
  }

  private func range(_ first: mg_node, _ count: Int) -> [mg_node] { (0..<Int32(count)).map { first + $0 } }

  func leaves(_ numbers: [Double], columns: Int, data: Bool) {
    let first = mg_block_leaves(blocks, numbers, Int64(numbers.count / columns), Int64(columns), data)
    if data { isData.formUnion(range(first, numbers.count)) }
    add(first, numbers.count, .leaf) { mg_leaf(scalars, numbers[$0]) }
  }

  /// Into data no gradient flows from a layer: its numbers are constants there.
  func layer(_ layer: mg_layer, _ x: mg_node, rows: Int) {
    let (n, m) = (Int(layer.input_count), Int(layer.output_count)), hasBias = layer.biases != noNode
    let first = mg_block_layer(blocks, layer, x, Int64(rows)), fromData = isData.contains(x)
    add(first, rows * m, .neuron) { k in
      (hasBias ? [layer.biases + Int32(k % m)] : []) + range(layer.weights + Int32(k % m * n), n)
        + range(x + Int32(k / m * n), n)
    } twin: { k in
      var sum = hasBias ? scalar(layer.biases + Int32(k % m)) : noNode
      for i in 0..<n {
        let weight = scalar(layer.weights + Int32(k % m * n + i)), input = x + Int32(k / m * n + i)
        let product =
          fromData
          ? mg_multiply_constant(scalars, weight, blocks.value(input)) : mg_multiply(scalars, weight, scalar(input))
        sum = sum == noNode ? product : mg_add(scalars, sum, product)
      }
      return layer.relu ? mg_relu(scalars, sum) : mg_multiply_constant(scalars, sum, 1)
    }
  }

  func copy(_ runs: [mg_node], _ run: Int, columns: Int) {
    let count = runs.count * run
    let nodes = runs.flatMap { range($0, run) }
    add(mg_block_copy(blocks, runs, Int64(run), Int64(count / columns), Int64(columns)), count, .copy) {
      [nodes[$0]]
    } twin: {
      mg_multiply_constant(scalars, scalar(nodes[$0]), 1)
    }
  }

  func map(_ op: OpCode, _ function: FunctionCode, _ c: Double, _ x: mg_node, rows: Int, columns: Int) {
    add(mg_block_map(blocks, op, function, c, x, Int64(rows), Int64(columns)), rows * columns, op) {
      [x + Int32($0)]
    } twin: {
      let x = scalar(x + Int32($0))
      if op == .function { return mg_record_function(scalars, function, x) }
      return mg_op_has_constant(op) ? mg_record_constant(scalars, op, x, c) : mg_record_unary(scalars, op, x)
    }
  }

  func zip(_ op: OpCode, _ x: mg_node, _ y: mg_node, broadcast: Bool, rows: Int, columns: Int) {
    add(mg_block_zip(blocks, op, x, y, broadcast, Int64(rows), Int64(columns)), rows * columns, op) {
      [x + Int32($0), y + Int32(broadcast ? $0 % columns : $0)]
    } twin: {
      mg_record_binary(scalars, op, scalar(x + Int32($0)), scalar(y + Int32(broadcast ? $0 % columns : $0)))
    }
  }

  func target(_ op: OpCode, _ c: Double, _ x: mg_node, _ targets: [Double], columns: Int) {
    let rows = Int64(targets.count / columns)
    add(mg_block_target(blocks, op, c, x, targets, rows, Int64(columns)), targets.count, op) {
      [x + Int32($0)]
    } twin: {
      loss(op, c, scalar(x + Int32($0)), targets[$0])
    }
  }

  private func loss(_ op: OpCode, _ c: Double, _ x: mg_node, _ t: Double) -> mg_node {
    let tape = scalars
    func margin() -> mg_node { mg_relu(tape, mg_subtract_from_constant(tape, mg_multiply_constant(tape, x, t), 1)) }
    func distance() -> mg_node { mg_add_constant(tape, x, -t) }
    switch op {
    case .scale: return mg_multiply_constant(tape, x, t)
    case .hinge: return margin()
    case .squared_hinge: return mg_square(tape, margin())
    case .squared_error: return mg_square(tape, distance())
    case .absolute_error: return mg_absolute(tape, distance())
    case .huber:  // (r² - max(|r| - c, 0)²) / 2
      let r = distance(), beyond = mg_relu(tape, mg_add_constant(tape, mg_absolute(tape, r), -c))
      return mg_multiply_constant(tape, mg_subtract(tape, mg_square(tape, r), mg_square(tape, beyond)), 0.5)
    default: return mg_subtract(tape, mg_softplus(tape, x), mg_multiply_constant(tape, x, t))
    }
  }

  // MARK: - Rows

  func rows(_ op: OpCode, _ x: mg_node, rows: Int, columns: Int) {
    let width = op == .row_sum || op == .log_sum_exp ? 1 : columns
    add(mg_block_rows(blocks, op, x, Int64(rows), Int64(columns)), rows * width, op) {
      range(x + Int32($0 / width * columns), columns)
    } twin: { k in
      let row = scalars(x + Int32(k / width * columns), columns)
      if op == .row_sum { return mg_sum(scalars, row, Int64(columns)) }
      let (terms, logSum) = exponentials(row)
      switch op {
      case .log_sum_exp: return logSum
      case .softmax: return mg_divide(scalars, terms[k % width], mg_sum(scalars, terms, Int64(columns)))
      default: return mg_subtract(scalars, row[k % width], logSum)
      }
    }
  }

  func crossEntropy(_ x: mg_node, _ classes: [Int32], columns: Int) {
    add(mg_block_cross_entropy(blocks, x, classes, Int64(classes.count), Int64(columns)), classes.count, .cross_entropy)
    {
      range(x + Int32($0 * columns), columns)
    } twin: {
      let row = scalars(x + Int32($0 * columns), columns)
      return mg_subtract(scalars, exponentials(row).logSum, row[Int(classes[$0])])
    }
  }

  /// Each number's exponential and the logarithm of their sum; the numbers are not large.
  private func exponentials(_ row: [mg_node]) -> (terms: [mg_node], logSum: mg_node) {
    let terms = row.map { mg_exponential(scalars, $0) }
    return (terms, mg_logarithm(scalars, mg_sum(scalars, terms, Int64(terms.count))))
  }

  func norm(_ op: OpCode, _ x: mg_node, _ gain: mg_node, _ bias: mg_node, _ epsilon: Double, rows: Int, columns: Int) {
    let n = Double(columns), first = mg_block_norm(blocks, op, x, gain, bias, epsilon, Int64(rows), Int64(columns))
    add(first, rows * columns, op) { k in
      range(x + Int32(k / columns * columns), columns) + [gain + Int32(k % columns)]
        + (bias == noNode ? [] : [bias + Int32(k % columns)])
    } twin: { k in
      let tape = scalars
      var row = scalars(x + Int32(k / columns * columns), columns)
      if op == .layer_norm {
        let mean = mg_divide_by_constant(tape, mg_sum(tape, row, Int64(columns)), n)
        row = row.map { mg_subtract(tape, $0, mean) }
      }
      let squares = mg_divide_by_constant(tape, mg_dot(tape, row, row, Int64(columns)), n)
      let deviation = mg_square_root(tape, mg_add_constant(tape, squares, epsilon))
      let result = mg_multiply(tape, mg_divide(tape, row[k % columns], deviation), scalar(gain + Int32(k % columns)))
      return bias == noNode ? result : mg_add(tape, result, scalar(bias + Int32(k % columns)))
    }
  }
}
