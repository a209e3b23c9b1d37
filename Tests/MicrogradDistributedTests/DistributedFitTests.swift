import Foundation
import Micrograd
import MicrogradDistributed
import MicrogradOptimization
import TestSupport
import XCTest

final class DistributedFitTests: XCTestCase {
  private static let ranks = [1, 2, 3, 4, 7]

  /// Runs a fit on some ranks; all must have the same result.
  private func run(
    _ ranks: Int, _ fit: @escaping @Sendable (any Communicator) throws -> FitResult
  ) throws -> FitResult {
    let results = try InProcessCommunicator.run(ranks: ranks) { try fit($0) }
    for result in results { XCTAssertEqual(result, results[0]) }
    return results[0]
  }

  private static func decay(_ count: Int, unit: Double = 1) -> (x: [Double], y: [Double]) {
    var random = SplitMix64(seed: 3)
    let x = (0..<count).map { 4 * Double($0) / Double(count) }
    let y = x.map { unit * (2.5 * exp(-1.3 * $0) + 0.5 + 0.02 * (Double.random(in: -1...1, using: &random))) }
    return (x, y)
  }

  func testAFitHasTheSameBitsForAnyNumberOfRanks() throws {
    let (x, y) = Self.decay(30_000)
    var first: FitResult?
    for ranks in Self.ranks {
      let fit = try run(ranks) { ranks in
        try fitCurve(over: ranks, RankedData([x, y]), from: [1, 1, 0]) { p, x in p[0] * exp(-p[1] * x[0]) + p[2] }
      }
      XCTAssertTrue(fit.isConverged)
      first = first ?? fit
      XCTAssertEqual(fit, first, "\(ranks) ranks")
    }
  }

  func testAFitIsTheOrdinaryOneToRoundingInAnyUnit() throws {
    for unit in [1, 1e-60, 1e60] {
      let (x, y) = Self.decay(10_000, unit: unit)
      let fit = try run(3) { ranks in
        try fitCurve(over: ranks, RankedData([x, y]), from: [unit, 1, 0]) { p, x in p[0] * exp(-p[1] * x[0]) + p[2] }
      }
      let ordinary = try fitCurve(x: x, y: y, from: [unit, 1, 0]) { p, x in p[0] * exp(-p[1] * x) + p[2] }
      XCTAssertTrue(fit.isConverged)
      for (k, size) in [unit, 1, unit].enumerated() {
        XCTAssertEqual(fit.parameters[k], ordinary.parameters[k], accuracy: 1e-12 * size)
        XCTAssertEqual(
          try XCTUnwrap(fit.standardErrors)[k], try XCTUnwrap(ordinary.standardErrors)[k], accuracy: 1e-11 * size)
      }
      XCTAssertEqual(try XCTUnwrap(fit.rSquared), try XCTUnwrap(ordinary.rSquared), accuracy: 1e-12)
      XCTAssertEqual(fit.residuals.count, 10_000)
      XCTAssertEqual(fit.degreesOfFreedom, 9997)
    }
  }

  /// A polynomial whose JᵀJ has a condition of 1e16 or more: its parameters would have no digit left.
  func testNoDigitsAreLostToNormalEquations() throws {
    let count = 20_000
    let x = (0..<count).map { 10 + Double($0) / Double(count) }
    let y = x.map { x in (((0.5 * x - 2) * x + 3) * x - 1) * x + 7 }
    let fit = try run(4) { ranks in
      try fitCurve(over: ranks, RankedData([x, y]), from: [0, 0, 0, 0, 0]) { p, x in
        (((p[4] * x[0] + p[3]) * x[0] + p[2]) * x[0] + p[1]) * x[0] + p[0]
      }
    }
    let ordinary = try fitCurve(x: x, y: y, from: [0, 0, 0, 0, 0]) { p, x in
      (((p[4] * x + p[3]) * x + p[2]) * x + p[1]) * x + p[0]
    }
    for (k, exact) in [7, -1, 3, -2, 0.5].enumerated() {
      let error = abs(ordinary.parameters[k] - exact)
      XCTAssertLessThan(abs(fit.parameters[k] - exact), max(3 * error, 1e-4 * abs(exact)), "p[\(k)]")
    }
  }

  func testDeviationsAndBoundsCountAsInAnOrdinaryFit() throws {
    let (x, y) = Self.decay(5000)
    let deviations = x.map { 0.01 + 0.01 * $0 }
    let bounds: [ClosedRange<Double>] = [0...2.4, -.infinity ... .infinity, -.infinity ... .infinity]
    for bounds in [nil, bounds] {
      let fit = try run(2) { ranks in
        try fitCurve(
          over: ranks, RankedData([x, y, deviations]), from: [1, 1, 0], hasDeviations: true, bounds: bounds
        ) { p, x in p[0] * exp(-p[1] * x[0]) + p[2] }
      }
      let ordinary = try fitCurve(
        x: x, y: y, from: [1, 1, 0], weighting: .standardDeviations(deviations), bounds: bounds
      ) { p, x in p[0] * exp(-p[1] * x) + p[2] }
      XCTAssertEqual(fit.heldByBounds, ordinary.heldByBounds)
      for k in 0..<3 {
        XCTAssertEqual(fit.parameters[k], ordinary.parameters[k], accuracy: 1e-11)
        XCTAssertEqual(
          try XCTUnwrap(fit.standardErrors)[k], try XCTUnwrap(ordinary.standardErrors)[k], accuracy: 1e-11)
      }
      XCTAssertEqual(try XCTUnwrap(fit.rSquared), try XCTUnwrap(ordinary.rSquared), accuracy: 1e-11)
    }
  }

  func testAParameterThatNothingDependsOnIsUndetermined() throws {
    let fit = try run(3) { ranks in
      try leastSquares(over: ranks, RankedData([[1, 2, 3.3], [0, 0, 0]]), from: [0, 5]) { p, row in
        p[0] - row[0] + p[1] * row[1]
      }
    }
    XCTAssertEqual(fit.undetermined, [1])
    XCTAssertEqual(fit.parameters[0], 2.1, accuracy: 1e-14)
    XCTAssertEqual(fit.parameters[1], 5)
  }

  func testEachRankReadsItsRowsOnly() throws {
    let fits = try InProcessCommunicator.run(ranks: 3) { ranks in
      let data = RankedData(count: 9000, columns: 2) { rows in
        XCTAssertLessThanOrEqual(rows.count, 4096)
        return [rows.map(Double.init), rows.map { 3 + 2 * Double($0) }]
      }
      return try fitCurve(over: ranks, data, from: [0, 0]) { p, x in p[0] + p[1] * x[0] }.parameters
    }
    XCTAssertEqual(fits[0][0], 3, accuracy: 1e-9)
    XCTAssertEqual(fits[2][1], 2, accuracy: 1e-12)
  }

  // MARK: - Bad input

  func testErrorsOfTheStartNameTheRow() throws {
    var y = [Double](repeating: 1, count: 5000)
    y[4321] = .nan
    let values = y
    XCTAssertThrowsError(
      try run(3) { try leastSquares(over: $0, RankedData([values]), from: [0]) { p, row in p[0] - row[0] } }
    ) { error in
      guard case OptimizationError.residualNotFinite(row: 4321, _) = error else { return XCTFail("\(error)") }
    }
    let zeros = [Double](repeating: 0, count: 5000)
    XCTAssertThrowsError(
      try run(2) { try leastSquares(over: $0, RankedData([zeros]), from: [0]) { p, row in p[0].sqrt() - row[0] } }
    ) { error in
      guard case OptimizationError.jacobianNotFinite(row: 0, parameter: 0, _) = error else {
        return XCTFail("\(error)")
      }
    }
    XCTAssertThrowsError(
      try run(2) { try leastSquares(over: $0, RankedData([[1]]), from: [0, 0]) { p, row in p[0] + p[1] - row[0] } }
    ) { error in
      guard case OptimizationError.tooFewResiduals(residuals: 1, parameters: 2) = error else {
        return XCTFail("\(error)")
      }
    }
  }

  func testAModelThatComparesValuesIsRefused() throws {
    let (x, y) = Self.decay(100)
    XCTAssertThrowsError(
      try run(2) { ranks in
        try fitCurve(over: ranks, RankedData([x, y]), from: [1]) { p, x in x[0] > 2 ? p[0] : p[0] * x[0] }
      }
    ) { XCTAssertTrue("\($0)".contains("compares Values"), "\($0)") }
  }

  func testRanksWithOtherArgumentsAreNamed() throws {
    let (x, y) = Self.decay(100)
    XCTAssertThrowsError(
      try run(3) { ranks in
        try fitCurve(over: ranks, RankedData([x, y]), from: [ranks.rank == 2 ? 1.5 : 1]) { p, x in p[0] * x[0] }
      }
    ) { XCTAssertTrue("\($0)".contains("rank 2 differs from rank 0 in the initial parameters"), "\($0)") }
  }

  func testAnErrorOfReadingEndsAllRanks() throws {
    struct Missing: Error {}
    XCTAssertThrowsError(
      try run(3) { ranks in
        let data = RankedData(count: 9000, columns: 1) { rows in
          if rows.lowerBound > 5000 { throw Missing() }
          return [rows.map(Double.init)]
        }
        return try leastSquares(over: ranks, data, from: [0]) { p, row in p[0] - row[0] }
      }
    ) { XCTAssertTrue($0 is Missing, "\($0)") }
  }
}
