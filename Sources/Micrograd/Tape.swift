import CMicrograd

/// A tape: records Values in the order in which they are computed.
///
/// Every thread has its own tape, which is ``current`` unless another is in ``use(_:)``, so small programs need not mention
/// tapes. In long-running programs, record inside ``scope(_:)-swift.type.method``, which reclaims its nodes at the end:
///
/// ```swift
/// for step in 0..<100_000 {
///   Tape.scope {
///     let loss = …
///     model.zeroGradients()
///     loss.backward()
///     optimizer.step()
///   }
/// }  // constant memory
/// ```
///
/// A node takes 24 bytes. A tape grows as needed, to 2²⁸ nodes, and keeps its memory for reuse until it is released.
///
/// A tape belongs to one thread at a time. A thread is inside a tape while it runs the closure of ``use(_:)`` or of a
/// scope; it is always inside its own tape. If another thread enters the tape, records on it or sweeps it, the program
/// traps with a message, in release builds too.
public final class Tape {
  @usableFromInline internal let pointer: UnsafeMutablePointer<mg_tape>

  /// Creates an empty tape. Values made inside ``use(_:)`` are recorded on it. It lives as long as this object and the
  /// modules whose parameters are on it.
  public init() {
    guard let pointer = mg_tape_create(nil) else { trapNoTape() }
    self.pointer = pointer
  }

  package init(_ pointer: UnsafeMutablePointer<mg_tape>) {
    mg_tape_retain(pointer)
    self.pointer = pointer
  }

  deinit { mg_tape_release(pointer) }

  /// The tape on which this thread records: the one in ``use(_:)``, else the thread's own.
  public static var current: Tape { Tape(currentTape()) }

  /// Makes this tape the current one while `body` runs, on the calling thread.
  ///
  /// The body is synchronous, so no `await` can carry a half-made recording to another thread. May be nested.
  public func use<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    var previous: UnsafeMutablePointer<mg_tape>?
    if mg_tape_enter(pointer, &previous) != .ok {
      requireOpen(pointer)
      trapBusy()
    }
    defer { mg_tape_leave(pointer, previous) }
    return try body()
  }

  /// Runs `body` on the current tape and reclaims the nodes that it recorded.
  ///
  /// Values of the scope are invalid afterwards; return their numbers as `Double`. Parameters, gradients of outer leaves
  /// and all older nodes are kept. Scopes nest. The memory is kept for the next scope.
  @inlinable
  public static func scope<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let tape = currentTape()
    if mg_tape_begin_scope(tape) != .ok { trapFull(tape) }
    defer { mg_tape_end_scope(tape) }
    return try body()
  }

  /// Makes this tape current and runs `body` in a scope of it.
  public func scope<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    try use { () throws(Failure) -> Result in try Tape.scope(body) }
  }

  /// Removes all recorded nodes. Their Values become stale. Parameters stay.
  ///
  /// - Precondition: No scope is open.
  public func reset() {
    requireOpen(pointer)
    require(mg_tape_scope_depth(pointer) == 0, "reset() inside a scope: its nodes are reclaimed at its end")
    mg_tape_reset(pointer)
  }

  /// Sets the gradients of all nodes and parameters to zero.
  public func zeroGradients() {
    requireOpen(pointer)
    mg_tape_zero_gradients(pointer)
  }

  /// Recomputes all recorded nodes in order, after the data of leaves or parameters were set.
  ///
  /// Sweeps recompute what they need by themselves. Recomputing costs less than recording again, and is all that finite
  /// differences need. Decisions made while recording do not change: branches of Swift code, and data read as `Double`.
  public func recompute() {
    requireOpen(pointer)
    if mg_tape_forward(pointer, 0) != .ok { trapBusy() }
  }

  /// Reserves memory for `count` more nodes, so that the buffers do not grow while recording.
  ///
  /// - Precondition: `count` is not negative, and the tape holds at most 2²⁸ nodes with them.
  public func reserve(_ count: Int) {
    let limit = Int(MG_NODE_LIMIT)
    require(
      count >= 0 && count <= limit - nodeCount,
      "reserve(\(count)): a tape holds 0 to \(limit) nodes (2^28), and \(nodeCount) are recorded: reserve fewer")
    if mg_tape_reserve(pointer, Int64(count)) != .ok, !mg_tape_is_paused(pointer) { trapFull(pointer) }
  }

  /// The number of recorded nodes.
  public var nodeCount: Int { Int(pointer.pointee.count) }

  /// The number of live parameters.
  public var parameterCount: Int { Int(mg_tape_parameter_count(pointer)) }

  /// The size of the recorded nodes in bytes: 24 per node, or 16 in a ``Matrix``; 8 more per constant, 4 more per operand
  /// in a list.
  public var usedBytes: Int { Int(mg_tape_used_bytes(pointer)) }
}

extension Tape: Equatable {
  /// Returns true if both are the same tape.
  public static func == (a: Tape, b: Tape) -> Bool { a.pointer == b.pointer }
}

extension Value {
  /// The tape on which this Value was recorded; `nil` for a constant.
  public var tape: Tape? { pointer.map(Tape.init) }
}

/// Runs `body` without recording: Values computed on the current tape in it are constants. PyTorch's `no_grad`.
///
/// Use it to evaluate a model or compute a metric without memory for nodes.
public func withoutGradients<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let tape = currentTape()
  mg_tape_pause(tape)
  defer { mg_tape_resume(tape) }
  return try body()
}
