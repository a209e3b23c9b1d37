import Foundation
import MicrogradVisual
import XCTest

final class NiceTicksTests: XCTestCase {
  private let ranges: [ClosedRange<Double>] = [
    0...1, 0.1...0.9, -3...12, 0.011...0.9, -1e-7...3e-7, 1e6...1.00001e6, -250...(-3), 0...99_999,
    1e12...9e14,
    -1e300...1e300, 0.3...0.7, 6.1...6.4,
  ]

  func testExamplesOfTheDocumentation() {
    XCTAssertEqual(NiceTicks(covering: 0.1...0.9).values, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    XCTAssertEqual(NiceTicks(covering: -3...12).labels, ["−5", "0", "5", "10", "15"])
    XCTAssertEqual(NiceTicks.logarithmic(covering: 0.02...30).labels, ["0.01", "0.1", "1", "10", "100"])
    XCTAssertEqual(NiceTicks.logarithmic(covering: 0.1...2).values, [0.1, 0.2, 0.5, 1.0, 2.0])
  }

  func testTicksCoverTheRangeWithoutASpareOne() {
    for range in ranges {
      let values = NiceTicks(covering: range).values
      XCTAssertLessThanOrEqual(values[0], range.lowerBound)
      XCTAssertGreaterThan(values[1], range.lowerBound)
      XCTAssertGreaterThanOrEqual(values[values.count - 1], range.upperBound)
      XCTAssertLessThan(values[values.count - 2], range.upperBound)
    }
  }

  func testStepsAreOneTwoOrFiveTimesAPowerOfTen() {
    for range in ranges {
      let values = NiceTicks(covering: range).values
      let step = (values[values.count - 1] - values[0]) / Double(values.count - 1)
      let mantissa = step / pow(10, floor(log10(step * 1.001)))
      XCTAssertTrue([1, 2, 5].contains { abs(mantissa - $0) < 1e-6 }, "\(range): step \(step)")
      for value in values {
        XCTAssertEqual((value / step).rounded(), value / step, accuracy: 1e-6, "\(range)")
      }
    }
  }

  func testThereAreNoMoreIntervalsThanWantedButOneForRounding() {
    for range in ranges {
      for count in 1...12 {
        let intervals = NiceTicks(covering: range, count: count).values.count - 1
        XCTAssertLessThanOrEqual(intervals, count + 1, "\(range), \(count)")
      }
    }
  }

  func testTicksAreTheNumbersThatTheirLabelsSay() {
    XCTAssertEqual(NiceTicks(covering: 0...0.3, count: 3).values, [0, 0.1, 0.2, 0.3])
    XCTAssertEqual(NiceTicks(covering: 0.6...0.7, count: 2).labels, ["0.60", "0.65", "0.70"])
  }

  func testLargeAndSmallTicksAreWrittenWithPowersOfTen() {
    XCTAssertEqual(NiceTicks(covering: 0...3e6, count: 3).labels, ["0", "1×10⁶", "2×10⁶", "3×10⁶"])
    XCTAssertEqual(NiceTicks(covering: -2e-5...0, count: 2).labels, ["−2×10⁻⁵", "−1×10⁻⁵", "0"])
  }

  func testWholeNumbersHaveNoTicksBetween() {
    XCTAssertEqual(NiceTicks(covering: 0...2, count: 10, wholeNumbers: true).values, [0, 1, 2])
  }

  func testARangeWithoutExtentIsWidened() {
    XCTAssertEqual(NiceTicks(covering: 0...0).values.first, -1)
    let ticks = NiceTicks(covering: 7...7).values
    XCTAssertTrue(ticks[0] < 7 && ticks[ticks.count - 1] > 7)
  }

  func testInfiniteBoundsStillGiveFiniteTicks() {
    let ticks = NiceTicks(covering: -Double.infinity...Double.infinity)
    XCTAssertTrue(ticks.values.allSatisfy(\.isFinite))
    XCTAssertGreaterThan(ticks.values.count, 1)
  }

  func testLogarithmicTicksCoverWhateverIsPositive() {
    let tiny = Double.leastNonzeroMagnitude
    for range in [0.011...0.9, 1e-9...1e9, 3...4, 5...5, tiny...2 * tiny, 1e3...1e6, 1e-300...1e300] {
      let values = NiceTicks.logarithmic(covering: range).values
      XCTAssertLessThanOrEqual(values[0], max(range.lowerBound, 1e-300))
      XCTAssertGreaterThanOrEqual(values[values.count - 1], range.upperBound)
      XCTAssertTrue((2...13).contains(values.count), "\(range): \(values)")
      XCTAssertTrue(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  func testALogarithmicAxisThatReachesZeroIsLinear() {
    XCTAssertEqual(NiceTicks.logarithmic(covering: 0...1), NiceTicks(covering: 0...1))
  }
}
