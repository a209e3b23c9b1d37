import Foundation

/// Converts an SVG picture to PNG by a program that is installed.
enum PNGConverter {
  private static let programs: [(name: String, arguments: @Sendable (String, String) -> [String])] = [
    ("rsvg-convert", { ["--zoom", "2", "--output", $1, $0] }),
    ("inkscape", { ["--export-type=png", "--export-filename=\($1)", $0] }),
    ("magick", { [$0, $1] }),
    ("convert", { [$0, $1] }),
  ]

  /// Converts a file. Returns a message that says which program did it, or why there is no PNG.
  static func message(_ svg: String, _ png: String, _ what: String) -> String {
    for (name, arguments) in programs {
      guard let path = path(of: name) else { continue }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = arguments(absolute(svg), absolute(png))
      (process.standardInput, process.standardOutput, process.standardError) = (
        FileHandle.nullDevice, FileHandle.nullDevice, FileHandle.nullDevice
      )
      do {
        try process.run()
      } catch {
        return "\(what): no PNG, because \(name) could not be started (\(systemReason(error)))"
      }
      process.waitUntilExit()
      let isDone = process.terminationReason == .exit && process.terminationStatus == 0
      return isDone && FileManager.default.fileExists(atPath: png)
        ? "\(what): \(png), by \(name)"
        : "\(what): no PNG, because \(name) failed with status \(process.terminationStatus)"
    }
    return "\(what): no PNG, because neither rsvg-convert, Inkscape nor ImageMagick is installed"
  }

  /// A path that no program reads as an option.
  private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).path }

  private static func path(of program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
