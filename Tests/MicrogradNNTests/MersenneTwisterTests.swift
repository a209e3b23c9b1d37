import MicrogradNN
import XCTest

final class MersenneTwisterTests: XCTestCase {
  private let fixture = Fixture.random

  func testWordsAfterSeedEqualNumPy() {
    for record in fixture.twisterSeeds {
      var twister = MersenneTwister(seed: record.seed)
      XCTAssertEqual(record.words.map { _ in twister.nextUInt32() }, record.words, "seed \(record.seed)")
    }
  }

  func testWordsAfterKeyEqualNumPy() {
    for record in fixture.twisterKeys {
      var twister = MersenneTwister(key: record.key)
      let words = (0..<1300).map { _ in twister.nextUInt32() }
      XCTAssertEqual(fixture.thinned(words), record.words, "key of \(record.key.count) words")
    }
  }

  // The 10000th output is fixed by the C++ standard, [rand.predef], for std::mt19937.
  func testTenThousandthWordIsThatOfTheCPlusPlusStandard() {
    var twister = MersenneTwister(seed: 5489)
    for _ in 1..<10_000 { _ = twister.nextUInt32() }
    XCTAssertEqual(twister.nextUInt32(), 4_123_659_995)
  }

  func testNextIsTwoWordsLowerHalfFirst() {
    var twister = MersenneTwister(seed: 5489)
    XCTAssertEqual(twister.next(), 581_869_302 << 32 | 3_499_211_612)
  }

  func testNextDoubleEqualsNumPy() {
    var twister = MersenneTwister(seed: 0)
    XCTAssertEqual(twister.nextDouble(), 0.5488135039273248)
  }

  func testCopyGoesOnIndependently() {
    var original = MersenneTwister(seed: 7)
    _ = original.nextUInt32()
    var copy = original
    let words = (0..<700).map { _ in original.nextUInt32() }
    XCTAssertEqual((0..<700).map { _ in copy.nextUInt32() }, words)
  }

  func testServesTheStandardLibrary() {
    var twister = MersenneTwister(seed: 5489)
    XCTAssertEqual(Array(0..<50).shuffled(using: &twister).sorted(), Array(0..<50))
  }

  /// Kolmogorov and Smirnov's test against the normal distribution, at the level 0.001.
  func testNormalDeviatesAreNormalAndTheFirstIsCPythons() {
    var twister = MersenneTwister(key: [42])
    let count = 20_000
    var deviates = (0..<count).map { _ in twister.nextNormal() }
    assertSame([deviates[0]], [-0.14409032957792836], "random.seed(42); random.gauss()")
    deviates.sort()
    let gaps = deviates.enumerated().map { k, x in
      let below = 0.5 * erfc(-x / 2.0.squareRoot())
      return max(abs(below - Double(k) / Double(count)), abs(below - Double(k + 1) / Double(count)))
    }
    XCTAssertLessThan(try XCTUnwrap(gaps.max()), 1.949 / Double(count).squareRoot())
  }
}
