import Foundation
import MicrogradPlayground
import TestSupport
import XCTest

/// Who may connect, and what the server answers to everybody else.
final class ServerTests: XCTestCase {
  private let state = FileManager.default.temporaryDirectory.appendingPathComponent("play-\(UUID().uuidString)")
  private var server: PlayServerProcess!

  override func setUpWithError() throws { server = try PlayServerProcess(state: state) }

  override func tearDown() {
    XCTAssertTrue(server.isRunning, "the server ended")
    server.kill()
    try? FileManager.default.removeItem(at: state)
  }

  private var token: String { server.address.components(separatedBy: "token=")[1] }

  private func get(_ path: String, _ headers: [String: String] = [:]) throws -> RawAnswer {
    try RawAnswer("GET", path, port: server.port, headers: headers)
  }

  private func socketHeaders(origin: String? = nil) -> [String: String] {
    [
      "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": origin ?? "http://127.0.0.1:\(server.port)",
    ]
  }

  func testPageAndItsFilesAreServed() throws {
    XCTAssertEqual(try get("/").status, 200)
    XCTAssertTrue(try get("/?token=anything").text.contains("<title>micrograd</title>"))
    XCTAssertTrue(try get("/app.js").head.contains("text/javascript"))
    XCTAssertTrue(try get("/rooms/fit.js").text.contains("createRoom"))
  }

  func testNothingElseIsServed() throws {
    for path in [
      "/etc/passwd", "/../../etc/passwd", "/rooms/", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/Package.swift",
    ] {
      XCTAssertEqual(try get(path).status, 404, path)
    }
    XCTAssertEqual(try RawAnswer("POST", "/", port: server.port).status, 405)
  }

  func testOtherHostsAreRefused() throws {
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1", "evil.example:\(server.port)", ""] {
      XCTAssertEqual(try get("/", ["Host": host]).status, 403, host)
      XCTAssertEqual(
        try get("/socket?token=\(token)", socketHeaders().merging(["Host": host]) { $1 }).status, 403, host)
    }
  }

  func testOtherOriginsAreRefused() throws {
    for origin in ["http://evil.example", "null", "", "https://127.0.0.1:\(server.port)", "http://127.0.0.1"] {
      XCTAssertEqual(try get("/socket?token=\(token)", socketHeaders(origin: origin)).status, 403, origin)
    }
  }

  func testSocketNeedsTheToken() throws {
    for query in ["", "?token=", "?token=\(String(repeating: "0", count: 32))", "?token=\(token)0", "?tokem=\(token)"] {
      XCTAssertEqual(try get("/socket\(query)", socketHeaders()).status, 401, query)
    }
    XCTAssertEqual(try get("/socket?token=\(token)", socketHeaders()).status, 101)
  }

  func testTokenIsKeptForTheUserAlone() throws {
    let file = state.appendingPathComponent("micrograd/play-token").path
    let permissions = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    XCTAssertEqual(permissions, 0o600)
    let port = server.port, first = token
    server.kill()
    server = try PlayServerProcess(port: port, state: state)
    XCTAssertEqual(token, first)
  }

  func testSeventeenthPageIsRefusedUntilAnotherCloses() throws {
    var sockets = try (0..<16).map { _ in try SocketClient(server) }
    XCTAssertEqual(try get("/socket?token=\(token)", socketHeaders()).status, 503)
    sockets.removeLast()
    var status = 0
    for _ in 0..<100 where status != 101 {
      status = try get("/socket?token=\(token)", socketHeaders()).status
      Thread.sleep(forTimeInterval: 0.02)
    }
    XCTAssertEqual(status, 101)
    XCTAssertEqual(sockets.count, 15)
  }

  func testUsedPortIsAnErrorThatNamesIt() throws {
    let second = Process()
    second.executableURL = server.executable
    second.arguments = ["play", "--no-open", "--port", "\(server.port)"]
    second.environment = ["XDG_STATE_HOME": state.path, "HOME": state.path]
    let errors = Pipe()
    second.standardError = errors
    try second.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    second.waitUntilExit()
    XCTAssertEqual(second.terminationStatus, 1)
    XCTAssertTrue(text.contains("\(server.port)") && text.contains("--port"), text)
  }

  // MARK: - Bytes of any kind

  func testAnswersComeInPiecesAndWhole() throws {
    let socket = try SocketClient(server)
    XCTAssertEqual(try socket.ask(#"{"id": 3, "room": "kitchen", "action": "open"}"#)["id"] as? Int, 3)
    // One message in three frames, cut within a character of several bytes.
    let bytes = Array(#"{"id": 4, "room": "küche", "action": "open"}"#.utf8)
    socket.send(opcode: 1, bytes[..<21], isLast: false)
    socket.send(opcode: 0, bytes[21..<22], isLast: false)
    socket.send(opcode: 0, bytes[22...])
    XCTAssertEqual(try socket.answer()["id"] as? Int, 4)
  }

  func testGarbageOnTheSocketEndsThatSocketOnly() throws {
    let other = try SocketClient(server)
    var generator = SplitMix64(seed: 22)
    for _ in 0..<300 {
      let socket = try SocketClient(server)
      let count = Int.random(in: 1...400, using: &generator)
      socket.connection.write((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
    XCTAssertEqual(try other.ask(#"{"id": 5, "room": "kitchen", "action": "open"}"#)["id"] as? Int, 5)
  }

  func testGarbageInPlaceOfARequestEndsThatConnectionOnly() throws {
    var generator = SplitMix64(seed: 23)
    for _ in 0..<300 {
      let connection = try RawConnection(port: server.port)
      let count = Int.random(in: 1...400, using: &generator)
      connection.write((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } + Array("\r\n\r\n".utf8))
    }
    XCTAssertEqual(try get("/").status, 200)
  }

  func testFrameThatClaimsToBeEndlessIsRefused() throws {
    for length: [UInt8] in [
      [127, 127, 255, 255, 255, 255, 255, 255, 255], [127, 255, 255, 255, 255, 255, 255, 255, 255],
    ] {
      let socket = try SocketClient(server)
      socket.connection.write([0x81, length[0] | 0x80] + length[1...] + [1, 2, 3, 4, 5, 6])
    }
    XCTAssertEqual(try get("/").status, 200)
  }

  func testMessageLongerThanTheLimitIsAnErrorOrTheEnd() throws {
    let socket = try SocketClient(server)
    socket.send(opcode: 1, Array(repeating: 0x20, count: PlaygroundSession.longestMessage + 1))
    XCTAssertNil(try? socket.answer())
    XCTAssertEqual(try get("/").status, 200)
  }

  func testPingsBetweenThePartsOfAMessageDoNotLiftTheLimit() throws {
    let socket = try SocketClient(server),
      part = [UInt8](repeating: 0x20, count: PlaygroundSession.longestMessage / 2 + 1)
    socket.send(opcode: 1, part, isLast: false)
    socket.send(opcode: 9, [])
    socket.send(opcode: 0, part)
    XCTAssertThrowsError(try socket.answer())
    XCTAssertEqual(try get("/").status, 200)
  }

  func testOneBusyPageDoesNotStopAnother() throws {
    let busy = try SocketClient(server), other = try SocketClient(server)
    let formula = String(repeating: "sin(a)+", count: 140_000) + "a"
    let content = #"{"id": 1, "room": "expression", "action": "open", "formula": "\#(formula)", "values": {"a": 1}}"#
    busy.send(opcode: 1, Array(content.utf8))
    XCTAssertEqual(try other.ask(#"{"id": 6, "room": "kitchen", "action": "open"}"#)["id"] as? Int, 6)
    XCTAssertEqual(try busy.answer()["id"] as? Int, 1)
  }
}
