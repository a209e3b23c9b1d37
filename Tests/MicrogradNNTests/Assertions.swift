import XCTest

/// Asserts that two numbers differ by at most `tolerance` times the larger of 1e-3 and their size.
func assertClose(
  _ actual: Double, _ expected: Double, _ tolerance: Double, file: StaticString = #filePath, line: UInt = #line
) {
  let scale = max(1e-3, abs(actual), abs(expected))
  XCTAssertLessThanOrEqual(
    abs(actual - expected), tolerance * scale, "\(actual) and \(expected)", file: file, line: line)
}

/// Asserts that two lists differ by at most `tolerance` times the largest number in them, which is how far sums whose
/// terms cancel may differ by the order of summation.
func assertClose(
  _ actual: [Double], _ expected: [Double], _ tolerance: Double, file: StaticString = #filePath,
  line: UInt = #line
) {
  XCTAssertEqual(actual.count, expected.count, file: file, line: line)
  let scale = expected.reduce(1e-3) { max($0, abs($1)) }
  for (a, e) in zip(actual, expected) where !(abs(a - e) <= tolerance * scale) {
    XCTFail("\(a) and \(e), the largest being \(scale)", file: file, line: line)
  }
}
