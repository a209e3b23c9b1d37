import Micrograd
import XCTest

final class SpellingTests: XCTestCase {
  private let commands = ["moons", "train", "predict", "export", "gpt"]

  func testOneSlipOfTheFingersIsUnderstood() {
    for (typed, meant) in [
      ("trane", "train"), ("tarin", "train"), ("trainn", "train"), ("rain", "train"), ("Train", "train"),
      ("pedict", "predict"), ("predcit", "predict"), ("exprot", "export"), ("gtp", "gpt"), ("gp", "gpt"),
      ("mons", "moons"),
    ] {
      XCTAssertEqual(Spelling.closest(to: typed, among: commands), meant, typed)
    }
  }

  func testAnotherWordSuggestsNothing() {
    for typed in ["", "fly", "x", "houses.csv", "training-data", String(repeating: "train", count: 1_000_000)] {
      XCTAssertNil(Spelling.closest(to: typed, among: commands), typed)
    }
  }

  func testTheNearestNameIsTaken() {
    XCTAssertEqual(Spelling.closest(to: "sine", among: ["fine", "sinh", "sin", "since", "cosine"]), "sinh")
    XCTAssertEqual(Spelling.closest(to: "rate2", among: ["rate1", "rate", "rat"]), "rate1")
    XCTAssertEqual(Spelling.closest(to: "αβγ", among: ["αγβ", "abc"]), "αγβ")
  }
}
