import MicrogradNN
import XCTest

final class PythonRandomTests: XCTestCase {
  private let fixture = Fixture.random

  /// Calls `check` with every seed's record and a fresh generator of that seed.
  private func forEverySeed(_ check: (RandomFixture.Python, inout PythonRandom, String) -> Void) {
    for record in fixture.python {
      var random = PythonRandom(seed: record.seed)
      check(record, &random, "seed \(record.seed)")
    }
  }

  func testRandomEqualsCPython() {
    forEverySeed { record, random, seed in
      let numbers = (0..<fixture.run).map { _ in random.random() }
      XCTAssertEqual(fixture.thinned(numbers), record.random, seed)
    }
  }

  func testUniformEqualsCPythonInBothDirections() {
    forEverySeed { record, random, seed in
      let rising = (0..<8).map { _ in random.uniform(-1, 1) }
      let falling = (0..<8).map { _ in random.uniform(5.5, -0.25) }
      XCTAssertEqual(rising + falling, record.uniform, seed)
    }
  }

  func testGaussEqualsCPython() {
    forEverySeed { record, random, seed in
      let standard = (0..<fixture.run).map { _ in random.gauss() }
      let scaled = (0..<7).map { _ in random.gauss(mean: 0.5, standardDeviation: 2.25) }
      assertSame(fixture.thinned(standard) + scaled, record.gauss, seed)
    }
  }

  func testNormalvariateEqualsCPython() {
    forEverySeed { record, random, seed in
      let standard = (0..<fixture.run).map { _ in random.normalvariate() }
      let scaled = (0..<7).map { _ in random.normalvariate(mean: 0.5, standardDeviation: -2.25) }
      assertSame(fixture.thinned(standard) + scaled, record.normalvariate, seed)
    }
  }

  func testRandintEqualsCPythonUpToTheWholeRangeOfInt() {
    forEverySeed { record, random, seed in
      let numbers = fixture.ranges.flatMap { range in
        (0..<5).map { _ in random.randint(range[0], range[1]) }
      }
      XCTAssertEqual(numbers, record.randint, seed)
    }
  }

  func testShuffleEqualsCPython() {
    forEverySeed { record, random, seed in
      for expected in record.shuffle {
        var elements = Array(0..<expected.count)
        random.shuffle(&elements)
        XCTAssertEqual(elements, expected, seed)
      }
      var many = Array(0..<fixture.run)
      random.shuffle(&many)
      XCTAssertEqual(fixture.thinned(many), record.longShuffle, seed)
    }
  }

  func testWeightedChoicesEqualCPython() {
    forEverySeed { record, random, seed in
      for (weights, expected) in zip(fixture.weights, record.weighted) {
        let drawn = random.choices(Array(weights.indices), weights: weights, count: 9)
        XCTAssertEqual(drawn, expected, "\(seed), weights \(weights)")
      }
    }
  }

  func testUnweightedChoicesEqualCPython() {
    forEverySeed { record, random, seed in
      for (size, expected) in zip([1, 2, 7, 1000], record.unweighted) {
        XCTAssertEqual(random.choices(Array(0..<size), count: 9), expected, "\(seed), \(size) elements")
      }
    }
  }

  func testMixedCallsEqualCPython() {
    forEverySeed { record, random, seed in
      let rounds = (0..<300).map { _ in
        var round = [
          random.random(), random.gauss(mean: 1, standardDeviation: 3), random.uniform(-2, 7),
          Double(random.randint(-9, 9)),
        ]
        var elements = [0.0, 1, 2, 3, 4]
        random.shuffle(&elements)
        round += [elements[0], random.choices([0.0, 1, 2, 3], weights: fixture.weights[1])[0]]
        return round
      }
      assertSame(fixture.thinned(rounds).flatMap { $0 }, record.mixed, seed)
    }
  }

  func testSignOfSeedIsDropped() {
    var negative = PythonRandom(seed: -42)
    XCTAssertEqual(negative.random(), 0.6394267984578837)
  }

  func testNoChoicesDrawNothing() {
    var random = PythonRandom(seed: 42)
    XCTAssertEqual(random.choices([Int](), count: 0), [])
    XCTAssertEqual(random.random(), 0.6394267984578837)
  }

  // The numbers are those that CPython prints.
  func testDocumentationExamples() {
    let start = PythonRandom(seed: 42)
    var random = start
    XCTAssertEqual(random.random(), 0.6394267984578837)
    XCTAssertEqual(random.randint(1, 6), 1)
    random = start
    XCTAssertEqual(random.uniform(-1, 1), 0.2788535969157675)
    random = start
    assertSame([random.gauss(), random.gauss()], [-0.14409032957792836, -0.1729036003315193], "gauss")
    random = start
    XCTAssertEqual([random.randint(1, 6), random.randint(1, 6)], [6, 1])
    random = start
    var letters = ["a", "b", "c", "d", "e"]
    random.shuffle(&letters)
    XCTAssertEqual(letters, ["d", "b", "c", "e", "a"])
    random = start
    XCTAssertEqual(random.choices(["red", "green"], weights: [1, 9], count: 3), ["green", "red", "green"])
    XCTAssertEqual(random.choices(["red", "green"], count: 3), ["red", "green", "green"])
  }
}
