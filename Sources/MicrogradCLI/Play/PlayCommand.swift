import ArgumentParser
import Foundation
import Micrograd

/// `micrograd play`: the playground in the browser.
struct PlayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play",
    abstract: "Open the playground in the browser: expressions, networks and fits, on the real engine.",
    discussion: """
      The page is served on 127.0.0.1 until Ctrl-C. Programs of this machine that know the address with its token can \
      connect, and nothing from elsewhere. Nothing is sent to the network, and no file is read.

      Examples:
        micrograd play
        micrograd play --port 9000 --no-open

      Exit status: 130 after Ctrl-C; 1 if the port is in use.
      """)

  @Option(help: "Port. By default 8642, or the next one that is free.")
  var port: UInt16?

  @Flag(inversion: .prefixedNo, help: "Open the address in the browser.")
  var open = true

  func run() throws {
    let token = try PlayToken.ofUser()
    let server = PlayServer(token: token.text)
    if let note = token.note { Console.printError("note: \(note)") }
    try server.run(port: port) { address in
      try Console.print("playground: \(address)")
      try Console.print("Press Ctrl-C to stop.")
      if open { Browser.open(address) }
    }
  }
}
