import Foundation
import XCTest

@testable import MicrogradPlayground

/// Any JSON. `JSONSerialization` rounds the last digits of numbers; `JSONDecoder` does not.
struct JSONContent: Decodable {
  let content: Any

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      content = NSNull()
    } else if let members = try? container.decode([String: JSONContent].self) {
      content = members.mapValues(\.content)
    } else if let list = try? container.decode([JSONContent].self) {
      content = list.map(\.content)
    } else if let flag = try? container.decode(Bool.self) {
      content = flag
    } else if let number = try? container.decode(Double.self) {
      content = NSNumber(value: number)
    } else {
      content = try container.decode(String.self)
    }
  }
}

/// One page's conversation with the room of expressions.
final class ExpressionConversation {
  private let session = PlaygroundSession()
  private var id = 0

  /// Sends a message, and returns the one answer.
  func ask(_ action: String, _ content: [String: Any]) throws -> [String: Any] {
    id += 1
    var message = content
    message["id"] = id
    message["room"] = "expression"
    message["action"] = action
    let answers = session.receive(try Self.json(message))
    XCTAssertEqual(answers.count, 1)
    let content = try JSONDecoder().decode(JSONContent.self, from: Data(answers[0].utf8)).content
    let answer = try XCTUnwrap(content as? [String: Any])
    XCTAssertEqual(answer["id"] as? Int, id)
    return answer
  }

  /// A message as text, with all digits of its numbers, as JavaScript writes them.
  private static func json(_ value: Any) throws -> String {
    switch value {
    case let members as [String: Any]:
      return "{" + (try members.map { try "\(json($0)):\(json($1))" }.joined(separator: ",")) + "}"
    case let number as Double: return "\(number)"
    default:
      return String(decoding: try JSONSerialization.data(withJSONObject: [value]), as: UTF8.self).dropFirst().dropLast()
        .description
    }
  }

  /// Opens a formula, which must be right.
  @discardableResult
  func open(_ formula: String, _ values: [String: Double], _ more: [String: Any] = [:]) throws -> Opened {
    let answer = try ask("open", more.merging(["formula": formula, "values": values]) { $1 })
    XCTAssertEqual(answer["kind"] as? String, "opened", "\(formula): \(answer["message"] ?? "")")
    return try Opened(answer)
  }

  func set(_ values: [String: Double], _ more: [String: Any] = [:]) throws -> Numbers {
    let answer = try ask("set", more.merging(["values": values]) { $1 })
    XCTAssertEqual(answer["kind"] as? String, "numbers", "\(answer["message"] ?? "")")
    return Numbers(answer)
  }

  struct Opened {
    let answer: [String: Any]
    let names: [String]
    let numbers: Numbers

    init(_ answer: [String: Any]) throws {
      self.answer = answer
      let picture = try XCTUnwrap(answer["picture"] as? [String: Any])
      names = try XCTUnwrap(picture["boxes"] as? [[String: Any]]).map { $0["name"] as? String ?? "" }
      numbers = Numbers(try XCTUnwrap(answer["numbers"] as? [String: Any]))
    }

    var inputs: [String] { (answer["inputs"] as? [[String: Any]] ?? []).map { $0["name"] as? String ?? "" } }

    /// The numbers of a node, by its name.
    func data(_ name: String, _ numbers: Numbers? = nil) throws -> Double? {
      (numbers ?? self.numbers).data[try XCTUnwrap(names.firstIndex(of: name), name)]
    }

    func grad(_ name: String, _ numbers: Numbers? = nil) throws -> Double? {
      (numbers ?? self.numbers).gradients[try XCTUnwrap(names.firstIndex(of: name), name)]
    }
  }

  struct Numbers {
    let answer: [String: Any]

    init(_ answer: [String: Any]) { self.answer = answer }

    /// JSON has no numbers that are not finite: they are texts.
    static func number(_ value: Any?) -> Double? {
      switch value {
      case let text as String: Double(text)
      case let number as Double: number
      case let number as Int: Double(number)
      default: nil
      }
    }

    private func list(_ name: String) -> [Double?] { (answer[name] as? [Any] ?? []).map(Self.number) }

    var value: Double { Self.number(answer["value"]) ?? .nan }
    var data: [Double?] { list("data") }
    var gradients: [Double?] { list("gradients") }
    var slopes: [Double?] { list("slopes") }
    var inputGradients: [Double?] { list("inputGradients") }
    var stepCount: Int { (answer["forwardSteps"] as? Int ?? 0) + (answer["backwardSteps"] as? Int ?? 0) }
    var forwardSteps: Int { answer["forwardSteps"] as? Int ?? 0 }
    var step: [String: Any] { answer["step"] as? [String: Any] ?? [:] }
    var operands: [[String: Any]] { step["operands"] as? [[String: Any]] ?? [] }
    var paths: [String: Any] { answer["paths"] as? [String: Any] ?? [:] }
    var nudge: [String: Any] { answer["nudge"] as? [String: Any] ?? [:] }
    var notFinite: String? { answer["notFinite"] as? String }
  }
}

/// The expression of the lecture, and its numbers there: A. Karpathy, *The spelled-out intro to neural networks and
/// backpropagation*.
enum Lecture {
  static let formula = "e = a*b; d = e + c; L = d*f"
  static let values: [String: Double] = ["a": 2, "b": -3, "c": 10, "f": -2]
  static let data: [String: Double] = ["a": 2, "b": -3, "c": 10, "f": -2, "e": -6, "d": 4, "L": -8]
  static let gradients: [String: Double] = ["a": 6, "b": -4, "c": -2, "f": 4, "e": -2, "d": -2, "L": 1]
}
