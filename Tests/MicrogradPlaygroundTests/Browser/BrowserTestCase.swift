import Foundation
import TestSupport
import XCTest

/// Tests of the page in a real browser, on the command's own server. Skipped where Chromium or chromedriver is not installed.
class BrowserTestCase: XCTestCase {
  nonisolated(unsafe) private static var driver: WebDriver?
  private static let state = FileManager.default.temporaryDirectory.appendingPathComponent("play-\(UUID().uuidString)")

  private(set) var server: PlayServerProcess!
  private(set) var browser: Browser!

  override class func tearDown() {
    driver?.quit()
    driver = nil
    try? FileManager.default.removeItem(at: state)
  }

  override func setUpWithError() throws {
    // ServerTests and FuzzedMessagesTests test the same code under sanitizers, without a browser that waits for it.
    try XCTSkipIf(hasShadowMemory, "a browser is slow with a server under a sanitizer")
    if Self.driver == nil {
      let driver = try WebDriver()
      Self.driver = driver
      try Browser(driver).countQuestions()
    }
    server = try PlayServerProcess(state: Self.state)
    browser = try Browser(XCTUnwrap(Self.driver))
    try browser.resize(1280, 800)
    try browser.open(server.address)
    try browser.run("sessionStorage.clear(); localStorage.clear()")
    try browser.open("about:blank")
    _ = try browser.consoleErrors()
    try browser.open(server.address)
    try browser.waitUntil("the engine is reached") { try self.isConnected() }
    try browser.settle()
  }

  override func tearDownWithError() throws {
    defer { server?.kill() }
    guard browser != nil else { return }
    let errors = try browser.consoleErrors().filter { !isExpected($0) }
    XCTAssertEqual(errors, [], "the console has errors")
    let foreign = try browser.requestedAddresses().filter { !isLocal($0) }
    XCTAssertEqual(foreign, [], "requests left this machine")
    XCTAssertTrue(server.isRunning, "the server ended")
    try browser.open("about:blank")
  }

  /// Tests that stop the server expect failed connections in the console.
  func isExpected(_ consoleError: String) -> Bool { false }

  /// True if the page has its connection and a room.
  func isConnected() throws -> Bool {
    try browser.text("#connection").isEmpty && browser.count("#left > *") > 0
  }

  /// Loads the page anew, and waits until its room is there with the engine's numbers.
  func reload() throws {
    try browser.reload()
    try browser.waitUntil("the page is there again") { try self.isConnected() }
    try browser.settle()
  }

  /// Stops the server as a crash would, and starts it again on its port.
  func restartServer() throws {
    let port = server.port
    server.kill()
    try browser.waitUntil("the page says that the engine is away") { try !self.browser.text("#connection").isEmpty }
    try startServer(port: port)
  }

  /// Starts the server on a port again, and waits for the page.
  func startServer(port: Int) throws {
    server = try PlayServerProcess(port: port, state: Self.state)
    try browser.waitUntil("the page is connected again") { try self.isConnected() }
    try browser.settle()
  }

  private func isLocal(_ address: String) -> Bool {
    ["http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:", "chrome", "file:"]
      .contains {
        address.hasPrefix($0)
      }
  }
}
