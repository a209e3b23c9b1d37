import Micrograd
import TestSupport
import XCTest

/// Values and derivatives beside PyTorch's.
final class LinearAlgebraTests: XCTestCase {
  private struct Case: Decodable {
    let name: String
    let rows, columns: Int
    let a, b, value, da, db, ha: [Double]
  }
  private struct File: Decodable { let cases: [Case] }

  private static let cases = try! readFixture("linear_algebra.json", File.self).cases

  /// The outputs of an operation, in one list.
  private func outputs(_ name: String, _ a: Matrix, _ b: Matrix?) throws -> [Value] {
    switch name {
    case "solve": return try a.solve(b!).values
    case "inverse": return try a.inverse().values
    case "determinant": return [try a.determinant()]
    case "logDeterminant": return [try a.logDeterminant()]
    case "cholesky": return try a.cholesky().values
    case "lu":
      let lu = try a.lu()
      return (lu.lower + lu.upper - Matrix.identity(a.rows)).values
    case "symmetricEigen":
      let eigen = try a.symmetricEigen()
      return eigen.values.matrix.values + eigen.vectors.values
    case "solveTriangular": return try a.solveTriangular(b!).values
    case "leastSquares": return try a.leastSquares(b!).values
    default: fatalError("\(name) is not an operation")
    }
  }

  private func weighted(_ test: Case, _ x: [Value]) throws -> Value {
    let a = Matrix(rows: test.rows, columns: test.columns, values: Array(x[..<test.a.count]))
    let b =
      test.b.isEmpty
      ? nil : Matrix(rows: test.rows, columns: test.b.count / test.rows, values: Array(x[test.a.count...]))
    let outputs = try outputs(test.name, a, b)
    return dot(outputs.indices.map { cos(Double($0)) }, outputs)
  }

  private func assertClose(_ actual: [Double], _ expected: [Double], _ what: String, line: UInt = #line) {
    XCTAssertEqual(actual.count, expected.count, what, line: line)
    let scale = expected.reduce(1e-6) { max($0, abs($1)) }
    for (a, e) in zip(actual, expected) where !(abs(a - e) <= 1e-9 * scale) {
      XCTFail("\(what): \(a) and \(e), the largest being \(scale)", line: line)
    }
  }

  func testValuesArePyTorchs() throws {
    XCTAssertEqual(Self.cases.count, 45)
    for test in Self.cases {
      let a = Matrix.constant(rows: test.rows, columns: test.columns, test.a)
      let b =
        test.b.isEmpty ? nil : Matrix.constant(rows: test.rows, columns: test.b.count / test.rows, test.b)
      assertClose(try outputs(test.name, a, b).map(\.data), test.value, "\(test.name) \(test.rows)")
    }
  }

  func testGradientsArePyTorchs() throws {
    for test in Self.cases {
      let found = try gradient(at: test.a + test.b) { try weighted(test, $0) }
      assertClose(found, test.da + test.db, "\(test.name) \(test.rows)")
    }
  }

  func testProductsWithTheHessianArePyTorchs() throws {
    for test in Self.cases where !test.ha.isEmpty {
      let direction = test.a.indices.map { sin(Double($0 + 1)) } + test.b.map { _ in 0 }
      let found = try hessianVectorProduct(at: test.a + test.b, along: direction) { try weighted(test, $0) }
      assertClose(Array(found[..<test.a.count]), test.ha, "\(test.name) \(test.rows)")
    }
  }

  func testDerivativesOfDerivativesArePyTorchs() throws {
    for test in Self.cases where !test.ha.isEmpty && test.rows < 6 {
      let direction = test.a.indices.map { sin(Double($0 + 1)) } + test.b.map { _ in 0 }
      let found = try gradient(at: test.a + test.b) { x in
        dot(direction, try gradient(at: x) { try weighted(test, $0) })
      }
      assertClose(Array(found[..<test.a.count]), test.ha, "\(test.name) \(test.rows)")
    }
  }

  func testForwardModeIsThatOfTheGradient() throws {
    for test in Self.cases {
      let x = test.a + test.b, direction = x.indices.map { cos(3 * Double($0)) }
      let slope = try jacobianVectorProduct(at: x, along: direction) { [try weighted(test, $0)] }[0]
      let expected = zip(direction, test.da + test.db).reduce(0) { $0 + $1.0 * $1.1 }
      let scale = (test.da + test.db).reduce(1e-6) { max($0, abs($1)) }
      XCTAssertEqual(
        slope, expected, accuracy: 1e-8 * scale * Double(x.count).squareRoot(), "\(test.name) \(test.rows)")
    }
  }

  func testProblemsWithoutAnAnswerAreErrors() {
    func assertThrows(_ expected: LinearAlgebraError, line: UInt = #line, _ body: () throws -> Void) {
      XCTAssertThrowsError(try body(), line: line) { XCTAssertEqual($0 as? LinearAlgebraError, expected, line: line) }
    }
    let singular = Matrix.constant([[1, 2], [2, 4]]), wide = Matrix.constant([[1, 2, 3], [4, 5, 6]])
    assertThrows(.singular(column: 1)) { _ = try singular.solve(.constant([1, 1])) }
    assertThrows(.singular(column: 1)) { _ = try singular.inverse() }
    assertThrows(.singular(column: 1)) { _ = try singular.logDeterminant() }
    assertThrows(.singular(column: 1)) { _ = try singular.lu() }
    XCTAssertEqual(try singular.determinant().data, 0)
    assertThrows(.notPositiveDefinite(row: 1)) { _ = try Matrix.constant([[1, 2], [2, 1]]).cholesky() }
    assertThrows(.notSymmetric(row: 1, column: 0)) { _ = try Matrix.constant([[1, 2], [3, 4]]).cholesky() }
    assertThrows(.notFinite(row: 0, column: 1)) { _ = try Matrix.constant([[1, .nan], [3, 4]]).determinant() }
    assertThrows(.rankDeficient(column: 1)) {
      _ = try Matrix.constant([[1, 2], [2, 4], [3, 6]]).leastSquares(.constant([1, 2, 3]))
    }
    for text in [
      "solve of 2 × 3: give a square matrix", "least squares with 2 rows for 3 unknowns: give at least 3 rows",
    ] {
      XCTAssertThrowsError(
        try text.hasPrefix("solve") ? wide.solve(.constant([1, 2])) : wide.leastSquares(.constant([1, 2]))
      ) { XCTAssertEqual("\($0)", text) }
    }
    assertThrows(.shape("a matrix with 2 rows and a right side with 3: give 2 rows")) {
      _ = try Matrix.constant([[1, 2], [3, 4]]).solve(.constant([1, 2, 3]))
    }
  }

  func testACompiledFunctionSolvesForEverySample() throws {
    let f = try compile(at: [2, 1, 3, 5]) { x in
      let a = Matrix(rows: 2, columns: 2, values: [x[0], x[1], x[1], x[2]])
      return try! a.solve(Vector(values: [x[3], x[3]])).sum()
    }
    func exact(_ x: [Double]) -> Double { x[3] * (x[2] - 2 * x[1] + x[0]) / (x[0] * x[2] - x[1] * x[1]) }
    for x in [[2, 1, 3, 5.0], [4, -1, 2, 1], [0.5, 0.1, 0.7, -2]] {
      XCTAssertEqual(try f(at: x), exact(x), accuracy: 1e-12)
      let slope = gradient(at: x) { x in x[3] * (x[2] - 2 * x[1] + x[0]) / (x[0] * x[2] - x[1] * x[1]) }
      for (found, expected) in zip(try f.valueWithGradient(at: x).gradient, slope) {
        XCTAssertEqual(found, expected, accuracy: 1e-11)
      }
    }
    XCTAssertTrue(try f(at: [1, 1, 1, 1]).isNaN)  // singular
  }

  /// The marginal likelihood of a Gaussian process by its Cholesky factor, beside its closed form for two points.
  func testALikelihoodOfTwoPointsIsItsClosedForm() throws {
    let (x, y) = ([0.0, 0.7], [1.0, -0.5])
    func byCholesky(_ p: [Value]) throws -> Value {
      let k = exp(-0.5 * ((x[0] - x[1]) / p[0]).squared()), one = p[1] + 1
      let l = try Matrix(rows: 2, columns: 2, values: [one, k, k, one]).cholesky()
      let z = try l.solveTriangular(Matrix.constant(rows: 2, columns: 1, y))
      return 0.5 * dot(z, z) + log(l[0, 0]) + log(l[1, 1])
    }
    func closed(_ p: [Value]) -> Value {
      let k = exp(-0.5 * ((x[0] - x[1]) / p[0]).squared()), one = p[1] + 1, d = one * one - k * k
      return 0.5 * (one * (y[0] * y[0] + y[1] * y[1]) - 2 * k * y[0] * y[1]) / d + 0.5 * log(d)
    }
    let found = try hessian(at: [0.6, 0.1]) { try byCholesky($0) }, expected = hessian(at: [0.6, 0.1]) { closed($0) }
    for (a, e) in zip(found.flatMap(\.self), expected.flatMap(\.self)) { XCTAssertEqual(a, e, accuracy: 1e-10) }
  }
}
