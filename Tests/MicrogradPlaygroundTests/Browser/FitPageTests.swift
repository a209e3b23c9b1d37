import Foundation
import MicrogradTables
import XCTest

@testable import MicrogradPlayground

/// The room of fits in a browser. Its numbers are those of a session that is asked directly.
final class FitPageTests: BrowserTestCase {
  private typealias JSON = [String: Any]

  override func setUpWithError() throws {
    try super.setUpWithError()
    try browser.click("#tab-fit")
    try waitForFit(of: "room")
  }

  private func waitForFit(of parameter: String) throws {
    try browser.waitUntil("\(parameter) is fitted") {
      try self.browser.count("#fit-result [data-parameter='\(parameter)']") == 1
        && self.browser.run("return document.querySelector('.stale') === null") as? Bool == true
    }
    try browser.settle()
  }

  private func value(_ parameter: String) throws -> Double {
    try browser.number("#fit-result [data-parameter='\(parameter)'] td .number")
  }

  /// A test that stops the server expects failed connections.
  override func isExpected(_ consoleError: String) -> Bool {
    name.contains("Restart") && (consoleError.contains("WebSocket") || consoleError.contains("ERR_CONNECTION_REFUSED"))
  }

  private func position() throws -> String { try browser.text("#position") }

  /// What a session of its own answers.
  private struct Direct: Decodable {
    struct Parameter: Decodable {
      let name: String
      let value: Double
      let standardError: Double?
    }
    struct Statistics: Decodable { let sum, rSquared: Double }
    let parameters: [Parameter]
    let statistics: Statistics
    let text, reason: String

    subscript(name: String) -> Double { parameters.first { $0.name == name }?.value ?? .nan }

    func error(of name: String) -> Double { parameters.first { $0.name == name }?.standardError ?? .nan }
  }

  private func direct(
    _ formula: String, _ settings: JSON = [:], table: String = FitRoomTestCase.tea
  ) throws -> Direct {
    let session = PlaygroundSession()
    func ask(_ action: String, _ content: JSON) throws -> Data {
      let message = content.merging(["id": 1, "room": "fit", "action": action]) { $1 }
      let text = String(decoding: try JSONSerialization.data(withJSONObject: message), as: UTF8.self)
      return Data(session.receive(text)[0].utf8)
    }
    _ = try ask("table", ["text": table])
    return try JSONDecoder().decode(Direct.self, from: ask("fit", settings.merging(["formula": formula]) { $1 }))
  }

  func testFirstScreenIsFittedAndItsNumbersAreTheEngines() throws {
    let expected = try direct(FitRoomTestCase.cooling)
    for name in ["room", "start", "tau"] { XCTAssertEqual(try value(name), expected[name], name) }
    XCTAssertEqual(try browser.number("[data-fact=rSquared]"), expected.statistics.rSquared)
    XCTAssertEqual(try browser.number("#fit-sum"), expected.statistics.sum)
    XCTAssertEqual(try browser.run("return document.querySelector('#fit-text').textContent") as? String, expected.text)
    XCTAssertEqual(try browser.count("#fit-picture .curve"), 1)
    try browser.expect(".fit-starts", holds: "guessed")
    XCTAssertEqual(try browser.text("#fit-reason"), "✓ \(expected.reason)")
  }

  func testFormulaIsTypedAndItsErrorStandsUnderTheCharacter() throws {
    try browser.replace("#fit-formula", with: "celsius ~ a + b*minutes + c*minutes**2")
    try waitForFit(of: "c")
    try browser.expect(direct("celsius ~ a + b*minutes + c*minutes**2")["c"]) { try self.value("c") }
    try browser.replace("#fit-formula", with: "celsius ~ a + b*sine(minutes)")
    try browser.waitUntil("the error is shown") {
      try self.browser.text("#fit-formula-error").contains("did you mean “sin”?")
    }
    try browser.expect(3) { try self.browser.count(".stale") }
    let lines = try browser.run("return document.querySelector('#fit-formula-error .caret').textContent") as? String
    XCTAssertEqual(lines?.split(separator: "\n").last.map { $0.prefix { $0 == " " }.count }, 16)
  }

  func testIterationsAreWalkedByKeys() throws {
    try browser.replace("[aria-label='Start of tau']", with: "5\(Key.enter)")
    try browser.waitUntil("the start is no guess") {
      try self.browser.value("[aria-label='Start of tau']") == "5"
        && self.browser.count("#fit-walk tbody tr") > 4
    }
    let last = try browser.count("#fit-walk tbody tr") - 1
    try browser.expect("iteration \(last) / \(last)") { try self.position() }
    try browser.run("document.activeElement.blur()")
    try browser.press("r")
    try browser.waitUntil("the start is shown") { try self.position() == "iteration 0 / \(last)" }
    try browser.waitUntil("tau is at its start") { try self.browser.value("input[aria-label='tau']") == "5" }
    try browser.press(Key.right + Key.right)
    try browser.waitUntil("two steps are done") { try self.position() == "iteration 2 / \(last)" }
    try browser.press(Key.left)
    try browser.waitUntil("one is undone") { try self.position() == "iteration 1 / \(last)" }
    try browser.settle()
    let sum = try browser.numbers("#fit-walk .number")[1]
    try browser.waitUntil("its sum is shown") { abs(try self.browser.number("#fit-sum") / sum - 1) < 1e-9 }
    try browser.set("#speed", to: "10")
    try browser.press(" ")
    try browser.waitUntil("the run is at the end") { try self.position() == "iteration \(last) / \(last)" }
    try browser.expect("Run") { try self.browser.attribute("aria-label", of: "#run") }
  }

  func testParameterIsDraggedByHandAndFittedFromThere() throws {
    try browser.focus("[aria-label='Drag tau']")
    try browser.press(String(repeating: Key.right, count: 5))
    try browser.waitUntil("the curve is by hand") { try self.position() == "by hand" }
    try browser.settle()
    XCTAssertGreaterThan(try browser.number("#fit-sum"), 0.7)
    try browser.expect(direct(FitRoomTestCase.cooling)["tau"], "the fit stays as it is") { try self.value("tau") }
    try browser.click("#fit-from-here")
    try browser.waitUntil("it is fitted") { try self.position() != "by hand" }
    try browser.settle()
    XCTAssertEqual(try value("tau"), try direct(FitRoomTestCase.cooling)["tau"], accuracy: 1e-6)
    XCTAssertNotEqual(try browser.value("[aria-label='Start of tau']"), "")
  }

  func testParameterIsHeldWhereItIsTyped() throws {
    try browser.click("[aria-label='Hold room']")
    try browser.waitUntil("room is held") {
      try self.browser.text("#fit-result [data-parameter=room]").contains("held")
    }
    try browser.replace("input[aria-label='room']", with: "22,5\(Key.enter)")
    let expected = try direct(FitRoomTestCase.cooling, ["held": ["room": 22.5]])["tau"]
    try browser.waitUntil("the others follow") { abs(try self.value("tau") / expected - 1) < 1e-9 }
    try browser.expect(22.5) { try self.value("room") }
    try browser.expect("#left", holds: "read as 22.5")
    try browser.replace("input[aria-label='room']", with: "warm\(Key.enter)")
    try browser.waitUntil("the error is shown") { try self.browser.text("#left").contains("“warm” is not a number") }
    try browser.expect(22.5) { try self.value("room") }
  }

  func testBoundHandleHoldsAParameterFromBelow() throws {
    let low = "[aria-label='Drag the lower bound of room']"
    XCTAssertEqual(try browser.attribute("aria-valuetext", of: low), "no lower bound")
    try browser.replace("[aria-label='Lower bound of room']", with: "22\(Key.enter)")
    try browser.waitUntil("room is at its bound") {
      try self.browser.text("#fit-result [data-parameter=room]").contains("at its bound")
    }
    try browser.expect(22) { try self.value("room") }
    try browser.expect("22") { try self.browser.attribute("aria-valuetext", of: low) }
    try browser.focus(low)
    try browser.press("\u{E011}")  // Home: the handle sets no bound at the end of its track
    try browser.waitUntil("room is free") { try self.browser.value("[aria-label='Lower bound of room']").isEmpty }
    try browser.waitUntil("it is fitted") { try self.value("room") < 21 }
  }

  func testPointIsLeftOutByKeysAndPutBack() throws {
    try browser.focus("#fit-picture")
    try browser.press(Key.right + Key.right)
    try browser.waitUntil("the second row is shown") { try self.browser.text("#fit-point").hasPrefix("line 3") }
    try browser.expect(64) { try self.browser.number("[data-point=y]") }
    try browser.press(Key.enter)
    let expected = try direct(FitRoomTestCase.cooling, ["leftOut": [1]])
    try browser.waitUntil("six points count") { try self.browser.number("[data-fact=points]") == 6 }
    try browser.expect(expected["tau"]) { try self.value("tau") }
    try browser.expect("#fit-point", holds: "left out")
    try browser.click("#fit-put-back")
    try browser.waitUntil("all count") { try self.browser.number("[data-fact=points]") == 7 }
  }

  func testTableIsPastedAndABadCellIsNamed() throws {
    try browser.paste("x;y\n1,5;3\n2,5;5\n3,5;abc\n", into: "#fit-table")
    try browser.replace("#fit-formula", with: "y ~ a + b*x")
    try browser.waitUntil("the cell is named") {
      try self.browser.text("#fit-table-error").contains("line 4, column “y”: “abc”")
    }
    try browser.paste("x;y\n1,5;3\n2,5;5\n3,5;7,5\n", into: "#fit-table")
    try waitForFit(of: "b")
    XCTAssertEqual(try value("b"), 2.25, accuracy: 1e-12)
    try browser.expect("#fit-table-note", holds: "decimal comma")
  }

  func testStateSurvivesAReloadAndARestart() throws {
    try browser.replace("#fit-formula", with: "celsius ~ a + b*minutes")
    try waitForFit(of: "b")
    try browser.click("[aria-label='Hold a']")
    try browser.replace("input[aria-label='a']", with: "80\(Key.enter)")
    try browser.waitUntil("a is 80") { try self.value("a") == 80 }
    try browser.settle()
    let b = try value("b")
    try reload()
    try waitForFit(of: "b")
    try browser.expect(80) { try self.value("a") }
    try browser.expect(b) { try self.value("b") }
    try browser.expect("celsius ~ a + b*minutes") { try self.browser.value("#fit-formula") }
    try restartServer()
    try waitForFit(of: "b")
    try browser.expect(b) { try self.value("b") }
    try browser.expect(80) { try self.value("a") }
  }

  func testRobustLossesAndTheirScale() throws {
    try browser.click("#left details:last-of-type summary")
    for loss in ["huber", "soft-l1", "cauchy"] {
      try browser.set("#fit-loss", to: loss)
      let expected = try direct(FitRoomTestCase.cooling, ["loss": loss])
      try browser.waitUntil("tau is that of \(loss)") { try self.value("tau") == expected["tau"] }
    }
    try browser.replace("#fit-loss-scale", with: "0,05\(Key.enter)")
    let scaled = try direct(FitRoomTestCase.cooling, ["loss": "cauchy", "lossScale": 0.05])
    try browser.waitUntil("tau follows the scale") { try self.value("tau") == scaled["tau"] }
    try browser.replace("#fit-loss-scale", with: "-1\(Key.enter)")
    try browser.expect("#fit-settings-error", holds: "give a number above 0")
    try browser.set("#fit-loss", to: "squares")
    let squares = try direct(FitRoomTestCase.cooling)
    try browser.waitUntil("tau is that of least squares") { try self.value("tau") == squares["tau"] }
  }

  func testKnownScatterSetsTheStandardErrors() throws {
    func standardError() throws -> Double {
      let numbers = try browser.numbers("#fit-result [data-parameter=tau] .number")
      return numbers.count == 2 ? numbers[1] : .nan
    }
    try browser.click("#left details:last-of-type summary")
    try browser.set("#fit-scatter", to: "deviation")
    try browser.replace("#fit-scatter-number", with: "0.5\(Key.enter)")
    var settings: JSON = ["scatter": "deviation", "scatterNumber": 0.5]
    let half = try direct(FitRoomTestCase.cooling, settings).error(of: "tau")
    try browser.expect(half) { try standardError() }
    try browser.replace("#fit-scatter-number", with: "1\(Key.enter)")
    try browser.waitUntil("errors are proportional") { abs(try standardError() / half - 2) < 1e-6 }
    try browser.paste("x,y,s\n1,3,1\n2,5,1\n3,8,2\n4,9,1\n", into: "#fit-table")
    try browser.replace("#fit-formula", with: "y ~ a + b*x")
    try browser.set("#fit-scatter", to: "weights")
    try browser.set("#fit-scatter-column", to: "s")
    settings = ["scatter": "weights", "scatterColumn": "s"]
    let weighted = try direct("y ~ a + b*x", settings, table: "x,y,s\n1,3,1\n2,5,1\n3,8,2\n4,9,1\n")["b"]
    try browser.waitUntil("b is that of the weights") { try self.value("b") == weighted }
    try browser.set("#fit-scatter", to: "deviations")
    settings["scatter"] = "deviations"
    let deviating = try direct("y ~ a + b*x", settings, table: "x,y,s\n1,3,1\n2,5,1\n3,8,2\n4,9,1\n")["b"]
    XCTAssertNotEqual(weighted, deviating)
    try browser.waitUntil("b is that of the deviations") { try self.value("b") == deviating }
  }

  func testHundredThousandRowsAreAnswered() throws {
    let rows = (0..<100_000).map { "\($0),\(3 + Double($0 % 7))" }
    try browser.paste("x,y\n" + rows.joined(separator: "\n"), into: "#fit-table")
    try browser.replace("#fit-formula", with: "y ~ a + b*x")
    try browser.waitUntil("it is fitted", seconds: 60) {
      try self.browser.count("[data-fact=points]") == 1 && self.browser.number("[data-fact=points]") == 100_000
    }
    try browser.expect("#fit-notes", holds: "of 100000 points are drawn")
    try browser.expect("#left", holds: "not over a reload")
  }

  func testExportedPictureStandsAlone() throws {
    let script = """
      const done = arguments[arguments.length - 1]
      import('/export.js').then(({ standaloneSVG }) => done(standaloneSVG(document.querySelector('#fit-picture'))))
      """
    let text = try XCTUnwrap(browser.runAsynchronously(script) as? String)
    XCTAssertTrue(text.contains("--plus:"), text)
    // An image has no page around it.
    let load = """
      const image = new Image(), done = arguments[arguments.length - 1]
      image.onload = () => done(image.naturalWidth)
      image.onerror = () => done(0)
      image.src = 'data:image/svg+xml,' + encodeURIComponent(arguments[0])
      """
    XCTAssertGreaterThan(try browser.runAsynchronously(load, text) as? Int ?? 0, 300)
  }

  func testPageIsUsableAtEveryWidth() throws {
    for width in [400, 900, 2560] {
      try browser.resize(width, 800)
      try browser.waitUntil("the picture fits \(width)") {
        let script =
          "return document.documentElement.scrollWidth <= arguments[0] && document.querySelector('#fit-picture').getBoundingClientRect().width > 300"
        return try self.browser.run(script, width) as? Bool == true
      }
    }
  }
}
