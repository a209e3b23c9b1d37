/// A value of JSON, written with its keys in the given order.
indirect enum JSONText: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral {
  case text(String)
  /// A number; null if it is not finite, which JSON does not have.
  case number(Double)
  case integer(Int)
  case boolean(Bool)
  case list([JSONText])
  case object([(String, JSONText)])
  case null

  init(stringLiteral text: String) { self = .text(text) }
  init(floatLiteral number: Double) { self = .number(number) }
  init(booleanLiteral value: Bool) { self = .boolean(value) }

  static func numbers(_ numbers: [Double]) -> JSONText { .list(numbers.map { .number($0) }) }

  /// The text, with a line for each element of objects and of lists that contain more than numbers.
  func text(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .text(let text): return Self.quoted(text)
    case .number(let number): return number.isFinite ? AlignedNumbers.text(number) : "null"
    case .integer(let number): return String(number)
    case .boolean(let value): return value ? "true" : "false"
    case .null: return "null"
    case .list(let elements):
      let isFlat = elements.allSatisfy {
        if case .list = $0 { false } else if case .object = $0 { false } else { true }
      }
      if isFlat { return "[" + elements.map { $0.text(indent: inner) }.joined(separator: ", ") + "]" }
      return "[\n" + elements.map { inner + $0.text(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let lines = members.map { inner + Self.quoted($0.0) + ": " + $0.1.text(indent: inner) }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
