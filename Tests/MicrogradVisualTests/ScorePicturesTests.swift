import MicrogradVisual
import XCTest

final class ScorePicturesTests: XCTestCase {
  private func count(_ text: String, _ part: String) -> Int { text.components(separatedBy: part).count - 1 }

  func testAConfusionMatrixHasACellForEachPairOfClasses() throws {
    let names = ["no & <none>", "a very long name of a class that does not fit anywhere", "yes"]
    let picture = ConfusionPicture(counts: [[8, 2, 0], [0, 0, 0], [1, 9, 30]], classNames: names, title: "Trees")
    let svg = picture.svg()
    XCTAssertEqual(count(svg, "<rect"), 10)  // the card and nine cells
    for word in [">80 %<", ">75 %<", ">30<", "no &amp; &lt;none&gt;", "true class", "predicted class"] {
      XCTAssertTrue(svg.contains(word), word)
    }
    XCTAssertEqual(count(ConfusionPicture(counts: [[3]], classNames: ["one"]).svg(), "<rect"), 2)
    let most = ConfusionPicture.greatestClassCount
    let many = ConfusionPicture(
      counts: Array(repeating: Array(repeating: 1, count: most), count: most),
      classNames: (0..<most).map { "class \($0)" })
    XCTAssertEqual(count(many.svg(), "<rect"), most * most + 1)
  }

  func testAPerfectPredictionLiesOnTheDiagonal() throws {
    var picture = AgreementPicture(x: [0, 5, 10], y: [0, 5, 10], title: "Prices")
    picture.note = "R² 1"
    let svg = picture.svg()
    // The plot is 92 to 512 across and 84 to 504 down.
    for circle in [#"cx="92" cy="504""#, #"cx="302" cy="294""#, #"cx="512" cy="84""#] {
      XCTAssertTrue(svg.contains(circle), circle)
    }
    XCTAssertTrue(svg.contains("R² 1") && svg.contains("diagonal"))
  }

  func testPointsThatCannotBeDrawnAreLeftOut() {
    let numbers: [Double] = [.nan, .infinity, 1e308, -5, 7]
    XCTAssertEqual(count(AgreementPicture(x: numbers, y: [1, 2, 3, 4, 5]).svg(), "<circle"), 2)
    XCTAssertEqual(count(AgreementPicture(x: [], y: []).svg(), "<circle"), 0)
    let many = (0..<20_000).map(Double.init)
    XCTAssertEqual(count(AgreementPicture(x: many, y: many).svg(), "<circle"), AgreementPicture.greatestPointCount)
  }

  func testWeightsAreAreas() {
    let svg = AgreementPicture(x: [0.2, 0.8], y: [0.3, 0.9], weights: [25, 100]).svg()
    XCTAssertTrue(svg.contains(#"r="14""#) && svg.contains(#"r="8.5""#), svg)
  }
}
