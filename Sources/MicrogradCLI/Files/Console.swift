import Foundation

/// The two streams that people and other programs read, written at once: the library writes its progress to the first of
/// them too, and lines that wait in a buffer would come too late.
enum Console {
  static func print(_ text: String) { write(text + "\n", to: .standardOutput) }
  static func printError(_ text: String) { write(text + "\n", to: .standardError) }

  /// A closed pipe is nobody's loss but its reader's.
  static func write(_ text: String, to stream: FileHandle) { try? stream.write(contentsOf: Data(text.utf8)) }
}

/// What the system says of an operation on a file that failed.
func systemReason(_ error: any Error) -> String {
  let underlying = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError }
  guard let underlying, underlying.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
  return String(cString: strerror(Int32(underlying.code)))
}
