import Foundation
import XCTest

/// What a person does at the page, and sees there. Elements are named by CSS selectors.
struct Browser {
  private let driver: WebDriver

  init(_ driver: WebDriver) { self.driver = driver }

  // MARK: - Pages and windows

  func open(_ address: String) throws { try driver.call("POST", "/url", ["url": address]) }

  func reload() throws { try driver.call("POST", "/refresh") }

  var address: String { get throws { try driver.call("GET", "/url") as? String ?? "" } }

  /// Sets the size of the page, not of the window, and the pixels of a picture for each of the page's.
  func resize(_ width: Int, _ height: Int, scale: Double = 1) throws {
    let size: [String: Any] = ["width": width, "height": height, "deviceScaleFactor": scale, "mobile": false]
    try developerCommand("Emulation.setDeviceMetricsOverride", size)
  }

  /// Emulates a setting of the system, such as `prefers-color-scheme` and `dark`.
  func emulate(_ feature: String, _ value: String) throws {
    try developerCommand("Emulation.setEmulatedMedia", ["features": [["name": feature, "value": value]]])
  }

  @discardableResult
  func developerCommand(_ name: String, _ parameters: [String: Any]) throws -> Any {
    try driver.call("POST", "/goog/cdp/execute", ["cmd": name, "params": parameters])
  }

  var window: String { get throws { try driver.call("GET", "/window") as? String ?? "" } }

  /// The handles of all tabs.
  var windows: [String] { get throws { try driver.call("GET", "/window/handles") as? [String] ?? [] } }

  /// Opens another tab and goes there. Returns its handle.
  func openTab() throws -> String {
    let made = try driver.call("POST", "/window/new", ["type": "tab"]) as? [String: Any]
    let handle = try XCTUnwrap(made?["handle"] as? String)
    try goTo(window: handle)
    return handle
  }

  func goTo(window: String) throws {
    try driver.call("POST", "/window", ["handle": window])
    try developerCommand("Page.bringToFront", [:])  // the keyboard types into the tab in front
  }

  func closeTab() throws { try driver.call("DELETE", "/window") }

  // MARK: - What is seen

  /// Runs JavaScript: `return …` with `arguments[0]`, ….
  @discardableResult
  func run(_ script: String, _ arguments: Any...) throws -> Any {
    try driver.call("POST", "/execute/sync", ["script": script, "args": arguments])
  }

  /// Runs JavaScript that calls its last argument when it is done.
  @discardableResult
  func runAsynchronously(_ script: String, _ arguments: Any...) throws -> Any {
    try driver.call("POST", "/execute/async", ["script": script, "args": arguments])
  }

  /// The text of an element as it is shown.
  func text(_ selector: String) throws -> String {
    let text = try run("return document.querySelector(arguments[0])?.innerText", selector) as? String
    return try found(text, "there is no \(selector)")
  }

  /// All digits of a number on the page.
  func number(_ selector: String) throws -> Double {
    let text = try run("return document.querySelector(arguments[0])?.dataset.value", selector) as? String
    return try found(text.flatMap(Double.init), "\(selector) is not a number: \(text ?? "nothing")")
  }

  func numbers(_ selector: String) throws -> [Double] {
    let texts = try run("return [...document.querySelectorAll(arguments[0])].map((x) => x.dataset.value)", selector)
    return try found(texts as? [String], "\(selector) are not numbers").map { try found(Double($0), $0) }
  }

  /// The value of an input.
  func value(_ selector: String) throws -> String {
    let value = try run("return document.querySelector(arguments[0])?.value", selector) as? String
    return try found(value, "there is no \(selector)")
  }

  /// Unwraps what is read. A test that waits for it reads it again, so the error is no failure yet.
  private func found<Value>(_ value: Value?, _ message: String) throws -> Value {
    guard let value else { throw WebDriverError(message: message) }
    return value
  }

  func attribute(_ name: String, of selector: String) throws -> String? {
    try run("return document.querySelector(arguments[0])?.getAttribute(arguments[1])", selector, name) as? String
  }

  func count(_ selector: String) throws -> Int {
    try run("return document.querySelectorAll(arguments[0]).length", selector) as? Int ?? 0
  }

  func isEnabled(_ selector: String) throws -> Bool {
    try run("return !document.querySelector(arguments[0]).disabled", selector) as? Bool ?? false
  }

  /// The picture of the page, a PNG in base 64.
  func screenshot() throws -> String { try driver.call("GET", "/screenshot") as? String ?? "" }

  // MARK: - What is done

  // Each waits for its element: rooms are put into the page only when the state is restored.

  func click(_ selector: String) throws {
    try waitUntil("\(selector) can be clicked") {
      try driver.call("POST", "/element/\(element(selector))/click")
      return true
    }
  }

  /// Types into an element, behind what is there. Special keys are ``Key``.
  func type(_ text: String, into selector: String) throws {
    try waitUntil("\(selector) can be typed into") {
      try driver.call("POST", "/element/\(element(selector))/value", ["text": text])
      return true
    }
  }

  /// Replaces the text of an element, by the keyboard.
  func replace(_ selector: String, with text: String) throws {
    try act(on: selector, "e.focus(); e.select()")
    try type(text, into: selector)
  }

  /// Sets a value at once and says so to the page, as pasting does: for long texts.
  func paste(_ text: String, into selector: String) throws {
    try act(on: selector, "e.focus(); e.value = arguments[1]; \(Self.saysSo)", text)
  }

  /// Moves a slider, or chooses from a list, as a person does.
  func set(_ selector: String, to value: String) throws {
    try act(on: selector, "e.value = arguments[1]; \(Self.saysSo)", value)
  }

  private static let saysSo = """
    for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, {bubbles: true}))
    """

  /// Runs JavaScript with an element `e`, as soon as there is one.
  private func act(on selector: String, _ script: String, _ value: String = "") throws {
    try waitUntil("there is \(selector)") { try count(selector) > 0 }
    try run("const e = document.querySelector(arguments[0]); \(script)", selector, value)
  }

  /// Presses keys wherever the focus is.
  func press(_ keys: String) throws {
    let actions = keys.flatMap { key in
      [["type": "keyDown", "value": String(key)], ["type": "keyUp", "value": String(key)]]
    }
    try driver.call("POST", "/actions", ["actions": [["type": "key", "id": "keyboard", "actions": actions]]])
  }

  func focus(_ selector: String) throws { try act(on: selector, "e.focus()") }

  /// Moves the pointer over an element.
  func hover(_ selector: String) throws {
    let origin = ["element-6066-11e4-a52e-4f735466cecf": try element(selector)]
    let move: [String: Any] = ["type": "pointerMove", "duration": 0, "origin": origin, "x": 0, "y": 0]
    try driver.call("POST", "/actions", ["actions": [["type": "pointer", "id": "mouse", "actions": [move]]]])
  }

  private func element(_ selector: String) throws -> String {
    let found = try driver.call("POST", "/element", ["using": "css selector", "value": selector]) as? [String: Any]
    return try self.found(found?.values.first as? String, "there is no \(selector)")
  }

  // MARK: - What the browser says

  /// Errors and warnings of the console since the last call.
  func consoleErrors() throws -> [String] {
    let entries = try driver.call("POST", "/se/log", ["type": "browser"]) as? [[String: Any]] ?? []
    return entries.filter { ["SEVERE", "WARNING"].contains($0["level"] as? String) }.map { "\($0["message"] ?? "")" }
  }

  /// The addresses that were asked for since the last call.
  func requestedAddresses() throws -> [String] {
    let entries = try driver.call("POST", "/se/log", ["type": "performance"]) as? [[String: Any]] ?? []
    return try entries.compactMap { entry in
      let text = try XCTUnwrap(entry["message"] as? String)
      let event = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      let message = event?["message"] as? [String: Any], parameters = message?["params"] as? [String: Any]
      switch message?["method"] as? String {
      case "Network.requestWillBeSent": return (parameters?["request"] as? [String: Any])?["url"] as? String
      case "Network.webSocketCreated": return parameters?["url"] as? String
      default: return nil
      }
    }
  }
}

/// Keys without a character, as WebDriver names them.
enum Key {
  static let enter = "\u{E007}"
  static let escape = "\u{E00C}"
  static let tab = "\u{E004}"
  static let left = "\u{E012}"
  static let up = "\u{E013}"
  static let right = "\u{E014}"
  static let down = "\u{E015}"
  static let backspace = "\u{E003}"
}
