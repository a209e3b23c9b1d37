import Foundation
import XCTest

@testable import MicrogradPlayground

final class PlaygroundSessionTests: XCTestCase {
  private func answer(_ message: String) throws -> [String: Any] {
    let answers = PlaygroundSession().receive(message)
    XCTAssertEqual(answers.count, 1)
    return try XCTUnwrap(JSONSerialization.jsonObject(with: Data(answers[0].utf8)) as? [String: Any])
  }

  func testAnswerRepeatsIdAndRoom() throws {
    let answer = try answer(
      #"{"id": 7, "room": "expression", "action": "open", "formula": "a*b", "values": {"a": 2, "b": 3}}"#)
    XCTAssertEqual(answer["id"] as? Int, 7)
    XCTAssertEqual(answer["room"] as? String, "expression")
    XCTAssertEqual(answer["kind"] as? String, "opened")
    XCTAssertEqual(answer["value"] as? Double, 6)
  }

  func testMessagesThatCannotBeReadAreErrors() throws {
    let messages = [
      "", "{}", "[]", "null", "\u{0}", #"{"id": "1", "room": "fit", "action": "open"}"#,
      #"{"id": 1, "room": "kitchen", "action": "open"}"#, #"{"id": 1, "room": "expression", "action": "dance"}"#,
      #"{"id": 1, "room": "expression", "action": "open"}"#,
    ]
    for message in messages {
      let answer = try answer(message)
      XCTAssertEqual(answer["kind"] as? String, "error", message)
      XCTAssertFalse((answer["message"] as? String ?? "").isEmpty, message)
    }
  }

  func testDeepAndLongMessagesAreErrors() throws {
    let deep = String(repeating: "[", count: 1_000_000)
    let long = String(repeating: " ", count: PlaygroundSession.longestMessage)
    for content in [deep, #""\ud800""#, "1e999", "-", long] {
      let answer = try answer(
        #"{"id": 1, "room": "expression", "action": "open", "values": {}, "formula": \#(content)}"#)
      XCTAssertEqual(answer["kind"] as? String, "error", String(content.prefix(20)))
    }
  }

  func testFormulaErrorHasItsPlaceAsJavaScriptCounts() throws {
    let answer = try answer(
      #"{"id": 1, "room": "expression", "action": "open", "formula": "`𝛼` + + ", "values": {}}"#)
    XCTAssertEqual(answer["kind"] as? String, "error")
    XCTAssertEqual(answer["field"] as? String, "formula")
    XCTAssertNotNil(answer["place"] as? Int)
  }
}
