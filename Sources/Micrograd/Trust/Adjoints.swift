import CMicrograd

/// Derivatives of one node with respect to all nodes under it, beside the gradients of the tape, which stay as they are.
internal struct Adjoints {
  private let slots: Int
  private let numbers: [Double]

  /// Sweeps backwards from `root`, a node of `tape`.
  internal init(of root: mg_node, on tape: UnsafeMutablePointer<mg_tape>) {
    requireOpen(tape)
    let slots = Int(tape.pointee.parameter_slots)
    var numbers = [Double](repeating: 0, count: slots + Int(tape.pointee.count))
    numbers.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      mg_tape_adjoints(tape, root, start + slots)
    }
    self.slots = slots
    self.numbers = numbers
  }

  /// The derivative with respect to one node.
  internal subscript(node: mg_node) -> Double { numbers[slots + Int(node)] }
}
