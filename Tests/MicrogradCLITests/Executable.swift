import Foundation
import TestSupport
import XCTest

/// The executable as a person calls it.
enum Executable {
  typealias Result = FinishedProcess

  private final class ThisBundle {}

  static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
    try Result(running: make(arguments, environment: environment))
  }

  /// Runs a script of bash, in which `$micrograd` is the executable.
  static func run(script: String, environment: [String: String] = [:]) throws -> Result {
    let process = make(["-c", script], environment: environment.merging(["micrograd": path]) { $1 })
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    return try Result(running: process)
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
