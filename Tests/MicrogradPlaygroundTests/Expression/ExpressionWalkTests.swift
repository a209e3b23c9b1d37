import Micrograd
import MicrogradFormulas
import XCTest

@testable import MicrogradPlayground

final class ExpressionWalkTests: XCTestCase {
  private let page = ExpressionConversation()

  func testForwardStepsShowNumbersOneByOne() throws {
    let opened = try page.open(Lecture.formula, Lecture.values)
    for (at, known) in [[], ["e"], ["e", "d"], ["e", "d", "L"]].enumerated() {
      let numbers = try page.set(Lecture.values, ["at": at])
      for name in ["e", "d", "L"] {
        XCTAssertEqual(
          try opened.data(name, numbers), known.contains(name) ? Lecture.data[name] : nil, "\(name) at \(at)")
      }
      for name in ["a", "b", "c", "f"] { XCTAssertEqual(try opened.data(name, numbers), Lecture.data[name]) }
    }
    let step = try page.set(Lecture.values, ["at": 2]).step
    XCTAssertEqual(step["act"] as? String, "forward")
    XCTAssertEqual(step["heading"] as? String, "d = e + c")
    XCTAssertEqual(step["arithmetic"] as? String, "d = −6 + 10 = 4")
    XCTAssertEqual(step["box"] as? Int, opened.names.firstIndex(of: "d"))
    XCTAssertTrue((try page.set(Lecture.values, ["at": 3]).step["note"] as? String ?? "").contains("L.grad is 1"))
  }

  func testBackwardStepsSayTheirRulesInWordsAndNumbers() throws {
    let opened = try page.open(Lecture.formula, Lecture.values)
    let first = try page.set(Lecture.values, ["at": 3])
    XCTAssertEqual(first.gradients.compactMap { $0 }.reduce(0, +), 1, "only L has a gradient")
    let last = try page.set(Lecture.values, ["at": 6])
    XCTAssertEqual(last.step["act"] as? String, "backward")
    XCTAssertEqual(last.step["number"] as? Int, 3)
    XCTAssertEqual(last.operands.map { $0["rule"] as? String }, ["d(a * b)/da = b = −3", "d(a * b)/db = a = 2"])
    XCTAssertEqual(
      last.operands.map { $0["arithmetic"] as? String }, ["a.grad: 0 + −2 · −3 = 6", "b.grad: 0 + −2 · 2 = −4"])
    XCTAssertEqual(
      last.operands.map { $0["box"] as? Int }, [opened.names.firstIndex(of: "a"), opened.names.firstIndex(of: "b")])
    let sum = try page.set(Lecture.values, ["at": 5])
    XCTAssertEqual(sum.operands.map { $0["rule"] as? String }, ["d(e + c)/de = 1", "d(e + c)/dc = 1"])
  }

  /// To the bit, whatever the formula is.
  func testTheWalkEndsAtBackward() throws {
    let formulas: [(String, [String: Double])] = [
      (Lecture.formula, Lecture.values), ("n = x*w + b; o = tanh(n); o*o + x", ["x": 2, "w": -0.3, "b": 0.88]),
      ("y = x**2; z = sin(x)*y; s = y*z; s/(x + s)", ["x": 1.3]), ("relu(w*x + b)", ["w": 0.5, "x": 2, "b": -3]),
      ("if(x > y, x*y, x/y) + max(x, y)", ["x": 1, "y": 2]), ("logsumexp(x, y, z) - y", ["x": 1, "y": 2, "z": 0.5]),
    ]
    for (text, values) in formulas {
      let opened = try page.open(text, values), end = opened.numbers.stepCount
      let walked = try page.set(values, ["at": end])
      XCTAssertEqual(walked.gradients, opened.numbers.gradients, text)
      let formula = try Formula(text)
      let expected = gradient(at: formula.names.compactMap { values[$0] }) { formula($0) }
      for (name, slope) in zip(formula.names, expected) { XCTAssertEqual(try opened.grad(name, walked), slope, text) }
    }
  }

  func testAGradientGrowsOnlyByTheStepThatIsShown() throws {
    let values = ["x": 1.3], opened = try page.open("y = x**2; z = sin(x)*y; s = y*z; s/(x + s)", values)
    var before = try page.set(values, ["at": opened.numbers.forwardSteps]).gradients
    for at in (opened.numbers.forwardSteps + 1)...opened.numbers.stepCount {
      let numbers = try page.set(values, ["at": at])
      let fed = Set(numbers.operands.compactMap { $0["box"] as? Int })
      for k in numbers.gradients.indices where !fed.contains(k) { XCTAssertEqual(numbers.gradients[k], before[k]) }
      for operand in numbers.operands {
        let box = try XCTUnwrap(operand["box"] as? Int), after = try XCTUnwrap(operand["after"] as? Double)
        if numbers.operands.last(where: { $0["box"] as? Int == box })?["index"] as? Int == operand["index"] as? Int {
          XCTAssertEqual(numbers.gradients[box], after)
        }
      }
      before = numbers.gradients
    }
  }

  func testStepsOfEveryOperationHaveWordsAndNumbers() throws {
    let values = ["x": 0.6, "y": 1.7]
    let formulas = [
      "exp(x)", "x**3", "2**x", "x**y", "3 - x", "3/x", "x/3", "atan2(x, y)", "gelu(x)", "polygamma(1, y)",
      "elu(x, 0.5)",
      "clamp(x, 0, 1)", "if(x < y, x, 0)", "x < y", "not x", "sum(x, y, 2)", "fmod(y, x)", "root(x, 3)", "-x", "abs(x)",
    ]
    for text in formulas {
      let opened = try page.open(text, values)
      for at in 0...opened.numbers.stepCount {
        let step = try page.set(values, ["at": at]).step
        XCTAssertFalse((step["heading"] as? String ?? "").isEmpty, text)
        XCTAssertFalse("\(step)".contains("nan"), "\(text): \(step)")
      }
    }
  }

  // MARK: Paths

  func testPathsOfTheLectureMultiplyToTheGradient() throws {
    let opened = try page.open(Lecture.formula, Lecture.values)
    let box = try XCTUnwrap(opened.names.firstIndex(of: "a"))
    let paths = try page.set(Lecture.values, ["box": box]).paths
    XCTAssertEqual(paths["count"] as? String, "1")
    let list = try XCTUnwrap(paths["paths"] as? [[String: String]])
    XCTAssertEqual(list, [["names": "a → e → d → L", "product": "−3 · 1 · −2 = 6"]])
    let boxes = try XCTUnwrap(paths["boxes"] as? [Int])
    XCTAssertEqual(Set(boxes.map { opened.names[$0] }), ["a", "e", "d", "L"])
    XCTAssertEqual((paths["edges"] as? [Int])?.count, 3)
  }

  func testSeveralPathsAddUpToTheGradient() throws {
    let opened = try page.open("y = x**2; z = 3*x; L = y*z", ["x": 2])
    let paths = try page.set(["x": 2], ["box": try XCTUnwrap(opened.names.firstIndex(of: "x"))]).paths
    XCTAssertEqual(paths["count"] as? String, "2")
    // d(3x³)/dx = 9x² = 36: by way of y 4 · 6, by way of z 3 · 4.
    XCTAssertEqual(paths["sum"] as? String, "24 + 12 = 36")
    XCTAssertEqual(try opened.grad("x"), 36)
  }

  func testMorePathsThanCanBeListedAreCounted() throws {
    let opened = try page.open("s = x; " + String(repeating: "s = s*s; ", count: 100), ["x": 1])
    let paths = try page.set(["x": 1], ["box": try XCTUnwrap(opened.names.firstIndex(of: "x"))]).paths
    XCTAssertEqual(paths["count"] as? String, "1.26765e30")  // 2 to the power of 100
    XCTAssertNil(paths["sum"])
    XCTAssertEqual((paths["paths"] as? [Any])?.count, 6)
  }

  // MARK: Nudge

  func testNudgeComparesTheTrueChangeWithThePrediction() throws {
    try page.open("x**2", ["x": 3])
    let nudge = try page.set(["x": 3], ["nudge": ["input": "x", "by": 0.5]]).nudge
    // (3.5² − 3²) is 3.25, and 6 · 0.5 is 3.
    XCTAssertEqual(nudge["change"] as? Double, 3.25)
    XCTAssertEqual(nudge["predicted"] as? Double, 3)
    XCTAssertEqual(try XCTUnwrap(nudge["percent"] as? Double), 100 * 0.25 / 3.25, accuracy: 1e-12)
    let points = try XCTUnwrap(nudge["points"] as? [[String: Double]])
    XCTAssertEqual(points.count, 41)
    for point in points {
      let by = try XCTUnwrap(point["by"])
      XCTAssertEqual(try XCTUnwrap(point["change"]), (3 + by) * (3 + by) - 9, accuracy: 1e-12)
      XCTAssertEqual(try XCTUnwrap(point["predicted"]), 6 * by, accuracy: 1e-12)
    }
    // h²/|6h + h²| is 1 % at h = 0.06 / 1.01, on the other side at 0.06 / 0.99. Tried are 0.03, 0.06, 0.15, …
    XCTAssertEqual(
      nudge["reach"] as? String, "The prediction is right to 1 % for changes up to ± 0.03, but not for ± 0.06.")
  }

  func testNudgeOfALinearInputIsRightEverywhereAndOfAKinkNowhere() throws {
    try page.open(Lecture.formula, Lecture.values)
    let linear = try page.set(Lecture.values, ["nudge": ["input": "a", "by": 0.1]]).nudge
    XCTAssertTrue((linear["reach"] as? String ?? "").contains("for every change"))
    try page.open("relu(x)", [:])
    let kink = try page.set(["x": 0], ["nudge": ["input": "x", "by": 1]]).nudge
    XCTAssertTrue((kink["reach"] as? String ?? "").contains("off by more than 1 %"))
  }
}
