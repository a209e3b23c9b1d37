import CMicrograd
import XCTest

/// Random programs of blocks and scalar nodes: every number and every gradient is that of the same program on scalar
/// nodes alone, and the invariants hold after every step.
final class RandomBlockTests: XCTestCase {
  func testBlocksAreTheirScalarNodes() {
    for seed in 1...60 as ClosedRange<UInt64> { run(seed: seed, steps: 120, memory: nil) }
  }

  #if canImport(Glibc)
    func testNothingIsReadBesideTheBuffers() {
      for seed in 101...108 as ClosedRange<UInt64> {
        let guarded = GuardedBuffers()
        run(seed: seed, steps: 300, memory: &guarded.memory)
      }
    }
  #endif

  private func run(seed: UInt64, steps: Int, memory: UnsafePointer<mg_memory>?) {
    withTape(memory: memory) { blocks in
      withTape(memory: memory) { scalars in
        let program = RandomBlockProgram(TwinTapes(blocks, scalars), seed: seed)
        for step in 0..<steps {
          program.takeStep()
          if let broken = program.difference() { return XCTFail("\(broken), seed \(seed), step \(step)") }
        }
      }
    }
  }
}

private final class RandomBlockProgram {
  private let tapes: TwinTapes
  private var state: UInt64
  private var scopeStarts: [Int] = []

  init(_ tapes: TwinTapes, seed: UInt64) {
    self.tapes = tapes
    state = seed
  }

  func takeStep() {
    switch random(40) {
    case 0..<16: recordBlock()
    case 16..<22: recordScalar()
    case 22: tapes.addParameters(numbers(1 + random(60)))
    case 23: if !tapes.parameters.isEmpty { tapes.removeParameters(random(tapes.parameters.count)) }
    case 24, 25:
      if random(2) == 0 { recordScalar() }
      tapes.both { XCTAssertEqual(mg_tape_begin_scope($0), .ok) }
      scopeStarts.append(tapes.count)
    case 26: endScope()
    case 27: if random(4) == 0 { tapes.both { mg_tape_zero_gradients($0) } }
    case 28:
      let gradient = number()
      tapes.both(node()) { mg_set_gradient($0, $1, gradient) }
    case 29: forward()
    case 30: recordInPause()
    case 31..<34: sweepInScope()
    case 34, 35: sweepAlong()
    default:
      let root = node(), seed = number()
      for _ in 0...random(2) { tapes.both(root) { mg_tape_backward($0, $1, seed) } }
    }
  }

  // MARK: - Chance

  private func random(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }

  private func one<T>(_ choices: [T]) -> T { choices[random(choices.count)] }
  private func number() -> Double { Double(random(1 << 20) - 1 << 19) / Double(1 << 18) }
  private func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in number() } }

  private func op(_ first: OpCode, through last: OpCode) -> OpCode {
    OpCode(rawValue: first.rawValue + UInt32(random(Int(last.rawValue - first.rawValue) + 1)))!
  }

  /// The first of as many nodes in a row, of moderate size: inside a block, over scalar nodes, over both, of parameters,
  /// or overlapping with a run that starts at `other`.
  private func run(_ count: Int, near other: mg_node? = nil) -> mg_node {
    for _ in 0..<20 {
      let first: mg_node
      if let other, random(3) == 0 {
        first = other + Int32(one([0, 0, 1, -1, count / 2]))
      } else if !tapes.parameters.isEmpty, random(4) == 0 {
        first = one(tapes.parameters).blocks.first
      } else if let start = scopeStarts.last, random(3) == 0 {
        first = Int32(max(start - 1, 0))
      } else {
        first = Int32(random(max(tapes.count, 1)))
      }
      let nodes = (0..<Int32(count)).map { first + $0 }
      guard nodes[count - 1] < (first < 0 ? 0 : Int32(tapes.count)) else { continue }
      if nodes.allSatisfy({ tapes.isAlive($0) && abs(tapes.blocks.value($0)) < 5 }) { return resolved(first) }
    }
    tapes.leaves(numbers(count), columns: count, data: random(4) == 0)
    return Int32(tapes.count - count - 1)
  }

  /// As from Swift, where every operand is a handle.
  private func resolved(_ node: mg_node) -> mg_node {
    tapes.both(node) { XCTAssertEqual(mg_tape_resolve($0, mg_tape_handle($0, $1)), $1) }
    return node
  }

  private func node() -> mg_node { resolved(one(tapes.nodes.isEmpty ? [run(1)] : tapes.nodes)) }

  // MARK: - Recording

  private func recordBlock() {
    let rows = 1 + random(6), columns = 1 + random(7), count = rows * columns
    switch random(10) {
    case 0: tapes.leaves(numbers(count), columns: columns, data: random(3) == 0)
    case 1, 2:
      let inputs = 1 + random(6)
      let x = run(rows * inputs), weights = run(columns * inputs, near: x)
      let layer = mg_layer(
        weights: weights, biases: random(4) == 0 ? noNode : run(columns, near: weights), input_count: Int32(inputs),
        output_count: Int32(columns), relu: random(2) == 0)
      tapes.layer(layer, x, rows: rows)
    case 3: tapes.copy((0..<rows).map { _ in run(columns) }, columns, columns: one([1, columns, count]))
    case 4, 5: map(rows, columns)
    case 6:
      let x = run(count), op = op(.add, through: .power), broadcast = random(3) == 0
      let y = run(broadcast ? columns : count, near: x)
      let isTame = (0..<count).allSatisfy { k in
        let (a, b) = (value(x, k), value(y, broadcast ? k % columns : k))
        return smooth(a) { mg_op_value(op, $0, b) } && smooth(b) { mg_op_value(op, a, $0) }
      }
      tapes.zip(isTame ? op : .multiply, x, y, broadcast: broadcast, rows: rows, columns: columns)
    case 7:
      let x = run(count), op = op(.scale, through: .binary_cross_entropy), targets = numbers(count), c = abs(number())
      tapes.target(op, c, x, targets, columns: columns)
    case 8:
      let x = run(count)
      if random(3) == 0 {
        tapes.crossEntropy(x, (0..<rows).map { _ in Int32(random(columns)) }, columns: columns)
      } else {
        tapes.rows(one([.row_sum, .softmax, .log_softmax, .log_sum_exp]), x, rows: rows, columns: columns)
      }
    default:
      let x = run(count), gain = run(columns, near: x), op = one([OpCode.layer_norm, .rms_norm])
      let bias = op == .rms_norm ? noNode : run(columns, near: gain)
      tapes.norm(op, x, gain, bias, 0.1, rows: rows, columns: columns)
    }
  }

  private func map(_ rows: Int, _ columns: Int) {
    let x = run(rows * columns), c = number()
    var op = one([op(.add_constant, through: .elu), op(.negate, through: .cube), .function, .function])
    let function = FunctionCode(rawValue: UInt32(random(Int(FunctionCode.count.rawValue))))!
    let isTame = (0..<rows * columns).allSatisfy { k in
      smooth(value(x, k)) { op == .function ? mg_function_value(function, $0) : mg_op_value(op, $0, c) }
    }
    if !isTame { op = .subtract_from_constant }
    tapes.map(op, function, c, x, rows: rows, columns: columns)
  }

  private func value(_ first: mg_node, _ k: Int) -> Double { tapes.blocks.value(first + Int32(k)) }

  /// Whether a function is moderate around x and has no kink there, on whose sides rounding would decide.
  private func smooth(_ x: Double, _ f: (Double) -> Double) -> Bool {
    let left = f(x - 1e-4), middle = f(x), right = f(x + 1e-4)
    return abs(middle) < 50 && abs(right - left) < 1e-3 && abs(right - 2 * middle + left) < 1e-5
  }

  private func recordScalar() {
    switch random(4) {
    case 0: tapes.record([]) { tape, _ in mg_leaf(tape, 0.75) }
    case 1:
      let count = 1 + random(9), first = run(count)
      tapes.record((0..<Int32(count)).map { first + $0 }) { mg_sum($0, $1, Int64(count)) }
    case 2: tapes.record([run(1)]) { mg_hyperbolic_tangent($0, $1[0]) }
    default:
      tapes.record([run(1), run(1)]) { mg_multiply($0, $1[0], $1[1]) }
      tapes.record([run(1), Int32(tapes.count - 1)]) { mg_add($0, $1[0], $1[1]) }
    }
  }

  private func recordInPause() {
    let x = run(4), before = tapes.blocks.pointee.count
    mg_tape_pause(tapes.blocks)
    XCTAssertEqual(mg_block_map(tapes.blocks, .square, .absolute, 0, x, 2, 2), noNode)
    XCTAssertEqual(mg_block_leaves(tapes.blocks, [1], 1, 1, false), noNode)
    mg_tape_resume(tapes.blocks)
    XCTAssertEqual(tapes.blocks.pointee.count, before)
  }

  // MARK: - Sweeps

  private func endScope() {
    if scopeStarts.popLast() != nil {
      tapes.both { mg_tape_end_scope($0) }
    } else if random(4) == 0 {
      tapes.both { mg_tape_reset($0) }
    }
    tapes.truncate()
  }

  private func sweepInScope() {
    guard let start = scopeStarts.last, start < tapes.count else { return }
    let older = tapes.nodes.filter { $0 < start }, before = older.map(tapes.blocks.grad)
    let root = one(tapes.nodes.filter { $0 >= start })
    tapes.both(root) { XCTAssertEqual(backwardInScope($0, $1), .ok) }
    XCTAssertEqual(older.map { tapes.blocks.grad($0).bitPattern }, before.map(\.bitPattern))
  }

  /// Leaves and parameters move, a few of them or all, and the gradient of one number is followed along.
  private func sweepAlong() {
    let start = random(2) == 0 ? scopeStarts.last ?? 0 : 0
    guard let root = tapes.nodes.filter({ $0 >= start }).isEmpty ? nil : one(tapes.nodes.filter({ $0 >= start })) else {
      return
    }
    let moving = tapes.nodes.filter {
      $0 < 0 || $0 >= start && $0 <= root && mg_node_op(tapes.blocks, $0) == .leaf && !tapes.isData.contains($0)
    }
    let portion = 1 + random(3)
    let direction = moving.compactMap { random(portion) == 0 ? ($0, number()) : nil }
    if let broken = tapes.difference(along: direction, from: Int32(start), to: root, seed: number()) {
      XCTFail("\(broken), from \(start) to \(root)")
    }
  }

  /// Numbers of leaves and parameters change a little; half of the time all is then computed at once.
  private func forward() {
    let leaves = tapes.nodes.filter { mg_node_op(tapes.blocks, $0) == .leaf && !tapes.isData.contains($0) }
    for leaf in leaves where random(3) == 0 { tapes.both(leaf) { $0.pointee.values[Int($1)] *= 0.999 } }
    if tapes.count > 0, random(2) == 0 {
      let first = Int32(random(tapes.count))
      mg_tape_forward(tapes.blocks, first)
      mg_tape_forward(tapes.scalars, tapes.start(first))
      if let broken = difference() { XCTFail("\(broken), forward from \(first)") }
    }
    tapes.both { mg_tape_forward($0, 0) }
  }

  // MARK: - Comparison

  /// Ten digits, but of numbers in which much larger ones cancel.
  func difference() -> String? {
    for tape in [tapes.blocks, tapes.scalars] {
      if let broken = mg_tape_check(tape) { return "not so: \(String(cString: broken))" }
    }
    let nodes = tapes.nodes
    let largest = nodes.reduce(1) { max($0, abs(tapes.blocks.grad($1))) }
    for node in nodes {
      let twin = tapes.scalar(node)
      let values = (tapes.blocks.value(node), tapes.scalars.value(twin))
      guard abs(values.0 - values.1) <= 1e-10 * max(1, abs(values.1)) else { return "node \(node) has value \(values)" }
      let gradients = (tapes.blocks.grad(node), tapes.scalars.grad(twin))
      guard abs(gradients.0 - gradients.1) <= 1e-10 * abs(gradients.1) + 1e-12 * largest else {
        return "node \(node), \(mg_node_op(tapes.blocks, node)), has gradient \(gradients)"
      }
    }
    return nil
  }
}
