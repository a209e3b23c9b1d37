import MicrogradNN
import XCTest

final class DatasetTests: XCTestCase {
  private func table() throws -> Dataset {
    try Dataset(inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], classes: [0, 1, 1, 0], inputNames: ["a", "b"])
  }

  private func assertThrows(
    _ expected: DatasetError, line: UInt = #line, _ make: () throws -> Dataset
  ) {
    XCTAssertThrowsError(try make(), line: line) { XCTAssertEqual($0 as? DatasetError, expected, line: line) }
  }

  func testRowsLieOneAfterTheOther() throws {
    let table = try table()
    XCTAssertEqual(table.inputs, [0, 0, 0, 1, 1, 0, 1, 1])
    XCTAssertEqual(table.inputCount, 2)
    XCTAssertEqual(table.count, 4)
    XCTAssertEqual(table.row(1), [0, 1])
    XCTAssertEqual(table.inputNames, ["a", "b"])
    XCTAssertEqual(table.targets, .classes([0, 1, 1, 0], names: ["0", "1"]))
  }

  func testARowOfNumbersIsATarget() throws {
    let turned = try Dataset(inputs: [[1, 2], [3, 4]], numbers: [[-2, 1], [-4, 3]])
    XCTAssertEqual(turned.targets, .numbers([-2, 1, -4, 3], columns: 2))
    XCTAssertEqual(
      turned,
      try Dataset(inputs: [1, 2, 3, 4], inputCount: 2, targets: .numbers([-2, 1, -4, 3], columns: 2)))
  }

  func testClassesMayHaveNamesThatNoRowHas() throws {
    let fruit = try Dataset(inputs: [[7], [20]], classes: [1, 0], names: ["banana", "apple", "cherry"])
    XCTAssertEqual(fruit.targets, .classes([1, 0], names: ["banana", "apple", "cherry"]))
  }

  func testLabeledPointsKeepTheirClasses() throws {
    var random = NumPyRandom(seed: 1337)
    let points = makeBlobs(count: 30, centers: 4, features: 3, using: &random)
    let data = try Dataset(points)
    XCTAssertEqual((0..<30).map(data.row), points.inputs)
    XCTAssertEqual(data.targets, .classes(points.labels, names: ["0", "1", "2", "3"]))
  }

  func testEmptyDataIsRefused() {
    assertThrows(.empty) { try Dataset(inputs: [], numbers: [Double]()) }
    assertThrows(.empty) { try Dataset(inputs: [], inputCount: 3, targets: .numbers([], columns: 1)) }
    assertThrows(.empty) { try Dataset(LabeledPoints(inputs: [], labels: [])) }
    assertThrows(.noInputs) { try Dataset(inputs: [[], []], numbers: [1, 2]) }
    assertThrows(.noTargets) { try Dataset(inputs: [[1], [2]], numbers: [[], []]) }
  }

  func testMismatchedDataIsRefused() {
    assertThrows(.raggedRow(row: 2, numbers: 1, expected: 2)) {
      try Dataset(inputs: [[1, 2], [3, 4], [5]], numbers: [1, 2, 3])
    }
    assertThrows(.raggedRow(row: 1, numbers: 2, expected: 1)) {
      try Dataset(inputs: [[1], [2]], numbers: [[1], [2, 3]])
    }
    assertThrows(.incompleteRow(numbers: 5, columns: 2)) {
      try Dataset(inputs: [1, 2, 3, 4, 5], inputCount: 2, targets: .numbers([1, 2], columns: 1))
    }
    assertThrows(.rowCounts(inputs: 2, targets: 3)) { try Dataset(inputs: [[1], [2]], numbers: [1, 2, 3]) }
    assertThrows(.rowCounts(inputs: 2, targets: 1)) { try Dataset(inputs: [[1], [2]], classes: [0]) }
    assertThrows(.nameCount(names: 1, inputs: 2)) {
      try Dataset(inputs: [[1, 2]], numbers: [1], inputNames: ["x"])
    }
  }

  func testClassesWithoutANameOfTheirOwnAreRefused() {
    assertThrows(.classOutOfRange(row: 1, label: 2, classes: 2)) {
      try Dataset(inputs: [[1], [2]], classes: [0, 2], names: ["a", "b"])
    }
    assertThrows(.classOutOfRange(row: 0, label: -1, classes: 0)) { try Dataset(inputs: [[1]], classes: [-1]) }
    assertThrows(.repeatedClassName("a")) {
      try Dataset(inputs: [[1], [2]], classes: [0, 1], names: ["a", "a"])
    }
  }

  func testErrorsSayWhatToDo() {
    let error: any Error = DatasetError.raggedRow(row: 2, numbers: 1, expected: 2)
    XCTAssertEqual(
      error.localizedDescription, "the row at index 2 has 1 numbers, but the first row has 2; give rows of equal length"
    )
    XCTAssertEqual("\(error)", error.localizedDescription)
  }

  func testClassNumbersBeyondTheRowsAreAnErrorAtOnce() {
    for label in [2, 5, 5_000_000, 2_000_000_000, Int.max] {
      XCTAssertThrowsError(try Dataset(inputs: [[1], [2]], classes: [0, label])) {
        XCTAssertEqual($0 as? DatasetError, .classBeyondRows(row: 1, label: label, rows: 2))
        XCTAssertTrue("\($0)".contains("\(label)"))
      }
    }
    XCTAssertNoThrow(try Dataset(inputs: [[1], [2]], classes: [0, 5], names: ["a", "b", "c", "d", "e", "f"]))
    XCTAssertNoThrow(try Dataset(inputs: [[1], [2]], classes: [1, 1]))
  }
}
