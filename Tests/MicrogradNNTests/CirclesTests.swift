import MicrogradNN
import XCTest

final class CirclesTests: XCTestCase {
  func testPointsAndWhatIsDrawnNextEqualScikitLearn() {
    for record in DataFixture.shared.circles {
      var random = NumPyRandom(seed: record.seed)
      let circles = makeCircles(
        count: record.count, noise: record.noise, factor: record.factor, shuffled: record.shuffled, using: &random)
      let message = "seed \(record.seed), \(record.count) points"
      XCTAssertEqual(circles.labels, record.labels, message)
      // NumPy has its own sine and cosine, so coordinates may differ in their last bits.
      for (point, expected) in zip(circles.inputs, record.inputs) {
        XCTAssertEqual(point[0], expected[0], accuracy: 1e-15, message)
        XCTAssertEqual(point[1], expected[1], accuracy: 1e-15, message)
      }
      XCTAssertEqual(random.random(), record.nextRandom, message)
      assertSame([random.normal()], [record.nextNormal], message)
    }
  }

  func testOddPointIsOnTheInnerCircle() {
    var random = NumPyRandom(seed: 0)
    XCTAssertEqual(makeCircles(count: 5, shuffled: false, using: &random).labels, [0, 0, 1, 1, 1])
  }

  func testRadiiAreOneAndTheFactor() {
    var random = NumPyRandom(seed: 0)
    let circles = makeCircles(count: 40, factor: 0.25, using: &random)
    for (point, label) in zip(circles.inputs, circles.labels) {
      XCTAssertEqual(
        (point[0] * point[0] + point[1] * point[1]).squareRoot(), label == 0 ? 1 : 0.25, accuracy: 1e-15)
    }
  }

  func testDocumentationExample() {
    var random = NumPyRandom(seed: 0)
    let circles = makeCircles(count: 4, factor: 0.5, shuffled: false, using: &random)
    XCTAssertEqual(circles.inputs[0], [1, 0])
    XCTAssertEqual(circles.inputs[2], [0.5, 0])
    XCTAssertEqual(circles.labels, [0, 0, 1, 1])
  }
}
