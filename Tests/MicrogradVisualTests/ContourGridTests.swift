import Foundation
import MicrogradVisual
import XCTest

final class ContourGridTests: XCTestCase {
  private func area(_ paths: [ContourGrid.Path]) -> Double { paths.reduce(0) { $0 + $1.signedArea } }

  private func discArea(nodes: Int, radius: Double) -> Double {
    let grid = ContourGrid(xRange: -2...2, yRange: -2...2, columns: nodes, rows: nodes) { x, y in
      x * x + y * y
    }
    return area(grid.bands(separatedBy: [radius * radius])[0])
  }

  private let bumps = ContourGrid(xRange: -3...2, yRange: 1...5, columns: 41, rows: 33) { x, y in
    sin(3 * x) * cos(2 * y) + 0.3 * x - max(0, y - 3)
  }
  private let levels = stride(from: -3.0, through: 2, by: 0.25).map { $0 }

  /// Whether a ray to the right crosses the paths an odd number of times.
  private func contains(_ x: Double, _ y: Double, _ paths: [ContourGrid.Path]) -> Bool {
    var isInside = false
    for path in paths {
      var previous = path.points[path.points.count - 1]
      for point in path.points {
        if (point.y > y) != (previous.y > y),
          x < point.x + (y - point.y) / (previous.y - point.y) * (previous.x - point.x)
        {
          isInside.toggle()
        }
        previous = point
      }
    }
    return isInside
  }

  func testExampleOfTheDocumentation() {
    XCTAssertEqual(discArea(nodes: 101, radius: 1), 3.13995, accuracy: 5e-5)
  }

  func testTheAreaOfADiscApproachesPiRSquaredQuadratically() {
    for radius in [0.7, 1.3] {
      let coarse = Double.pi * radius * radius - discArea(nodes: 61, radius: radius)
      let fine = Double.pi * radius * radius - discArea(nodes: 241, radius: radius)
      XCTAssertEqual(coarse, 0, accuracy: 0.01)
      XCTAssertEqual(coarse / fine, 16, accuracy: 4)
    }
  }

  func testARingHasAHole() {
    let grid = ContourGrid(xRange: -2...2, yRange: -2...2, columns: 201, rows: 201) { x, y in x * x + y * y }
    let ring = grid.bands(separatedBy: [1, 2])[1]
    XCTAssertEqual(ring.count, 2)
    XCTAssertEqual(area(ring), .pi, accuracy: 2e-3)
    XCTAssertTrue(contains(1.2, 0, ring))
    XCTAssertFalse(contains(0.5, 0, ring))
  }

  func testBandsTileTheRectangle() {
    let areas = bumps.bands(separatedBy: levels).map(area)
    XCTAssertEqual(areas.count, levels.count + 1)
    XCTAssertTrue(areas.allSatisfy { $0 >= 0 })
    XCTAssertEqual(areas.reduce(0, +), 20, accuracy: 1e-9)
  }

  func testEveryPlaceIsInOneBand() {
    let bands = bumps.bands(separatedBy: levels)
    for i in 0..<200 {
      // Multiples of the plastic number's powers spread evenly over the rectangle.
      let x = -3 + 5 * (Double(i) * 0.754_877_666_246_693).truncatingRemainder(dividingBy: 1)
      let y = 1 + 4 * (Double(i) * 0.569_840_290_998_053).truncatingRemainder(dividingBy: 1)
      XCTAssertEqual(bands.count { contains(x, y, $0) }, 1, "at \(x), \(y)")
    }
  }

  func testALinearFunctionIsCutExactly() {
    let grid = ContourGrid(xRange: 0...1, yRange: 0...1, columns: 8, rows: 11) { x, y in 0.3 * x + 0.7 * y }
    // ∫ (0.5 − 0.3 x) / 0.7 dx over 0...1
    XCTAssertEqual(area(grid.bands(separatedBy: [0.5])[0]), 0.5, accuracy: 1e-14)
    let line = grid.lines(at: 0.5)
    XCTAssertEqual(line.count, 1)
    for point in line[0].points { XCTAssertEqual(0.3 * point.x + 0.7 * point.y, 0.5, accuracy: 1e-15) }
  }

  func testLevelsThatPassThroughNodesLeaveNoCracks() {
    let grid = ContourGrid(xRange: 0...4, yRange: 0...4, columns: 5, rows: 5) { x, y in x + y }
    let areas = grid.bands(separatedBy: [1, 2, 3, 4, 5, 6, 7]).map(area)
    // Diagonal strips of a square with side 4.
    XCTAssertEqual(areas, [0.5, 1.5, 2.5, 3.5, 3.5, 2.5, 1.5, 0.5])
  }

  // {xy ≥ c} is one piece for c < 0 and two for c > 0; the cell around the origin has its corners alternately
  // above and below, and only its centre can tell.
  func testTheCentreDecidesASaddle() {
    let saddle = ContourGrid(xRange: -1...1, yRange: -1...1, columns: 4, rows: 4) { x, y in x * y }
    XCTAssertEqual(saddle.region(above: 0.05).count, 2)
    XCTAssertEqual(saddle.region(above: -0.05).count, 1)
    let turned = ContourGrid(xRange: -1...1, yRange: -1...1, columns: 4, rows: 4) { x, y in -x * y }
    XCTAssertEqual(turned.region(above: 0.05).count, 2)
    XCTAssertEqual(turned.region(above: -0.05).count, 1)
    XCTAssertEqual(saddle.bands(separatedBy: [-0.05, 0, 0.05]).map(area).reduce(0, +), 4, accuracy: 1e-14)
  }

  func testLinesInsideAreClosedAndLinesToTheEdgeAreOpen() {
    let grid = ContourGrid(xRange: -2...2, yRange: -2...2, columns: 50, rows: 50) { x, y in x * x + y * y }
    XCTAssertEqual(grid.lines(at: 1).map(\.isClosed), [true])
    // A circle of radius 2.2 leaves four arcs in the corners.
    XCTAssertEqual(grid.lines(at: 4.84).map(\.isClosed), [false, false, false, false])
    XCTAssertTrue(grid.lines(at: 100).isEmpty)
  }

  func testHigherValuesLieOnTheLeftOfALine() {
    let grid = ContourGrid(xRange: 0...1, yRange: 0...1, columns: 3, rows: 3) { x, _ in x }
    let points = grid.lines(at: 0.3)[0].points
    XCTAssertGreaterThan(points[0].y, points[points.count - 1].y)
  }

  func testNaNMakesAHoleOfItsFourCells() {
    var values = (0..<36).map { Double($0) }
    values[14] = .nan
    let grid = ContourGrid(xRange: 0...5, yRange: 0...5, columns: 6, rows: 6, values: values)
    XCTAssertEqual(area(grid.region(above: -.infinity)), 25 - 4)
    XCTAssertEqual(grid.bands(separatedBy: [3, 8.5, 20]).map(area).reduce(0, +), 21, accuracy: 1e-12)
    XCTAssertTrue(grid.lines(at: 14).flatMap(\.points).allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }

  func testInfinitiesAreAboveAndBelowEverything() {
    let grid = ContourGrid(
      xRange: 0...1, yRange: 0...1, columns: 2, rows: 2, values: [.infinity, -.infinity, 1, -1])
    let bands = grid.bands(separatedBy: [-1e9, 0, 1e9])
    XCTAssertEqual(bands.map(area).reduce(0, +), 1, accuracy: 1e-12)
    XCTAssertTrue(bands.joined().flatMap(\.points).allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }

  func testAGridOfNothingButNaNHasNoContours() {
    let grid = ContourGrid(xRange: 0...1, yRange: 0...1, columns: 3, rows: 3) { _, _ in .nan }
    XCTAssertTrue(grid.bands(separatedBy: [0]).joined().isEmpty)
  }

  func testTheFunctionIsCalledAtTheEndsOfTheRanges() {
    let grid = ContourGrid(xRange: 0.1...0.7, yRange: -0.3...0.9, columns: 7, rows: 5) { x, y in x + 10 * y }
    XCTAssertEqual(grid.values[0], 0.1 + 10 * -0.3)
    XCTAssertEqual(grid.values[34], 0.7 + 10 * 0.9)
  }
}
