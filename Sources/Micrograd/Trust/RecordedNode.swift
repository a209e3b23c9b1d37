import CMicrograd

/// One node of a tape, in a block or by itself, as tools read it: by index, without checks of its scope.
internal struct RecordedNode {
  let tape: UnsafeMutablePointer<mg_tape>
  let node: mg_node

  var isLeaf: Bool { mg_node_op(tape, node) == .leaf }
  var op: OpCode { mg_node_op(tape, node) }
  /// The operation with its numbers, for what the engine's table says of it.
  ///
  /// The constant of a loss against a target comes second to the target.
  var application: mg_application {
    let op = op, count = operandCount, hasTarget = mg_op_has_target(op)
    return mg_application(
      op: op, function: op == .function ? mg_node_function(tape, node) : .absolute, x: count > 0 ? operand(0) : .nan,
      y: count > 1 ? operand(1) : .nan, c: constant(hasTarget ? 1 : 0), t: hasTarget ? constant() : .nan, v: data)
  }
  var operation: Operation { Operation(of: node, on: tape) }
  var data: Double { tape.pointee.values[Int(node)] }
  /// The constant of an operation with a plain number, the k-th weight of a weighted sum. Of a
  /// loss against a target it is the target, and the one at 1 the loss's own constant. Else NaN.
  func constant(_ k: Int = 0) -> Double { mg_node_constant(tape, node, Int64(k)) }
  /// True for a neuron whose activation is relu.
  var isNeuronWithReLU: Bool { mg_node_op(tape, node) == .neuron && mg_neuron_has_relu(tape, Int64(node)) }

  var stack: RecordedStack { RecordedStack(of: node, on: tape) }

  var operandCount: Int { Int(mg_node_operand_count(tape, node)) }
  func operandNode(_ k: Int) -> mg_node { mg_node_operand(tape, node, Int64(k)) }
  func operand(_ k: Int) -> Double { tape.pointee.values[Int(operandNode(k))] }
  var operands: [Double] { (0..<operandCount).map(operand) }
  /// As many as a report shows.
  var firstOperands: [Double] { (0..<min(operandCount, 8)).map(operand) }
}
