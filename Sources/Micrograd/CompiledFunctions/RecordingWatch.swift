import CMicrograd

/// Where a program looked at numbers while it was recorded: what must be known before the recording can be taken for that
/// of other numbers.
///
/// Nodes are named by their indices, so a watch is of use as long as the scope is open in which they were recorded.
package final class RecordingWatch {
  private let pointer: UnsafeMutablePointer<mg_watch>

  /// A watch that has noted nothing.
  package init() {
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: mg_watch_make())
  }

  deinit {
    mg_watch_free_lists(pointer)
    pointer.deallocate()
  }

  /// Runs `body` and notes what it does with numbers of a tape. Another watch of that tape is not told meanwhile.
  package func watch<Result, Failure: Error>(
    _ tape: Tape, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let other = tape.pointer.pointee.watch
    mg_tape_set_watch(tape.pointer, pointer)
    defer { mg_tape_set_watch(tape.pointer, other) }
    return try body()
  }

  /// Comparisons that were made, in order. Those of `select` are none.
  package var comparisons: [mg_comparison] {
    Array(UnsafeBufferPointer(start: pointer.pointee.comparisons, count: Int(pointer.pointee.comparison_count)))
  }

  /// Nodes whose number was read, in order and as often as that was done.
  package var reads: [mg_node] {
    Array(UnsafeBufferPointer(start: pointer.pointee.reads, count: Int(pointer.pointee.read_count)))
  }

  /// True if Values were compared or their numbers read.
  package var hasLooked: Bool { pointer.pointee.comparison_count > 0 || pointer.pointee.read_count > 0 }

  /// Whether recording was paused, as in `withoutGradients`.
  package var paused: Bool { pointer.pointee.paused }
  /// Whether derivatives were computed as plain numbers, or gradients read.
  package var swept: Bool { pointer.pointee.swept }
  /// Whether data or gradients were set.
  package var written: Bool { pointer.pointee.written }
  /// Whether numbers were drawn at random.
  package var drawn: Bool { pointer.pointee.drawn }
  /// Whether a scope has ended that had recorded a node in ``comparisons`` or ``reads``, which is no such node any more.
  package var reclaimed: Bool { pointer.pointee.reclaimed }
  /// Whether something could not be noted.
  package var outOfMemory: Bool { pointer.pointee.out_of_memory }
}

/// Tells the current tape's watch, where there is one, that numbers are drawn at random: they would be the same again
/// whenever the recording is used.
package func noteRandomDraw() { currentTape().pointee.watch?.pointee.drawn = true }
