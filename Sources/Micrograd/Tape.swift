import CMicrograd

/// Where Values are recorded, in the order in which they are computed.
///
/// Every thread has a tape of its own, which is ``current`` unless another is in ``use(_:)``, so that a small program need
/// not mention tapes at all. Long-running programs record inside ``scope(_:)-swift.type.method``, whose nodes are
/// reclaimed at its end:
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
/// A tape belongs to one thread at a time. A thread is inside while it runs the closure of ``use(_:)`` or of a scope, and for
/// good inside its own tape. Another thread that enters the tape, records even one node on it or sweeps it stops the program
/// with a message that says so, in release builds too.
public final class Tape {
  @usableFromInline internal let pointer: UnsafeMutablePointer<mg_tape>

  /// A new, empty tape. Values made inside ``use(_:)`` live on it; it lives as long as this object and the modules whose
  /// parameters are on it.
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

  /// Runs `body` on the current tape and forgets, at its end, all nodes that it recorded.
  ///
  /// Values of the scope are of no use after it; take their numbers out as `Double`. Parameters, gradients of leaves from
  /// outside and everything else that is older stays. Scopes nest. The memory is kept for the next scope.
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

  /// Forgets all recorded nodes and makes their Values stale. Parameters stay.
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

  /// Computes all recorded nodes anew, in order, after the data of leaves or parameters were set.
  ///
  /// Sweeps do so by themselves for what they need. This costs less than recording again, and finite differences need nothing else. What was decided while recording
  /// stays decided: the branches that Swift code took, and the data that it read as `Double`.
  public func recompute() {
    requireOpen(pointer)
    if mg_tape_forward(pointer, 0) != .ok { trapBusy() }
  }

  /// Makes room for `count` more nodes at once, so that recording them does not stop to grow the buffers.
  ///
  /// - Precondition: `count` is not negative, and the tape holds at most 2²⁸ nodes with them.
  public func reserve(_ count: Int) {
    let limit = Int(MG_NODE_LIMIT)
    require(
      count >= 0 && count <= limit - nodeCount,
      "reserve(\(count)): a tape holds 0 to \(limit) nodes (2^28), and \(nodeCount) are recorded: reserve fewer")
    if mg_tape_reserve(pointer, Int64(count)) != .ok, !mg_tape_is_paused(pointer) { trapFull(pointer) }
  }

  /// How many nodes are recorded.
  public var nodeCount: Int { Int(pointer.pointee.count) }

  /// How many parameters are alive.
  public var parameterCount: Int { Int(mg_tape_parameter_count(pointer)) }

  /// Bytes in use by recorded nodes: 24 a node, or 16 in a ``Matrix``; 8 more a constant, 4 more an operand in a list.
  public var usedBytes: Int { Int(mg_tape_used_bytes(pointer)) }
}

extension Tape: Equatable {
  /// Whether both are the same tape.
  public static func == (a: Tape, b: Tape) -> Bool { a.pointer == b.pointer }
}

extension Value {
  /// The tape on which this Value was recorded; `nil` for a constant.
  public var tape: Tape? { pointer.map(Tape.init) }
}

/// Runs `body` without recording: everything computed on the current tape in it is a constant.
///
/// For evaluating a model, or computing a metric, at no cost in memory.
public func withoutGradients<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let tape = currentTape()
  mg_tape_pause(tape)
  defer { mg_tape_resume(tape) }
  return try body()
}
