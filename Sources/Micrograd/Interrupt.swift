import CMicrograd

/// Whether Ctrl-C was pressed since this was made. The second time it does what it did before.
package final class Interrupt {
  private let count = mg_interrupt_count()
  private var hasEnded = false

  package init() { mg_interrupt_watch() }
  deinit { end() }

  package var isPending: Bool { mg_interrupt_count() > count }

  /// Ctrl-C does again what it did before.
  package func end() {
    if hasEnded { return }
    hasEnded = true
    mg_interrupt_unwatch()
  }
}
