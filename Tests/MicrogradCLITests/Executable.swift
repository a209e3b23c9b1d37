import Foundation
import TestSupport
import XCTest

/// The executable as a person calls it.
enum Executable {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  private final class ThisBundle {}

  static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
    try result(of: make(arguments, environment: environment))
  }

  /// Runs a script of bash, in which `$micrograd` is the executable.
  static func run(script: String, environment: [String: String] = [:]) throws -> Result {
    let process = make(["-c", script], environment: environment.merging(["micrograd": path]) { $1 })
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    return try result(of: process)
  }

  private static func result(of process: Process) throws -> Result {
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errorText = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Result(status: process.terminationStatus, output: text, errors: errorText)
  }

  static func make(_ arguments: [String], environment: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    return process
  }

  static var path: String { builtProducts(of: ThisBundle.self).appendingPathComponent("micrograd").path }
}
