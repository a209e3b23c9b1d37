import Dispatch
import Foundation

/// Whether Ctrl-C was pressed. The second time it does what it did before.
internal final class Interrupt {
  private let source: any DispatchSourceSignal
  private let pending = Flag()
  private let previous: PreviousHandler

  init() {
    previous = PreviousHandler()
    let (pending, previous) = (pending, previous)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: DispatchQueue(label: "micrograd.interrupt"))
    source.setEventHandler {
      pending.raise()
      previous.restore()
    }
    source.resume()
  }

  var isPending: Bool { pending.isRaised }

  /// Ctrl-C does again what it did before.
  func end() {
    source.cancel()
    previous.restore()
  }

  private final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var raised = false
    var isRaised: Bool { lock.withLock { raised } }
    func raise() { lock.withLock { raised = true } }
  }

  /// What the signal did before, while it is ignored: a dispatch source sees signals that are.
  private final class PreviousHandler: @unchecked Sendable {
    private let lock = NSLock()
    private var action: sigaction?

    init() {
      var (ignoring, old) = (sigaction(), sigaction())
      #if canImport(Darwin)
        ignoring.__sigaction_u.__sa_handler = SIG_IGN
      #else
        ignoring.__sigaction_handler.sa_handler = SIG_IGN
      #endif
      if sigaction(SIGINT, &ignoring, &old) == 0 { action = old }
    }

    func restore() {
      lock.withLock {
        guard var old = action else { return }
        sigaction(SIGINT, &old, nil)
        action = nil
      }
    }
  }
}
