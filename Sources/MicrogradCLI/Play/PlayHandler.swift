import FlyingFox
import Foundation
import MicrogradPlayground
import MicrogradTables

/// Answers requests of the page: its files, and the socket.
///
/// Requests of other pages are refused: the Host must be this server's, which stops names that resolve to 127.0.0.1; the
/// Origin of a socket must be the page's own; and a socket needs the token.
final class PlayHandler: HTTPHandler, @unchecked Sendable {
  /// The most pages at a time.
  static let mostConnections = 16

  private let token: String
  private let files: [String: PageFile]
  /// The files by path, compressed.
  private let packed: [String: [UInt8]]
  private let lock = NSLock()
  private var port: UInt16 = 0
  private var connections = 0

  init(token: String) {
    self.token = token
    files = Dictionary(uniqueKeysWithValues: PageFile.all.map { ($0.path, $0) })
    packed = files.compactMapValues { Gzip.pack($0.bytes) }
  }

  func setPort(_ port: UInt16) { lock.withLock { self.port = port } }

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let port = lock.withLock { self.port }
    let hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    guard let host = request.headers[.host], hosts.contains(host.lowercased()) else {
      return refusal(.forbidden, "This address is served for 127.0.0.1 only.")
    }
    guard request.method == .GET || request.method == .HEAD else {
      return refusal(.methodNotAllowed, "Only GET is answered.")
    }
    if request.path == "/socket" { return await socket(request, host) }
    let path = request.path == "/" ? PageFile.all[0].path : String(request.path.dropFirst())
    guard let file = files[path] else { return refusal(.notFound, "There is no such file.") }
    var headers = headers(type: file.type, host)
    var bytes = file.bytes
    if let packed = packed[path], request.headers[HTTPHeader("Accept-Encoding")]?.contains("gzip") == true {
      headers[HTTPHeader("Content-Encoding")] = "gzip"
      bytes = packed
    }
    return HTTPResponse(statusCode: .ok, headers: headers, body: request.method == .HEAD ? Data() : Data(bytes))
  }

  private func socket(_ request: HTTPRequest, _ host: String) async -> HTTPResponse {
    guard request.headers[HTTPHeader("Origin")] == "http://\(host)" else {
      return refusal(.forbidden, "Only the page of this server may connect.")
    }
    guard request.query.contains(where: { $0.name == "token" && isToken($0.value) }) else {
      return refusal(.unauthorized, "The token is wrong: open the address that micrograd play prints.")
    }
    let isFree = lock.withLock {
      guard connections < Self.mostConnections else { return false }
      connections += 1
      return true
    }
    guard isFree else {
      return refusal(.serviceUnavailable, "\(Self.mostConnections) pages are open: close one.")
    }
    let frames = PlayConnection { [weak self] in self?.end() }
    let response = try? await WebSocketHTTPHandler(handler: frames).handleRequest(request)
    guard let response, case .switchingProtocols = response.statusCode else {
      frames.end()
      return response ?? refusal(.badRequest, "This is not a request for a socket.")
    }
    return response
  }

  private func end() { lock.withLock { connections -= 1 } }

  /// Compares in a time that does not depend on the place of a difference.
  private func isToken(_ text: String) -> Bool {
    let (a, b) = (Array(text.utf8), Array(token.utf8))
    return a.count == b.count && zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private func headers(type: String, _ host: String) -> HTTPHeaders {
    [
      .contentType: type,
      HTTPHeader("Cache-Control"): "no-store",
      HTTPHeader("X-Content-Type-Options"): "nosniff",
      HTTPHeader("Referrer-Policy"): "no-referrer",
      HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
      HTTPHeader("Content-Security-Policy"): """
      default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
      connect-src 'self' ws://\(host); base-uri 'none'; form-action 'none'; frame-ancestors 'none'
      """,
    ]
  }

  private func refusal(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
    HTTPResponse(
      statusCode: status, headers: [.contentType: "text/plain; charset=utf-8"], body: Data((text + "\n").utf8))
  }
}
