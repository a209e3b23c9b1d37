import Foundation

/// The two streams that people and other programs read, written at once: the library writes its progress to the first of
/// them too, and lines that wait in a buffer would come too late.
enum Console {
  /// Writes a line to standard output; throws as ``write(_:)`` does.
  static func print(_ text: String) throws(OutputFailure) { try write(text + "\n") }

  /// Writes to standard output.
  ///
  /// Where a pipe has no reader left, the system ends the program without a word (SIGPIPE), unless whoever started it
  /// ignores that signal.
  ///
  /// - Throws: `OutputFailure` if the system takes only a part: the disk is full, or the pipe has no reader.
  static func write(_ text: String) throws(OutputFailure) { try write(Array(text.utf8)) }

  static func write(_ bytes: [UInt8]) throws(OutputFailure) {
    if let code = send(bytes, to: STDOUT_FILENO) { throw OutputFailure(code: code) }
  }

  /// Writes a line to standard error. If that fails, nobody is left to be told.
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

/// The progress messages of a command. A failure to write is kept until ``end()``, so that a run is not lost because its
/// reader has gone.
final class Talk {
  private let isQuiet: Bool
  private var failure: OutputFailure?
  /// What SIGPIPE did before.
  private let previous: (@convention(c) (Int32) -> Void)?

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    previous = signal(SIGPIPE, SIG_IGN)
  }

  func say(_ text: String) {
    if isQuiet || failure != nil { return }
    do {
      try Console.print(text)
    } catch {
      failure = error
    }
  }

  /// Puts the signal back and reports what failed: by the signal itself, which ends the program without a word, if the
  /// reader of a pipe has gone.
  func end() throws(OutputFailure) {
    signal(SIGPIPE, previous)
    guard let failure else { return }
    if failure.code == EPIPE { raise(SIGPIPE) }
    throw failure
  }
}

/// What the system says of an operation on a file that failed.
func systemReason(_ error: any Error) -> String {
  let underlying = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError }
  guard let underlying, underlying.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
  return String(cString: strerror(Int32(underlying.code)))
}
