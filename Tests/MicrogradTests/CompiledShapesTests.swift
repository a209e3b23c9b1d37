import Micrograd
import XCTest

final class CompiledShapesTests: XCTestCase {
  private var recordings: [Int] = []

  /// The square of a length: as many inputs as the shape says.
  private func squares(limit: Int = 32) -> CompiledShapes<Int> {
    recordings = []
    return CompiledShapes(limit: limit, example: { [Double](repeating: 1, count: $0) }) { length, x in
      self.recordings.append(length)
      return dot(x, x)
    }
  }

  func testEachShapeIsRecordedOnce() throws {
    let squares = squares()
    for _ in 0..<3 {
      XCTAssertEqual(try squares.function(for: 2).values(at: Samples([[3, 4]])), [25])
      XCTAssertEqual(try squares.function(for: 3).values(at: Samples([[1, 2, 2]])), [9])
    }
    XCTAssertEqual(recordings, [2, 3])
    XCTAssertEqual(squares.count, 2)
    XCTAssertEqual(squares.limit, 32)
  }

  func testShapesAreInTheOrderInWhichTheyWereAskedFor() throws {
    let squares = squares()
    for length in [1, 2, 3, 1, 2] { _ = try squares.function(for: length) }
    XCTAssertEqual(squares.shapes, [3, 1, 2])
  }

  func testTheLeastRecentlyUsedShapeGivesItsPlaceToANewOne() throws {
    let squares = squares(limit: 2)
    for length in [1, 2, 1, 3] { _ = try squares.function(for: length) }
    XCTAssertEqual(squares.shapes, [1, 3])
    XCTAssertEqual(recordings, [1, 2, 3])
    for length in [1, 3] { _ = try squares.function(for: length) }
    XCTAssertEqual(recordings, [1, 2, 3])
    _ = try squares.function(for: 2)
    XCTAssertEqual(recordings, [1, 2, 3, 2])
    XCTAssertEqual(squares.shapes, [3, 2])
  }

  func testAFunctionThatIsHeldOutlivesItsPlace() throws {
    let squares = squares(limit: 1)
    let held = try squares.function(for: 2)
    _ = try squares.function(for: 3)
    XCTAssertEqual(try held.values(at: Samples([[1, 2]])), [5])
    XCTAssertFalse(try squares.function(for: 2) === held)
  }

  func testTheSameFunctionIsGivenForTheSameShape() throws {
    let squares = squares()
    XCTAssertTrue(try squares.function(for: 2) === squares.function(for: 2))
  }

  func testRemovingAllForgetsThem() throws {
    let squares = squares()
    _ = try squares.function(for: 2)
    squares.removeAll()
    XCTAssertEqual(squares.count, 0)
    XCTAssertEqual(squares.shapes, [])
    _ = try squares.function(for: 2)
    XCTAssertEqual(recordings, [2, 2])
  }

  func testAShapeThatFailsToCompileIsNotKept() throws {
    let shapes = CompiledShapes(example: { [Double](repeating: 1, count: $0) }) { (length: Int, x: [Value]) in
      length == 2 ? x[0] * x[1].data : x[0]
    }
    _ = try shapes.function(for: 1)
    XCTAssertThrowsError(try shapes.function(for: 2)) { error in
      guard case CompilationError.numberRead = error else { return XCTFail("\(error)") }
    }
    XCTAssertEqual(shapes.shapes, [1])
  }

  func testFunctionsMayHaveManyResultsAndShapesOfAnyKind() throws {
    let example = { (shape: [Int]) in [Double](repeating: 1, count: shape[0] * shape[1]) }
    let columns = CompiledShapes(limit: 4, example: example) { shape, x in
      (0..<shape[1]).map { column in sum((0..<shape[0]).map { x[$0 * shape[1] + column] }) }
    }
    let results = try columns.function(for: [2, 3]).results(at: Samples([[1, 2, 3, 10, 20, 30]]))
    XCTAssertEqual(results[0], [11, 22, 33])
    XCTAssertEqual(columns.shapes, [[2, 3]])
  }
}
