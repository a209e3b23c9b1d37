import Foundation
import TestSupport
import XCTest

/// What the scripts of Tests/Fixtures wrote, read once.
enum Fixture {
  static let random: RandomFixture = try! readFixture("random.json")
}

/// Asserts that numbers which went through `log`, `sin` or `cos` are the oracle's: to the last bit where the
/// fixture was made, and to the rounding of those functions on platforms with a libm of their own.
func assertSame(
  _ actual: [Double], _ expected: [Double], _ message: String, file: StaticString = #filePath,
  line: UInt = #line
) {
  #if canImport(Glibc) && arch(x86_64)
    XCTAssertEqual(actual, expected, message, file: file, line: line)
  #else
    XCTAssertEqual(actual.count, expected.count, message, file: file, line: line)
    for (a, e) in zip(actual, expected) {
      XCTAssertEqual(a, e, accuracy: 1e-14, message, file: file, line: line)
    }
  #endif
}

struct RandomFixture: Decodable {
  struct SeededTwister: Decodable {
    let seed: UInt32
    let words: [UInt32]
  }

  struct KeyedTwister: Decodable {
    let key: [UInt32]
    let words: [UInt32]
  }

  struct Python: Decodable {
    let seed: Int
    let random, uniform, gauss, normalvariate, mixed: [Double]
    let randint, longShuffle: [Int]
    let shuffle, weighted, unweighted: [[Int]]
  }

  struct NumPy: Decodable {
    let seed: UInt32
    let random, uniform, normal, mixed: [Double]
    let shuffle, permutation: [[Int]]
    let longPermutation: [Int]
  }

  struct Moons: Decodable {
    let seed: UInt32
    let count: Int
    let noise: Double
    let shuffled: Bool
    let inputs: [[Double]]
    let labels: [Int]
    let nextRandom, nextNormal: Double
  }

  /// Long runs are kept thinned: every `stride`-th of `run` numbers.
  let run = 2000
  let stride: Int
  let ranges: [[Int]]
  let weights: [[Double]]
  let twisterSeeds: [SeededTwister]
  let twisterKeys: [KeyedTwister]
  let python: [Python]
  let numpy: [NumPy]
  let moons: [Moons]

  private enum CodingKeys: CodingKey {
    case stride, ranges, weights, twisterSeeds, twisterKeys, python, numpy, moons
  }

  func thinned<Element>(_ elements: [Element]) -> [Element] {
    Swift.stride(from: 0, to: elements.count, by: stride).map { elements[$0] }
  }
}
