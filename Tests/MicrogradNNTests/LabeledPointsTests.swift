import MicrogradNN
import XCTest

final class LabeledPointsTests: XCTestCase {
  func testLabelsBecomeSigns() {
    let corners = LabeledPoints(inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], labels: [0, 1, 1, 0])
    XCTAssertEqual(corners.count, 4)
    XCTAssertEqual(corners.signedLabels, [-1, 1, 1, -1])
  }

  func testLabelsMayNumberManyClasses() {
    XCTAssertEqual(LabeledPoints(inputs: [[0], [1], [2]], labels: [2, 0, 7]).labels, [2, 0, 7])
  }

  func testThereMayBeNoPoints() {
    XCTAssertEqual(LabeledPoints(inputs: [], labels: []).count, 0)
  }

  func testEqualityComparesInputsAndLabels() {
    let points = LabeledPoints(inputs: [[0.5, -1], [2, 3]], labels: [1, 0])
    XCTAssertEqual(points, LabeledPoints(inputs: [[0.5, -1], [2, 3]], labels: [1, 0]))
    XCTAssertNotEqual(points, LabeledPoints(inputs: [[0.5, -1], [2, 3]], labels: [1, 1]))
    XCTAssertNotEqual(points, LabeledPoints(inputs: [[0.5, 1], [2, 3]], labels: [1, 0]))
  }
}
