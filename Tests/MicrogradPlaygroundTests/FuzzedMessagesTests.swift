import Foundation
import MicrogradPlayground
import TestSupport
import XCTest

/// Messages of the page with parts exchanged for what no page sends: each gets an answer, and none ends the session.
///
/// `MICROGRAD_FUZZ_MESSAGES=1000000` sends more, `MICROGRAD_FUZZ_SEED` others.
final class FuzzedMessagesTests: XCTestCase {
  func testEveryMessageIsAnsweredAndTheSessionGoesOn() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["MICROGRAD_FUZZ_MESSAGES"].flatMap(Int.init) ?? 600
    let seed = environment["MICROGRAD_FUZZ_SEED"].flatMap(UInt64.init) ?? 22
    print("seed \(seed), \(count) messages")
    let seeds = try ["expression", "network", "fit"].map { try messages(of: $0) }
    var mutation = Mutation(seed: seed)
    var session = PlaygroundSession()
    var slowest = (seconds: 0.0, message: "")
    for k in 0..<count {
      if k % 50 == 0 {
        session = PlaygroundSession()
        for message in seeds.flatMap({ $0 }) { check(session.receive(message), message) }
      }
      let message = try mutation.mutated(from: seeds[k % seeds.count])
      let start = Date()
      check(session.receive(message), message)
      let seconds = Date().timeIntervalSince(start)
      if seconds > slowest.seconds { slowest = (seconds, message) }
    }
    print("slowest: \(slowest.seconds) s, \(slowest.message.prefix(600))")
    XCTAssertLessThan(slowest.seconds, 60, slowest.message)
  }

  private func messages(of room: String) throws -> [String] {
    let file = testsFolder.appendingPathComponent("Fuzz/Seeds/playground/\(room)")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private func check(_ answers: [String], _ message: String) {
    XCTAssertEqual(answers.count, 1, message)
    for answer in answers {
      let object = try? JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
      XCTAssertNotNil(object?["kind"] as? String, "\(message)\n\(answer)")
    }
  }
}

/// Changes parts of messages.
private struct Mutation {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func mutated(from seeds: [String]) throws -> String {
    let seed = seeds[generator.below(seeds.count)]
    if generator.below(10) == 0 { return damaged(seed) }
    var object = try JSONSerialization.jsonObject(with: Data(seed.utf8))
    for _ in 0...generator.below(3) { object = changed(object) }
    let data = try JSONSerialization.data(withJSONObject: object)
    return String(decoding: data, as: UTF8.self)
  }

  /// Other bytes in some places, or only a part.
  private mutating func damaged(_ text: String) -> String {
    var bytes = Array(text.utf8)
    for _ in 0...generator.below(4) { bytes[generator.below(bytes.count)] = UInt8(generator.below(256)) }
    if generator.below(3) == 0 { bytes.removeLast(generator.below(bytes.count)) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// One member or element changed, or one below it.
  private mutating func changed(_ value: Any) -> Any {
    if var object = value as? [String: Any], !object.isEmpty {
      let names = object.keys.sorted().filter { !["id", "room", "action"].contains($0) }
      guard !names.isEmpty else { return object }
      let name = names[generator.below(names.count)]
      switch generator.below(8) {
      case 0: object[name] = nil
      case 1: object[name] = strange()
      default: object[name] = object[name].map { changed($0) }
      }
      return object
    }
    if var list = value as? [Any], !list.isEmpty, generator.below(5) > 0 {
      let place = generator.below(list.count)
      switch generator.below(4) {
      case 0: list.remove(at: place)
      case 1: list += Array(repeating: list[place], count: generator.below(40))
      default: list[place] = changed(list[place])
      }
      return list
    }
    if let text = value as? String, generator.below(3) > 0 { return damaged(text.isEmpty ? " " : text) }
    return strange()
  }

  private mutating func strange() -> Any {
    let numbers: [Any] = [
      0, -1, 1, 2, 3, 7, 64, 65, 1000, -5, 1_000_000, Int.max, Int.min, 0.5, -0.0, 1e-300, 1e300, -1e300,
      Double.greatestFiniteMagnitude, Double.leastNonzeroMagnitude,
    ]
    let texts = [
      "", "nan", "inf", "-inf", "x", "sin(", "y ~ a*x", "y ~ ", "\u{0}", "🂡", "a\nb\n1\n2", "1,2\n3,4\n", "relu",
      "tanh",
      "adam", "lbfgs", "spirals", "points", "csv", "crossEntropy", "lecture", String(repeating: "a+", count: 300) + "a",
      String(repeating: "(", count: 500), "x,y,z\n" + String(repeating: "1,2,3\n", count: 30), "exp(exp(exp(exp(x))))",
    ]
    switch generator.below(8) {
    case 0: return NSNull()
    case 1: return true
    case 2: return [Any]()
    case 3: return [String: Any]()
    case 4, 5: return texts[generator.below(texts.count)]
    default: return numbers[generator.below(numbers.count)]
    }
  }
}
