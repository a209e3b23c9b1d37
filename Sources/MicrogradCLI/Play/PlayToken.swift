import Foundation

/// The secret in the address of the playground. It is the same every time, so that an open page finds a server that was
/// started again.
struct PlayToken {
  let text: String
  /// Why it lasts for this run only.
  var note: String?

  /// Reads the token of this user, or makes one.
  ///
  /// It is in `micrograd/play-token` in `$XDG_STATE_HOME`, or in `~/.local/state`, and only the user can read it.
  static func ofUser() throws -> PlayToken {
    let environment = ProcessInfo.processInfo.environment
    let home = FileManager.default.homeDirectoryForCurrentUser
    let state =
      environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil }
      ?? home.appendingPathComponent(".local/state")
    let folder = state.appendingPathComponent("micrograd")
    let file = folder.appendingPathComponent("play-token")
    if let text = try? String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines),
      isValid(text)
    {
      return PlayToken(text: text)
    }
    let text = random()
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      guard
        FileManager.default.createFile(
          atPath: file.path, contents: Data((text + "\n").utf8), attributes: [.posixPermissions: 0o600])
      else { throw CocoaError(.fileWriteUnknown) }
      return PlayToken(text: text)
    } catch {
      let note = "cannot write \(file.path): after a restart, open the address that is printed then"
      return PlayToken(text: text, note: note)
    }
  }

  static func isValid(_ text: String) -> Bool {
    text.utf8.count == 32 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  /// 128 bits of the system's random numbers.
  static func random() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<16).map { _ in
      let byte = UInt8.random(in: 0...255, using: &generator)
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
