import MicrogradBenchWorkloads
import XCTest

final class SamplesTests: XCTestCase {
  func testMedianIsInTheMiddle() {
    XCTAssertEqual(Samples([9, 1, 4]).median, 4)
    XCTAssertEqual(Samples([9, 1, 4, 2]).median, 3)
    XCTAssertEqual(Samples([7]).median, 7)
  }

  func testQuartilesLieBetweenNeighbours() {
    let samples = Samples([4, 1, 3, 2])
    XCTAssertEqual(samples.quantile(0), 1)
    XCTAssertEqual(samples.quantile(0.25), 1.75)
    XCTAssertEqual(samples.quantile(1), 4)
  }

  func testRatiosArePairedByTurn() {
    XCTAssertEqual((Samples([2, 40, 6]) / Samples([1, 20, 3])).values, [2, 2, 2])
  }
}
