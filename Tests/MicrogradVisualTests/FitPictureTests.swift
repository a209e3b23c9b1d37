import Foundation
import MicrogradVisual
import XCTest

final class FitPictureTests: XCTestCase {
  private let curve = FitPicture.Curve(
    x: [0, 1, 2], mean: [1, 3, 5], confidence: [0.3, 0.2, 0.3], prediction: [0.6, 0.5, 0.6])

  private func document(_ picture: FitPicture) throws -> SVGDocument { try SVGDocument(picture.svg()) }

  func testExampleOfTheDocumentation() throws {
    let picture = try FitPicture(x: [0, 1, 2], y: [1.1, 2.9, 5], curve: curve)
    XCTAssertTrue(
      picture.svg().hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"480\""))
  }

  func testDataCurveAndBandsAreDrawn() throws {
    let svg = try document(FitPicture(x: [0, 1, 2], y: [1.1, 2.9, 5], curve: curve))
    XCTAssertEqual(svg.elements(named: "circle", inClass: "data").count, 3)
    for name in ["curve", "confidence", "prediction"] {
      XCTAssertEqual(svg.elements(named: "path", inClass: name).count, 1, name)
    }
    XCTAssertEqual(svg.elements(named: "line", inClass: "data").count, 0)
  }

  func testBandsAreAsWideAsTheyShouldBe() throws {
    let svg = try document(FitPicture(x: [0, 1, 2], y: [1.1, 2.9, 5], curve: curve))
    func points(_ name: String) throws -> [(x: Double, y: Double)] {
      let data = try XCTUnwrap(svg.elements(named: "path", inClass: name)[0].attributes["d"])
      return data.split(whereSeparator: { "MLZ".contains($0) }).map { pair in
        let numbers = pair.split(separator: " ").compactMap { Double($0) }
        return (numbers[0], numbers[1])
      }
    }
    // The first curve point to the last are 4 units of y apart.
    let line = try points("curve")
    let unit = (line[0].y - line[line.count - 1].y) / 4
    for (name, widths) in [("confidence", curve.confidence), ("prediction", curve.prediction)] {
      let outline = try points(name)
      XCTAssertEqual(outline.count, 6)
      for k in 0..<3 {
        XCTAssertEqual(outline[k].x, outline[5 - k].x, accuracy: 0.02)
        XCTAssertEqual(outline[5 - k].y - outline[k].y, 2 * widths[k] * unit, accuracy: 0.03, name)
      }
    }
  }

  func testErrorBarsAreDrawnForDeviations() throws {
    let svg = try document(FitPicture(x: [0, 1, 2], y: [1, 3, 5], deviations: [0.1, 0.2, 0.1], curve: curve))
    // A bar and its two ends.
    XCTAssertEqual(svg.elements(named: "line", inClass: "data").count, 9)
  }

  func testAxesAndLegendAreNamed() throws {
    var picture = try FitPicture(x: [0, 1, 2], y: [1, 3, 5], curve: curve, title: "Reaction <rates>")
    picture.xName = "concentration (ppm)"
    picture.yName = "rate (counts/min²)"
    picture.level = 0.999
    let texts = try document(picture).texts
    for text in [
      "Reaction <rates>", "concentration (ppm)", "rate (counts/min²)", "data", "fit", "99.9 % confidence",
      "99.9 % prediction",
    ] { XCTAssertTrue(texts.contains(text), text) }
  }

  func testSeveralCurvesHaveTheirNamesAndColours() throws {
    var other = curve
    other.prediction = []
    let svg = try document(
      FitPicture(x: [0, 1, 2], y: [1, 3, 5], curves: ["squares": other, "Huber": other]))
    XCTAssertTrue(svg.texts.contains("squares") && svg.texts.contains("Huber"))
    XCTAssertFalse(svg.texts.contains { $0.hasSuffix("prediction") })
    XCTAssertEqual(Set(svg.elements(named: "path", inClass: "curve").map { $0.attributes["stroke"] }).count, 2)
  }

  func testACurveAloneIsAPicture() throws {
    let svg = try document(FitPicture(x: [], y: [], curve: .init(x: [0, 1], mean: [2, 2])))
    XCTAssertEqual(svg.curvePieces, [2])
    XCTAssertFalse(svg.texts.contains("data"))
  }

  func testNumbersThatAreNotFiniteAreGapsAndNoted() throws {
    let gap = FitPicture.Curve(x: [0, 1, 2, 3, 4], mean: [1, 2, .nan, 3, 5], confidence: [0, 1, 1, .infinity, 1])
    let svg = try document(FitPicture(x: [0, 1, .nan], y: [1, .infinity, 2], curve: gap))
    XCTAssertEqual(svg.curvePieces, [2, 2])
    XCTAssertEqual(svg.elements(named: "circle", inClass: "data").count, 1)
    XCTAssertTrue(svg.texts.contains("2 points are not finite"))
  }

  func testExtremeNumbersAreDrawnWithoutNonFiniteNumbers() throws {
    let (greatest, least) = (Double.greatestFiniteMagnitude, Double.leastNonzeroMagnitude)
    for numbers in [[greatest, -greatest], [least, greatest], [least, least], [0, 0], [1e299, -1e299]] {
      let curve = FitPicture.Curve(x: numbers, mean: numbers, confidence: numbers, prediction: numbers)
      for element in try document(FitPicture(x: numbers, y: numbers, deviations: numbers, curve: curve)).elements {
        for name in ["d", "cx", "cy", "x1", "y1", "x2", "y2"] {
          XCTAssertNil(element.attributes[name]?.lowercased().firstRange(of: /nan|inf|e/), element.name)
        }
      }
    }
  }

  func testABandThatGrowsWithoutEndLeavesTheDataVisible() throws {
    let wide = FitPicture.Curve(x: [0, 1, 2], mean: [1, 3, 5], confidence: [1, 1, 1e9], prediction: [2, 2, 1e12])
    let circles = try document(FitPicture(x: [0, 1, 2], y: [1, 3, 5], curve: wide)).elements(
      named: "circle", inClass: "data")
    let heights = circles.compactMap { $0.attributes["cy"].flatMap { Double($0) } }
    XCTAssertGreaterThan(heights[0] - heights[2], 100)
  }

  func testListsMustHaveTheSameLength() {
    func assertError(_ name: String, _ found: Int, line: UInt = #line, _ body: () throws -> FitPicture) {
      XCTAssertThrowsError(try body(), line: line) { error in
        XCTAssertEqual(error as? PictureError, .listCount(name: name, found: found, expected: 3), line: line)
        XCTAssertEqual("\(error)", "the list \(name) has \(found) numbers; give 3, one for each x", line: line)
      }
    }
    assertError("y", 2) { try FitPicture(x: [0, 1, 2], y: [1, 2], curve: curve) }
    assertError("deviations", 1) { try FitPicture(x: [0, 1, 2], y: [1, 2, 3], deviations: [1], curve: curve) }
    assertError("mean", 1) { try FitPicture(x: [], y: [], curve: .init(x: [0, 1, 2], mean: [1])) }
    assertError("confidence", 1) {
      try FitPicture(x: [], y: [], curve: .init(x: [0, 1, 2], mean: [1, 2, 3], confidence: [1]))
    }
    assertError("prediction", 2) {
      try FitPicture(x: [], y: [], curve: .init(x: [0, 1, 2], mean: [1, 2, 3], prediction: [1, 2]))
    }
  }
}
