import Micrograd
import XCTest

final class SuggestionTests: XCTestCase {
  private let commands = ["moons", "train", "predict", "export", "gpt"]

  func testOneSlipOfTheFingersIsUnderstood() {
    for (typed, meant) in [
      ("trane", "train"), ("tarin", "train"), ("trainn", "train"), ("rain", "train"), ("Train", "train"),
      ("pedict", "predict"), ("predcit", "predict"), ("exprot", "export"), ("gtp", "gpt"), ("gp", "gpt"),
      ("mons", "moons"),
    ] {
      XCTAssertEqual(suggestion(for: typed, among: commands), meant, typed)
    }
  }

  func testAnotherWordSuggestsNothing() {
    for typed in ["", "fly", "x", "houses.csv", "training-data", String(repeating: "train", count: 1_000_000)] {
      XCTAssertNil(suggestion(for: typed, among: commands), typed)
    }
  }

  func testTheNearestNameIsTaken() {
    XCTAssertEqual(suggestion(for: "sine", among: ["sinh", "sin", "since", "cosine"]), "sinh")
    XCTAssertEqual(suggestion(for: "rate2", among: ["rate1", "rate", "rat"]), "rate1")
    XCTAssertEqual(suggestion(for: "αβγ", among: ["αγβ", "abc"]), "αγβ")
  }
}
