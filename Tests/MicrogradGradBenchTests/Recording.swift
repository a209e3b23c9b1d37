import Foundation
import TestSupport

/// A conversation of GradBench with its reference, as JSON.
struct Recording {
  let name: String
  /// What the eval said and the reference's response.
  let exchanges: [(message: Data, response: [String: Any])]

  static let names = ["hello", "llsq", "lse", "det", "ode", "gmm", "ba", "ht", "lstm", "kmeans"]

  init(_ name: String) throws {
    self.name = name
    let file = fixtureURL("gradbench/\(name).jsonl")
    exchanges = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      let pair = try object(Data(line.utf8))
      let message = try JSONSerialization.data(withJSONObject: pair["message"] as Any)
      return (message, pair["response"] as? [String: Any] ?? [:])
    }
  }
}

func object(_ data: Data) throws -> [String: Any] {
  try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
}

/// All numbers of an output, in the order of its keys.
func numbers(_ output: Any?) -> [Double] {
  switch output {
  case let number as Double: [number]
  case let list as [Any]: list.flatMap(numbers)
  case let object as [String: Any]: object.sorted { $0.key < $1.key }.flatMap { numbers($0.value) }
  default: []
  }
}
