import MicrogradNN
import XCTest

final class DatasetSubsetsTests: XCTestCase {
  /// Row i is [i, −i] with targets [i, 2i], so that a row tells where it was.
  private func numbered(_ count: Int) throws -> Dataset {
    let numbers = (0..<count).map(Double.init)
    return try Dataset(inputs: numbers.map { [$0, -$0] }, numbers: numbers.map { [$0, 2 * $0] })
  }

  /// Where the rows were, after a check that nothing of them came apart.
  private func indices(of data: Dataset, line: UInt = #line) -> [Int] {
    guard case .numbers(let targets, columns: 2) = data.targets else {
      XCTFail("other targets", line: line)
      return []
    }
    return (0..<data.count).map { index in
      let row = data.row(index)
      XCTAssertEqual([row[1], targets[2 * index], targets[2 * index + 1]], [-row[0], row[0], 2 * row[0]], line: line)
      return Int(row[0])
    }
  }

  func testASubsetHasItsRowsInTheOrderOfTheIndices() throws {
    XCTAssertEqual(indices(of: try numbered(5).subset([3, 1, 1, 4])), [3, 1, 1, 4])
  }

  func testASubsetKeepsAllNames() throws {
    let table = try Dataset(inputs: [[1], [2]], classes: [0, 1], names: ["a", "b"], inputNames: ["x"])
    let second = table.subset([1])
    XCTAssertEqual(second.targets, .classes([1], names: ["a", "b"]))
    XCTAssertEqual(second.inputNames, ["x"])
  }

  func testEveryRowIsInOnePartOfASplit() throws {
    for count in 2...40 {
      var random = PythonRandom(seed: count)
      for fraction in [0.001, 0.2, 0.5, 0.77, 0.999] {
        let (training, validation) = try numbered(count).split(validation: fraction, using: &random)
        XCTAssertEqual(
          (indices(of: training) + indices(of: validation)).sorted(), Array(0..<count), "seed \(count), \(fraction)")
      }
    }
  }

  func testPartsAreRoundedButNeverEmpty() throws {
    var random = PythonRandom(seed: 0)
    for (count, fraction, expected) in [
      (10, 0.2, 2), (10, 0.25, 3), (10, 0.24, 2), (3, 0.01, 1), (3, 0.99, 2), (2, 0.5, 1), (150, 0.3, 45),
    ] {
      let (training, validation) = try numbered(count).split(validation: fraction, using: &random)
      XCTAssertEqual(validation.count, expected, "\(fraction) of \(count)")
      XCTAssertEqual(training.count, count - expected, "\(fraction) of \(count)")
    }
  }

  func testASplitIsThatOfItsSeed() throws {
    let data = try numbered(50)
    func split(_ seed: Int) throws -> (training: Dataset, validation: Dataset) {
      var random = PythonRandom(seed: seed)
      return try data.split(validation: 0.3, using: &random)
    }
    let (first, second, other) = (try split(1), try split(1), try split(2))
    XCTAssertEqual(first.training, second.training)
    XCTAssertEqual(first.validation, second.validation)
    XCTAssertNotEqual(first.validation, other.validation)
  }

  func testOneRowIsNotSplit() throws {
    var random = PythonRandom(seed: 0)
    XCTAssertThrowsError(try numbered(1).split(validation: 0.5, using: &random)) {
      XCTAssertEqual($0 as? DatasetError, .tooFewToSplit)
    }
  }
}
