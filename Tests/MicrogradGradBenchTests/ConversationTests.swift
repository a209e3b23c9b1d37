import Foundation
import MicrogradGradBenchModules
import RealModule
import XCTest

/// What is answered to messages that are not as they should be, and how often functions are run.
final class ConversationTests: XCTestCase {
  private func answer(_ message: String) -> [String: Any] {
    guard case .response(let response) = Conversation.answer(Data(message.utf8)) else { return [:] }
    return (try? object(response)) ?? [:]
  }

  private func evaluate(_ module: String, _ function: String, _ input: String) -> [String: Any] {
    answer(#"{"id": 7, "kind": "evaluate", "module": "\#(module)", "function": "\#(function)", "input": \#(input)}"#)
  }

  private func assertFails(_ answer: [String: Any], _ error: String, line: UInt = #line) {
    XCTAssertEqual(answer["id"] as? Int, 7, line: line)
    XCTAssertEqual(answer["success"] as? Bool, false, line: line)
    XCTAssertNil(answer["output"], line: line)
    XCTAssertEqual(answer["error"] as? String, error, line: line)
  }

  // MARK: - Kinds of messages

  func testModulesThatAreThereAreDefined() {
    for name in Recording.names {
      let response = answer(#"{"id": 3, "kind": "define", "module": "\#(name)"}"#)
      XCTAssertEqual(response["success"] as? Bool, true)
      XCTAssertEqual(response["id"] as? Int, 3)
    }
  }

  func testOtherModulesAreNot() {
    assertFails(
      answer(#"{"id": 7, "kind": "define", "module": "svd"}"#),
      "there is no module svd: the modules are hello, llsq, lse, det, ode, gmm, ba, ht, lstm, kmeans, saddle, particle")
    assertFails(answer(#"{"id": 7, "kind": "define"}"#), "the message names no module")
  }

  func testUnknownKindsAreAcknowledged() {
    for kind in ["analysis", "end", "what"] {
      let response = answer(#"{"id": 9, "kind": "\#(kind)", "of": 2}"#)
      XCTAssertEqual(response["id"] as? Int, 9)
      XCTAssertEqual(response.count, 1)
    }
  }

  func testIdsAreRepeatedAsTheyAre() {
    XCTAssertEqual(answer(#"{"id": -5, "kind": "x"}"#)["id"] as? Int, -5)
    XCTAssertEqual(answer(#"{"id": "a/b", "kind": "x"}"#)["id"] as? String, "a/b")
  }

  func testInvalidMessagesAreAnswered() {
    for line in ["[]", "{}", "3", #"{"kind": "start"}"#] {
      let response = answer(line)
      XCTAssertEqual(response["success"] as? Bool, false, line)
      XCTAssertTrue(response["id"] is NSNull, line)
      XCTAssertTrue((response["error"] as? String ?? "").hasPrefix("a message is an object with an id"), line)
    }
  }

  func testInvalidJSONIsReported() {
    for line in ["hello", "{\"id\": 1", "{'id': 1}", "\u{0}"] {
      guard case .complaint(let text) = Conversation.answer(Data(line.utf8)) else { return XCTFail(line) }
      XCTAssertEqual(text, "this line is not JSON: \(line)")
    }
  }

  // MARK: - Functions and inputs that are not there

  func testUnknownFunctions() {
    assertFails(
      evaluate("lse", "hessian", #"{"x": [1]}"#), "lse has no function hessian: its functions are gradient, primal")
    assertFails(answer(#"{"id": 7, "kind": "evaluate", "module": "lse"}"#), "the message names no function")
  }

  func testInputsThatDoNotFit() {
    assertFails(evaluate("lse", "primal", #"{"y": [1]}"#), "input.x is missing")
    assertFails(evaluate("lse", "primal", #"{"x": []}"#), "x is empty")
    assertFails(evaluate("llsq", "primal", #"{"x": [1], "n": 1}"#), "n is 1: there are at least two points")
    assertFails(evaluate("det", "primal", #"{"A": [1, 2, 3], "ell": 2}"#), "A has 3 elements, not 2 × 2")
    assertFails(evaluate("det", "primal", #"{"A": [], "ell": 0}"#), "ell is 0: a matrix has 1 to 62 rows")
    assertFails(evaluate("ode", "gradient", #"{"x": [1], "s": 0}"#), "s is 0: there is at least one step")
    for input in [#"{"x": [1, "2"]}"#, #"{"x": 3}"#, "null", #"{"x": [1], "min_runs": "two"}"#] {
      XCTAssertEqual(evaluate("lse", "gradient", input)["success"] as? Bool, false, input)
      XCTAssertTrue((evaluate("lse", "gradient", input)["error"] as? String ?? "").hasPrefix("input"), input)
    }
    assertFails(
      answer(#"{"id": 7, "kind": "evaluate", "module": "lse", "function": "primal"}"#), "input is missing")
  }

  func testMixturesWhoseShapesDoNotFit() {
    func input(x: String = "[[1, 2]]", mu: String = "[[0, 0]]", l: String = "[[1]]") -> String {
      #"{"d": 2, "k": 1, "n": 1, "x": \#(x), "m": 0, "gamma": 1, "alpha": [0], "mu": \#(mu), "q": [[0, 0]], "l": \#(l)}"#
    }
    XCTAssertEqual(evaluate("gmm", "objective", input())["success"] as? Bool, true)
    assertFails(evaluate("gmm", "objective", input(x: "[[1, 2], [3, 4]]")), "x has 2 rows, not 1")
    assertFails(evaluate("gmm", "objective", input(mu: "[[0]]")), "mu[0] has 1 elements, not 2")
    assertFails(evaluate("gmm", "jacobian", input(l: "[[]]")), "l[0] has 0 elements, not 1")
  }

  func testBundlesWhoseShapesDoNotFit() {
    func input(n: Int = 2, cam: String = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]", x: String = "[1, 2, 3]") -> String {
      #"{"n": \#(n), "m": 2, "p": 3, "cam": \#(cam), "x": \#(x), "w": 1, "feat": [1, 2]}"#
    }
    XCTAssertEqual(evaluate("ba", "jacobian", input())["success"] as? Bool, true)
    assertFails(
      evaluate("ba", "jacobian", input(n: 0)), "n is 0, m is 2 and p is 3: there are 1 to 16777216 of each")
    assertFails(evaluate("ba", "objective", input(cam: "[1, 2]")), "cam has 2 numbers, not 11")
    assertFails(evaluate("ba", "jacobian", input(x: "[1, 2]")), "x has 2 numbers, not 3")
  }

  func testHandsThatDoNotFit() throws {
    let messages = try Recording("ht").exchanges.map { try object($0.message) }
    let input = try XCTUnwrap(messages.first { $0["function"] as? String == "jacobian" }?["input"] as? [String: Any])
    func assertFails(_ error: String, line: UInt = #line, _ change: (inout [String: Any]) throws -> Void) throws {
      var input = input
      try change(&input)
      let text = String(decoding: try JSONSerialization.data(withJSONObject: input), as: UTF8.self)
      self.assertFails(evaluate("ht", "jacobian", text), error, line: line)
    }
    func changeModel(_ key: String, _ change: @escaping (inout [Any]) -> Void) -> (inout [String: Any]) throws -> Void {
      { input in
        var data = try XCTUnwrap(input["data"] as? [String: Any])
        var model = try XCTUnwrap(data["model"] as? [String: Any])
        var list = try XCTUnwrap(model[key] as? [Any])
        change(&list)
        model[key] = list
        data["model"] = model
        input["data"] = data
      }
    }
    try assertFails("theta has 2 numbers, not 26") { $0["theta"] = [1, 2] }
    try assertFails("data.points has 0 rows, not 6") {
      var data = try XCTUnwrap($0["data"] as? [String: Any])
      data["points"] = [Double]()
      $0["data"] = data
    }
    try assertFails("data.correspondences[0] is 999: it is not one of 0 to 8") {
      var data = try XCTUnwrap($0["data"] as? [String: Any])
      var list = try XCTUnwrap(data["correspondences"] as? [Int])
      list[0] = 999
      data["correspondences"] = list
      $0["data"] = data
    }
    try assertFails(
      "data.model.parents[1] is 5: a parent comes before its bone, or is -1", changeModel("parents") { $0[1] = 5 })
    try assertFails("data.model.parents has 21 numbers, not 22", changeModel("parents") { $0.removeLast() })
    try assertFails(
      "data.model.base_relatives[2] has 0 rows, not 4", changeModel("base_relatives") { $0[2] = [[Double]]() })
    try assertFails(
      "the last row of data.model.inverse_base_absolutes[0] is [1.0, 0.0, 0.0, 1.0], not [0, 0, 0, 1]",
      changeModel("inverse_base_absolutes") { $0[0] = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 1]] })
    try assertFails(
      "data.model.weights has 8 rows, not 9", changeModel("weights") { $0.removeLast() })
  }

  func testTextsWhoseShapesDoNotFit() {
    func input(
      main: String = "[[1, 1, 1, 1], [0, 0, 0, 0]]", extra: String = "[[1], [1], [1]]", state: String = "[[0], [0]]",
      sequence: String = "[[0], [1]]"
    ) -> String {
      #"{"main_params": \#(main), "extra_params": \#(extra), "state": \#(state), "sequence": \#(sequence)}"#
    }
    XCTAssertEqual(evaluate("lstm", "jacobian", input())["success"] as? Bool, true)
    assertFails(
      evaluate("lstm", "jacobian", input(main: "[[1, 1, 1, 1]]")),
      "main_params has 1 rows, not two for each layer")
    assertFails(evaluate("lstm", "jacobian", input(extra: "[[1], [1]]")), "extra_params has 2 rows, not 3")
    assertFails(
      evaluate("lstm", "objective", input(extra: "[[1], [1, 2], [1]]")), "extra_params[1] has 2 elements, not 1")
    assertFails(evaluate("lstm", "jacobian", input(state: "[[0]]")), "state has 1 rows, not 2")
    assertFails(
      evaluate("lstm", "jacobian", input(sequence: "[[0]]")), "sequence has 1 rows: there are at least two")
  }

  func testClustersWhoseShapesDoNotFit() {
    assertFails(
      evaluate("kmeans", "dir", #"{"points": [], "centroids": [[1]]}"#),
      "points or centroids is empty: there is at least one of each")
    assertFails(
      evaluate("kmeans", "cost", #"{"points": [[1, 2], [3]], "centroids": [[1, 2]]}"#),
      "points[1] has 1 elements, not 2")
    assertFails(
      evaluate("kmeans", "dir", #"{"points": [[1, 2]], "centroids": [[1]]}"#), "centroids[0] has 1 elements, not 2")
  }

  func testGraphsThatNoTapeHoldsAreRefused() {
    let matrix = String(repeating: "1,", count: 143) + "1"
    assertFails(
      evaluate("det", "gradient", #"{"A": [\#(matrix)], "ell": 12}"#),
      "ell is 12: a tape has no room for the minors of more than 11")
    assertFails(
      evaluate("ode", "gradient", #"{"x": [1, 2], "s": 10000000}"#),
      "10000000 steps of 2 numbers are more than a tape has room for")
  }

  func testNumbersForWhichJSONHasNoNameAreNoSuccess() {
    assertFails(evaluate("hello", "square", "1e200"), "output is inf, for which JSON has no name")
    let response = evaluate("llsq", "gradient", #"{"x": [1e308, 1e308], "n": 4}"#)
    XCTAssertEqual(response["success"] as? Bool, false)
  }

  // MARK: - Runs and numbers

  private func runs(_ input: String) -> [Int] {
    let timings = evaluate("lse", "gradient", input)["timings"] as? [[String: Any]] ?? []
    return timings.map { $0["nanoseconds"] as? Int ?? 0 }
  }

  func testFunctionsRunAsOftenAsAsked() {
    XCTAssertEqual(runs(#"{"x": [1, 2]}"#).count, 1)
    XCTAssertEqual(runs(#"{"x": [1, 2], "min_runs": 5, "min_seconds": 0}"#).count, 5)
    XCTAssertEqual(runs(#"{"x": [1, 2], "min_runs": 0}"#).count, 1)
  }

  func testFunctionsRunForAsLongAsAsked() {
    let times = runs(#"{"x": [1, 2], "min_runs": 2, "min_seconds": 0.01}"#)
    XCTAssertGreaterThanOrEqual(times.reduce(0, +), 10_000_000)
    XCTAssertLessThan(times.dropLast().reduce(0, +), 10_000_000)
  }

  private struct Output: Decodable { let output: Double }

  /// The log of the sum of one exponential is the exponent.
  func testNumbersComeBackToTheLastBit() throws {
    let numerals = ["0.1", "0.3333333333333333", "5e-324", "1.7976931348623157e308", "123456.789e-30", "-7.0"]
    for numeral in numerals + (1...300).map({ String(Double.pi * Double.pow(1.7, $0 - 150)) }) {
      let message = #"{"id": 7, "kind": "evaluate", "module": "lse", "function": "primal", "input": "#
      let whole = Data("\(message){\"x\": [\(numeral)]}}".utf8)
      guard case .response(let response) = Conversation.answer(whole) else { return XCTFail(numeral) }
      let output = try JSONDecoder().decode(Output.self, from: response).output
      XCTAssertEqual(output.bitPattern, Double(numeral)?.bitPattern, numeral)
    }
  }
}
