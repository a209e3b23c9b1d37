import Micrograd
import XCTest

final class MatrixScalarsTests: XCTestCase {
  private let numbers: [Double] = [1.5, -2, 0.7, 4, -0.3, 2.5]

  /// Compares a result by matrices with the same formula written element by element: data, gradient and Hessian.
  private func check(
    _ whole: (Matrix, Value) -> Matrix, _ one: (Value, Value) -> Value, line: UInt = #line
  ) {
    func weighted(_ values: [Value]) -> Value { values.enumerated().map { cos(Double($0)) * $1 * $1 }.sum() }
    let f: ([Value]) -> Value = { x in
      weighted(whole(Matrix(rows: 2, columns: 3, values: Array(x.dropLast())), x[6]).values)
    }
    let g: ([Value]) -> Value = { x in weighted(x.dropLast().map { one($0, x[6]) }) }
    let point = numbers + [-1.25]
    let (byMatrix, byElement) = (valueWithGradient(at: point, of: f), valueWithGradient(at: point, of: g))
    XCTAssertEqual(byMatrix.value, byElement.value, accuracy: 1e-13, line: line)
    for (x, y) in zip(byMatrix.gradient, byElement.gradient) { XCTAssertEqual(x, y, accuracy: 1e-13, line: line) }
    for (x, y) in zip(hessian(at: point, of: f).joined(), hessian(at: point, of: g).joined()) {
      XCTAssertEqual(x, y, accuracy: 1e-12, line: line)
    }
  }

  func testAMatrixAndAValueMeetElementByElement() {
    check({ $0.shifted(by: $1) }, { $0 + $1 })
    check({ $0.shifted(by: -$1) }, { $0 - $1 })
    check({ $0.scaled(by: $1) }, { $0 * $1 })
    check({ $0.scaled(by: 1 / $1) }, { $0 * (1 / $1) })
  }

  func testAVectorAndAValueMeetElementByElement() {
    let v = Vector.constant([1, 2, 4]), s = Value(2.0)
    XCTAssertEqual(v.shifted(by: s).data, [3, 4, 6])
    let products = v.scaled(by: s)
    products.sum().backward()
    XCTAssertEqual(products.data, [2, 4, 8])
    XCTAssertEqual(s.grad, 7)
  }

  func testPlainNumbersStayPlain() {
    XCTAssertTrue(Matrix.constant([[1, 2]]).scaled(by: .constant(3)).isConstant)
  }
}
