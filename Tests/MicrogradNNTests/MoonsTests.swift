import MicrogradNN
import XCTest

final class MoonsTests: XCTestCase {
  private func moons(of record: RandomFixture.Moons, using random: inout NumPyRandom) -> LabeledPoints {
    makeMoons(count: record.count, noise: record.noise, shuffled: record.shuffled, using: &random)
  }

  // NumPy has its own sine and cosine, so coordinates may differ in their last bits.
  private func assertClose(_ actual: [[Double]], _ expected: [[Double]], _ message: String) {
    XCTAssertEqual(actual.count, expected.count, message)
    for (a, e) in zip(actual, expected) {
      XCTAssertEqual(a.count, 2, message)
      XCTAssertEqual(a[0], e[0], accuracy: 1e-15, message)
      XCTAssertEqual(a[1], e[1], accuracy: 1e-15, message)
    }
  }

  func testPointsEqualScikitLearn() {
    for record in Fixture.random.moons {
      var random = NumPyRandom(seed: record.seed)
      let points = moons(of: record, using: &random)
      assertClose(points.inputs, record.inputs, "seed \(record.seed), \(record.count) points")
      XCTAssertEqual(points.labels, record.labels, "seed \(record.seed), \(record.count) points")
    }
  }

  func testGeneratorIsLeftWhereScikitLearnLeavesIt() {
    for record in Fixture.random.moons {
      var random = NumPyRandom(seed: record.seed)
      _ = moons(of: record, using: &random)
      XCTAssertEqual(random.random(), record.nextRandom, "seed \(record.seed)")
      assertSame([random.normal()], [record.nextNormal], "seed \(record.seed)")
    }
  }

  func testOddPointIsOnTheSecondMoon() {
    var random = NumPyRandom(seed: 0)
    XCTAssertEqual(makeMoons(count: 7, shuffled: false, using: &random).labels, [0, 0, 0, 1, 1, 1, 1])
  }

  func testWithoutNoiseAndShuffleNothingIsDrawn() {
    var random = NumPyRandom(seed: 42)
    _ = makeMoons(shuffled: false, using: &random)
    XCTAssertEqual(random.random(), 0.3745401188473625)
  }

  func testDocumentationExample() {
    var random = NumPyRandom(seed: 1337)
    let moons = makeMoons(count: 100, noise: 0.1, using: &random)
    XCTAssertEqual(moons.inputs[0][0], 1.122, accuracy: 0.001)
    XCTAssertEqual(moons.inputs[0][1], 0.081, accuracy: 0.001)
    XCTAssertEqual(moons.labels[0], 0)
  }
}
