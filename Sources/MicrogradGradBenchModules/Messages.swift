/// What all messages have in common.
struct Header: Decodable {
  let id: MessageID
  let kind: String?
  let module: String?
  let function: String?
}

/// An `evaluate` message; the input of some functions is a bare number, which says nothing about runs.
struct EvaluateRequest<I: Input>: Decodable {
  let input: I
  let runs: Runs

  private enum Key: CodingKey { case input, any }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    input = try container.decode(I.self, forKey: .input)
    let isObject = (try? container.nestedContainer(keyedBy: Key.self, forKey: .input)) != nil
    runs = isObject ? try container.decode(Runs.self, forKey: .input) : Runs()
  }
}

/// What a response repeats of its message.
enum MessageID: Codable {
  case number(Int64)
  case text(String)
  case missing

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int64.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .missing
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .missing: try container.encodeNil()
    }
  }
}

/// A response; what is `nil` is left out.
struct Response: Encodable {
  let id: MessageID
  var tool: String?
  var success: Bool?
  var output: (any Encodable)?
  var timings: [Evaluation.Timing]?
  var error: String?

  private enum Key: CodingKey { case id, tool, success, output, timings, error }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(id, forKey: .id)
    try container.encodeIfPresent(tool, forKey: .tool)
    try container.encodeIfPresent(success, forKey: .success)
    if let output { try container.encode(output, forKey: .output) }
    try container.encodeIfPresent(timings, forKey: .timings)
    try container.encodeIfPresent(error, forKey: .error)
  }
}
