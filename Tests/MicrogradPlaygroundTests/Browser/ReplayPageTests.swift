import Foundation
import XCTest

/// The exported replay: a page on its own, opened from a file, without a server.
final class ReplayPageTests: BrowserTestCase {
  /// Exports the replay of the room that is shown, and opens it as a file.
  private func openReplay() throws {
    let script = """
      const done = arguments[0], create = URL.createObjectURL;
      URL.createObjectURL = (blob) => { blob.text().then(done); return create.call(URL, blob); };
      HTMLAnchorElement.prototype.click = () => {};
      document.querySelector('#export').click();
      document.querySelector('[data-export=replay]').click();
      """
    let text = try XCTUnwrap(browser.runAsynchronously(script) as? String)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("replay-\(UUID().uuidString).html")
    addTeardownBlock { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    try browser.open(file.absoluteString)
  }

  func testTheWalkIsReplayedToItsLastStep() throws {
    try openReplay()
    try browser.expect("1 / 7") { try self.browser.text("#o") }
    try browser.focus("#s")
    try browser.press("\u{E010}")  // End
    try browser.expect("7 / 7") { try self.browser.text("#o") }
    // The last operation is the product of a and b.
    try browser.expect("#t", holds: "a.grad: 0 + −2 · −3 = 6")
    try browser.expect("#t", holds: "b.grad: 0 + −2 · 2 = −4")
    try browser.expect(true) { try self.pictureIsDrawn() }
  }

  func testAReplayRunsAndIsWalkedByKeys() throws {
    try openReplay()
    try browser.press(Key.right + Key.right + Key.left)
    try browser.expect("2 / 7") { try self.browser.text("#o") }
    try browser.click("#r")
    try browser.expect("7 / 7") { try self.browser.text("#o") }
    try browser.expect("▶▶ run") { try self.browser.text("#r") }
  }

  func testTheFitIsReplayedToItsLastIteration() throws {
    try browser.click("#tab-fit")
    try browser.settle()
    let sum = try browser.text("#fit-sum")
    try openReplay()
    try browser.focus("#s")
    try browser.press("\u{E010}")
    try browser.expect("#t", holds: sum)
    try browser.expect(true) { try self.pictureIsDrawn() }
  }

  func testTheTrainingIsReplayedToItsLastStep() throws {
    try browser.emulate("prefers-reduced-motion", "reduce")
    defer { try? browser.emulate("prefers-reduced-motion", "") }
    try browser.click("#tab-network")
    try browser.settle()
    for step in 1...3 {
      try browser.click("#step")
      try browser.expect("step \(step)") { try self.browser.text("#position") }
      try browser.settle()
    }
    let loss = try browser.text("#network-now-loss")
    try openReplay()
    try browser.expect("1 / 3") { try self.browser.text("#o") }
    try browser.press(Key.right + Key.right)
    try browser.expect("#t", holds: "step 3: loss \(loss)")
    try browser.expect(true) { try self.pictureIsDrawn() }
  }

  private func pictureIsDrawn() throws -> Bool {
    let script = """
      const picture = document.querySelector('#p svg');
      return picture.querySelectorAll('*').length > 10 && picture.getBoundingClientRect().width > 200
      """
    return try browser.run(script) as? Bool == true
  }
}
