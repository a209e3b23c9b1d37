import ArgumentParser
import FlyingFox
import FlyingSocks
import Foundation
import MicrogradPlayground

/// The server of the playground's page, for this machine only.
struct PlayServer {
  let token: String

  /// The ports that are tried if none is given.
  static let ports: ClosedRange<UInt16> = 8642...8661

  /// Serves until Ctrl-C or SIGTERM.
  ///
  /// - Parameter onListening: Called with the address once connections are accepted.
  func run(port: UInt16?, onListening: @escaping @Sendable (String) throws -> Void) throws {
    let token = token
    try Waiting.forTask {
      for candidate in port.map({ $0...$0 }) ?? Self.ports {
        do {
          return try await Self.serve(candidate, token, onListening)
        } catch SocketError.failed(_, let code, let message) where code == EADDRINUSE || code == EACCES {
          guard port != nil || code == EACCES else { continue }
          throw ExitMessage("cannot listen on port \(candidate) (\(message)): give another with --port, or none")
        }
      }
      throw ExitMessage(
        "the ports \(Self.ports.lowerBound) to \(Self.ports.upperBound) are in use: give one with --port")
    }
  }

  private static func serve(
    _ port: UInt16, _ token: String, _ onListening: @escaping @Sendable (String) throws -> Void
  ) async throws {
    let handler = PlayHandler(token: token)
    let address = try sockaddr_in.inet(ip4: "127.0.0.1", port: port)
    let server = HTTPServer(address: address, timeout: 15, logger: .disabled, handler: handler)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      group.addTask {
        try await server.waitUntilListening()
        guard case .ip4(_, let port)? = await server.listeningAddress else { return }
        handler.setPort(port)
        try onListening("http://127.0.0.1:\(port)/?token=\(token)")
        // The server's task ends the group.
        try await Task.sleep(for: .seconds(60 * 60 * 24 * 365))
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}

/// Runs asynchronous work from a synchronous command.
enum Waiting {
  static func forTask(_ work: @escaping @Sendable () async throws -> Void) throws {
    let done = DispatchSemaphore(value: 0)
    let outcome = Outcome()
    Task.detached {
      do { try await work() } catch { outcome.set(error) }
      done.signal()
    }
    done.wait()
    if let error = outcome.error { throw error }
  }

  private final class Outcome: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: (any Error)?

    func set(_ error: any Error) { lock.withLock { stored = error } }
    var error: (any Error)? { lock.withLock { stored } }
  }
}
