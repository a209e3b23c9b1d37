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
    try browser.settle()
  }

  private func typeFormula(_ text: String) throws {
    try browser.replace("#formula", with: text)
  }

  func testPageIsSmallerThan150KilobytesOnTheWire() throws {
    let sizes = try browser.run(
      """
      return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .map((entry) => entry.transferSize)
      """)
    let transferred = try XCTUnwrap(sizes as? [Int])
    XCTAssertEqual(transferred.count { $0 > 0 }, PageFile.all.count)
    XCTAssertLessThan(transferred.reduce(0, +), 150_000)
  }

  func testFirstScreenShowsTheLecturesExpression() throws {
    try waitForValue(-8)
  }

  func testTabsWorkByPointerAndByArrowKeys() throws {
    for room in ["network", "fit", "expression"] {
      try browser.click("#tab-\(room)")
      try browser.expect("true") { try self.browser.attribute("aria-selected", of: "#tab-\(room)") }
    }
    try browser.focus("#tab-expression")
    try browser.press(Key.right)
    try browser.expect("true") { try self.browser.attribute("aria-selected", of: "#tab-network") }
    try browser.press(Key.left + Key.left)
    try browser.expect("true") { try self.browser.attribute("aria-selected", of: "#tab-fit") }
  }

  func testStateSurvivesAReload() throws {
    try typeFormula("x**3")
    try waitForValue(1)
    try reload()
    try browser.waitUntil("the formula is back") { try self.browser.value("#formula") == "x**3" }
    try waitForValue(1)
  }

  func testServerThatDiesAndComesBackLosesNothing() throws {
    try typeFormula("x*7")
    try waitForValue(7)
    try restartServer()
    try browser.expect("x*7") { try self.browser.value("#formula") }
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
    try browser.countQuestions()
    try browser.open(server.address)
    try waitForValue(-8)
    try typeFormula("x*3")
    try waitForValue(3)
    try browser.goTo(window: first)
    try waitForValue(2)
    try reload()
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
    try browser.expect(false, "the fragment would come back with each reload") {
      try self.browser.address.contains("#")
    }
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
    try browser.expect("k*k") { try self.browser.value("#formula") }
  }

  func testWithoutTheTokenThePageSaysWhatToDo() throws {
    try browser.run("sessionStorage.clear(); localStorage.clear()")
    try browser.open("about:blank")
    try browser.open("http://127.0.0.1:\(server.port)/")
    try browser.waitUntil("it is said") { try self.browser.text("#connection").contains("micrograd play") }
  }

  func testEveryControlHasANameAndIsReachedByTheKeyboard() throws {
    try browser.emulate("prefers-reduced-motion", "reduce")  // the network stands still
    defer { try? browser.emulate("prefers-reduced-motion", "") }
    for room in ["expression", "network", "fit"] {
      try browser.click("#tab-\(room)")
      try browser.settle()
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
        try browser.waitUntil("nothing is wider than the page: \(room) at \(width)") {
          try self.browser.run("return document.documentElement.scrollWidth <= innerWidth") as? Bool == true
        }
      }
    }
  }

  func testThePageIsUsableAtTwiceItsSize() throws {
    try browser.emulate("prefers-reduced-motion", "reduce")
    defer { try? browser.emulate("prefers-reduced-motion", "") }
    try browser.resize(640, 400)  // 1280 × 800 at 200 %
    for room in ["expression", "network", "fit"] {
      try browser.click("#tab-\(room)")
      try browser.settle()
      // Each control can be scrolled to, and nothing lies over it.
      let covered = try browser.run(
        """
        const shown = (e) => e.checkVisibility() && getComputedStyle(e).pointerEvents !== 'none';
        return [...document.querySelectorAll('button, input, select, textarea, summary')].filter(shown).filter((e) => {
          e.scrollIntoView({ block: 'center', behavior: 'instant' });
          const box = e.getBoundingClientRect();
          const hit = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, innerHeight) / 2);
          return !hit || !(e.contains(hit) || hit.contains(e) || hit.closest('label') === e.closest('label'));
        }).map((e) => `${e.id || e.outerHTML.slice(0, 160)}`)
        """)
      XCTAssertEqual(covered as? [String], [], room)
      let picture = ["expression": ".graph-place", "network": ".field", "fit": ".fit-holder"][room] ?? ""
      let share = try browser.run(
        """
        const e = document.querySelector(arguments[0]);
        e.scrollIntoView({ block: 'center', behavior: 'instant' });
        const box = e.getBoundingClientRect(), bar = document.querySelector('footer').getBoundingClientRect();
        return (Math.min(box.bottom, bar.top > 0 ? bar.top : innerHeight, innerHeight) - Math.max(box.top, 0)) / innerHeight
        """, picture)
      XCTAssertGreaterThan(try XCTUnwrap(share as? NSNumber).doubleValue, 0.4, "\(room): the picture")
    }
    try browser.click("#tab-expression")
    try browser.replace(".leaf[data-name='a'] .scrub", with: "3")
    try waitForValue(-2)
    try browser.click("#step")
    try browser.expect("step 1 / 6") { try self.browser.text("#position") }
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
    try browser.expect(light) { try ground() }
    try browser.click("#theme")
    try browser.expect(dark) { try ground() }
    try browser.click("#theme")
    try browser.expect(light) { try ground() }
  }

  func testAMillionCharactersAreAnsweredAndThePageGoesOn() throws {
    try browser.paste(String(repeating: "sin(a)+", count: 143_000) + "a", into: "#formula")
    try browser.waitUntil("there is an error or a value") {
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
