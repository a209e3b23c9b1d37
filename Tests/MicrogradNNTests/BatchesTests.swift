import MicrogradNN
import XCTest

final class BatchesTests: XCTestCase {
  private func line(_ count: Int) throws -> Dataset {
    try Dataset(inputs: (0..<count).map { [Double($0)] }, numbers: Array(repeating: 0, count: count))
  }

  func testBatchesWithoutShuffleComeInOrder() throws {
    XCTAssertEqual(Array(try line(5).batches(of: 2)), [[0, 1], [2, 3], [4]])
  }

  func testAnEpochHasEveryRowOnceWhateverTheSize() throws {
    for count in 1...30 {
      let data = try line(count)
      var random = PythonRandom(seed: count)
      for size in 1...(count + 2) {
        let batches = data.batches(of: size, shuffledBy: &random)
        let message = "seed \(count), batches of \(size)"
        XCTAssertEqual(batches.flatMap { $0 }.sorted(), Array(0..<count), message)
        XCTAssertEqual(batches.count, (count + size - 1) / size, message)
        XCTAssertTrue(batches.dropLast().allSatisfy { $0.count == size }, message)
      }
    }
  }

  func testTheSameSeedGivesTheSameBatchesAndTheNextEpochOthers() throws {
    let data = try line(100)
    var (first, second) = (PythonRandom(seed: 7), PythonRandom(seed: 7))
    let epoch = data.batches(of: 8, shuffledBy: &first)
    XCTAssertEqual(epoch, data.batches(of: 8, shuffledBy: &second))
    XCTAssertNotEqual(epoch, data.batches(of: 8, shuffledBy: &first))
  }

  func testABatchIsFoundByItsNumber() throws {
    let batches = try line(7).batches(of: 3)
    XCTAssertEqual(batches[2], [6])
    XCTAssertEqual(batches.last, [6])
    XCTAssertEqual(try line(7).batches(of: .max).count, 1)
  }

  func testDocumentationExample() throws {
    var random = PythonRandom(seed: 42)
    XCTAssertEqual(Array(try line(5).batches(of: 2, shuffledBy: &random)), [[3, 1], [2, 4], [0]])
  }
}
