import Foundation
import MicrogradPlayground
import XCTest

/// What all rooms share: tabs, keys, links, reloads, a server that dies.
final class PageTests: BrowserTestCase {
  override func isExpected(_ consoleError: String) -> Bool {
    consoleError.contains("WebSocket connection") || consoleError.contains("ERR_CONNECTION_REFUSED")
  }

  private func waitForValue(_ value: Double, line: UInt = #line) throws {
    try browser.waitUntil("the value is \(value)", line: line) { try self.browser.number("#value") == value }
  }

  private func typeFormula(_ text: String) throws {
    try browser.replace("#formula", with: text)
  }

  func testPageIsSmallerThan150Kilobytes() {
    XCTAssertLessThan(PageFile.all.reduce(0) { $0 + $1.bytes.count }, 150_000)
  }

  func testFirstScreenShowsTheLecturesExpression() throws {
    try waitForValue(-8)
  }

  func testTabsWorkByPointerAndByArrowKeys() throws {
    for room in ["network", "fit", "expression"] {
      try browser.click("#tab-\(room)")
      XCTAssertEqual(try browser.attribute("aria-selected", of: "#tab-\(room)"), "true")
    }
    try browser.focus("#tab-expression")
    try browser.press(Key.right)
    XCTAssertEqual(try browser.attribute("aria-selected", of: "#tab-network"), "true")
    try browser.press(Key.left + Key.left)
    XCTAssertEqual(try browser.attribute("aria-selected", of: "#tab-fit"), "true")
  }

  func testStateSurvivesAReload() throws {
    try typeFormula("x**3")
    try waitForValue(1)
    try browser.reload()
    try browser.waitUntil("the formula is back") { try self.browser.value("#formula") == "x**3" }
    try waitForValue(1)
  }

  func testServerThatDiesAndComesBackLosesNothing() throws {
    try typeFormula("x*7")
    try waitForValue(7)
    try restartServer()
    XCTAssertEqual(try browser.value("#formula"), "x*7")
    try typeFormula("x*9")
    try waitForValue(9)
  }

  func testWhatIsTypedWhileTheServerIsAwayIsKept() throws {
    try waitForValue(-8)
    let port = server.port
    server.kill()
    try browser.waitUntil("the page says so") { try self.browser.text("#connection").contains("not reached") }
    try typeFormula("x*11")
    try startServer(port: port)
    try waitForValue(11)
  }

  func testTwoTabsDoNotDisturbEachOther() throws {
    let first = try browser.window
    try typeFormula("x*2")
    try waitForValue(2)
    _ = try browser.openTab()
    try browser.open(server.address)
    try waitForValue(-8)
    try typeFormula("x*3")
    try waitForValue(3)
    try browser.goTo(window: first)
    try waitForValue(2)
    try browser.reload()
    try waitForValue(2)
    for window in try browser.windows where window != first {
      try browser.goTo(window: window)
      try browser.closeTab()
    }
    try browser.goTo(window: first)
  }

  func testSharedLinkRestoresTheState() throws {
    try typeFormula("p*q + 5")
    try waitForValue(6)
    try browser.click("#share")
    try browser.waitUntil("the link is there") { try self.browser.count(".menu input") > 0 }
    let link = try browser.value(".menu input")
    XCTAssertTrue(link.hasPrefix("http://127.0.0.1:\(server.port)/#s="), link)
    XCTAssertFalse(link.contains("token"))
    try browser.run("sessionStorage.clear()")
    try browser.open("about:blank")
    try browser.open(link)  // the token is that of the last visit
    try browser.waitUntil("the formula is there") { try self.browser.value("#formula") == "p*q + 5" }
    try waitForValue(6)
    XCTAssertFalse(try browser.address.contains("#"), "the fragment would come back with each reload")
  }

  func testDamagedLinkIsSaidAndLosesNothing() throws {
    try typeFormula("x*4")
    try waitForValue(4)
    for damaged in ["#s=AAAA", "#s=", "#s=!!!!", "#s=" + String(repeating: "A", count: 3000)] {
      try browser.open("about:blank")
      try browser.open(server.address + damaged)
      try waitForValue(4)
    }
  }

  func testLinkIsOpenedByPastingIt() throws {
    try typeFormula("k*k")
    try waitForValue(1)
    try browser.click("#share")
    try browser.waitUntil("the link is there") { try self.browser.count(".menu input") > 0 }
    let link = try browser.value(".menu input")
    try browser.press(Key.escape)
    try typeFormula("k+1")
    try waitForValue(2)
    try browser.click("#share")
    try browser.waitUntil("the menu is there") { try self.browser.count(".menu input") > 1 }
    try browser.paste(link, into: ".menu input + input")
    try waitForValue(1)
    XCTAssertEqual(try browser.value("#formula"), "k*k")
  }

  func testWithoutTheTokenThePageSaysWhatToDo() throws {
    try browser.run("sessionStorage.clear(); localStorage.clear()")
    try browser.open("about:blank")
    try browser.open("http://127.0.0.1:\(server.port)/")
    try browser.waitUntil("it is said") { try self.browser.text("#connection").contains("micrograd play") }
  }

  func testEveryControlHasANameAndIsReachedByTheKeyboard() throws {
    for room in ["expression", "network", "fit"] {
      try browser.click("#tab-\(room)")
      Thread.sleep(forTimeInterval: 0.5)
      let nameless = try browser.run(
        """
        const shown = (e) => e.getClientRects().length > 0;
        const named = (e) => (e.getAttribute('aria-label') || (e.labels && [...e.labels].some((l) => l.textContent.trim()))
          || e.getAttribute('aria-labelledby') || e.textContent.trim());
        return [...document.querySelectorAll('button, input, select, textarea, [tabindex="0"], canvas, svg')].filter(shown)
          .filter((e) => !named(e) && e.getAttribute('aria-hidden') !== 'true' && !e.closest('[aria-hidden="true"]'))
          .map((e) => e.outerHTML.slice(0, 160))
        """)
      XCTAssertEqual(nameless as? [String], [], room)
    }
  }

  func testNothingIsWiderThanThePage() throws {
    for (width, height) in [(400, 800), (640, 400), (1280, 800), (2560, 1440)] {
      try browser.resize(width, height)
      for room in ["expression", "network", "fit"] {
        try browser.click("#tab-\(room)")
        Thread.sleep(forTimeInterval: 0.3)
        let overflow = try browser.run("return document.documentElement.scrollWidth - innerWidth") as? Int
        XCTAssertLessThanOrEqual(try XCTUnwrap(overflow), 0, "\(room) at \(width)")
      }
    }
  }

  func testThemeCanBeChosen() throws {
    func ground() throws -> String {
      try browser.run("return getComputedStyle(document.body).backgroundColor") as? String ?? ""
    }
    try browser.emulate("prefers-color-scheme", "dark")
    let dark = try ground()
    try browser.emulate("prefers-color-scheme", "light")
    let light = try ground()
    XCTAssertNotEqual(dark, light)
    try browser.click("#theme")
    XCTAssertEqual(try ground(), light)
    try browser.click("#theme")
    XCTAssertEqual(try ground(), dark)
    try browser.click("#theme")
    XCTAssertEqual(try ground(), light)
  }

  func testAMillionCharactersAreAnsweredAndThePageGoesOn() throws {
    try browser.paste(String(repeating: "sin(a)+", count: 143_000) + "a", into: "#formula")
    try browser.waitUntil("there is an error or a value", seconds: 30) {
      try !self.browser.text("#formula-error").isEmpty
    }
    try browser.paste("x*13", into: "#formula")
    try waitForValue(13)
  }

  func testGarbageFromTheEngineDoesNotStopThePage() throws {
    try browser.run("location.hash = '#s=garbage'")
    try typeFormula("x*17")
    try waitForValue(17)
  }
}
