import Foundation
import XCTest

@testable import MicrogradPlayground

/// A session whose room of fits is asked as the page asks it.
class FitRoomTestCase: XCTestCase {
  typealias JSON = [String: Any]

  let session = PlaygroundSession()

  /// Asks the room. The answer may be an error.
  func ask(_ action: String, _ content: JSON = [:]) throws -> JSON {
    let message = content.merging(["id": 1, "room": "fit", "action": action]) { $1 }
    let text = String(decoding: try JSONSerialization.data(withJSONObject: message), as: UTF8.self)
    let answers = session.receive(text)
    XCTAssertEqual(answers.count, 1)
    return try XCTUnwrap(JSONSerialization.jsonObject(with: Data(answers[0].utf8)) as? JSON)
  }

  /// Pastes a table, which can be read.
  @discardableResult
  func paste(_ text: String) throws -> JSON {
    let answer = try ask("table", ["text": text])
    XCTAssertEqual(answer["kind"] as? String, "table", "\(answer)")
    return answer
  }

  /// Fits a formula, which succeeds.
  func fit(_ formula: String, _ settings: JSON = [:]) throws -> JSON {
    let answer = try ask("fit", settings.merging(["formula": formula]) { $1 })
    XCTAssertEqual(answer["kind"] as? String, "fit", "\(answer)")
    return answer
  }

  /// The error of a message.
  func problem(_ action: String, _ content: JSON) throws -> (message: String, field: String?, place: Int?) {
    let answer = try ask(action, content)
    XCTAssertEqual(answer["kind"] as? String, "error", "\(answer)")
    return (answer["message"] as? String ?? "", answer["field"] as? String, answer["place"] as? Int)
  }

  func parameters(_ fit: JSON) throws -> [JSON] { try XCTUnwrap(fit["parameters"] as? [JSON]) }

  func parameter(_ name: String, of fit: JSON) throws -> JSON {
    try XCTUnwrap(try parameters(fit).first { $0["name"] as? String == name })
  }

  func number(_ name: String, of fit: JSON) throws -> Double {
    try XCTUnwrap(try parameter(name, of: fit)["value"] as? Double)
  }

  func statistic(_ name: String, of fit: JSON) throws -> Double {
    try XCTUnwrap((fit["statistics"] as? JSON)?[name] as? Double)
  }

  static let tea = "minutes,celsius\n0,88.6\n10,64.0\n20,49.0\n30,38.1\n40,32.4\n50,28.1\n60,25.0\n"
  static let cooling = "celsius ~ room + (start - room) * exp(-minutes / tau)"
}
