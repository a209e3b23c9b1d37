import MicrogradNN
import XCTest

final class NumPyRandomTests: XCTestCase {
  private let fixture = Fixture.random

  /// Calls `check` with every seed's record and a fresh generator of that seed.
  private func forEverySeed(_ check: (RandomFixture.NumPy, inout NumPyRandom, String) -> Void) {
    for record in fixture.numpy {
      var random = NumPyRandom(seed: record.seed)
      check(record, &random, "seed \(record.seed)")
    }
  }

  func testRandomEqualsNumPy() {
    forEverySeed { record, random, seed in
      let numbers = (0..<fixture.run).map { _ in random.random() }
      XCTAssertEqual(fixture.thinned(numbers), record.random, seed)
    }
  }

  func testUniformEqualsNumPyInBothDirections() {
    forEverySeed { record, random, seed in
      let rising = (0..<8).map { _ in random.uniform(-1, 1) }
      XCTAssertEqual(rising + random.uniform(5.5, -0.25, count: 8), record.uniform, seed)
    }
  }

  func testNormalEqualsNumPy() {
    forEverySeed { record, random, seed in
      let standard = random.normal(count: fixture.run)
      let scaled = (0..<7).map { _ in random.normal(mean: 0.5, standardDeviation: 2.25) }
      assertSame(fixture.thinned(standard) + scaled, record.normal, seed)
    }
  }

  func testShuffleThenPermutationEqualNumPy() {
    forEverySeed { record, random, seed in
      for expected in record.shuffle {
        var elements = Array(0..<expected.count)
        random.shuffle(&elements)
        XCTAssertEqual(elements, expected, seed)
      }
      for expected in record.permutation {
        XCTAssertEqual(random.permutation(expected.count), expected, seed)
      }
      XCTAssertEqual(fixture.thinned(random.permutation(fixture.run)), record.longPermutation, seed)
    }
  }

  func testMixedCallsEqualNumPy() {
    forEverySeed { record, random, seed in
      let rounds = (0..<300).map { _ in
        [
          random.random(), random.normal(mean: 1, standardDeviation: 3), random.uniform(-2, 7),
          Double(random.permutation(5)[0]),
        ]
      }
      assertSame(fixture.thinned(rounds).flatMap { $0 }, record.mixed, seed)
    }
  }

  func testNoNumbersDrawNothing() {
    var random = NumPyRandom(seed: 42)
    XCTAssertEqual(random.uniform(count: 0) + random.normal(count: 0), [])
    XCTAssertEqual(random.random(), 0.3745401188473625)
  }

  func testStandardDeviationOfZeroGivesTheMeanAndDraws() {
    var random = NumPyRandom(seed: 42)
    XCTAssertEqual(random.normal(mean: 5, standardDeviation: 0), 5)
    assertSame([random.normal()], [-0.13826430117118466], "the second deviate of seed 42")
  }

  // The numbers are those that NumPy prints.
  func testDocumentationExamples() {
    let start = NumPyRandom(seed: 42)
    var random = start
    XCTAssertEqual(random.random(), 0.3745401188473625)
    assertSame([random.normal()], [-1.1118801180469204], "normal after random")
    random = start
    XCTAssertEqual(random.uniform(-1, 1, count: 2), [-0.250919762305275, 0.9014286128198323])
    random = start
    assertSame([random.normal()], [0.4967141530112327], "normal")
    assertSame([random.normal(mean: 5, standardDeviation: 2)], [4.72347139765763], "scaled normal")
    random = start
    var letters = ["a", "b", "c", "d", "e"]
    random.shuffle(&letters)
    XCTAssertEqual(letters, ["b", "e", "c", "a", "d"])
    random = start
    XCTAssertEqual(random.permutation(5), [1, 4, 2, 0, 3])
  }
}
