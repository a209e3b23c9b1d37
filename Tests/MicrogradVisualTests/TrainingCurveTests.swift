import Foundation
import MicrogradVisual
import XCTest

final class TrainingCurveTests: XCTestCase {
  private func document(_ loss: [Double], _ accuracy: [Double] = [], firstStep: Int = 0) throws -> SVGDocument {
    try SVGDocument(TrainingCurve(loss: loss, accuracy: accuracy, firstStep: firstStep).svg())
  }

  func testExampleOfTheDocumentation() {
    let picture = TrainingCurve(loss: [0.9, 0.4, 0.2], accuracy: [0.5, 0.75, 1], title: "Three steps")
    XCTAssertTrue(
      picture.svg().hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"480\""))
  }

  func testEveryStepIsAPointOfItsCurve() throws {
    XCTAssertEqual(try document([0.9, 0.4, 0.2], [0.5, 0.75, 1]).curvePieces, [3, 3])
  }

  func testAxesAreNamedWithTheirUnits() throws {
    let texts = try document([0.9, 0.4, 0.2], [0.5, 0.75, 1]).texts
    for text in ["step", "loss", "accuracy (%)", "Training"] { XCTAssertTrue(texts.contains(text), text) }
  }

  func testTheHorizontalAxisCanCountSomethingElse() throws {
    var picture = TrainingCurve(loss: [0.9, 0.4])
    picture.stepName = "epoch"
    let texts = try SVGDocument(picture.svg()).texts
    XCTAssertTrue(texts.contains("epoch") && !texts.contains("step"), "\(texts)")
  }

  func testTheLastValuesAreWrittenBesideTheirCurves() throws {
    let texts = try document([0.9, 0.4, 0.01134], [0.5, 0.75, 0.985]).texts
    XCTAssertTrue(texts.contains("0.0113") && texts.contains("98.5 %"), "\(texts)")
  }

  func testWithoutAccuracyThereIsOnePanel() throws {
    XCTAssertFalse(try document([0.9, 0.4]).texts.contains("accuracy (%)"))
  }

  func testNoValuesAreAnEmptyChart() throws {
    let svg = try document([])
    XCTAssertEqual(svg.curvePieces, [])
    XCTAssertTrue(svg.texts.contains("no values"))
  }

  func testOneValueIsADot() throws {
    let svg = try document([0.5], [1])
    XCTAssertEqual(svg.curvePieces, [1, 1])
    XCTAssertEqual(svg.elements(named: "circle").count, 2)
  }

  func testEqualValuesAreALineInsideTheChart() throws {
    for value in [0, 0.7, -3, 1e-12, 1e12] {
      let dot = try document([value, value, value]).elements(named: "circle")[0]
      let y = try XCTUnwrap(dot.attributes["cy"].flatMap(Double.init))
      XCTAssertTrue((60...430).contains(y), "\(value) at \(y)")
    }
  }

  func testValuesThatAreNotFiniteAreGaps() throws {
    let svg = try document([1, 2, .nan, 3, .infinity, -.infinity, 2, 1, 1])
    XCTAssertEqual(svg.curvePieces, [2, 1, 3])
    XCTAssertTrue(svg.texts.contains("3 values are not finite"))
  }

  func testACurveOfOnlyNaNSaysSo() throws {
    XCTAssertTrue(try document([.nan, .nan]).texts.contains("no finite values"))
  }

  func testMoreThanTwoDecadesAreLogarithmic() throws {
    XCTAssertTrue(try document([1, 0.1, 0.001]).texts.contains("0.001"))
    XCTAssertTrue(try document([1, 0.5, 0.02]).texts.contains("0.2"), "fewer are linear")
    XCTAssertFalse(try document([1, 0.1, 0.001, 0]).texts.contains("0.001"), "zero has no logarithm")
  }

  // On a logarithmic axis equal ratios are equal distances.
  func testALogarithmicCurveOfAGeometricSeriesIsStraight() throws {
    let path = try document([1000, 100, 10, 1]).elements(named: "path", inClass: "curve")[0]
    let heights = try XCTUnwrap(path.attributes["d"]).split(whereSeparator: { "ML".contains($0) }).map {
      try XCTUnwrap(Double($0.split(separator: " ")[1]))
    }
    XCTAssertEqual(heights[1] - heights[0], heights[3] - heights[2], accuracy: 0.02)
  }

  func testStepsAreCountedFromTheFirst() throws {
    let texts = try document([1, 0.8, 0.7], firstStep: 500).texts
    XCTAssertTrue(texts.contains("500") && texts.contains("502") && !texts.contains("500.5"), "\(texts)")
  }

  func testAHundredThousandPointsAreThinnedButTheirSpikeStays() throws {
    var loss = (0..<100_000).map { 1 + 0.1 * sin(Double($0)) }
    loss[61_803] = 9
    loss[31_415] = -9
    let svg = try document(loss)
    XCTAssertEqual(svg.curvePieces.count, 1)
    XCTAssertLessThan(svg.curvePieces[0], 4 * 720)
    let path = try XCTUnwrap(svg.elements(named: "path", inClass: "curve")[0].attributes["d"])
    let heights = path.split(whereSeparator: { "ML".contains($0) }).compactMap {
      Double($0.split(separator: " ")[1])
    }
    // The spikes are 90 % of the axis apart; everything else is within a fiftieth.
    XCTAssertGreaterThan(try XCTUnwrap(heights.max()) - XCTUnwrap(heights.min()), 250)
  }

  func testAHundredThousandPointsKeepTheirGap() throws {
    let gap = 40_000..<45_000
    let loss = (0..<100_000).map { (step: Int) -> Double in gap.contains(step) ? .nan : 1 / Double(step + 1) }
    XCTAssertEqual(try document(loss).curvePieces.count, 2)
  }

  func testExtremeValuesAreDrawnWithoutNonFiniteNumbers() throws {
    let (greatest, least) = (Double.greatestFiniteMagnitude, Double.leastNonzeroMagnitude)
    for loss in [[greatest, -greatest], [least, greatest], [least, least], [-least, 0, least]] {
      for path in try document(loss, loss).elements(named: "path") {
        XCTAssertNil(path.attributes["d"]?.lowercased().firstRange(of: /nan|inf|e/))
      }
    }
  }
}
