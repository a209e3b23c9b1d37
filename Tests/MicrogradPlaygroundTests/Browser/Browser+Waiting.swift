import Foundation
import XCTest

/// The page asks the engine and shows the answer later: tests wait for what they claim.
extension Browser {
  /// Waits until something is true. What throws is not yet true.
  func waitUntil(
    _ what: String, seconds: Double = 20, file: StaticString = #filePath, line: UInt = #line,
    _ condition: () throws -> Bool
  ) throws {
    var problem = ""
    let isTrue = poll(seconds) {
      do {
        problem = ""
        return try condition()
      } catch {
        problem = ": \(error)"
        return false
      }
    }
    guard !isTrue else { return }
    XCTFail("after \(seconds) s it is not so that \(what)\(problem)", file: file, line: line)
    throw WebDriverError(message: "waited in vain: \(what)\(problem)")
  }

  /// Waits until something has a value, and fails with what it has instead.
  func expect<Value: Equatable>(
    _ expected: Value, _ what: String = "", file: StaticString = #filePath, line: UInt = #line,
    _ shown: () throws -> Value
  ) throws {
    let isShown = poll { (try? shown() == expected) ?? false }
    if !isShown { XCTAssertEqual(try shown(), expected, what, file: file, line: line) }
  }

  /// Waits until the text of an element holds a text, and fails with what it holds instead.
  func expect(_ selector: String, holds part: String, file: StaticString = #filePath, line: UInt = #line) throws {
    let holds = poll { (try? text(selector).contains(part)) ?? false }
    if !holds { XCTFail("\(selector) holds “\(try text(selector))”, not “\(part)”", file: file, line: line) }
  }

  private func poll(_ seconds: Double = 20, _ condition: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      if condition() { return true }
      Thread.sleep(forTimeInterval: 0.02)
    }
    return false
  }

  /// Counts the questions of the page that the engine has not answered, in all documents to come.
  func countQuestions() throws {
    let script = """
      window.openQuestions = 0;
      window.WebSocket = class extends WebSocket {
        constructor(address) {
          super(address);
          this.addEventListener('message', () => { window.openQuestions -= 1; });
          this.addEventListener('close', () => { window.openQuestions = 0; });
        }
        send(text) { window.openQuestions += 1; super.send(text); }
      };
      """
    try developerCommand("Page.addScriptToEvaluateOnNewDocument", ["source": script])
  }

  /// Waits until the page has asked nothing for some frames, and has drawn all answers.
  func settle() throws {
    let script = """
      const done = arguments[0], start = performance.now();
      let quiet = 0;
      (function look() {
        quiet = window.openQuestions === 0 ? quiet + 1 : 0;
        if (performance.now() - start > 20000) done(false);
        else if (quiet > 4) setTimeout(done, 20, true);
        else requestAnimationFrame(look);
      })();
      """
    guard try runAsynchronously(script) as? Bool == true else {
      throw WebDriverError(message: "the page goes on asking the engine")
    }
  }
}
