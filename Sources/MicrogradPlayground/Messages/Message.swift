import Foundation

/// What every message begins with.
struct MessageHead: Codable {
  /// The number that the answer repeats.
  let id: Int
  let room: String
  let action: String
}

/// A message to a room.
struct Request {
  let head: MessageHead
  let data: Data

  var action: String { head.action }

  /// Reads what the action needs.
  ///
  /// - Throws: A ``PlaygroundError`` that names what is missing or of the wrong type.
  func content<T: Decodable>(_ type: T.Type = T.self) throws -> T {
    do {
      return try JSONDecoder.forMessages.decode(T.self, from: data)
    } catch let error as DecodingError {
      throw PlaygroundError("the message \(head.room)/\(head.action) \(error.problem): reload the page")
    }
  }

  /// The error for an action that the room does not have.
  var unknownAction: PlaygroundError { PlaygroundError("\(head.room) has no action “\(head.action)”: reload the page") }
}

/// Something that the page's user can mend.
struct PlaygroundError: Error {
  let message: String
  /// The name of the control that it is about.
  var field: String?
  /// The position in the field's text, in UTF-16 units, as JavaScript counts.
  var place: Int?

  init(_ message: String, field: String? = nil, place: Int? = nil) {
    (self.message, self.field, self.place) = (message, field, place)
  }
}

/// The text of answers.
enum Answer {
  /// What is answered, between the head's members.
  private struct Envelope: Encodable {
    let head: MessageHead
    let content: any Encodable

    enum Key: CodingKey { case id, room }

    func encode(to encoder: any Encoder) throws {
      try content.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(head.id, forKey: .id)
      try container.encode(head.room, forKey: .room)
    }
  }

  private struct Problem: Encodable {
    var kind = "error"
    let message: String
    let field: String?
    let place: Int?
  }

  static func text(of content: any Encodable, to head: MessageHead) throws -> String {
    let data = try JSONEncoder.forMessages.encode(Envelope(head: head, content: content))
    return String(decoding: data, as: UTF8.self)
  }

  /// The text of an error.
  static func text(of error: PlaygroundError, to head: MessageHead?) -> String {
    let head = head ?? MessageHead(id: 0, room: "", action: "")
    let problem = Problem(message: error.message, field: error.field, place: error.place)
    return (try? text(of: problem, to: head))
      ?? #"{"kind":"error","id":0,"room":"","message":"an error without a text"}"#
  }
}

extension JSONDecoder {
  /// Numbers that JSON does not have are texts.
  static var forMessages: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}

extension JSONEncoder {
  /// Numbers that JSON does not have are texts.
  static var forMessages: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

extension DecodingError {
  /// What is wrong with the message.
  var problem: String {
    func name(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
    return switch self {
    case .keyNotFound(let key, let context): "lacks “\(name(context.codingPath + [key]))”"
    case .typeMismatch(let type, let context): "has no \(type) in “\(name(context.codingPath))”"
    case .valueNotFound(let type, let context): "has no \(type) in “\(name(context.codingPath))”"
    case .dataCorrupted(let context): "is damaged at “\(name(context.codingPath))”"
    @unknown default: "cannot be read"
    }
  }
}
