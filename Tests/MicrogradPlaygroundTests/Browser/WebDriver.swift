import Foundation
import XCTest

/// A headless Chromium, driven by the W3C's WebDriver protocol through chromedriver.
final class WebDriver {
  /// Where the programs are; nil if one is not installed.
  static let programs: (driver: String, browser: String)? = {
    guard let driver = find(["chromedriver"]), let browser = find(["chromium", "chromium-browser", "google-chrome"])
    else {
      return nil
    }
    return (driver, browser)
  }()

  private static func find(_ names: [String]) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") + ["/usr/bin"]
    let paths = names.flatMap { name in folders.map { "\($0)/\(name)" } }
    return paths.first(where: FileManager.default.isExecutableFile(atPath:))
  }

  private let process: Process
  private let port: Int
  private var session = ""

  /// Starts a browser with an empty profile.
  init() throws {
    guard let programs = Self.programs else {
      throw XCTSkip("chromium or chromedriver is not installed: apt-get install chromium chromium-driver")
    }
    process = Process()
    process.executableURL = URL(fileURLWithPath: programs.driver)
    process.arguments = ["--port=0"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let line = try firstLine(of: output, holding: "started successfully on port ")
    port = try XCTUnwrap(line.components(separatedBy: "on port ").last.flatMap { Int($0.prefix { $0.isNumber }) })
    let arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--force-device-scale-factor=1", "--lang=en"]
    let options: [String: Any] = ["binary": programs.browser, "args": arguments]
    let wanted: [String: Any] = [
      "goog:chromeOptions": options, "goog:loggingPrefs": ["browser": "ALL", "performance": "ALL"],
    ]
    let created = try call("POST", "", ["capabilities": ["alwaysMatch": wanted]])
    guard let id = (created as? [String: Any])?["sessionId"] as? String else {
      throw WebDriverError(message: "no session: \(created)")
    }
    session = id
  }

  /// Ends the browser.
  func quit() {
    _ = try? call("DELETE", "")
    process.terminate()
    process.waitUntilExit()
  }

  /// Sends a command. Returns its value.
  @discardableResult
  func call(_ method: String, _ path: String, _ body: [String: Any]? = nil) throws -> Any {
    let body = method == "POST" ? try JSONSerialization.data(withJSONObject: body ?? [:]) : Data()
    let data = try RawAnswer(
      method, (session.isEmpty ? "/session" : "/session/\(session)") + path, port: port, body: body
    ).body
    let answer = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let value = answer?["value"] ?? NSNull()
    if let problem = value as? [String: Any], let kind = problem["error"] as? String {
      throw WebDriverError(message: "\(kind): \(problem["message"] ?? "")")
    }
    return value
  }
}

struct WebDriverError: Error, CustomStringConvertible {
  let message: String
  var description: String { message }
}

/// Reads what a process writes up to the first line that holds a text.
func firstLine(of pipe: Pipe, holding text: String) throws -> String {
  var read = ""
  while true {
    let data = pipe.fileHandleForReading.availableData
    guard !data.isEmpty else { throw WebDriverError(message: "the process ended: \(read)") }
    read += String(decoding: data, as: UTF8.self)
    let lines = read.split(separator: "\n", omittingEmptySubsequences: false)
    if let line = lines.dropLast().first(where: { $0.contains(text) }) { return String(line) }
  }
}
