import Foundation

/// Standard output and standard error, unbuffered: the library writes its progress to standard output too, and buffered
/// lines would come too late.
enum Console {
  /// Writes a line to standard output. Throws as ``write(_:)`` does.
  static func print(_ text: String) throws(OutputFailure) { try write(text + "\n") }

  /// Writes to standard output.
  ///
  /// If a pipe has no reader, the system ends the program silently (SIGPIPE), unless the parent process ignores that
  /// signal.
  ///
  /// - Throws: `OutputFailure` if only a part is written: the disk is full, or the pipe has no reader.
  static func write(_ text: String) throws(OutputFailure) { try write(Array(text.utf8)) }

  static func write(_ bytes: [UInt8]) throws(OutputFailure) {
    if let code = send(bytes, to: STDOUT_FILENO) { throw OutputFailure(code: code) }
  }

  /// Writes a line to standard error. Ignores a failure, which could not be reported.
  static func printError(_ text: String) { _ = send(Array((text + "\n").utf8), to: STDERR_FILENO) }

  /// Returns the system's code of an error, or nil.
  private static func send(_ bytes: [UInt8], to file: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return errno }
    }
    return nil
  }
}

/// Standard output could not be written: exit status 1.
struct OutputFailure: Error, Equatable, CustomStringConvertible {
  let code: Int32

  var description: String {
    "cannot write to standard output (\(String(cString: strerror(code)))): the output is incomplete."
  }
}

/// Writes the progress messages of a command. A failure is kept until the command ends, so that a run is not lost because its
/// reader exited.
final class Talk {
  private let isQuiet: Bool
  private var failure: OutputFailure?

  private init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    IgnoredPipes.begin()
  }

  /// Lets a command talk, and ends the talk when the command ends, or throws.
  static func during(isQuiet: Bool, _ command: (Talk) throws -> Void) throws {
    let talk = Talk(isQuiet: isQuiet)
    do {
      try command(talk)
    } catch {
      try talk.end()
      throw error
    }
    try talk.end()
  }

  func say(_ text: String) {
    if isQuiet || failure != nil { return }
    do {
      try Console.print(text)
    } catch {
      failure = error
    }
  }

  /// Restores the signal and reports a failure. If the reader of a pipe has exited, raises SIGPIPE, which ends the program
  /// silently.
  private func end() throws(OutputFailure) {
    IgnoredPipes.end()
    guard let failure else { return }
    if failure.code == EPIPE { raise(SIGPIPE) }
    throw failure
  }
}

/// SIGPIPE is ignored while at least one command talks. Ranks may be threads of one process, and talk at the same time.
private enum IgnoredPipes {
  private struct State {
    var count = 0
    /// The action before the first command.
    var previous: (@convention(c) (Int32) -> Void)?
  }

  private static let lock = NSLock()
  nonisolated(unsafe) private static var state = State()

  static func begin() {
    lock.withLock {
      if state.count == 0 { state.previous = signal(SIGPIPE, SIG_IGN) }
      state.count += 1
    }
  }

  static func end() {
    lock.withLock {
      state.count -= 1
      if state.count == 0 { signal(SIGPIPE, state.previous) }
    }
  }
}

/// Returns the system's reason for a failed file operation.
func systemReason(_ error: any Error) -> String {
  let underlying = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError }
  guard let underlying, underlying.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
  return String(cString: strerror(Int32(underlying.code)))
}
