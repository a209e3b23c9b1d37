import Foundation
import MicrogradNN
import XCTest

final class SpiralsTests: XCTestCase {
  private func radius(_ point: [Double]) -> Double { (point[0] * point[0] + point[1] * point[1]).squareRoot() }

  func testRadiusGrowsEvenlyToOne() {
    var random = NumPyRandom(seed: 0)
    let spirals = makeSpirals(count: 12, arms: 3, turns: 2.5, shuffled: false, using: &random)
    for arm in 0..<3 {
      for index in 0..<4 {
        XCTAssertEqual(radius(spirals.inputs[4 * arm + index]), Double(index + 1) / 4, accuracy: 1e-15)
      }
    }
  }

  func testAnArmIsTheFirstTurnedByItsShareOfTheCircle() {
    var random = NumPyRandom(seed: 0)
    let spirals = makeSpirals(count: 40, arms: 4, turns: -1.25, shuffled: false, using: &random)
    for index in 0..<10 {
      let (first, second) = (spirals.inputs[index], spirals.inputs[10 + index])
      XCTAssertEqual(second[0], -first[1], accuracy: 1e-15)
      XCTAssertEqual(second[1], first[0], accuracy: 1e-15)
    }
  }

  func testWithoutTurnsArmsAreStraight() {
    var random = NumPyRandom(seed: 0)
    let spirals = makeSpirals(count: 5, arms: 1, turns: 0, shuffled: false, using: &random)
    XCTAssertEqual(spirals.inputs, [[0.2, 0], [0.4, 0], [0.6, 0], [0.8, 0], [1, 0]])
  }

  func testFirstArmsGetTheRemainder() {
    var random = NumPyRandom(seed: 0)
    XCTAssertEqual(makeSpirals(count: 5, arms: 3, shuffled: false, using: &random).labels, [0, 0, 1, 1, 2])
  }

  func testShuffledPointsAreTheSamePointsInAnotherOrder() {
    var random = NumPyRandom(seed: 1)
    let shuffled = makeSpirals(count: 30, arms: 3, using: &random)
    let plain = makeSpirals(count: 30, arms: 3, shuffled: false, using: &random)
    func sorted(_ points: LabeledPoints) -> [[Double]] {
      zip(points.inputs, points.labels).map { $0 + [Double($1)] }.sorted { $0.lexicographicallyPrecedes($1) }
    }
    XCTAssertNotEqual(shuffled, plain)
    XCTAssertEqual(sorted(shuffled), sorted(plain))
  }

  func testNoiseHasItsStandardDeviation() {
    var random = NumPyRandom(seed: 2)
    let moved = makeSpirals(count: 4000, noise: 0.3, shuffled: false, using: &random)
    let plain = makeSpirals(count: 4000, shuffled: false, using: &random)
    let deviations = zip(moved.inputs, plain.inputs).flatMap { [$0[0] - $1[0], $0[1] - $1[1]] }
    let variance = deviations.reduce(0) { $0 + $1 * $1 } / Double(deviations.count)
    XCTAssertEqual(variance.squareRoot(), 0.3, accuracy: 0.01)
  }

  func testDocumentationExample() {
    var random = NumPyRandom(seed: 0)
    let spirals = makeSpirals(count: 8, arms: 2, shuffled: false, using: &random)
    XCTAssertEqual(spirals.labels, [0, 0, 0, 0, 1, 1, 1, 1])
    XCTAssertEqual(spirals.inputs[1][0], -0.5, accuracy: 1e-15)
    XCTAssertEqual(spirals.inputs[1][1], 0, accuracy: 1e-15)
  }
}
