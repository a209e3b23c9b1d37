import Foundation
import XCTest

/// This same test program, run for one test with a word in its environment that tells it what to do there.
enum ChildProcess {
  /// Starts a test of this target: `"ClassName/testName"`.
  static func start(
    _ test: String, _ variable: String, _ value: String, errors: Any = FileHandle.nullDevice
  ) throws -> Process {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    #if os(macOS)
      child.arguments = ["-XCTest", "MicrogradNNTests.\(test)", Bundle(for: SystemFileTests.self).bundlePath]
    #else
      child.arguments = ["MicrogradNNTests.\(test)"]
    #endif
    child.environment = ProcessInfo.processInfo.environment.merging(
      [variable: value, "SWIFT_BACKTRACE": "enable=no", "ASAN_OPTIONS": "detect_leaks=0"], uniquingKeysWith: { $1 })
    child.standardOutput = FileHandle.nullDevice
    child.standardError = errors
    try child.run()
    return child
  }

  /// Runs a test that stops the program; returns what it says on standard error, nil if it ends by itself.
  static func messageOfStop(_ test: String, _ variable: String, _ value: String) throws -> String? {
    let errors = Pipe()
    let child = try start(test, variable, value, errors: errors)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    child.waitUntilExit()
    return child.terminationReason == .uncaughtSignal ? said : nil
  }
}
