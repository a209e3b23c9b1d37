import Foundation

/// A connection to a port of this machine, as bytes.
final class RawConnection {
  private let descriptor: Int32

  init(port: Int) throws {
    #if os(Linux)
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw RawConnectionError(message: "port \(port): \(String(cString: strerror(errno)))") }
  }

  deinit { close(descriptor) }

  /// Writes bytes. Returns false if the other side has closed.
  @discardableResult
  func write(_ bytes: some Sequence<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      #if os(Linux)
        let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      #else
        let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
      #endif
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Reads what is there, or waits for it. Returns nothing when the other side has closed, or after a time without bytes.
  func read(seconds: Double = 60) -> [UInt8] {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, Int32(seconds * 1000)) > 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer[..<count]) : []
  }

  /// Reads up to the empty line behind the headers. Returns them, and what was read of the body.
  func readHead() throws -> (head: String, rest: [UInt8]) {
    var bytes: [UInt8] = []
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let range = bytes.firstRange(of: end) {
        return (String(decoding: bytes[..<range.lowerBound], as: UTF8.self), Array(bytes[range.upperBound...]))
      }
      let more = read()
      guard !more.isEmpty else { throw RawConnectionError(message: "no answer, only \(bytes.count) bytes") }
      bytes += more
    }
  }
}

struct RawConnectionError: Error, CustomStringConvertible {
  let message: String
  var description: String { message }
}

/// A request over HTTP, and its answer. Foundation's own client refuses headers without a space behind the colon, such as
/// chromedriver's.
struct RawAnswer {
  let status: Int
  let head: String
  let body: Data

  init(_ method: String, _ path: String, port: Int, headers: [String: String] = [:], body: Data = Data()) throws {
    let connection = try RawConnection(port: port)
    var all = ["Host": "127.0.0.1:\(port)", "Content-Length": "\(body.count)", "Connection": "close"]
    all.merge(headers) { $1 }
    let lines = all.map { "\($0.key): \($0.value)\r\n" }.joined()
    connection.write(Data("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n".utf8) + body)
    var (head, rest) = try connection.readHead()
    self.head = head
    let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
    status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
    // A socket stays open behind its head.
    while status != 101, rest.count < length ?? .max {
      let more = connection.read()
      guard !more.isEmpty else { break }
      rest += more
    }
    self.body = Data(rest)
  }

  var text: String { String(decoding: body, as: UTF8.self) }
}
