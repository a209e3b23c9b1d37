import Foundation
import Micrograd
import MicrogradDistributed
import XCTest

final class DistributedSumTests: XCTestCase {
  /// Σ sin(a xᵢ + b) and its derivatives, by hand.
  func testASumAndItsGradientHaveTheSameBitsForAnyNumberOfRanks() throws {
    let x = (0..<10_000).map { Double($0 % 977) / 500 }
    let (a, b) = (1.25, -0.5)
    var first: [Double]?
    for ranks in [1, 2, 3, 4, 7] {
      let found = try InProcessCommunicator.run(ranks: ranks) { ranks in
        let sum = try DistributedSum(over: ranks, RankedData([x]), at: [1, 1]) { p, row in sin(p[0] * row[0] + p[1]) }
        let (value, gradient) = try sum.valueWithGradient(at: [a, b])
        XCTAssertEqual(try sum.value(at: [a, b]), value)
        return [value] + gradient
      }
      for other in found { XCTAssertEqual(other, found[0]) }
      first = first ?? found[0]
      XCTAssertEqual(found[0], first, "\(ranks) ranks")
    }
    let expected = [
      x.reduce(0) { $0 + sin(a * $1 + b) }, x.reduce(0) { $0 + $1 * cos(a * $1 + b) },
      x.reduce(0) { $0 + cos(a * $1 + b) },
    ]
    for (found, expected) in zip(try XCTUnwrap(first), expected) {
      XCTAssertEqual(found, expected, accuracy: 1e-11 * max(1, abs(expected)))
    }
  }

  func testMoreRanksThanBlocksAreIdle() throws {
    let found = try InProcessCommunicator.run(ranks: 5) { ranks in
      try DistributedSum(over: ranks, RankedData([[1, 2, 4]]), at: [3]) { p, row in (p[0] - row[0]).squared() }
        .valueWithGradient(at: [3]).gradient
    }
    XCTAssertEqual(found, [[4], [4], [4], [4], [4]])
  }

  // MARK: - Settings

  private struct Odd: Error, CustomStringConvertible {
    let description: String
  }

  func testResultsOfSettingsAreInOrderAndFailuresAreKept() throws {
    let settings = Array(0..<11)
    for ranks in [1, 2, 3, 7, 16] {
      let found = try InProcessCommunicator.run(ranks: ranks) { ranks in
        try ranks.map(settings) { setting -> [Double] in
          if setting == 4 { throw Odd(description: "four is odd") }
          return [Double(setting) / 3, .nan, -.infinity, -0.0]
        }
      }
      for outcomes in found {
        XCTAssertEqual(outcomes.map(\.setting), settings)
        for (index, outcome) in outcomes.enumerated() {
          if index == 4 {
            XCTAssertThrowsError(try outcome.get()) {
              XCTAssertEqual($0 as? SettingFailure, .init(index: 4, rank: 4 % ranks, reason: "four is odd"))
            }
          } else {
            let numbers = try outcome.get()
            XCTAssertEqual(numbers[0], Double(index) / 3)
            XCTAssertTrue(numbers[1].isNaN && numbers[2] == -.infinity && numbers[3].sign == .minus)
          }
        }
      }
    }
  }

  func testRanksWithOtherSettingsAreNamed() throws {
    XCTAssertThrowsError(
      try InProcessCommunicator.run(ranks: 2) { ranks in
        try ranks.map(Array(0..<(3 + ranks.rank))) { $0 }.count
      }
    ) { XCTAssertTrue("\($0)".contains("the number of settings"), "\($0)") }
  }
}
