import Foundation
import Micrograd
import XCTest

final class RoundingReportTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private struct Case: Decodable {
    let formula: String
    let inputs: [Double]
    let exact: Double
  }

  private static let cases: [Case] = try! Fixture.read("rounding.json")

  /// Formulas as they should not be written.
  private static let formulas: [String: @Sendable ([Value]) -> Value] = [
    "oneMinusCosine": { x in (1 - cos(x[0])) / x[0].squared() },
    "logOnePlus": { x in log(1 + x[0]) },
    "smallRoot": { x in -(x[0] / 2) + sqrt(x[0].squared() / 4 - x[1]) },
    "variance": { x in
      let mean = sum(x) / Double(x.count)
      return dot(x, x) / Double(x.count) - mean * mean
    },
    "expMinusOne": { x in exp(x[0]) - 1 },
    "hyperbolicSine": { x in (exp(x[0]) - exp(-x[0])) / 2 },
    "differenceOfRoots": { x in sqrt(x[0] + 1) - sqrt(x[0]) },
    "triangleArea": { x in
      let s = (x[0] + x[1] + x[2]) / 2
      return sqrt(s * (s - x[0]) * (s - x[1]) * (s - x[2]))
    },
  ]

  private func report(_ each: Case) -> RoundingReport {
    roundingReport(of: RoundingReportTests.formulas[each.formula]!(each.inputs.map { Value($0) }))
  }

  // MARK: - Against mpmath

  func testTheTrueErrorIsWithinTheEstimate() {
    for each in RoundingReportTests.cases {
      let report = report(each), trueError = abs(report.value - each.exact)
      XCTAssertLessThanOrEqual(trueError, report.error + each.exact.ulp / 2, "\(each): \(report)")
    }
  }

  func testTheEstimateIsNotAHundredTimesTheTrueErrorWhereDigitsAreLost() {
    for each in RoundingReportTests.cases {
      let report = report(each), trueError = abs(report.value - each.exact)
      if report.significantDigits < 9 { XCTAssertLessThan(report.error, 100 * trueError, "\(each): \(report)") }
    }
  }

  func testTheSameInADifferentWayLosesNothing() {
    let x = Value(1e-8), half = sin(x / 2) / (x / 2)
    XCTAssertGreaterThan(roundingReport(of: half.squared() / 2).significantDigits, 15)
    XCTAssertGreaterThan(roundingReport(of: Value.log(onePlus: Value(1e-15))).significantDigits, 15)
    XCTAssertEqual(roundingReport(of: log(1 + Value(1e-15))).significantDigits, 0.65, accuracy: 0.4)
  }

  // MARK: - Which operation

  func testTheOperationThatLosesTheDigitsIsTheFirst() throws {
    let x = Value(1e-6), report = roundingReport(of: (1 - cos(x)) / x.squared())
    let worst = try XCTUnwrap(report.contributions.first)
    XCTAssertEqual(worst.operation.name, "cosine")
    XCTAssertEqual(worst.operands, [1e-6])
    XCTAssertEqual(worst.adjoint, -1e12, accuracy: 1)
    XCTAssertEqual(report.value, 0.5000444502911705)
    XCTAssertEqual(report.significantDigits, 3.65, accuracy: 0.01)
    XCTAssertEqual(worst.error / report.error, 1, accuracy: 1e-3)
    XCTAssertEqual(report.contributions.map(\.error), report.contributions.map(\.error).sorted(by: >))
    XCTAssertTrue("\(report)".contains("cosine of 1e-06 is"))
  }

  func testTheListIsAsLongAsWanted() {
    var x = Value(0.1)
    for _ in 0..<100 { x = x * 1.1 }
    XCTAssertEqual(roundingReport(of: x).contributions.count, 16)
    XCTAssertEqual(roundingReport(of: x, listing: 3).contributions.count, 3)
    XCTAssertEqual(roundingReport(of: x, listing: 1000).contributions.count, 100)
    XCTAssertEqual(roundingReport(of: x).relativeError, 100 * .ulpOfOne / 2, accuracy: 50 * .ulpOfOne)
  }

  // MARK: - What loses nothing

  func testExactOperationsLoseNothing() {
    let x = Value(0.3), y = Value(-1.7)
    let exact = [
      -x, abs(y), x.relu(), y.relu(), x * 2, y / 8, 0.5 * x, x * Value(4), x - Value(0.25), x + 0, Value(3) * 7,
      Value(9).squared(), sqrt(Value(49)), Value(10) / 5, x.leakyReLU(), y.leakyReLU(slope: 0.5), x.detached * 1,
      Matrix([[0.1, 0.7]]).row(0).matrix[0, 1],
    ]
    for value in exact { XCTAssertEqual(roundingReport(of: value).error, 0, "\(value)") }
  }

  func testARoundedOperationLosesHalfAUnitInItsLastPlace() {
    for (value, units) in [
      (Value(0.1) + 0.2, 0.5), (Value(0.1) * 3, 0.5), (Value(1) / 3, 0.5), (sqrt(Value(2)), 0.5), (exp(Value(1)), 1),
      (Value(0.1) * Value(0.3), 0.5), (1 - Value(0.7) / 3, 0.5 + 0.125),
    ] {
      XCTAssertEqual(roundingReport(of: value).error, units * value.data.ulp, accuracy: 1e-20, "\(value)")
    }
  }

  func testErrorsOfInputsAreCountedByThemselves() {
    let report = roundingReport(of: Value(0.1) * 1024)
    XCTAssertEqual(report.error, 0)
    XCTAssertEqual(report.inputError, 0.1.ulp / 2 * 1024)
    XCTAssertEqual(report.significantDigits, 15.95, accuracy: 0.01)
  }

  func testConstantsHaveNothingToReport() {
    let report = roundingReport(of: .constant(0.1))
    XCTAssertEqual(report.value, 0.1)
    XCTAssertEqual(report.error, 0)
    XCTAssertTrue(report.contributions.isEmpty)
  }

  func testNothingIsCertainOfNaN() {
    let x = Value(0)
    XCTAssertEqual(roundingReport(of: log(x) * x + exp(x)).significantDigits, 0)
  }

  // MARK: - Blocks

  func testBlocksAreSeenThrough() throws {
    let x = Matrix([[1e8, 1e8 + 0.1], [3, 4]])
    let row = Matrix([[0.3, 0.1]])
    let root = ((x - row).squared() * 3.3).values.sum()
    let report = roundingReport(of: root, listing: 100)
    XCTAssertEqual(
      Set(report.contributions.map(\.operation.name)), ["subtract", "square", "multiply_constant", "sum_run"])
    XCTAssertGreaterThan(report.significantDigits, 14)
  }

  /// Sums of terms of three scales of magnitude.
  func testDotProductsLoseAtLeastWhatReorderingChanges() {
    let n = 200
    let scales = [1.0, 10, 100]
    let numbers = (0..<n).map { k in scales[k % 3] * sin(1.7 * Double(k)) }
    let x = numbers.map { Value($0) }, weights = x.reversed().map { cos($0) }
    let products = zip(x, weights).map { $0 * $1 }
    let forward = products.dropFirst().reduce(products[0], +)
    let backward = products.dropLast().reversed().reduce(products[n - 1], +)
    let report = roundingReport(of: dot(x, weights))
    XCTAssertLessThan(abs(forward.data - backward.data), report.error)
    XCTAssertLessThan(abs(report.value - backward.data), report.error)
    XCTAssertLessThan(report.error, 1e-9)
  }

  func testRowOperationsLoseADigitOrTwo() {
    let x = Matrix([[1, 2, 3, -4], [100, 101, 99.5, 102]])
    let gain = Matrix([[1, 2, 0.5, 1]]).row(0), bias = Matrix([[0.1, 0.2, 0.3, 0.4]]).row(0)
    for matrix in [
      x.softmax(), x.logSoftmax(), x.logSumExp(), x.crossEntropy(classes: [0, 3]), x.layerNorm(gain: gain, bias: bias),
      x.rmsNorm(gain: gain),
    ] {
      for value in matrix.values {
        let digits = roundingReport(of: value).significantDigits
        XCTAssertTrue((12...15.95).contains(digits), "\(value.operation?.name ?? ""): \(digits)")
      }
    }
  }

  // MARK: - No trace

  func testGradientsStayAsTheyWere() {
    let x = Value(0.3), y = exp(x) * x
    (y * 2).backward()
    let before = [x.grad, y.grad]
    _ = roundingReport(of: y)
    XCTAssertEqual([x.grad, y.grad], before)
    y.backward()
    XCTAssertEqual(x.grad, before[0] * 1.5, accuracy: 1e-14)
  }
}
