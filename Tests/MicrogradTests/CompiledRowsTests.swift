import Micrograd
import TestSupport
import XCTest

/// Functions of parameters that are compiled row by row, against their recordings.
final class CompiledRowsTests: XCTestCase {
  private let parameters = [0.7, -1.3, 2.1]

  private func x(_ row: Int) -> Double { 0.01 * Double(row) + 0.2 }
  private func model(_ p: [Value], _ row: Int) -> Value { p[0] * exp(p[1] * x(row)) - sin(p[2] * x(row)) }

  /// Values, RᵀR and the sum of squares of rows, against sums over recorded rows.
  private func check(
    _ rows: CompiledRows, _ count: Int, line: UInt = #line, of model: ([Value], Int) -> Value
  ) {
    let weights = [2.0, 0.5, 3]
    let found = rows.reduced(at: parameters, weights: weights)
    var (products, square) = ([[Double]](repeating: [0, 0, 0, 0], count: 4), 0.0)
    for row in 0..<count {
      let (value, slopes) = valueWithGradient(at: parameters) { model($0, row) }
      XCTAssertEqual(found.values[row], value, accuracy: 1e-14, line: line)
      let numbers = slopes + [value]
      for i in 0..<4 { for j in 0..<4 { products[i][j] += numbers[i] * numbers[j] } }
      let size = zip(weights, slopes).reduce(0) { $0 + $1.0 * abs($1.1) }
      square += size * size
    }
    for i in 0..<4 {
      for j in 0..<4 {
        let product = (0..<4).reduce(0) { $0 + found.triangle[4 * i + $1] * found.triangle[4 * j + $1] }
        XCTAssertEqual(product, products[i][j], accuracy: 1e-12 * Double(count), line: line)
      }
    }
    XCTAssertEqual(found.square, square, accuracy: 1e-13 * square, line: line)
  }

  func testWhatAFitNeedsIsTheSumOverRecordedRows() throws {
    for count in [1, 7, 128, 129, 1000, 5000] {
      check(try CompiledRows(parameters: parameters, rowCount: count, of: model), count, of: model)
    }
  }

  func testRowsOfSeveralFormulasAreAddedUp() throws {
    let model = { (p: [Value], row: Int) in row % 3 == 0 ? p[0] * self.x(row) : self.model(p, row) + p[1] }
    check(try CompiledRows(parameters: parameters, rowCount: 700, of: model), 700, of: model)
  }

  func testResultsOneAfterTheOtherAreRows() throws {
    let rows = try CompiledRows(parameters: parameters, ofResults: { p in (0..<300).map { self.model(p, $0) } })
    check(rows, 300, of: model)
  }

  func testRowsOfEachKindOfListAreFound() throws {
    let model = { (p: [Value], row: Int) -> Value in
      let x = self.x(row)
      let chosen = select(p[0] > Value.constant(x), p[1], p[2] * x)
      let spread = logSumExp(p) + logSumExp([p[2], p[0]])
      return dot(p, [1, x, x * x]) + chosen + spread + sum([p[0], p[2], p[1] * x]) + dot([p[0], p[1]], [p[1], p[2]])
    }
    check(try CompiledRows(parameters: parameters, rowCount: 200, of: model), 200, of: model)
    let rows = try CompiledRows(parameters: parameters, ofResults: { p in (0..<200).map { model(p, $0) } })
    check(rows, 200, of: model)
  }

  func testResultsThatShareANodeAreNoRows() {
    XCTAssertThrowsError(
      try CompiledRows(
        parameters: parameters,
        ofResults: { p in
          let shared = exp(p[0])
          return (0..<50).map { shared * self.x($0) }
        })
    ) { XCTAssertTrue("\($0)".contains("computed outside"), "\($0)") }
    XCTAssertThrowsError(
      try CompiledRows(parameters: parameters, ofResults: { p in [p[0] * 2, p[1] * 3].reversed() }))
    XCTAssertThrowsError(
      try CompiledRows(parameters: parameters, ofResults: { p in [p[0] * 2, Value.constant(1)] }))
  }

  func testAnyNumberOfThreadsGivesTheSameBits() throws {
    let rows = try CompiledRows(parameters: parameters, rowCount: 6000, of: model)
    rows.threads = 1
    let one = rows.reduced(at: parameters, weights: parameters)
    for threads in [2, 3, 8] {
      rows.threads = threads
      for _ in 0..<20 {
        let other = rows.reduced(at: parameters, weights: parameters)
        XCTAssertEqual(other.values, one.values)
        XCTAssertEqual(other.triangle, one.triangle)
        XCTAssertEqual(other.square, one.square)
      }
    }
  }
}
