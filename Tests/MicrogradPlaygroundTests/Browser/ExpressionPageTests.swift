import Foundation
import Micrograd
import MicrogradFormulas
import XCTest

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The room of expressions as a person uses it.
final class ExpressionPageTests: BrowserTestCase {
  override func setUpWithError() throws {
    try super.setUpWithError()
    try wait(forValue: -8)
  }

  private func wait(forValue value: Double) throws {
    try browser.waitUntil("the value is \(value)") {
      let shown = try self.browser.run("return document.querySelector('#value')?.dataset.value ?? ''") as? String
      return shown.flatMap(Double.init) == value
    }
    try browser.settle()
  }

  /// Waits for a position in the bar, and for the numbers of that step.
  private func wait(forPosition position: String, line: UInt = #line) throws {
    try browser.expect(position, line: line) { try self.browser.text("#position") }
    try browser.settle()
  }

  /// A test that stops the server expects failed connections.
  override func isExpected(_ consoleError: String) -> Bool {
    name.contains("Restart") && (consoleError.contains("WebSocket") || consoleError.contains("ERR_CONNECTION_REFUSED"))
  }

  private func leaf(_ name: String) -> String { ".leaf[data-name='\(name)']" }

  /// The numbers of the table of nodes, by name: data and grad.
  private func table() throws -> [String: [Double]] {
    let script = """
      return Object.fromEntries([...document.querySelectorAll('#nodes tbody tr')].map((row) => [row.children[0].textContent,
        [2, 3].map((k) => row.children[k].dataset.value)]))
      """
    let rows = try XCTUnwrap(try browser.run(script) as? [String: [String]])
    return rows.mapValues { $0.map { Double($0) ?? .nan } }
  }

  func testTheFirstScreenShowsTheLecturesNumbersInTheGraphAndTheTable() throws {
    let table = try table()
    for (name, number) in Lecture.data { XCTAssertEqual(table[name], [number, Lecture.gradients[name] ?? .nan], name) }
    XCTAssertEqual(try browser.count(".node"), 7)
    let labels = try XCTUnwrap(
      try browser.run("return [...document.querySelectorAll('.node')].map((node) => node.getAttribute('aria-label'))")
        as? [String])
    XCTAssertTrue(labels.contains("a: data 2, grad 6"), "\(labels)")
    XCTAssertTrue(labels.contains("L, *, result: data −8, grad 1"), "\(labels)")
  }

  func testTypingAFormulaShowsTheEnginesNumbers() throws {
    try browser.replace("#formula", with: "y = sin(x)*x; y**2 + exp(x)")
    let formula = try Formula("y = sin(x)*x; y**2 + exp(x)")
    let (value, slope) = valueWithGradient(at: [1]) { formula($0) }
    try wait(forValue: value)
    XCTAssertEqual(try table()["x"], [1, slope[0]])
    try browser.expect("1") { try self.browser.value("\(leaf("x")) .scrub") }
  }

  func testANumberIsTypedMovedByKeysAndBySlider() throws {
    let field = "\(leaf("a")) .scrub"
    try browser.replace(field, with: "3")
    try wait(forValue: -2)
    try browser.press("\(Key.up)")
    try browser.waitUntil("3.1") { try self.browser.value(field) == "3.1" }
    try browser.set("\(leaf("a")) input[type=range]", to: "-1")
    try wait(forValue: -26)
    try browser.replace(field, with: "2,5")
    try wait(forValue: -5)
    try browser.expect("\(leaf("a")) .note", holds: "2.5")
    try browser.replace(field, with: "two")
    try browser.expect("\(leaf("a")) .note", holds: "not a number")
    XCTAssertEqual(try browser.number("#value"), -5)
    try browser.replace(field, with: "101325")
    try wait(forValue: (101325 * -3 + 10) * -2)
  }

  func testTheWalkByKeyboardEndsAtTheGradientsOfBackward() throws {
    try browser.run("document.activeElement.blur()")
    for at in 1...6 {
      try browser.press("\(Key.right)")
      try wait(forPosition: "step \(at) / 6")
      let shown = try table()
      XCTAssertEqual(shown["L"]?[0].isNaN, at < 3)
      if at == 5 {
        XCTAssertEqual(shown["c"], [10, -2])
        XCTAssertEqual(shown["a"], [2, 0])
        let sign = try browser.run("return document.querySelector('.node.turn .sign').textContent")
        XCTAssertEqual(sign as? String, "+")
        let text = try browser.text("#step-text")
        XCTAssertTrue(text.contains("d(e + c)/dc = 1") && text.contains("c.grad: 0 + −2 · 1 = −2"), text)
      }
    }
    for (name, number) in Lecture.gradients { XCTAssertEqual(try table()[name]?[1], number, name) }
    try browser.press("\(Key.left)")
    try wait(forPosition: "step 5 / 6")
    try browser.press("r")
    try wait(forPosition: "step – / 6")
    try browser.waitUntil("all numbers") { try self.table()["a"] == [2, 6] }
  }

  func testForwardAndBackwardAreActsOfTheirOwn() throws {
    try browser.click("label[for=act-backward]")
    try wait(forPosition: "step 3 / 6")
    XCTAssertEqual(try table()["L"], [-8, 1])
    try browser.click("label[for=act-forward]")
    try wait(forPosition: "step 0 / 6")
    XCTAssertEqual(try table()["e"]?[0].isNaN, true)
    try browser.click("#run")
    try wait(forPosition: "step 6 / 6")
    try browser.waitUntil("the run ends") { try self.browser.text("#run").contains("run") }
  }

  func testANodeShowsItsPathToTheResult() throws {
    try browser.focus("#nodes tbody tr")
    try browser.waitUntil("the path") { try self.browser.text("#paths").contains("a → e → d → L") }
    try browser.expect("#paths", holds: "−3 · 1 · −2 = 6")
    try browser.expect(3) { try self.browser.count(".edge.lit") }
    try browser.press("\(Key.down)")
    try browser.waitUntil("the next path") { try self.browser.text("#paths").contains("b → e → d → L") }
    try browser.hover(".node.kind-result .frame")
    try browser.waitUntil("the result") { try self.browser.text("#paths").contains("L reaches") }
  }

  func testNudgeShowsTheTrueChangeAndThePrediction() throws {
    try browser.replace("#formula", with: "x**2")
    try wait(forValue: 1)
    try browser.click("#nudge")
    try browser.replace("#nudge-by", with: "0.5")
    try browser.waitUntil("the change") {
      try self.browser.count(".nudge") == 1 && self.browser.numbers(".nudge .number").count == 5
        && self.browser.numbers(".nudge .number")[2] == 1.25
    }
    XCTAssertEqual(try browser.numbers(".nudge .number"), [1, 2.25, 1.25, 1, 20])
    try browser.settle()
    XCTAssertTrue(try browser.text("#nudge-result").contains("1 % for changes up to ± 0.01"))
  }

  func testAnErrorStandsUnderItsCharacterAndTheGraphStays() throws {
    try browser.replace("#formula", with: "a*b + sine(c)")
    try browser.waitUntil("the error") { try self.browser.text("#formula-error").contains("did you mean “sin”?") }
    try browser.settle()
    let caret = try browser.text("#formula-error .caret").split(separator: "\n", omittingEmptySubsequences: false)
    XCTAssertEqual(caret.last.map { $0.prefix { $0 != "^" }.count }, "a*b + ".count)
    XCTAssertEqual(try browser.count(".graph-place.dim"), 1)
    XCTAssertEqual(try browser.attribute("aria-invalid", of: "#formula"), "true")
    XCTAssertGreaterThan(try browser.count(".node"), 0)
    try browser.replace("#formula", with: "a*b + sin(c)")
    try browser.waitUntil("the graph is back") { try self.browser.count(".graph-place.dim") == 0 }
    XCTAssertEqual(try browser.text("#formula-error"), "")
  }

  func testAMillionCharactersAreAnError() throws {
    try browser.paste(String(repeating: "a + ", count: 250_000) + "1", into: "#formula")
    try browser.waitUntil("the error") { try self.browser.text("#formula-error").contains("1000001") }
    try browser.paste("a + 1", into: "#formula")
    try wait(forValue: 3)
  }

  func testAGraphOf300NodesFollowsItsSlider() throws {
    let terms = (0..<75).map { "w\($0)*x\($0)" }.joined(separator: " + ")
    try browser.paste(terms, into: "#formula")
    try wait(forValue: 75)
    XCTAssertEqual(try browser.count(".node"), 299)
    for value in ["0.5", "2", "-1"] {
      try browser.set("\(leaf("w0")) input[type=range]", to: value)
      try wait(forValue: 74 + (Double(value) ?? .nan))
    }
    XCTAssertEqual(try table()["x0"], [1, -1])
  }

  func testTheStateOutlivesAReloadAndARestart() throws {
    try browser.replace("#formula", with: "p*exp(-h/8435)")
    try browser.replace("\(leaf("p")) .scrub", with: "101325")
    try browser.replace("\(leaf("h")) .scrub", with: "1e-9")
    let value = try Formula("p*exp(-h/8435)")([101325.0, 1e-9])
    try wait(forValue: value)
    try reload()
    try wait(forValue: value)
    try browser.expect("1e-9") { try self.browser.value("\(leaf("h")) .scrub") }
    try restartServer()
    try wait(forValue: value)
    try browser.expect("1e-9") { try self.browser.value("\(leaf("h")) .scrub") }
    try browser.paste("p*exp(-h/8435", into: "#formula")
    try browser.waitUntil("the error") { try self.browser.text("#formula-error").contains("never closed") }
    try reload()
    try wait(forValue: value)
    try browser.waitUntil("the error again") { try self.browser.text("#formula-error").contains("never closed") }
  }

  func testFilesAreMade() throws {
    let script = """
      const [kind, done] = arguments, create = URL.createObjectURL;
      URL.createObjectURL = (blob) => { blob.text().then(done); return create.call(URL, blob); };
      HTMLAnchorElement.prototype.click = () => {};
      document.getElementById('export').click();
      document.querySelector(`[data-export=${kind}]`).click();
      document.getElementById('export').click();
      """
    let files = try ["svg", "csv", "swift", "replay"].map {
      try XCTUnwrap(try browser.runAsynchronously(script, $0) as? String, $0)
    }
    XCTAssertTrue(files[0].hasPrefix("<svg") && files[0].contains(">−4<"))
    XCTAssertTrue(files[1].contains("L,*,-8.0,1.0"))
    XCTAssertTrue(files[2].contains("L.backward()"))
    XCTAssertEqual(files[3].components(separatedBy: #"{"picture":"#).count - 1, 7)
    let parser = XMLParser(data: Data(files[0].utf8))
    XCTAssertTrue(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
  }

  func testTheRoomFitsSmallAndLargeScreens() throws {
    for (width, height) in [(400, 800), (1280, 800), (2560, 1440)] {
      try browser.resize(width, height)
      try browser.expect(false, "\(width)") {
        try self.browser.run("return document.documentElement.scrollWidth > innerWidth") as? Bool
      }
      try browser.waitUntil("the graph is drawn") {
        let scale = try self.browser.run("return document.querySelector('.node').getScreenCTM().a") as? Double
        return (scale ?? 0) > 0.6
      }
    }
  }

  func testEveryControlHasANameAndAHint() throws {
    let script = """
      return [...document.querySelectorAll('#room input, #room select, #room textarea, #room button')].filter((control) =>
        !control.closest('[hidden]') && (!control.closest('[data-hint]') || !(control.ariaLabel || control.labels?.length)))
        .map((control) => control.outerHTML)
      """
    XCTAssertEqual(try browser.run(script) as? [String], [])
  }
}
