import XCTest

@testable import MicrogradFormulas

final class ModelFormulaTests: XCTestCase {
  func testATildeSeparatesResponseAndModel() throws {
    let model = try ModelFormula("log(y) ~ a*exp(-b*x) + c")
    XCTAssertEqual(model.response, try Formula("log(y)"))
    XCTAssertEqual(model.prediction, try Formula("a*exp(-b*x) + c"))
    XCTAssertEqual(model.parameters(columns: ["x", "y"]), ["a", "b", "c"])
    XCTAssertEqual(model.description, "log(y) ~ a*exp(-b*x) + c")
  }

  func testStatementsBeforeTheModelNameItsParts() throws {
    let model = try ModelFormula("k = a*exp(-E/T); unused = 7*q; half = k/2\n rate/half ~ k*c + half")
    XCTAssertEqual(model.prediction.names, ["a", "E", "T", "c"])
    XCTAssertEqual(model.prediction.description, "k = a*exp(-E/T); half = k/2; k*c + half")
    XCTAssertEqual(model.response.names, ["a", "E", "T", "rate"])
    XCTAssertEqual(model.prediction([2.0, 0, 1, 3]), 7)
    XCTAssertEqual(try Formula(model.prediction.description), model.prediction)
  }

  func testWithoutATildeOrWithTwoThereIsNoModel() {
    for (text, message) in [
      ("a*x", "needs a response"), ("y ~ a ~ b", "second"), ("y ~", "after “~”"), ("~ a*x", "“~” has nothing"),
      ("y ~ a; z", "not used"),
      ("y ~ a*sine(x)", "did you mean “sin”"), ("y = ~ a", "after “=”"), ("q = y ~ a", "only a fit has"),
      ("(y ~ a)", "never closed"),
    ] {
      XCTAssertThrowsError(try ModelFormula(text)) { error in
        XCTAssertTrue("\(error)".contains(message), "\(text): \(error)")
      }
    }
  }
}
