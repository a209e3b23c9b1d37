import MicrogradNN
import XCTest

final class XORTests: XCTestCase {
  func testFourPointsAreTheTruthTable() {
    var random = NumPyRandom(seed: 0)
    let table = makeXOR(count: 4, shuffled: false, using: &random)
    XCTAssertEqual(table.inputs, [[0, 0], [0, 1], [1, 0], [1, 1]])
    XCTAssertEqual(table.labels, [0, 1, 1, 0])
    XCTAssertEqual(random.random(), 0.5488135039273248, "nothing was drawn")
  }

  func testLabelsAreThoseOfTheNearestCorner() {
    var random = NumPyRandom(seed: 3)
    let points = makeXOR(count: 101, noise: 0.05, using: &random)
    for (point, label) in zip(points.inputs, points.labels) {
      XCTAssertEqual(point[0].rounded() != point[1].rounded(), label == 1)
    }
  }

  func testTheSameSeedGivesTheSamePoints() {
    var (first, second) = (NumPyRandom(seed: 4), NumPyRandom(seed: 4))
    XCTAssertEqual(makeXOR(noise: 0.2, using: &first), makeXOR(noise: 0.2, using: &second))
    XCTAssertNotEqual(makeXOR(noise: 0.2, using: &first), makeXOR(noise: 0.1, using: &second))
  }
}
