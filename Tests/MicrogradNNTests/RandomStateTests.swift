import MicrogradNN
import XCTest

final class RandomStateTests: XCTestCase {
  private func state(
    _ generator: RandomState.Generator, _ fixture: SafeTensorsFixture.Random
  ) throws -> RandomState {
    try RandomState(
      generator, words: fixture.words, position: fixture.position, spareDeviate: fixture.deviate)
  }

  func testGoesOnWherePythonWas() throws {
    let fixture = try XCTUnwrap(SafeTensorsFixture.all.random["python"])
    var random = try PythonRandom(state(.python, fixture))
    assertSame(
      [random.gauss(), random.gauss(), random.random(), Double(random.randint(1, 1000))], fixture.next, "python")
  }

  func testGoesOnWhereNumPyWas() throws {
    let fixture = try XCTUnwrap(SafeTensorsFixture.all.random["numpy"])
    var random = try NumPyRandom(state(.numPy, fixture))
    assertSame(
      [random.normal(), random.normal(), random.random(), Double(random.permutation(1000)[0])], fixture.next, "numpy")
  }

  func testTheStateIsPythons() throws {
    let fixture = try XCTUnwrap(SafeTensorsFixture.all.random["python"])
    var random = PythonRandom(seed: 1337)
    for _ in 0..<3 { _ = random.gauss() }
    XCTAssertEqual(random.savedState.words, fixture.words)
    XCTAssertEqual(random.savedState.position, fixture.position)
    assertSame([try XCTUnwrap(random.savedState.spareDeviate)], [fixture.deviate], "deviate")
  }

  func testTheStateIsNumPys() throws {
    let fixture = try XCTUnwrap(SafeTensorsFixture.all.random["numpy"])
    var random = NumPyRandom(seed: 42)
    _ = random.normal(count: 401)
    XCTAssertEqual(random.savedState.words, fixture.words)
    XCTAssertEqual(random.savedState.position, fixture.position)
    assertSame([try XCTUnwrap(random.savedState.spareDeviate)], [fixture.deviate], "deviate")
  }

  func testStreamsGoOnFromEveryPosition() throws {
    var twister = MersenneTwister(seed: 5489)
    for _ in 0..<630 {
      var later = try MersenneTwister(twister.savedState)
      XCTAssertEqual(later.nextUInt32(), twister.nextUInt32())
    }
  }

  func testAStateIsForItsOwnKindOfStream() {
    let state = PythonRandom(seed: 1).savedState
    guard case .state(_, let reason) = problem({ _ = try NumPyRandom(state) }) else { return XCTFail("taken") }
    XCTAssertEqual(reason, "is of the generator python, not numPy")
    XCTAssertNotNil(problem { _ = try MersenneTwister(state) })
    XCTAssertNotNil(problem { _ = try PythonRandom(NumPyRandom(seed: 1).savedState) })
  }

  func testStatesThatNoStreamCanHaveAreRefused() {
    let words = PythonRandom(seed: 1).savedState.words
    let zeros = [UInt32](repeating: 0, count: 624)
    XCTAssertNil(problem { _ = try RandomState(.python, words: [1 << 31] + zeros.dropLast(), position: 0) })
    for words in [[], Array(words.dropLast()), words + [1], zeros, [1] + zeros.dropLast()] {
      XCTAssertNotNil(problem { _ = try RandomState(.python, words: words, position: 624) })
    }
    for position in [-1, 625, .max] {
      XCTAssertNotNil(problem { _ = try RandomState(.python, words: words, position: position) })
    }
    for deviate in [Double.nan, .infinity] {
      XCTAssertNotNil(problem { _ = try RandomState(.numPy, words: words, position: 1, spareDeviate: deviate) })
    }
    XCTAssertNotNil(problem { _ = try RandomState(.mersenneTwister, words: words, position: 1, spareDeviate: 0) })
  }
}
