import Foundation
import TestSupport
import XCTest

/// The command `micrograd play`, as a person starts it.
final class PlayServerProcess {
  private final class ThisBundle {}

  /// The address that it prints, with its token.
  let address: String
  /// The port in the address.
  let port: Int
  /// The command.
  let executable = builtProducts(of: ThisBundle.self).appendingPathComponent("micrograd")
  private let process: Process

  /// Starts the command.
  ///
  /// - Parameters:
  ///   - port: 0 for any that is free.
  ///   - state: The folder with the token.
  init(port: Int = 0, state: URL) throws {
    process = Process()
    process.executableURL = executable
    process.arguments = ["play", "--no-open", "--port", "\(port)"]
    process.environment = ProcessInfo.processInfo.environment.merging(["XDG_STATE_HOME": state.path]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice  // else the test runner waits for it, should a test crash
    try process.run()
    let line = try firstLine(of: output, holding: "http://")
    address = line.drop { $0 != "h" }.description
    self.port = try XCTUnwrap(URLComponents(string: address)?.port)
  }

  var isRunning: Bool { process.isRunning }

  /// Kills it, as a crash would.
  func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  deinit { kill() }
}
