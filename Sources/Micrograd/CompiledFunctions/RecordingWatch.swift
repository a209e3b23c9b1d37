import CMicrograd

/// Notes which numbers of a tape are compared, read or set while a function is recorded. They decide whether the recording
/// is valid for other numbers.
///
/// Nodes are named by their indices, so a watch is valid as long as the scope in which they were recorded.
package final class RecordingWatch {
  private let pointer: UnsafeMutablePointer<mg_watch>

  /// Creates an empty watch.
  package init() {
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: mg_watch_make())
  }

  deinit {
    mg_watch_free_lists(pointer)
    pointer.deallocate()
  }

  /// Runs `body` and notes what it does with numbers of a tape. Another watch of that tape is suspended meanwhile.
  package func watch<Result, Failure: Error>(
    _ tape: Tape, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let other = tape.pointer.pointee.watch
    mg_tape_set_watch(tape.pointer, pointer)
    defer { mg_tape_set_watch(tape.pointer, other) }
    return try body()
  }

  /// The comparisons, in order, except those of `select`.
  package var comparisons: [mg_comparison] {
    Array(UnsafeBufferPointer(start: pointer.pointee.comparisons, count: Int(pointer.pointee.comparison_count)))
  }

  /// The nodes whose numbers were read, in order, once for each read.
  package var reads: [mg_node] {
    Array(UnsafeBufferPointer(start: pointer.pointee.reads, count: Int(pointer.pointee.read_count)))
  }

  /// True if Values were compared or their numbers read.
  package var hasLooked: Bool { pointer.pointee.comparison_count > 0 || pointer.pointee.read_count > 0 }

  /// True if recording was paused, as in `withoutGradients`.
  package var paused: Bool { pointer.pointee.paused }
  /// True if derivatives were computed as plain numbers, or gradients were read.
  package var swept: Bool { pointer.pointee.swept }
  /// True if data or gradients were set.
  package var written: Bool { pointer.pointee.written }
  /// True if random numbers were drawn.
  package var drawn: Bool { pointer.pointee.drawn }
  /// True if a scope has ended in which a node of ``comparisons`` or ``reads`` was recorded. That node no longer exists.
  package var reclaimed: Bool { pointer.pointee.reclaimed }
  /// True if something could not be noted for lack of memory.
  package var outOfMemory: Bool { pointer.pointee.out_of_memory }
}

/// Tells the current tape's watch, if there is one, that random numbers are drawn. Compiled, they would be the same in
/// every call.
package func noteRandomDraw() { currentTape().pointee.watch?.pointee.drawn = true }
