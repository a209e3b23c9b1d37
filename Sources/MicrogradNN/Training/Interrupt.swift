import CMicrograd

/// Watches for Ctrl-C (SIGINT). While it watches, the first Ctrl-C is noted; the second does what it did before.
internal final class Interrupt {
  private let count = mg_interrupt_count()
  private var hasEnded = false

  /// Starts to watch.
  internal init() { mg_interrupt_watch() }
  deinit { end() }

  /// True if Ctrl-C was pressed since this was made.
  internal var isPending: Bool { mg_interrupt_count() > count }

  /// Stops watching: Ctrl-C does again what it did before.
  internal func end() {
    if hasEnded { return }
    hasEnded = true
    mg_interrupt_unwatch()
  }
}
