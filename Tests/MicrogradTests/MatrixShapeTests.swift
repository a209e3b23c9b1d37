import Micrograd
import XCTest

final class MatrixShapeTests: XCTestCase {
  /// The gradient of Σ cos(k) · out[k] by the elements of a matrix, out being the function's elements.
  private func gradients(_ rows: [[Double]], _ f: (Matrix) -> Matrix) -> [Double] {
    let columns = rows[0].count
    return gradient(at: rows.flatMap(\.self)) { x in
      let out = f(Matrix(rows: rows.count, columns: columns, values: x)).values
      return dot(out.indices.map { cos(Double($0)) }, out)
    }
  }

  private let a: [[Double]] = [[1, 2, 3], [4, 5, 6]]

  func testTransposingSlicingAndJoiningMoveElements() {
    let m = Matrix.constant(a)
    XCTAssertEqual(m.transposed.data, [1, 4, 2, 5, 3, 6])
    XCTAssertEqual(m[0..<2, 1..<3].data, [2, 3, 5, 6])
    XCTAssertEqual(m.column(1).data, [2, 5])
    XCTAssertEqual(m.diagonal.data, [1, 5])
    XCTAssertEqual(Matrix.joined(rows: [m, m.rows(0..<1)]).data, [1, 2, 3, 4, 5, 6, 1, 2, 3])
    XCTAssertEqual(Matrix.joined(columns: [m, m[0..<2, 0..<1]]).data, [1, 2, 3, 1, 4, 5, 6, 4])
    XCTAssertEqual(Vector.joined([m.row(1), m.row(0)[0..<1]]).data, [4, 5, 6, 1])
    XCTAssertEqual(Matrix.identity(3).data, [1, 0, 0, 0, 1, 0, 0, 0, 1])
  }

  func testGradientsFlowToWhereElementsCameFrom() {
    func c(_ k: Int) -> Double { cos(Double(k)) }
    XCTAssertEqual(gradients(a) { $0.transposed }, [c(0), c(2), c(4), c(1), c(3), c(5)])
    XCTAssertEqual(gradients(a) { $0[0..<2, 1..<3] }, [0, c(0), c(1), 0, c(2), c(3)])
    XCTAssertEqual(gradients(a) { $0.diagonal.matrix }, [c(0), 0, 0, 0, c(1), 0])
    XCTAssertEqual(
      gradients(a) { .joined(rows: [$0, $0.rows(0..<1)]) }, [c(0) + c(6), c(1) + c(7), c(2) + c(8), c(3), c(4), c(5)])
  }

  func testProducts() {
    let m = Matrix.constant(a)
    XCTAssertEqual(m.matmul(m.transposed).data, [14, 32, 32, 77])
    XCTAssertEqual(m.matmul(.constant([1, 0, -1])).data, [-2, -2])
    XCTAssertEqual(m.matmul(m.transposed).trace.data, 91)
    // d Σ out[0] by m, with out = m · mᵀ: out[0, 0] = Σ m[0, k]².
    let slopes = gradient(at: a.flatMap(\.self)) { x in
      let m = Matrix(rows: 2, columns: 3, values: x)
      return m.matmul(m.transposed)[0, 0]
    }
    XCTAssertEqual(slopes, [2, 4, 6, 0, 0, 0])
  }

  func testRowsAndColumnsMeetEveryRowAndColumn() {
    let m = Matrix.constant(a), row = Matrix.constant([[10, 20, 30]]), column = Matrix.constant([[100], [200]])
    XCTAssertEqual((m + row).data, [11, 22, 33, 14, 25, 36])
    XCTAssertEqual((row - m).data, [9, 18, 27, 6, 15, 24])
    XCTAssertEqual((m + column).data, [101, 102, 103, 204, 205, 206])
    XCTAssertEqual((column + row).data, [110, 120, 130, 210, 220, 230])
    let slopes = gradient(at: [1, 2]) { x in
      (Matrix.constant(a) * Matrix(rows: 2, columns: 1, values: x)).sum()
    }
    XCTAssertEqual(slopes, [6, 15])
  }

  func testSumsMeansAndMaximaByAxis() {
    let m = Matrix.constant([[1, 7, 3], [4, 5, 6]])
    XCTAssertEqual(m.columnSums().data, [5, 12, 9])
    XCTAssertEqual(m.columnMeans().data, [2.5, 6, 4.5])
    XCTAssertEqual(m.rowMeans().data, [11.0 / 3, 5])
    XCTAssertEqual(m.rowMaxima().data, [7, 6])
    XCTAssertEqual(m.columnMaxima().data, [4, 7, 6])
    XCTAssertEqual(gradients([[1, 7, 3], [4, 5, 6]]) { $0.rowMaxima() }, [0, 1, 0, 0, 0, cos(1)])
  }

  func testArithmeticOfVectors() {
    let x = Vector.constant([1, 2]), y = Vector.constant([4, 8])
    XCTAssertEqual((x + y).data, [5, 10])
    XCTAssertEqual((x - y).data, [-3, -6])
    XCTAssertEqual((x * y).data, [4, 16])
    XCTAssertEqual((y / x).data, [4, 4])
    XCTAssertEqual((2 * x - 1).data, [1, 3])
    XCTAssertEqual((1 - x / 2).data, [0.5, 0])
    XCTAssertEqual((8 / y + 1).data, [3, 2])
    XCTAssertEqual((-x).data, [-1, -2])
  }
}
