import Foundation
import Micrograd

/// Watches for a request to stop: Ctrl-C (SIGINT), `kill` (SIGTERM) or a closed terminal (SIGHUP). The first signal is
/// noted; the second does what it did before.
internal final class StopRequest {
  private let interrupt = Interrupt()
  private let watched = Signals.shared.watch()
  private var hasEnded = false

  deinit { end() }

  /// The signal received; nil if none.
  var signal: Int32? {
    if interrupt.isPending { return SIGINT }
    return Signals.shared.received(since: watched)
  }

  /// Stops watching: the signals do again what they did before.
  func end() {
    if hasEnded { return }
    hasEnded = true
    interrupt.end()
    Signals.shared.unwatch()
  }
}

/// Records SIGTERM and SIGHUP.
///
/// A signal handler may call only few functions. This one writes the signal's number to a pipe, which is read later.
private final class Signals: @unchecked Sendable {
  static let shared = Signals()

  private let lock = NSLock()
  private var watches = 0
  /// All signals received since the program started.
  private var received: [Int32] = []
  /// The signals whose handler is the one below.
  private var installed: [Int32] = []
  private let reader: Int32
  private let writer: Int32

  private init() {
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) == 0 {
      // Neither end blocks, and child processes do not inherit them.
      for end in ends { _ = (fcntl(end, F_SETFL, O_NONBLOCK), fcntl(end, F_SETFD, FD_CLOEXEC)) }
    }
    (reader, writer) = (ends[0], ends[1])
  }

  /// Starts to watch. Returns the number of signals received so far.
  func watch() -> Int {
    lock.withLock {
      drain()
      watches += 1
      // Without a pipe, signals keep their default action.
      if watches == 1, writer >= 0 { installed = [SIGTERM, SIGHUP].filter(install) }
      return received.count
    }
  }

  func unwatch() {
    lock.withLock {
      watches -= 1
      guard watches == 0 else { return }
      for number in installed where Self.handler(of: number) == Self.address(of: Self.handle) {
        _ = signal(number, SIG_DFL)
      }
      installed = []
    }
  }

  func received(since count: Int) -> Int32? {
    lock.withLock {
      drain()
      return received.dropFirst(count).first
    }
  }

  private func drain() {
    var number: UInt8 = 0
    while read(reader, &number, 1) == 1 { received.append(Int32(number)) }
  }

  /// Returns false if the signal does not have its default action: a program under nohup ignores SIGHUP, and a program's
  /// own handler is kept.
  private func install(_ number: Int32) -> Bool {
    guard Self.handler(of: number) == Self.address(of: SIG_DFL) else { return false }
    _ = signal(number, Self.handle)
    return true
  }

  private typealias Handler = @convention(c) (Int32) -> Void

  private static let handle: Handler = { number in
    let code = errno
    // The second signal ends the program.
    _ = signal(number, SIG_DFL)
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(Signals.shared.writer, &byte, 1)
    errno = code
  }

  private static func handler(of number: Int32) -> Int {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return -1 }
    #if canImport(Darwin)
      return address(of: action.__sigaction_u.__sa_handler)
    #else
      return address(of: action.__sigaction_handler.sa_handler)
    #endif
  }

  private static func address(of handler: Handler?) -> Int { unsafeBitCast(handler, to: Int.self) }
}
