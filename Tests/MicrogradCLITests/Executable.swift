import Foundation
import XCTest

/// The executable as a person calls it.
enum Executable {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  private final class ThisBundle {}

  static func run(_ arguments: [String]) throws -> Result {
    let process = make(arguments)
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errorText = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Result(status: process.terminationStatus, output: text, errors: errorText)
  }

  static func make(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = builtProducts.appendingPathComponent("micrograd")
    process.arguments = arguments
    return process
  }

  /// Where the package manager put the executable: beside the tests.
  private static var builtProducts: URL {
    #if os(macOS)
      return Bundle(for: ThisBundle.self).bundleURL.deletingLastPathComponent()
    #else
      return URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    #endif
  }
}
