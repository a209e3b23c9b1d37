import Micrograd
import MicrogradNN
import XCTest

/// The room of networks, as a person uses it.
final class NetworkPageTests: BrowserTestCase {
  private var step: Int {
    get throws { try browser.text("#position").split(separator: " ").last.flatMap { Int($0) } ?? -1 }
  }

  /// Opens the room, and pauses the run that begins by itself.
  private func openRoom() throws {
    try browser.click("#tab-network")
    try browser.waitUntil("moons are moving") { try self.step >= 2 }
    try browser.click("#run")
    try browser.waitUntil("it is paused") { try self.browser.attribute("aria-label", of: "#run") == "Run" }
    try settled()
  }

  /// Waits until the page has shown the answer to its last question.
  private func settled() throws { try browser.settle() }

  private func change(_ id: String, to value: String) throws {
    try browser.set("#network-\(id)", to: value)
    try settled()
  }

  private func type(_ text: String, into id: String) throws {
    try browser.replace("#network-\(id)", with: text + Key.enter)
    try settled()
  }

  private func takeStep() throws {
    let before = try step
    try browser.click("#step")
    try browser.waitUntil("a step was taken") { try self.step == before + 1 }
    try settled()
  }

  private func loss() throws -> Double { try browser.number("#network-now-loss") }

  // MARK: - Training

  func testMoonsMoveBeforeAnythingIsSet() throws { try openRoom() }

  func testNothingMovesByItselfWithReducedMotion() throws {
    try browser.emulate("prefers-reduced-motion", "reduce")
    defer { try? browser.emulate("prefers-reduced-motion", "") }
    try browser.open("about:blank")
    try browser.open(server.address)
    try browser.waitUntil("the engine is reached") { try self.isConnected() }
    try browser.click("#tab-network")
    try browser.waitUntil("the network is there") { try self.browser.count(".neurons button") == 33 }
    try settled()
    XCTAssertEqual(try step, 0)
  }

  func testTheSwitchForPythonShowsTheNotebooksLosses() throws {
    try openRoom()
    try browser.click("#network-python")
    // As printed by micrograd's demo.ipynb.
    try browser.expect(0.8958441028683222) { try self.loss() }
    try browser.expect(0) { try self.step }
    var numpy = NumPyRandom(seed: 1337), python = PythonRandom(seed: 1337)
    let points = makeMoons(count: 100, noise: 0.1, using: &numpy)
    let model = MLP(2, [16, 16, 1], evaluation: .scalar, using: &python)
    var optimizer = SGD(model, schedule: .linear(from: 1, to: 0.1, steps: 100))
    for _ in 0..<4 {
      let expected = Tape.scope {
        let scores = points.inputs.map { model($0)[0] }
        let loss =
          maxMarginLoss(scores: scores, expected: points.signedLabels) + l2Penalty(model.parameters, weight: 1e-4)
        model.zeroGradients()
        loss.backward()
        optimizer.step()
        return loss.data
      }
      XCTAssertEqual(try loss(), expected)
      try takeStep()
    }
  }

  func testStepsByKeyboardGoThereAndBack() throws {
    try openRoom()
    let (before, first) = (try loss(), try step)
    try browser.run("document.activeElement.blur()")
    try browser.press(Key.right)
    try browser.waitUntil("a step was taken") { try self.step == first + 1 }
    try settled()
    XCTAssertNotEqual(try loss(), before)
    try browser.press(Key.left)
    try browser.waitUntil("it was taken back") { try self.step == first }
    try settled()
    XCTAssertEqual(try loss(), before)
    try browser.press("r")
    try browser.waitUntil("it begins anew") { try self.step == 0 }
    try browser.press(" ")
    try browser.waitUntil("it runs") { try self.step > 3 }
    try browser.press(" ")
  }

  func testTheSpeedTakesManyStepsAFrame() throws {
    try openRoom()
    try browser.set("#speed", to: "10")
    try browser.click("#run")
    try browser.waitUntil("a thousand steps are taken") { try self.step > 1000 }
    try browser.click("#run")
    try browser.waitUntil("it is paused") { try self.browser.attribute("aria-label", of: "#run") == "Run" }
  }

  // MARK: - Settings

  func testAnotherRateKeepsTheStepsAndOtherLayersDoNot() throws {
    try openRoom()
    let before = try step
    try type("0,05", into: "rate")
    XCTAssertEqual(try step, before)
    try browser.expect(0.05) { try self.browser.number("#network-now-rate") }
    try browser.expect("#network-rate-error", holds: "0.05")
    try type("5", into: "neurons0")
    try browser.expect("#network-summary", holds: "2–5–16–1: 128 parameters")
    try browser.expect(0) { try self.step }
    try browser.click("[aria-label='Remove layer 2']")
    try settled()
    try browser.expect("#network-summary", holds: "2–5–1")
    try browser.click("#network-layers")
    try settled()
    try browser.expect("#network-summary", holds: "2–5–5–1")
  }

  func testEveryChoiceTrains() throws {
    try openRoom()
    for id in ["kind", "initializer", "loss", "optimizer", "activation0", "output"] {
      let options = try browser.run(
        "return [...document.querySelector(arguments[0]).options].map((option) => option.value)", "#network-\(id)")
      for option in try XCTUnwrap(options as? [String]) {
        try change(id, to: option)
        try takeStep()
        XCTAssertEqual(try browser.count(".setting [role=alert]:not(:empty)"), 0, option)
      }
      try change(id, to: try XCTUnwrap((options as? [String])?.first))
    }
  }

  func testErrorsStandAtTheirControlAndLoseNothing() throws {
    try openRoom()
    let before = try step
    try type("abc", into: "rate")
    try browser.expect("#network-rate-error", holds: "not a number")
    try type("-1", into: "penalty")
    try browser.expect("#network-penalty-error", holds: "give 0 to 1000")
    XCTAssertEqual(try step, before)
    try type("0.001", into: "penalty")
    try browser.expect("") { try self.browser.text("#network-penalty-error") }
    try change("kind", to: "function")
    try browser.replace("#network-formula", with: "sine(x)")
    try settled()
    try browser.expect("#network-formula-error", holds: "did you mean “sin”")
    try browser.replace("#network-formula", with: "x")
    try settled()
    try browser.expect("") { try self.browser.text("#network-formula-error") }
  }

  func testATableIsReadAndPointsAreClicked() throws {
    try openRoom()
    try change("kind", to: "points")
    try browser.paste("a,b,kind\n1,2,red\n3,four,blue\n", into: "#network-table")
    try browser.waitUntil("the error names its line") {
      try self.browser.text("#network-table-error").contains("line 3, column “b”")
    }
    try browser.paste("a,b,kind\n1,2,red\n3,4,blue\n5,1,red\n", into: "#network-table")
    try browser.waitUntil("there are three points") { try self.browser.text("#network-table-note") == "3 points" }
    try settled()
    try browser.waitUntil("the classes are named") { try self.browser.text(".legend").contains("red") }
    try browser.focus(".field")
    try browser.press(Key.left + Key.left + Key.up + Key.enter)
    try browser.waitUntil("there are four points") { try self.browser.text("#network-table-note") == "4 points" }
    try settled()
    try browser.focus(".field")
    try browser.press(Key.backspace)
    try browser.waitUntil("there are three points") { try self.browser.text("#network-table-note") == "3 points" }
    let long = "x,y,class\n" + (0..<100_000).map { "\($0),\($0 % 7),\($0 % 2 == 0 ? "even" : "odd")\n" }.joined()
    try browser.paste(long, into: "#network-table")
    try browser.waitUntil("it is thinned out") {
      try self.browser.text("#network-table-note") == "5000 points: every 20th of 100000 rows"
    }
    try takeStep()
  }

  // MARK: - What is shown

  func testANeuronIsShownByKeyboard() throws {
    try openRoom()
    try browser.focus(".neurons button[tabindex='0']")
    let before = try step
    try browser.press(Key.down + Key.right + Key.enter)
    try browser.waitUntil("the neuron is shown") {
      try self.browser.text("#network-caption").hasPrefix("neuron 2 of layer 2: full colour at ±")
    }
    try settled()
    XCTAssertEqual(try step, before)
    try browser.press(Key.enter)
    try browser.waitUntil("the output is shown") { try self.browser.text("#network-caption").isEmpty }
  }

  func testAStepIsThreeActsWhoseNumbersAreTheEngines() throws {
    try openRoom()
    try browser.click("#network-show-acts")
    try browser.waitUntil("it runs forwards") { try self.browser.text(".act").contains("act 1 of 3: forward") }
    let first = try browser.text("#position")
    try browser.run("document.activeElement.blur()")
    try browser.press(Key.right)
    try browser.waitUntil("it runs backwards") { try self.browser.text(".act").contains("act 2 of 3: backward") }
    try browser.press(Key.right)
    try browser.waitUntil("weights move") { try self.browser.text(".act").contains("act 3 of 3: update") }
    try settled()
    // A row of the table: w, g, new w.
    let rate = try browser.number(".act p .number")
    let row = try browser.numbers(".act tr:nth-child(2) .number")
    XCTAssertEqual(row[2], row[0] - rate * row[1], accuracy: 1e-15)
    try browser.press(Key.right)
    try browser.waitUntil("the step is taken") { try self.browser.text(".act").contains("act 1 of 3: forward") }
    try settled()
    // The weights are now those that the update announced.
    XCTAssertEqual(try browser.numbers(".act tr:nth-child(2) .number")[1], row[2])
    try browser.press(Key.left)
    try browser.waitUntil("the update is shown again") {
      try self.browser.text(".act").contains("act 3 of 3: update")
    }
    try browser.press(Key.left + Key.left)
    try browser.waitUntil("it is where it began") { try self.browser.text("#position") == first }
  }

  func testDivergenceIsNamedAndTakenBack() throws {
    try openRoom()
    try change("loss", to: "meanSquared")
    try type("3", into: "rate")
    try browser.click("#run")
    try browser.waitUntil("it diverges") { try self.browser.count("#network-slower") == 1 }
    try browser.expect(".trouble", holds: "The largest gradient of the step before was")
    try browser.click("#network-slower")
    try browser.waitUntil("the rate is smaller") { try self.browser.number("#network-now-rate") == 0.3 }
    try browser.expect("") { try self.browser.text(".trouble") }
  }

  func testTheLossesUnderThePointerAreThoseOfTheSteps() throws {
    try openRoom()
    try browser.click("#reset")
    try browser.waitUntil("it begins anew") { try self.step == 0 }
    try settled()
    let first = try loss()
    for _ in 0..<3 { try takeStep() }
    try settled()
    try browser.focus(".curves")
    try browser.press("\u{E011}")  // Home
    try settled()
    let text = try XCTUnwrap(try browser.attribute("aria-valuetext", of: ".curves"))
    XCTAssertTrue(text.hasPrefix("step 0"), text)
    let csv = try browser.runAsynchronously(
      """
      const done = arguments[0], make = URL.createObjectURL;
      URL.createObjectURL = (blob) => { blob.text().then(done); return make(blob); };
      document.querySelector('#export').click();
      document.querySelector('[data-export=csv]').click();
      """)
    let lines = try XCTUnwrap(csv as? String).split(separator: "\n")
    XCTAssertEqual(lines.count, 4)
    XCTAssertEqual(Double(lines[1].split(separator: ",")[1]), first)
  }

  // MARK: - State

  func testAReloadAndARestartOfTheServerGoOnBitForBit() throws {
    try openRoom()
    try takeStep()
    try settled()
    let (place, before) = (try step, try loss())
    try takeStep()
    let after = try loss()
    try browser.click("#back")
    try browser.waitUntil("it is back") { try self.step == place }
    try settled()
    try reload()
    try browser.waitUntil("the run is there again") { try self.step == place }
    try browser.expect(before) { try self.loss() }
    try restartServer()
    try browser.waitUntil("the run is there again") { try self.loss() == before }
    try takeStep()
    XCTAssertEqual(try loss(), after)
  }

  func testASharedLinkRestoresTheRun() throws {
    try openRoom()
    try type("0.25", into: "rate")
    try takeStep()
    try settled()
    let (place, before) = (try step, try loss())
    try browser.click("#share")
    try browser.waitUntil("there is a link") { try self.browser.count(".menu input[readonly]") == 1 }
    let link = try browser.value(".menu input[readonly]")
    try browser.run("sessionStorage.clear()")
    try browser.open("about:blank")
    try browser.open(link)
    try browser.waitUntil("the run is there") { try self.isConnected() && self.step == place }
    try browser.waitUntil("its loss is there") { try self.loss() == before }
    XCTAssertEqual(try browser.value("#network-rate"), "0.25")
    // It does not move by itself: the one who shared it had paused it.
    try settled()
    XCTAssertEqual(try step, place)
  }

  func testLinesShowGradientsAndTheLossesAreLogarithmic() throws {
    try openRoom()
    let picture = "return document.querySelector('.layers canvas').toDataURL()"
    let curve = "return document.querySelector('.curves .training').getAttribute('d')"
    let (weights, linear) = (try browser.run(picture) as? String, try browser.run(curve) as? String)
    try browser.focus("#network-show-gradients")
    try browser.press(" ")
    try browser.focus("#network-show-logarithmic")
    try browser.press(" ")
    try settled()
    XCTAssertNotEqual(try browser.run(picture) as? String, weights)
    XCTAssertNotEqual(try browser.run(curve) as? String, linear)
  }

  override func isExpected(_ consoleError: String) -> Bool {
    name.contains("ARestart") && (consoleError.contains("WebSocket") || consoleError.contains("ERR_CONNECTION_REFUSED"))
  }

  func testThePageFitsNarrowAndWideWindows() throws {
    try openRoom()
    for width in [400, 1280, 2560] {
      try browser.resize(width, 800)
      try browser.waitUntil("nothing is wider than \(width) pixels") {
        try self.browser.run("return document.documentElement.scrollWidth <= innerWidth") as? Bool == true
      }
    }
  }

  /// Prints the frames a second: 30 and more on a machine that does nothing else. A busy one draws fewer.
  func testFramesAreDrawnWhileTraining() throws {
    #if DEBUG
      throw XCTSkip("the engine is compiled without optimisation")
    #else
      try browser.click("#tab-network")
      try browser.waitUntil("moons are moving") { try self.step >= 2 }
      let count = try browser.runAsynchronously(
        """
        const done = arguments[0], start = performance.now(), seen = new Set();
        (function look() {
          seen.add(document.querySelector('#position').textContent);
          if (performance.now() - start < 3000) requestAnimationFrame(look); else done(seen.size / 3);
        })();
        """)
      let rate = try XCTUnwrap(count as? Double)
      print("frames a second while 2-16-16-1 trains on 200 points: \(rate)")
      XCTAssertGreaterThan(rate, 3)
    #endif
  }
}
