import CMicrograd

extension BackwardSteps {
  /// Makes the steps of the sweep that `root.backward(seed:)` would do now.
  ///
  /// - Parameters:
  ///   - root: The Value from which the sweep begins.
  ///   - labels: Names for some of the Values, as in `["a": a, "b": b]`. Others are named by their position: `#3`.
  ///   - seed: The derivative of the final result with respect to the root; 1 when it is the final result.
  /// - Precondition: The Value is not a constant, its scope is open, and no other thread is inside its tape.
  public init(of root: Value, labels: KeyValuePairs<String, Value> = [:], seed: Double = 1) {
    self.init(of: root, labels: Array(labels), seed: seed)
  }

  /// Makes the steps with labels that are not known beforehand.
  public init(of root: Value, labels: [(key: String, value: Value)], seed: Double = 1) {
    guard let tape = root.pointer else { trapBackwardOfConstant() }
    requireOpen(tape)
    let last = root.node(on: tape)
    mg_tape_begin_steps(tape, last)
    let graph = Graph(of: root, labels: labels)
    var sweep = SteppedSweep(nodes: Graph.nodes(under: last, on: tape), on: tape, seed: seed)
    let first = sweep.gradients
    sweep.run()
    self.init(graph: graph, seed: seed, recorded: sweep.steps, firstGradients: first)
  }
}

/// A sweep of the engine, one operation at a time, with gradients beside those of the tape.
private struct SteppedSweep {
  private let tape: UnsafeMutablePointer<mg_tape>
  /// By position in the graph.
  private let nodes: [mg_node]
  private let positions: [mg_node: Int]
  /// By position in the graph.
  private(set) var gradients: [Double]
  private(set) var steps: [RecordedStep] = []

  init(nodes: [mg_node], on tape: UnsafeMutablePointer<mg_tape>, seed: Double) {
    (self.tape, self.nodes) = (tape, nodes)
    positions = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
    gradients = nodes.map { mg_node_op(tape, $0) == .leaf ? tape.pointee.grads[Int($0)] : 0 }
    gradients[nodes.count - 1] += seed
  }

  mutating func run() {
    let slots = Int(tape.pointee.parameter_slots)
    var numbers = [Double](repeating: 0, count: slots + Int(tape.pointee.count))
    for (position, node) in nodes.enumerated() { numbers[slots + Int(node)] = gradients[position] }
    numbers.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      var end = nodes.count
      while end > 0 {
        let group = group(before: end)
        pass(group, start + slots)
        end = group.lowerBound
      }
    }
  }

  /// The nodes that the engine visits together with the node before `end`.
  private func group(before end: Int) -> Range<Int> {
    var count: Int64 = 0
    let first = mg_node_block(tape, nodes[end - 1], &count)
    guard count > 1 else { return end - 1..<end }
    var start = end - 1
    while start > 0, nodes[start - 1] >= first { start -= 1 }
    return start..<end
  }

  private mutating func pass(_ group: Range<Int>, _ numbers: UnsafeMutablePointer<Double>) {
    let active = group.reversed().filter { gradients[$0] != 0 }
    guard let highest = active.first, mg_node_op(tape, nodes[highest]) != .leaf else { return }
    let firstStep = steps.count
    let isCustom = mg_node_op(tape, nodes[highest]) == .custom
    if !isCustom { for position in active { addStep(of: position) } }
    mg_tape_step(tape, nodes[highest], numbers)
    if isCustom { addCustomStep(of: active) }
    end(from: firstStep, numbers)
  }

  private mutating func addStep(of position: Int) {
    let node = nodes[position], count = Int(mg_node_operand_count(tape, node))
    let (slopes, contributions) = RecordedNode(tape: tape, node: node).slopes(gradient: gradients[position])
    var step = RecordedStep(RecordedNode(tape: tape, node: node), at: [position], gradients: [gradients[position]])
    step.terms.reserveCapacity(count)
    for k in 0..<count where !mg_node_skips_operand(tape, node, Int64(k)) {
      let words = String(cString: mg_node_rule(tape, node, Int64(k)))
      step.terms.append(
        term(k, of: node, words: words, letters(k, of: node), slopes[k], contributions[k]))
    }
    steps.append(step)
  }

  /// After the step: the operation's own rule has said what it contributes.
  private mutating func addCustomStep(of active: [Int]) {
    let node = nodes[active[0]], count = Int(mg_node_operand_count(tape, node))
    let contributions = mg_custom_contributions(tape, node)
    var outputs: Int64 = 0
    _ = mg_node_block(tape, node, &outputs)
    let gradient = gradients[active[0]]
    var step = RecordedStep(
      RecordedNode(tape: tape, node: node), at: active, gradients: active.map { gradients[$0] })
    for k in 0..<count {
      let contribution = contributions[k]
      step.terms.append(
        term(
          k, of: node, words: "", letters(k, of: node),
          outputs > 1 ? nil : contribution == 0 ? 0 : contribution / gradient, contribution))
    }
    steps.append(step)
  }

  private func operand(_ k: Int, of node: mg_node) -> Int {
    guard let position = positions[mg_node_operand(tape, node, Int64(k))] else {
      trap("an operand is not in the graph")
    }
    return position
  }

  /// What x and y mean in the rule of the k-th operand.
  private func letters(_ k: Int, of node: mg_node) -> (x: Int, y: Int?) {
    let op = mg_node_op(tape, node)
    if mg_op_is_binary(op) { return (operand(0, of: node), operand(1, of: node)) }
    let isNorm = op == .layer_norm || op == .rms_norm
    if isNorm { return (operand(k, of: node), operand(Int(mg_node_columns(tape, node)), of: node)) }
    return (operand(k, of: node), positions[mg_node_factor(tape, node, Int64(k))])
  }

  /// Adds to the operand's gradient. A zero adds nothing, as in the engine.
  private mutating func term(
    _ k: Int, of node: mg_node, words: String, _ letters: (x: Int, y: Int?), _ slope: Double?, _ contribution: Double
  ) -> RecordedTerm {
    let operand = operand(k, of: node), before = gradients[operand]
    if contribution != 0 { gradients[operand] = before + contribution }
    return RecordedTerm(
      operand: operand, index: k, words: words, x: letters.x, y: letters.y, localDerivative: slope,
      contribution: contribution,
      before: before, after: gradients[operand])
  }

  /// Ends what was added to each operand at the number that the engine left.
  private mutating func end(from firstStep: Int, _ numbers: UnsafeMutablePointer<Double>) {
    var seen: Set<Int> = []
    for step in (firstStep..<steps.count).reversed() {
      for k in steps[step].terms.indices.reversed() {
        let operand = steps[step].terms[k].operand
        guard seen.insert(operand).inserted else { continue }
        gradients[operand] = numbers[Int(nodes[operand])]
        steps[step].terms[k].after = gradients[operand]
      }
    }
  }
}

extension RecordedNode {
  /// The derivatives of the node by its operands, and what each adds to an operand's gradient if the node has a gradient.
  internal func slopes(gradient: Double) -> (slopes: [Double], contributions: [Double]) {
    var slopes = [Double](repeating: 0, count: Int(operandCount)), contributions = slopes
    slopes.withUnsafeMutableBufferPointer { slopes in
      contributions.withUnsafeMutableBufferPointer { contributions in
        guard let slopes = slopes.baseAddress, let contributions = contributions.baseAddress else { return }
        mg_node_slopes(tape, node, gradient, slopes, contributions)
      }
    }
    return (slopes, contributions)
  }
}

extension RecordedStep {
  /// A step without terms.
  internal init(_ node: RecordedNode, at positions: [Int], gradients: [Double]) {
    nodes = positions
    self.gradients = gradients
    operation = node.operation
    let hasTarget = mg_op_has_target(node.op)
    constant = node.constant(hasTarget ? 1 : 0)
    target = hasTarget ? node.constant() : .nan
    isNeuronWithReLU = node.isNeuronWithReLU
    terms = []
  }
}
