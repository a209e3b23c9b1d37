import Foundation

/// The tool's side of GradBench's protocol: one message a line, one response a line.
///
/// Numbers are read and written by `JSONDecoder` and `JSONEncoder`, to the last bit. `JSONSerialization` is no substitute:
/// on Linux it reads one number in seven with an error in the last places.
package enum Conversation {
  /// What is said to a line.
  package enum Answer {
    /// A line, without its end.
    case response(Data)
    /// The line was no JSON, so nobody waits for a response to it: what to say to people.
    case complaint(String)
  }

  package static let toolName = "micrograd-swift"

  package static func answer(_ line: Data) -> Answer {
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: line)
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
      return .complaint("this line is not JSON: \(excerpt(line))")
    } catch {
      return .response(encoded(failure(.missing, "a message is an object with an id and a kind: \(explain(error))")))
    }
    return .response(encoded(respond(to: header, line)))
  }

  private static func respond(to header: Header, _ line: Data) -> Response {
    let id = header.id
    do {
      switch header.kind {
      case "start": return Response(id: id, tool: toolName)
      case "define":
        _ = try Module.named(try named(header.module, "module"))
        return Response(id: id, success: true)
      case "evaluate":
        let module = try Module.named(try named(header.module, "module"))
        let function = try module.function(named: try named(header.function, "function"))
        let evaluation = try function.evaluate(line)
        return Response(id: id, success: true, output: evaluation.output, timings: evaluation.timings)
      default: return Response(id: id)
      }
    } catch {
      return failure(id, explain(error))
    }
  }

  private static func named(_ name: String?, _ what: String) throws(InputError) -> String {
    guard let name else { throw InputError("the message names no \(what)") }
    return name
  }

  private static func failure(_ id: MessageID, _ error: String) -> Response {
    Response(id: id, success: false, error: error)
  }

  /// JSON has no name for infinities and NaN, so an output that holds one is no success.
  private static func encoded(_ response: Response) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(response)
    } catch {
      return encoded(failure(response.id, explain(error)))
    }
  }
}

/// An error in a line.
private func explain(_ error: any Error) -> String {
  switch error {
  case DecodingError.keyNotFound(let key, let context): "\(path(context.codingPath + [key])) is missing"
  case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
    DecodingError.dataCorrupted(let context):
    "\(path(context.codingPath)): \(context.debugDescription)"
  case EncodingError.invalidValue(let value, let context):
    "\(path(context.codingPath)) is \(value), for which JSON has no name"
  default: "\(error)"
  }
}

/// `input.mu[2][0]`.
private func path(_ keys: [any CodingKey]) -> String {
  let text = keys.reduce(into: "") { text, key in
    if let index = key.intValue {
      text += "[\(index)]"
    } else {
      text += (text.isEmpty ? "" : ".") + key.stringValue
    }
  }
  return text.isEmpty ? "the message" : text
}

private func excerpt(_ line: Data) -> String {
  let text = String(decoding: line.prefix(60), as: UTF8.self)
  return line.count > 60 ? "\(text)…" : text
}
