import Micrograd
import XCTest

final class WeightedSumsTests: XCTestCase {
  func testTheyAreWhatTheOperatorsGive() {
    let weights = Parameters([0.5, -1.5, 2.25, 3, -0.125, 7])
    Tape.scope {
      let x = [Value(3), Value(-2), .constant(5)]
      let sums = weights.weightedSums(of: x, rows: 2)
      XCTAssertEqual(sums.map(\.data), [1.5 + 3 + 11.25, 9 + 0.25 + 35])
      sums[1].backward()
      XCTAssertEqual(weights.gradients, [0, 0, 0, 3, -2, 5])
      XCTAssertEqual(x.map(\.grad), [3, -0.125, 0])
      XCTAssertEqual(sums[1].operation?.description, "+")
    }
  }

  func testWithoutGradientsTheyAreTheSameNumbersAsConstants() {
    let weights = Parameters([0.1, 0.7, -0.3, 0.9])
    let x = [Value(1 / 3), Value(0.2)]
    let plain = withoutGradients { weights.weightedSums(of: x, rows: 2) }
    XCTAssertTrue(plain.allSatisfy(\.isConstant))
    XCTAssertEqual(plain.map(\.data), weights.weightedSums(of: x, rows: 2).map(\.data))
  }
}
