import Foundation
import Micrograd
import MicrogradGradBenchModules
import XCTest

/// What the reference of GradBench answered is answered here.
final class RecordingsTests: XCTestCase {
  /// Each test has an empty tape, as the tool has: what other tests left on the thread's tape would be looked through at each
  /// sweep.
  override func invokeTest() { Tape().use { super.invokeTest() } }

  private func answer(_ message: Data) throws -> [String: Any] {
    guard case .response(let response) = Conversation.answer(message) else { throw XCTSkip("a complaint") }
    return try object(response)
  }

  /// GradBench's own measure: |a - e| to |a| + |e|, or to 1 where this is less. GradBench allows 1e-4.
  private func assertReplays(
    _ name: String, within tolerance: Double, ids: Set<Int>? = nil, line: UInt = #line
  ) throws {
    for (message, expected) in try Recording(name).exchanges {
      if let ids, let id = expected["id"] as? Int, !ids.contains(id) { continue }
      let actual = try answer(message)
      let title = "\(name), message \(expected["id"] ?? "")"
      XCTAssertEqual(actual["id"] as? Int, expected["id"] as? Int, title, line: line)
      XCTAssertEqual(actual["success"] as? Bool, expected["success"] as? Bool, title, line: line)
      XCTAssertNil(actual["error"], title, line: line)
      let (a, e) = (numbers(actual["output"]), numbers(expected["output"]))
      XCTAssertEqual(a.count, e.count, title, line: line)
      for (a, e) in zip(a, e) {
        XCTAssertEqual(a, e, accuracy: tolerance * max(1, abs(a) + abs(e)), title, line: line)
      }
    }
  }

  func testHello() throws { try assertReplays("hello", within: 0) }
  func testLeastSquares() throws { try assertReplays("llsq", within: 1e-14) }
  func testLogSumExp() throws { try assertReplays("lse", within: 1e-14) }
  func testDeterminant() throws { try assertReplays("det", within: 1e-14) }
  func testGaussianMixture() throws { try assertReplays("gmm", within: 1e-13) }
  func testBundleAdjustment() throws { try assertReplays("ba", within: 1e-10) }
  func testHandTracking() throws { try assertReplays("ht", within: 1e-13) }
  /// The gradient's numbers are small beside 1, which is why the bound is.
  func testMemory() throws { try assertReplays("lstm", within: 1e-15) }
  func testClusters() throws { try assertReplays("kmeans", within: 1e-13) }

  // Searches of a thousand steps take seconds in a debug build: all four ways from the first start, one from the second.
  func testSaddle() throws { try assertReplays("saddle", within: 1e-12, ids: Set(0...9).union([12])) }
  func testParticle() throws { try assertReplays("particle", within: 1e-12, ids: Set(0...9).union([12])) }

  /// The reference's gradient is that of the exact solution, from which a few steps of the method are some way off.
  func testRungeKutta() throws { try assertReplays("ode", within: 5e-7) }

  /// Each result of the method is proportional to each parameter that it depends on, so the recorded values tell what
  /// the method's own derivatives are.
  func testRungeKuttasDerivativesAreThoseOfItsRecordedValues() throws {
    let exchanges = try Recording("ode").exchanges
    for (message, expected) in exchanges {
      let request = try object(message)
      guard request["function"] as? String == "primal", let input = request["input"] as? [String: Any] else { continue }
      let last = try XCTUnwrap(numbers(expected["output"]).last)
      let gradient = try exchanges.first { exchange in
        let other = try object(exchange.message)
        return other["function"] as? String == "gradient" && numbers(other["input"]) == numbers(input)
      }
      let slopes = numbers(try answer(try XCTUnwrap(gradient).message)["output"])
      for (slope, x) in zip(slopes, numbers(input["x"])) {
        XCTAssertEqual(slope, last / x, accuracy: 1e-13 * abs(last / x))
      }
    }
  }

  func testEveryEvaluationIsTimed() throws {
    for name in Recording.names {
      for (message, expected) in try Recording(name).exchanges where expected["output"] != nil {
        let timings = try answer(message)["timings"] as? [[String: Any]] ?? []
        let evaluations = timings.filter { $0["name"] as? String == "evaluate" }
        XCTAssertEqual(evaluations.count, 1)
        XCTAssertGreaterThan(evaluations.first?["nanoseconds"] as? Int ?? 0, 0)
        let others = timings.filter { $0["name"] as? String != "evaluate" }
        XCTAssertLessThanOrEqual(others.count, 1)
        XCTAssertTrue(others.allSatisfy { $0["name"] as? String == "prepare" })
      }
    }
  }

  func testTheToolNamesItself() throws {
    let response = try answer(Data(#"{"id": 0, "kind": "start", "eval": "gmm"}"#.utf8))
    XCTAssertEqual(response["tool"] as? String, "micrograd-swift")
  }
}
