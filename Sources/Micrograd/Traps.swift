import CMicrograd

// Broken contracts stop the program, in release builds too, with a message that says what to do. They are functions
// out of line, so that the checks beside every operand stay small.

/// A precondition whose message is printed in release builds as well.
@inlinable @inline(__always)
package func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { trap(message()) }
}

@inline(never) @usableFromInline
package func trap(_ message: String) -> Never { fatalError(message) }

@inline(never) @usableFromInline
internal func trapStale(_ tape: UnsafeMutablePointer<mg_tape>, _ handle: UInt64) -> Never {
  fatalError(
    mg_handle_node(handle) < 0
      ? """
      stale Value: the parameter's module has been released, or its tape. Keep the module (or the Parameters) in a \
      variable for as long as its parameters are used.
      """
      : """
      stale Value: the scope in which it was recorded has ended, or its tape was reset or released. Take what you \
      need out of a scope as numbers (data, grad), or make the Value outside of it.
      """)
}

@inline(never) @usableFromInline
internal func trapMixed() -> Never {
  if mg_thread_is_in_rule() { trapInRule() }
  fatalError(
    """
    Values of two tapes in one operation. Make them on one tape: call Value(…) and the model inside tape.use { … } of \
    the tape on which the model was made, or pass a plain number with .data or .detached.
    """)
}

/// Where a node could not be appended, or a block of `count` and its cap.
@inline(never) @usableFromInline
internal func trapFull(_ tape: UnsafeMutablePointer<mg_tape>, adding count: Int = 1) -> Never {
  requireOpen(tape)
  let status = mg_tape_reserve(tape, Int64(count) + 1)
  if status == .busy || mg_thread_was_refused() { trapBusy() }
  fatalError(
    status == .tooManyNodes
      ? """
      the tape is full: it holds 2^28 nodes. Record in Tape.scope { … }, which reclaims its nodes, or call \
      Tape.current.reset().
      """
      : """
      out of memory: the tape cannot grow beyond \(tape.pointee.count) nodes. Record in Tape.scope { … }, which \
      reclaims its nodes.
      """)
}

@inline(never) @usableFromInline
internal func trapNoTape() -> Never { fatalError("out of memory: no tape can be made for this thread") }

@inline(never) @usableFromInline
internal func trapSettingConstant(_ what: String) -> Never {
  fatalError("a constant has no \(what) to set: make a leaf with Value(…) instead")
}

@inline(never) @usableFromInline
internal func trapBackwardOfConstant() -> Never {
  fatalError(
    """
    backward() of a constant: nothing was recorded that leads to it. Compute it from Value(…) or parameters, outside \
    of withoutGradients.
    """)
}

internal func trapBusy() -> Never {
  fatalError(
    """
    two threads inside one tape: another thread is inside this tape, or it is that thread's own default tape. Give \
    each thread a Tape() of its own, or let an actor own the tape and enter it only inside its methods; a Value that \
    is kept across an await may wake up on another thread.
    """)
}

/// Stops the program if another thread is inside a tape, or a rule runs on its behalf.
@usableFromInline
internal func requireOpen(_ tape: UnsafeMutablePointer<mg_tape>) {
  if mg_tape_is_busy(tape) { trapBusy() }
  if mg_tape_is_in_rule(tape) { trapInRule() }
}

@inline(never) @usableFromInline
internal func trapInRule() -> Never {
  fatalError(
    """
    a rule of a custom operation uses the tape of the function that called the operation: a Value, parameter or sweep \
    of it. A rule runs on a tape of its own, and its inputs are all that it may depend on. Make what it needs an input \
    of the operation; take a number from outside with .data or .detached; or do this before or after the sweep.
    """)
}

internal func trapLostDependence() -> Never {
  fatalError(
    """
    a derivative at plain numbers, inside of a function that is itself differentiated, uses a Value of that function: \
    its dependence on it would be lost. Give the point as Values, as in gradient(at: Value(1)) { … }, and the derivative \
    is a Value too; or use the outer Value as x.detached where it is meant as a constant.
    """)
}
