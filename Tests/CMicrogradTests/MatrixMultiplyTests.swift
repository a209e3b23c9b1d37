import CMicrograd
import Foundation
import XCTest

/// Products of matrices of small whole numbers, which are exact in any order of addition. Operands and result lie
/// between pages that can be neither read nor written.
final class MatrixMultiplyTests: XCTestCase {
  private let memory = (0..<3).map { _ in GuardedMemory(count: 90_000) }

  /// c += op(a) · op(b) for each of the four ways to store a and b.
  private func check(_ m: Int, _ n: Int, _ k: Int, atEnd: Bool, file: StaticString = #filePath, line: UInt = #line) {
    let a = memory[0].room(m * k, atEnd: atEnd), b = memory[1].room(k * n, atEnd: atEnd)
    let c = memory[2].room(m * n, atEnd: atEnd)
    for i in 0..<m * k { a[i] = Double(i * 5 % 9 - 4) }
    for i in 0..<k * n { b[i] = Double(i * 3 % 7 - 3) }
    for transposition in 0..<4 {
      let (aTransposed, bTransposed) = (transposition & 1 == 1, transposition & 2 == 2)
      for i in 0..<m * n { c[i] = Double(i % 3) }
      mg_matrix_multiply(Int64(m), Int64(n), Int64(k), a, aTransposed, b, bTransposed, c)
      let (aRow, aColumn) = aTransposed ? (1, m) : (k, 1)
      let (bRow, bColumn) = bTransposed ? (1, k) : (n, 1)
      for i in 0..<m {
        for j in 0..<n {
          var sum = Double((i * n + j) % 3)
          for l in 0..<k { sum += a[i * aRow + l * aColumn] * b[l * bRow + j * bColumn] }
          if c[i * n + j] == sum { continue }
          return XCTFail("\(m) × \(n) × \(k), \(aTransposed), \(bTransposed)", file: file, line: line)
        }
      }
    }
  }

  func testAllSmallShapes() {
    for m in 1...20 {
      for n in 1...20 {
        for k in 1...20 { check(m, n, k, atEnd: (m + n + k) % 4 != 0) }
      }
    }
  }

  func testShapesAcrossTheDepthOfAPanelAndTheChoiceOfBLAS() {
    for k in [255, 256, 257, 511, 513] {
      for (m, n) in [(1, 1), (1, 9), (9, 1), (2, 3), (7, 2), (6, 8), (13, 17), (5, 100), (100, 5)] {
        check(m, n, k, atEnd: true)
        check(m, n, k, atEnd: false)
      }
    }
    for (m, n, k) in [(64, 64, 63), (64, 64, 64), (90, 70, 80), (1, 300, 290), (290, 1, 300), (300, 290, 1)] {
      check(m, n, k, atEnd: true)
    }
  }

  func testOtherLoopsStayWithinTheirNumbers() {
    for count in 1...70 {
      for atEnd in [true, false] {
        let x = memory[0].room(count, atEnd: atEnd), y = memory[1].room(count, atEnd: atEnd)
        let v = memory[2].room(count, atEnd: atEnd)
        for k in 0..<count { (x[k], y[k]) = (Double(k), 2) }
        let sum = Double(count * (count - 1) / 2)
        XCTAssertEqual(mg_vector_dot(x, y, Int64(count)), 2 * sum)
        mg_vector_add_scaled(y, 3, x, Int64(count))
        XCTAssertEqual(y[count - 1], Double(3 * count - 1))
        mg_row_values(.row_sum, x, v, 1, Int64(count))
        XCTAssertEqual(v[0], sum)
        mg_zip_values(.add, x, y, false, v, 1, Int64(count))
        mg_map_values(.relu, .sine, 0, v, y, Int64(count))
        XCTAssertEqual(y[count - 1], Double(4 * count - 2))
        mg_affine_values(x, y, nil, true, v, 1, 1, Int64(count))
        XCTAssertTrue(mg_vector_is_finite(v, Int64(count)))
      }
    }
  }
}

/// Room for numbers with a page before and one behind it that nobody may touch.
private final class GuardedMemory {
  private let start: UnsafeMutableRawPointer
  private let bytes: Int
  private let page = Int(sysconf(Int32(_SC_PAGESIZE)))

  init(count: Int) {
    let page = page
    bytes = (count * 8 + page - 1) / page * page
    start = mmap(nil, bytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0)!
    precondition(start != MAP_FAILED && mprotect(start + page, bytes, PROT_READ | PROT_WRITE) == 0)
  }

  deinit { munmap(start, bytes + 2 * page) }

  /// As many numbers just before the page behind, or just after the page before.
  func room(_ count: Int, atEnd: Bool) -> UnsafeMutablePointer<Double> {
    precondition(count * 8 <= bytes)
    return (start + page + (atEnd ? bytes - count * 8 : 0)).assumingMemoryBound(to: Double.self)
  }
}
