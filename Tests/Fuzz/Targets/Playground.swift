import Foundation
import MicrogradPlayground

/// Each line is a message to one session: its answers are JSON objects with a kind, and it still answers afterwards.
func fuzzPlayground(_ bytes: [UInt8]) {
  let session = PlaygroundSession()
  for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").prefix(6) {
    for answer in session.receive(String(line)) { check(hasKind(answer), "an answer has a kind: \(answer)") }
  }
  let answers = session.receive(#"{"id": 1, "room": "expression", "action": "open", "formula": "a*b", "values": {}}"#)
  check(answers.count == 1 && answers[0].contains("opened"), "the session goes on")
}

private func hasKind(_ answer: String) -> Bool {
  let object = try? JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
  return object?["kind"] is String
}
