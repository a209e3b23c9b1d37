import Foundation
import TestSupport

/// A page's end of the socket, which can send what no browser sends.
final class SocketClient {
  let connection: RawConnection
  private var unread: [UInt8]

  init(_ server: PlayServerProcess) throws {
    connection = try RawConnection(port: server.port)
    let token = server.address.components(separatedBy: "token=")[1]
    connection.write(
      Array(
        """
        GET /socket?token=\(token) HTTP/1.1\r
        Host: 127.0.0.1:\(server.port)\r
        Origin: http://127.0.0.1:\(server.port)\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r

        """.utf8))
    let (head, rest) = try connection.readHead()
    guard head.hasPrefix("HTTP/1.1 101") else { throw RawConnectionError(message: head) }
    unread = rest
  }

  /// Sends a frame, masked as browsers do.
  @discardableResult
  func send(opcode: UInt8, _ payload: some Collection<UInt8>, isLast: Bool = true) -> Bool {
    let mask: [UInt8] = [0x37, 0xfa, 0x21, 0x3d]
    var frame = [opcode | (isLast ? 0x80 : 0)]
    if payload.count < 126 {
      frame.append(0x80 | UInt8(payload.count))
    } else if payload.count < 65536 {
      frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
    } else {
      frame.append(0x80 | 127)
      frame += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    frame += mask
    frame += payload.enumerated().map { $1 ^ mask[$0 % 4] }
    return connection.write(frame)
  }

  /// Sends a message and waits for its answer.
  func ask(_ message: String) throws -> [String: Any] {
    send(opcode: 1, Array(message.utf8))
    return try answer()
  }

  /// The next message of the server.
  func answer() throws -> [String: Any] {
    var payload: [UInt8] = []
    while true {
      let (isLast, opcode, part) = try frame()
      if opcode == 10 { continue }  // the answer to a ping
      guard opcode <= 2 else { throw RawConnectionError(message: "frame \(opcode)") }
      payload += part
      if isLast { break }
    }
    let answer = try JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any]
    return answer ?? [:]
  }

  private func frame() throws -> (isLast: Bool, opcode: UInt8, payload: [UInt8]) {
    let start = try take(2)
    var length = Int(start[1] & 127)
    if length == 126 { length = try take(2).reduce(0) { $0 << 8 | Int($1) } }
    if length == 127 { length = try take(8).reduce(0) { $0 << 8 | Int($1) } }
    return (start[0] & 0x80 != 0, start[0] & 15, try take(length))
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while unread.count < count {
      let more = connection.read()
      guard !more.isEmpty else { throw RawConnectionError(message: "the server closed the socket") }
      unread += more
    }
    defer { unread.removeFirst(count) }
    return Array(unread[..<count])
  }
}
