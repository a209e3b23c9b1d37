import Micrograd
import MicrogradFormulas
import TestSupport
import XCTest

@testable import MicrogradPlayground

final class ExpressionRoomTests: XCTestCase {
  func testTheLectureHasItsNumbers() throws {
    let opened = try ExpressionConversation().open(Lecture.formula, Lecture.values)
    for (name, number) in Lecture.data { XCTAssertEqual(try opened.data(name), number, name) }
    for (name, number) in Lecture.gradients { XCTAssertEqual(try opened.grad(name), number, name) }
    XCTAssertEqual(opened.inputs, ["a", "b", "c", "f"])
    XCTAssertEqual(opened.numbers.inputGradients, [6, -4, -2, 4])
  }

  func testGradientsAreCentralDifferences() throws {
    let formulas = [
      "tanh(x1*w1 + x2*w2 + b)", "y = x**2; z = sin(x); y*z", "if(x > y, x*y, exp(x))",
      "max(x, 2)*min(y, x) - hypot(x, y)",
      "s = x; s = s*y; s = s + sin(s); s/(1 + s**2)", "logsumexp(x, y, 2*x)", "p = pi*x; `odd name`*p + 2**y",
      "x/(y + 3) - 10/x", "-x**2 + 3 - y",
    ]
    for (k, text) in formulas.enumerated() {
      let formula = try Formula(text), names = formula.names
      let point = names.indices.map { 0.7 + 0.31 * Double($0) + 0.05 * Double(k) }
      let opened = try ExpressionConversation().open(text, Dictionary(uniqueKeysWithValues: zip(names, point)))
      XCTAssertEqual(opened.numbers.value, formula(point), text)
      for (k, name) in names.enumerated() {
        let h = 1e-5
        var (up, down) = (point, point)
        up[k] += h
        down[k] -= h
        let slope = (formula(up) - formula(down)) / (2 * h)
        XCTAssertEqual(try XCTUnwrap(opened.grad(name)), slope, accuracy: 1e-7, "\(text) by \(name)")
      }
    }
  }

  func testSetFillsTheSameBoxesWithOtherNumbers() throws {
    let page = ExpressionConversation()
    let opened = try page.open(Lecture.formula, Lecture.values)
    let numbers = try page.set(["a": 3, "b": -3, "c": 10, "f": -2])
    XCTAssertEqual(try opened.data("e", numbers), -9)
    XCTAssertEqual(try opened.data("L", numbers), -2)
    XCTAssertEqual(try opened.grad("b", numbers), -6)
    XCTAssertEqual(try opened.grad("f", numbers), 1)
  }

  func testFormulasWithoutOperationsOrInputsOpen() throws {
    let page = ExpressionConversation()
    let product = try page.open("2*3", [:])
    XCTAssertEqual(product.numbers.value, 6)
    XCTAssertEqual(product.names, ["result"])
    XCTAssertEqual(product.numbers.stepCount, 0)
    let name = try page.open("x", ["x": 5])
    XCTAssertEqual(name.names, ["x"])
    XCTAssertEqual(try name.data("x"), 5)
    XCTAssertEqual(try name.grad("x"), 1)
    XCTAssertEqual(name.numbers.stepCount, 0)
    let constant = try page.open("k = 2*pi; k*x", ["x": 1])
    XCTAssertEqual(constant.numbers.value, 2 * .pi)
    XCTAssertEqual(try page.open("`two words`**2", ["two words": 3]).numbers.value, 9)
    XCTAssertEqual(try page.open("x", [:]).numbers.value, 1)
  }

  func testANameThatIsAssignedAgainNamesTheLastNode() throws {
    let opened = try ExpressionConversation().open("s = x; s = s*x; s = s + 1; s*s", ["x": 3])
    XCTAssertEqual(opened.names, ["x", "s.2", "s", "result"])
    XCTAssertEqual(try opened.data("s.2"), 9)
    XCTAssertEqual(try opened.data("s"), 10)
    XCTAssertEqual(try opened.grad("x"), 2 * 10 * 6)
  }

  func testAnInputWithoutEffectIsSaidToHaveNone() throws {
    let opened = try ExpressionConversation().open("u = 5*y; x**2", ["x": 2, "y": 1])
    let inputs = try XCTUnwrap(opened.answer["inputs"] as? [[String: Any]])
    XCTAssertEqual(inputs.map { $0["isUsed"] as? Bool }, [false, true])
    XCTAssertEqual(opened.numbers.inputGradients, [0, 4])
  }

  func testNumbersOfAllSizesAreKept() throws {
    let opened = try ExpressionConversation().open("p*exp(-h)", ["p": 101325, "h": 1e-9])
    XCTAssertEqual(try opened.data("p"), 101325)
    XCTAssertEqual(try opened.data("h"), 1e-9)
    XCTAssertEqual(opened.numbers.value, 101325 * exp(-1e-9), accuracy: 1e-9)
  }

  func testItIsSaidWhereNumbersThatAreNotFiniteBegin() throws {
    let page = ExpressionConversation()
    XCTAssertNil(try page.open("log(x)", ["x": 1]).numbers.notFinite)
    let logarithm = try page.set(["x": -1])
    XCTAssertTrue(logarithm.value.isNaN)
    XCTAssertEqual(logarithm.notFinite, "not finite: log(x) is NaN here; its parts are finite")
    let root = try page.open("y = sqrt(x); y + 1", ["x": 0]).numbers
    XCTAssertEqual(root.inputGradients, [.infinity])
    let message = try XCTUnwrap(root.notFinite)
    XCTAssertTrue(message.contains("x.grad becomes ∞ in step 4"), message)
  }

  func testErrorsStandAtTheirPlaceAndTheLastGoodFormulaStays() throws {
    let page = ExpressionConversation()
    try page.open(Lecture.formula, Lecture.values)
    let answer = try page.ask("open", ["formula": "𝛼 + sine(b)", "values": [:]])
    XCTAssertEqual(answer["kind"] as? String, "error")
    XCTAssertEqual(answer["field"] as? String, "formula")
    XCTAssertEqual(answer["place"] as? Int, 5)
    XCTAssertTrue((answer["message"] as? String ?? "").contains("“sin”"))
    XCTAssertEqual(try page.set(Lecture.values).value, -8)
  }

  func testQuestionsWithoutAFormulaAreErrors() throws {
    for action in ["set", "csv", "swift"] {
      let answer = try ExpressionConversation().ask(action, ["values": ["a": 1]])
      XCTAssertEqual(answer["kind"] as? String, "error", action)
    }
  }

  func testNonsenseInAViewIsAnErrorOrMeansTheNearestStep() throws {
    let page = ExpressionConversation()
    try page.open(Lecture.formula, Lecture.values)
    XCTAssertEqual(try page.set(Lecture.values, ["at": 1_000_000_000]).answer["at"] as? Int, 6)
    XCTAssertEqual(try page.set(Lecture.values, ["at": -5]).answer["at"] as? Int, 0)
    let wrong: [[String: Any]] = [
      ["box": 7], ["box": -1], ["at": "x"], ["at": 1e300], ["nudge": ["input": "z", "by": 1]], ["nudge": 3],
    ]
    for view in wrong {
      let answer = try page.ask("set", view.merging(["values": Lecture.values]) { $1 })
      XCTAssertEqual(answer["kind"] as? String, "error", "\(view)")
    }
    let odd: [[String: Any]] = [
      ["nudge": ["input": "a", "by": 0]], ["nudge": ["input": "a", "by": 1e308]],
      ["nudge": ["input": "a", "by": "nan"]],
      ["nudge": ["input": "a", "by": "-inf"]],
    ]
    for view in odd { _ = try page.set(Lecture.values, view) }
    for number in ["inf", "-inf", "nan"] {
      let answer = try page.ask("set", ["values": ["a": number], "nudge": ["input": "a", "by": 1], "box": 0, "at": 5])
      XCTAssertEqual(answer["kind"] as? String, "numbers", number)
    }
    for number in [1e308, -1e308, .leastNonzeroMagnitude, 1e6 * .leastNonzeroMagnitude, 0] {
      _ = try page.set(["a": number, "b": number], ["nudge": ["input": "a", "by": number]])
    }
  }

  // MARK: Sizes

  func testGraphsWithMoreThan300NodesAreFolded() throws {
    let opened = try ExpressionConversation().open(
      "s = x; " + String(repeating: "s = s + sin(x)*s; ", count: 200), ["x": 0.1])
    let picture = try XCTUnwrap(opened.answer["picture"] as? [String: Any])
    XCTAssertEqual(picture["nodes"] as? Int, 601)
    XCTAssertEqual(picture["shown"] as? Int, 300)
    XCTAssertEqual(opened.numbers.data.count, opened.names.count)
    XCTAssertTrue(opened.names.contains { $0.hasSuffix("more") })
  }

  func testAFormulaOfAMillionCharactersIsAnError() throws {
    let page = ExpressionConversation()
    for text in ["a + ", "(", "x*", "sin("] {
      let formula = String(repeating: text, count: 1_000_000 / text.count) + "1"
      let answer = try page.ask("open", ["formula": formula, "values": [:]])
      XCTAssertEqual(answer["kind"] as? String, "error")
      XCTAssertTrue((answer["message"] as? String ?? "").contains("100000"))
    }
  }

  func testTheLargestFormulasAreAnsweredOrAnError() throws {
    let page = ExpressionConversation()
    let formulas = [
      "x" + String(repeating: "+ x", count: 19_000),
      String(repeating: "(", count: 49_000) + "x" + String(repeating: ")", count: 49_000),
      "x" + String(repeating: "*x+y", count: 24_000), String(repeating: "-", count: 99_000) + "x",
      "sum(" + String(repeating: "x,", count: 45_000) + "x)", String(repeating: "x**", count: 6_000) + "x",
      (0..<9_000).map { "v\($0)*" }.joined() + "1",
    ]
    for formula in formulas {
      let answer = try page.ask("open", ["formula": formula, "values": [:], "at": 3, "box": 0])
      XCTAssertTrue(["opened", "error"].contains(answer["kind"] as? String), "\(formula.prefix(20))")
      guard answer["kind"] as? String == "opened" else { continue }
      let input = formula.contains("v0") ? "v0" : "x"
      let numbers = try page.set([:], ["at": 5, "box": 0, "nudge": ["input": input, "by": 0.1]])
      XCTAssertLessThanOrEqual(numbers.data.count, 601)
    }
  }
}
