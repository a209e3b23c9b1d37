import CMicrograd

/// Trainable parameters: Values outside of all scopes, alive as long as this object.
///
/// They are contiguous, like a matrix of weights, on the tape that was current when they were created. Each is a Value with
/// `data` and `grad`:
///
/// ```swift
/// let weights = Parameters([0.5, -0.5])
/// let y = 3 * weights[0] + weights[1]
/// y.backward()
/// weights.descend(learningRate: 0.5)
/// weights.map(\.data)  // [-1.0, -1.0]
/// ```
///
/// After the last reference to the object is released, its Values become stale: not at once, because optimised code
/// releases an object after its last use, but when the next scope ends or the next parameters are created on its tape.
public final class Parameters {
  @usableFromInline internal let block: mg_parameters
  @usableFromInline internal let owner: Tape

  /// The number of parameters.
  @inlinable
  public var count: Int { Int(block.count) }

  /// Creates parameters with initial numbers.
  public init(_ data: [Double]) {
    owner = Tape.current
    var block = mg_parameters()
    if mg_tape_allocate_parameters(owner.pointer, Int64(data.count), &block) != .ok { trapFull(owner.pointer) }
    self.block = block
    for (k, number) in data.enumerated() { owner.pointer.pointee.values[Int(block.first) + k] = number }
  }

  deinit { mg_tape_free_parameters(owner.pointer, block) }

  /// The tape of the parameters, on which everything computed from them is recorded.
  public var tape: Tape { owner }

  /// The numbers.
  public var data: [Double] {
    if let watch = owner.pointer.pointee.watch { mg_watch_read_run(watch, block.first, block.count) }
    return Array(UnsafeBufferPointer(start: owner.pointer.pointee.values + Int(block.first), count: count))
  }

  /// The gradients.
  public var gradients: [Double] {
    mg_note_sweep(owner.pointer)
    return Array(UnsafeBufferPointer(start: owner.pointer.pointee.grads + Int(block.first), count: count))
  }

  /// Sets the gradients to zero.
  public func zeroGradients() {
    requireOpen(owner.pointer)
    mg_zero_gradients(owner.pointer, block.first, block.count)
  }

  /// Takes a step of gradient descent: `data -= learningRate * grad` for each.
  public func descend(learningRate: Double) {
    requireOpen(owner.pointer)
    mg_descend(owner.pointer, block.first, block.count, learningRate)
  }
}

extension Parameters {
  /// The Value at a position, 0 to count - 1.
  @inlinable
  public subscript(position: Int) -> Value {
    require(position >= 0 && position < block.count, "a position among the parameters is 0 to count - 1")
    return Value(parameter: block.first + Int32(truncatingIfNeeded: position), on: owner.pointer)
  }
}

// A sequence, but no Collection: its further subscripts make `w[0] * x + w[1] * y` hundreds of times slower to compile.
extension Parameters: Sequence {
  /// The Values in order.
  public func makeIterator() -> some IteratorProtocol<Value> { (0..<count).lazy.map { self[$0] }.makeIterator() }
}
