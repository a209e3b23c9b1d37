import Foundation

/// The user's browser.
enum Browser {
  /// Opens an address where there is a desktop. Elsewhere, the user opens the printed address.
  static func open(_ address: String) {
    #if os(macOS)
      let program = "/usr/bin/open"
    #else
      let environment = ProcessInfo.processInfo.environment
      guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else { return }
      let folders = (environment["PATH"] ?? "").split(separator: ":")
      guard
        let program = folders.map({ "\($0)/xdg-open" }).first(where: FileManager.default.isExecutableFile(atPath:))
      else { return }
    #endif
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [address]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      Console.printError("note: cannot start \(program): open the address in a browser")
    }
  }
}
