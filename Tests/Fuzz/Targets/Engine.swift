import CMicrograd

/// Calls of the engine in an order that the bytes choose, each as its header allows; the tape's invariants hold.
func fuzzEngine(_ bytes: [UInt8]) {
  guard let tape = mg_tape_create(nil) else { return }
  defer { mg_tape_release(tape) }
  var program = EngineProgram(tape, bytes)
  var steps = 0
  while program.step() {
    steps += 1
    // All invariants take time in proportion to the tape.
    if steps.isMultiple(of: 8), let broken = mg_tape_check(tape) { fatalError("not so: \(String(cString: broken))") }
  }
  program.end()
}

private struct EngineProgram {
  private struct Run {
    let first: mg_node
    let count: Int
  }

  private let tape: UnsafeMutablePointer<mg_tape>
  private var rest: ArraySlice<UInt8>
  /// Runs of nodes that may be operands, the older ones first.
  private var runs: [Run] = []
  private var blocks: [mg_parameters] = []
  /// How many runs there were when each open scope began.
  private var scopes: [Int] = []

  init(_ tape: UnsafeMutablePointer<mg_tape>, _ bytes: [UInt8]) {
    self.tape = tape
    rest = bytes[...]
  }

  // MARK: - Choices

  private mutating func byte() -> Int { Int(rest.popFirst() ?? 0) }

  private mutating func number() -> Double {
    let special: [Double] = [0, -0.0, 1, -1, 0.5, .nan, .infinity, -.infinity, 1e300, .leastNonzeroMagnitude]
    let choice = byte()
    return choice < special.count ? special[choice] : Double(choice - 128) / 16
  }

  private mutating func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in number() } }

  /// The first of `count` nodes in a row; new leaves if none are found.
  private mutating func run(_ count: Int) -> mg_node? {
    for _ in 0..<3 where !runs.isEmpty {
      let run = runs[(byte() << 8 + byte()) % runs.count]
      if run.count >= count { return resolved(run.first + mg_node(byte() % (run.count - count + 1))) }
    }
    return note(mg_leaf_run(tape, numbers(count), Int64(count)), count)
  }

  private mutating func node() -> mg_node? { run(1) }

  private mutating func nodes() -> [mg_node]? {
    let chosen = (0...byte() % 6).map { _ in node() }
    return chosen.contains(nil) ? nil : chosen.compactMap { $0 }
  }

  /// As from Swift, where every operand is a handle.
  private func resolved(_ node: mg_node) -> mg_node { mg_tape_resolve(tape, mg_tape_handle(tape, node)) }

  /// Makes nodes that were recorded operands of later calls; nil if recording is paused.
  @discardableResult
  private mutating func note(_ first: mg_node, _ count: Int = 1) -> mg_node? {
    guard first != Int32.min else { return nil }
    runs.append(Run(first: first, count: count))
    return first
  }

  private mutating func op(_ first: OpCode, _ last: OpCode) -> OpCode {
    OpCode(rawValue: first.rawValue + UInt32(byte()) % (last.rawValue - first.rawValue + 1)) ?? first
  }

  private mutating func function() -> FunctionCode {
    FunctionCode(rawValue: UInt32(byte()) % FunctionCode.count.rawValue) ?? .count
  }

  // MARK: - Steps

  /// Takes a step; false at the end of the bytes.
  mutating func step() -> Bool {
    guard !rest.isEmpty, tape.pointee.count < 2000 else { return false }
    switch byte() % 24 {
    case 0: note(mg_leaf(tape, number()))
    case 1:
      let count = 1 + byte() % 9
      note(mg_leaf_run(tape, numbers(count), Int64(count)), count)
    case 2, 3: if let a = node(), let b = node() { note(mg_record_binary(tape, op(.add, .truncating_remainder), a, b)) }
    case 4: if let a = node() { note(mg_record_constant(tape, op(.add_constant, .elu), a, number())) }
    case 5: if let a = node() { note(mg_record_unary(tape, op(.negate, .cube), a)) }
    case 6: if let a = node() { note(mg_record_function(tape, function(), a)) }
    case 7: recordMany()
    case 8: select()
    case 9: layer()
    case 10, 11: block()
    case 12: rows()
    case 13: beginScope()
    case 14: endScope()
    case 15: allocate()
    case 16: if !blocks.isEmpty { free(byte() % blocks.count) }
    case 17: if let root = node() { mg_tape_backward(tape, root, number()) }
    case 18: backwardInScope()
    case 19: forward()
    case 20: if let node = node() { mg_set_gradient(tape, node, number()) }
    case 21: mg_tape_zero_gradients(tape)
    case 22: alongDirection()
    default: inPause()
    }
    return true
  }

  mutating func end() {
    while !scopes.isEmpty { endScope() }
    while !blocks.isEmpty { free(0) }
    mg_tape_reset(tape)
    if let broken = mg_tape_check(tape) { fatalError("not so at the end: \(String(cString: broken))") }
  }

  private mutating func recordMany() {
    let choice = byte() % 5
    guard let nodes = nodes() else { return }
    let count = Int64(nodes.count)
    switch choice {
    case 0: note(mg_sum(tape, nodes, count))
    case 1: note(mg_dot(tape, nodes, nodes.reversed(), count))
    case 2: note(mg_weighted_sum(tape, numbers(nodes.count), nodes, count))
    case 3: note(mg_log_sum_exp(tape, nodes, count))
    default:
      if let left = run(nodes.count), let right = run(nodes.count) { note(mg_dot_runs(tape, left, right, count)) }
    }
  }

  private mutating func select() {
    guard let left = node(), let right = node(), let nodes = nodes() else { return }
    if byte() % 2 == 0 {
      let relation = Relation(rawValue: UInt32(byte() % 6)) ?? .less
      note(mg_select(tape, left, relation, right, nodes[0], nodes[nodes.count - 1]))
    } else {
      note(mg_pick(tape, left, nodes, Int64(nodes.count)))
    }
  }

  private mutating func layer() {
    let (inputs, outputs, samples) = (1 + byte() % 5, 1 + byte() % 5, 1 + byte() % 4)
    guard let weights = run(inputs * outputs), let biases = run(outputs), let x = run(inputs * samples) else { return }
    let layer = mg_layer(
      weights: weights, biases: biases, input_count: Int32(inputs), output_count: Int32(outputs), relu: byte() % 2 == 0)
    if byte() % 2 == 0 {
      note(mg_block_layer(tape, layer, x, Int64(samples)), samples * outputs)
      return
    }
    var results = [mg_node](repeating: 0, count: outputs)
    let sample = (0..<mg_node(inputs)).map { x + $0 }
    let recording: LayerRecording = byte() % 2 == 0 ? .scalar : .fused
    if mg_record_layer(tape, [layer], recording, sample, &results) == .ok { results.forEach { note($0) } }
  }

  private mutating func block() {
    let (rows, columns) = (1 + byte() % 5, 1 + byte() % 6)
    let count = rows * columns
    let (r, c) = (Int64(rows), Int64(columns))
    let choice = byte() % 6
    if choice == 0 {
      note(mg_block_leaves(tape, numbers(count), r, c, byte() % 2 == 0), count)
      return
    }
    guard let x = run(count) else { return }
    switch choice {
    case 1: note(mg_block_map(tape, op(.add_constant, .function), function(), number(), x, r, c), count)
    case 2: note(mg_block_target(tape, op(.scale, .binary_cross_entropy), number(), x, numbers(count), r, c), count)
    case 3:
      let starts = [x, x + mg_node(count / 2)].map { $0 }
      let length = count - count / 2
      note(mg_block_copy(tape, starts, Int64(length), 2, Int64(length)), 2 * length)
    default:
      let isBroadcast = byte() % 2 == 0
      guard let y = run(isBroadcast ? columns : count) else { return }
      note(mg_block_zip(tape, op(.add, .truncating_remainder), x, y, isBroadcast, r, c), count)
    }
  }

  private mutating func rows() {
    let (rows, columns) = (1 + byte() % 5, 1 + byte() % 6)
    let (r, c) = (Int64(rows), Int64(columns))
    guard let x = run(rows * columns) else { return }
    switch byte() % 7 {
    case 0: note(mg_block_rows(tape, .row_sum, x, r, c), rows)
    case 1: note(mg_block_rows(tape, .log_sum_exp, x, r, c), rows)
    case 2: note(mg_block_rows(tape, .softmax, x, r, c), rows * columns)
    case 3: note(mg_block_rows(tape, .log_softmax, x, r, c), rows * columns)
    case 4:
      let classes = (0..<rows).map { _ in Int32(byte() % columns) }
      note(mg_block_cross_entropy(tape, x, classes, r, c), rows)
    case 5:
      guard let gain = run(columns), let bias = run(columns) else { return }
      note(mg_block_norm(tape, .layer_norm, x, gain, bias, 1e-5, r, c), rows * columns)
    default:
      guard let gain = run(columns) else { return }
      note(mg_block_norm(tape, .rms_norm, x, gain, Int32.min, 1e-5, r, c), rows * columns)
    }
  }

  private mutating func beginScope() {
    guard scopes.count < 20, mg_tape_begin_scope(tape) == .ok else { return }
    scopes.append(Int(tape.pointee.count))
  }

  private mutating func endScope() {
    guard let start = scopes.popLast() else { return }
    mg_tape_end_scope(tape)
    check(Int(tape.pointee.count) == start, "a scope reclaims what was recorded in it")
    runs.removeAll { Int($0.first) >= start }
  }

  private mutating func allocate() {
    var block = mg_parameters()
    let count = 1 + byte() % 12
    guard blocks.count < 50, mg_tape_allocate_parameters(tape, Int64(count), &block) == .ok else { return }
    for (k, number) in numbers(count).enumerated() { tape.pointee.values[Int(block.first) + k] = number }
    blocks.append(block)
    note(block.first, count)
  }

  private mutating func free(_ index: Int) {
    let block = blocks.remove(at: index)
    runs.removeAll { $0.first < 0 && $0.first >= block.first && $0.first < block.first + mg_node(block.count) }
    mg_tape_free_parameters(tape, block)
  }

  private mutating func backwardInScope() {
    let start = scopes.last ?? 0
    let roots = runs.flatMap { run in (0..<mg_node(run.count)).map { run.first + $0 } }.filter { $0 >= start }
    guard !roots.isEmpty else { return }
    let chosen = (0...byte() % 3).map { _ in resolved(roots[byte() % roots.count]) }
    _ = mg_tape_backward_in_scope(tape, chosen, numbers(chosen.count), Int64(chosen.count))
  }

  private mutating func forward() {
    for block in blocks { tape.pointee.values[Int(block.first)] = number() }
    mg_tape_forward(tape, mg_node(scopes.last ?? 0))
    _ = mg_tape_first_non_finite(tape, 0)
  }

  private mutating func alongDirection() {
    guard tape.pointee.count > 0, let leaf = node(), let root = node(), root >= 0 else { return }
    let unset = tape.pointee.values
    var directions = mg_directions(tangents: unset, adjoints: unset, adjoint_tangents: unset)
    guard mg_tape_directions(tape, 0, &directions) == .ok else { return }
    let last = mg_node(tape.pointee.count - 1)
    directions.tangents[Int(leaf)] = 1
    mg_tape_push_tangents(tape, 0, last)
    directions.adjoints[Int(root)] = 1
    mg_tape_pull_adjoints(tape, 0, last)
    mg_tape_clear_directions(tape, 0, last)
    // A parameter that nothing uses is the caller's to clear.
    directions.tangents[Int(leaf)] = 0
  }

  private mutating func inPause() {
    mg_tape_pause(tape)
    let count = tape.pointee.count
    if let a = runs.last.map({ resolved($0.first) }) {
      check(mg_add(tape, a, a) == Int32.min, "nothing is recorded in a pause")
      check(mg_leaf(tape, 1) == Int32.min, "no leaf is recorded in a pause")
    }
    check(tape.pointee.count == count, "a pause leaves the tape as it was")
    mg_tape_resume(tape)
  }
}
