import CMicrograd
import XCTest

/// R of the QR factors of a matrix A: RᵀR = AᵀA, whatever the signs in R.
final class TriangleTests: XCTestCase {
  /// A matrix of small whole numbers, column by column, whose products are exact.
  private func numbers(_ rows: Int, _ columns: Int) -> [Double] {
    (0..<rows * columns).map { Double(($0 * 7 + $0 / rows * $0) % 11 - 5) }
  }

  /// R of rows that are added some at a time.
  private func triangle(_ a: [Double], _ rows: Int, _ columns: Int, atOnce: Int) -> [Double] {
    var r = [Double](repeating: 0, count: columns * columns)
    for first in stride(from: 0, to: rows, by: atOnce) {
      let taken = min(atOnce, rows - first)
      var panel: [Double] = []
      for k in 0..<columns {
        let start = k * rows + first
        panel += a[start..<start + taken]
      }
      mg_triangle_add_rows(&r, Int64(columns), &panel, Int64(taken), Int64(taken))
    }
    return r
  }

  private func check(_ a: [Double], _ rows: Int, _ columns: Int, atOnce: Int, line: UInt = #line) {
    let r = triangle(a, rows, columns, atOnce: atOnce)
    for j in 0..<columns {
      for i in j + 1..<max(columns, j + 1) { XCTAssertEqual(r[j * columns + i], 0, line: line) }
      for k in 0...j {
        let exact = (0..<rows).reduce(0) { $0 + a[j * rows + $1] * a[k * rows + $1] }
        let found = (0..<columns).reduce(0) { $0 + r[j * columns + $1] * r[k * columns + $1] }
        XCTAssertEqual(found, exact, accuracy: 1e-12 * Double(25 * rows), line: line)
      }
    }
  }

  func testTheTriangleHasTheProductsOfTheColumns() {
    for (rows, columns) in [(1, 1), (3, 1), (5, 5), (40, 3), (133, 6), (1000, 9)] {
      for atOnce in [1, 7, 64, rows] { check(numbers(rows, columns), rows, columns, atOnce: atOnce) }
    }
  }

  func testAColumnOfZerosStaysZero() {
    let a = numbers(30, 2) + [Double](repeating: 0, count: 30) + numbers(30, 1)
    check(a, 30, 4, atOnce: 8)
    XCTAssertEqual(Array(triangle(a, 30, 4, atOnce: 8)[8..<12]), [0, 0, 0, 0])
  }

  func testEqualColumnsLeaveNothingBelow() {
    let a = numbers(50, 1) + numbers(50, 1)
    XCTAssertEqual(triangle(a, 50, 2, atOnce: 20)[3], 0, accuracy: 1e-13)
  }

  func testWhatIsNotFiniteShowsInTheTriangle() {
    for bad in [Double.nan, .infinity] {
      var a = numbers(20, 2)
      a[13] = bad
      XCTAssertFalse(triangle(a, 20, 2, atOnce: 20).allSatisfy(\.isFinite))
    }
  }

  func testDifferencesOfSquaresKeepTheirDigits() {
    let x = (0..<77).map { 3 + Double($0) }
    // (x + h)² - x² = h (2x + h), of which each is exact in binary.
    let h = 0x1p-30, y = x.map { $0 + h }
    let exact = x.reduce(0) { $0 - h * (2 * $1 + h) }
    XCTAssertEqual(mg_vector_square_difference(x, y, 1, 77), exact, accuracy: 1e-15 * abs(exact))
    XCTAssertEqual(mg_vector_square_difference(x, y, 4, 77), exact / 16, accuracy: 1e-16 * abs(exact))
    XCTAssertTrue(mg_vector_square_difference([1, .nan], [1, 1], 1, 2).isNaN)
  }
}
