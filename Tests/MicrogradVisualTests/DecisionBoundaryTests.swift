import Foundation
import MicrogradVisual
import XCTest

final class DecisionBoundaryTests: XCTestCase {
  private let points = [[0.0, 1], [1, 0], [2, -1], [0.5, 0.5], [-1, 2]]
  private let labels = [0, 1, 1, 1, 0]

  private func document(
    _ points: [[Double]], _ labels: [Int], title: String = "t", classNames: [String] = ["a", "b"],
    resolution: Int = 20, score: (Double, Double) throws -> Double
  ) throws -> SVGDocument {
    try SVGDocument(
      DecisionBoundary(
        points: points, labels: labels, title: title, classNames: classNames, resolution: resolution,
        score: score
      ).svg())
  }

  func testExampleOfTheDocumentation() throws {
    let picture = try DecisionBoundary(points: [[0, 1], [1, 0]], labels: [0, 1]) { x, y in
      x - y
    }
    XCTAssertTrue(
      picture.svg().hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"560\""))
  }

  func testTheAxesCanHaveNames() throws {
    var picture = try DecisionBoundary(points: points, labels: labels, resolution: 4) { x, y in x - y }
    (picture.xName, picture.yName) = ("width (mm)", "length & more")
    let texts = try SVGDocument(picture.svg()).texts
    XCTAssertTrue(texts.contains("width (mm)") && texts.contains("length & more"), "\(texts)")
  }

  func testEveryPointHasAMarkerOfItsClass() throws {
    let svg = try document(points, labels) { x, y in x - y }
    XCTAssertEqual(svg.elements(named: "circle", inClass: "class-0").count, 2)
    XCTAssertEqual(svg.elements(named: "circle", inClass: "class-1").count, 3)
  }

  func testMarkersLieInsideThePlotInTheRightOrder() throws {
    let svg = try document(points, labels) { x, y in x - y }
    let markers = svg.elements(named: "circle", inClass: "class-1")
    let x = markers.compactMap { $0.attributes["cx"].flatMap(Double.init) }
    let y = markers.compactMap { $0.attributes["cy"].flatMap(Double.init) }
    XCTAssertTrue(x[2] < x[0] && x[0] < x[1])
    XCTAssertTrue(y[2] < y[0] && y[0] < y[1], "y grows upwards")
    XCTAssertTrue(x.allSatisfy { (0...720).contains($0) } && y.allSatisfy { (0...560).contains($0) })
  }

  func testThePictureHasTitleNamesAndAxes() throws {
    let texts = try document(points, labels, title: "Moons", classNames: ["upper", "lower"]) { x, y in x - y }
      .texts
    for text in ["Moons", "upper", "lower", "score", "score = 0", "x", "y", "0"] {
      XCTAssertTrue(texts.contains(text), "\(text) in \(texts)")
    }
  }

  func testHostileTextsAreShownAsTheyAre() throws {
    let title = "<b>\"A\" & 'B'</b> ]]> \u{1}"
    let svg = try document(points, labels, title: title, classNames: ["<&>", "\"'"]) { x, _ in x }
    XCTAssertTrue(svg.texts.contains("<b>\"A\" & 'B'</b> ]]> \u{FFFD}"))
    XCTAssertTrue(svg.texts.contains("<&>") && svg.texts.contains("\"'"))
  }

  func testLongTextsAreCut() throws {
    let long = String(repeating: "long ", count: 100)
    let svg = try document(points, labels, title: long, classNames: [long, long]) { x, _ in x }
    XCTAssertEqual(svg.texts.count { $0.hasSuffix("…") }, 3)
  }

  func testNoPointsAreAPictureOfTheScoreAroundTheOrigin() throws {
    let picture = try DecisionBoundary(points: [], labels: []) { x, y in x + y }
    XCTAssertEqual(picture.score.xRange, -1...1)
    let svg = try SVGDocument(picture.svg())
    XCTAssertEqual(svg.elements(named: "circle").count, 2, "the legend's only")
  }

  func testTheMarginIsAnEighthOfTheExtent() throws {
    let picture = try DecisionBoundary(points: [[0, 10], [8, 26]], labels: [0, 1]) { x, _ in x }
    XCTAssertEqual(picture.score.xRange, -1...9)
    XCTAssertEqual(picture.score.yRange, 8...28)
  }

  func testOnePointHasRoomAroundIt() throws {
    let picture = try DecisionBoundary(points: [[3, 3]], labels: [1]) { x, _ in x }
    XCTAssertEqual(picture.score.xRange, 2...4)
    XCTAssertEqual(try SVGDocument(picture.svg()).elements(named: "circle", inClass: "class-1").count, 1)
  }

  func testTheScoreIsCalledOncePerNode() throws {
    var calls = 0
    _ = try DecisionBoundary(points: points, labels: labels) { x, _ in
      calls += 1
      return x
    }
    XCTAssertEqual(calls, 11_132)
  }

  func testNonFiniteScoresAreDrawnWithoutNonFiniteNumbers() throws {
    let scores: [(Double, Double) -> Double] = [
      { _, _ in .nan }, { _, _ in .infinity }, { x, _ in x > 0 ? .nan : x }, { x, y in 1 / (x * y) },
      { x, _ in x > 0 ? .infinity : -.infinity }, { _, _ in 0 }, { _, _ in -3 }, { x, _ in x * 1e-300 },
      { x, _ in x * 1e299 },
    ]
    for score in scores {
      let svg = try DecisionBoundary(points: points, labels: labels, resolution: 20, score: score).svg()
      let document = try SVGDocument(svg)
      for path in document.elements(named: "path") {
        XCTAssertNil(path.attributes["d"]?.lowercased().firstRange(of: /nan|inf|e/))
      }
    }
  }

  func testPointsThatAreNotFiniteAreLeftOut() throws {
    let svg = try document([[0, 0], [.nan, 1], [1, .infinity], [1, 1]], [0, 0, 1, 1]) { x, _ in x }
    XCTAssertEqual(svg.elements(named: "circle", inClass: "class-0").count, 1)
    XCTAssertEqual(svg.elements(named: "circle", inClass: "class-1").count, 1)
  }

  // Were the scale to end at the largest score, all but the corner would be of one pale colour.
  func testAFarCornerDoesNotSwallowTheDetail() throws {
    let svg = try document([[0, 0], [1, 1]], [0, 1], resolution: 60) { x, y in
      sin(5 * x) + (x > 1 && y > 1 ? 1e6 : 0)
    }
    XCTAssertGreaterThan(svg.elements(named: "path", inClass: "score").count, 8)
    XCTAssertTrue(svg.texts.contains("0.4") && svg.texts.contains("−0.4"), "\(svg.texts)")
  }

  func testAKinkedScoreIsDrawnWithFewPoints() throws {
    let picture = try DecisionBoundary(points: points, labels: labels) { x, y in
      max(0, x) - max(0, y) + 0.1 * x
    }
    XCTAssertLessThan(picture.svg().utf8.count, 20_000)
  }

  func testThePictureIsTheSameEveryTime() throws {
    let picture = try DecisionBoundary(points: points, labels: labels) { x, y in sin(5 * x) * y }
    XCTAssertEqual(picture.svg(), picture.svg())
  }

  func testDataOfTheWrongShapeIsReported() {
    func error(_ points: [[Double]], _ labels: [Int], names: [String] = ["a", "b"], resolution: Int = 10)
      -> Error?
    {
      do {
        _ = try DecisionBoundary(
          points: points, labels: labels, classNames: names, resolution: resolution
        ) { x, _ in x }
        return nil
      } catch {
        return error
      }
    }
    XCTAssertEqual(error([[1, 2]], []) as? PictureError, .labelCount(points: 1, labels: 0))
    XCTAssertEqual(error([[1, 2, 3]], [0]) as? PictureError, .pointIsNotPlanar(index: 0, coordinates: 3))
    XCTAssertEqual(error([[1, 2]], [-1]) as? PictureError, .labelIsNotBinary(index: 0, label: -1))
    XCTAssertEqual(error([], [], names: ["a"]) as? PictureError, .classNameCount(1))
    XCTAssertEqual(error([], [], resolution: 0) as? PictureError, .resolution(0))
  }

  func testErrorsOfTheScoreAreRethrown() {
    struct Stop: Error {}
    XCTAssertThrowsError(try DecisionBoundary(points: [], labels: []) { _, _ in throw Stop() }) {
      XCTAssertTrue($0 is Stop)
    }
  }
}
