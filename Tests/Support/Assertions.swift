import XCTest

/// Compares lists of numbers.
public func XCTAssertEqual(
  _ found: [Double], _ expected: [Double], accuracy: Double, _ message: String = "", file: StaticString = #filePath,
  line: UInt = #line
) {
  XCTAssertEqual(found.count, expected.count, message, file: file, line: line)
  for (a, b) in zip(found, expected) { XCTAssertEqual(a, b, accuracy: accuracy, message, file: file, line: line) }
}

/// Compares rows of numbers.
public func XCTAssertEqual(
  _ found: [[Double]], _ expected: [[Double]], accuracy: Double, file: StaticString = #filePath, line: UInt = #line
) {
  XCTAssertEqual(found.count, expected.count, file: file, line: line)
  for (a, b) in zip(found, expected) { XCTAssertEqual(a, b, accuracy: accuracy, file: file, line: line) }
}
