import Micrograd
import TestSupport
import XCTest

@testable import MicrogradOptimization

final class RobustFitTests: XCTestCase {
  private func loss(_ name: String, _ scale: Double) -> FitLoss {
    switch name {
    case "huber": .huber(scale: scale)
    case "soft_l1": .softL1(scale: scale)
    default: .cauchy(scale: scale)
    }
  }

  private func fit(_ expected: IntervalsFixture.Robust, compiles: Bool = true) throws -> FitResult {
    try fitCurve(
      x: expected.x, y: expected.y, from: expected.start,
      weighting: expected.deviations.map { .standardDeviations($0) } ?? .equal,
      bounds: expected.bounds?.map { $0[0]...$0[1] }, loss: loss(expected.loss, expected.scale),
      options: FitOptions(compiles: compiles), model: fixtureModel(expected.model))
  }

  private func name(_ expected: IntervalsFixture.Robust) -> String {
    "\(expected.loss) \(expected.model) \(expected.scale) \(expected.bounds ?? [])"
  }

  func testMinimaAreThoseOfSciPy() throws {
    XCTAssertEqual(Fixture.intervals.robust.count, 18)
    for expected in Fixture.intervals.robust {
      let fit = try fit(expected)
      XCTAssertTrue(fit.isConverged, "\(name(expected)): \(fit.reason)")
      for (found, right) in zip(fit.parameters, expected.parameters) {
        XCTAssertEqual(found, right, accuracy: 1e-7 * abs(right), name(expected))
      }
      XCTAssertEqual(fit.lossSum, expected.lossSum, accuracy: 1e-11 * expected.lossSum, name(expected))
      XCTAssertLessThan(fit.iterations, 40, name(expected))
    }
  }

  func testTheGradientOfTheLossesVanishes() throws {
    for expected in Fixture.intervals.robust where expected.bounds == nil {
      let fit = try fit(expected), loss = loss(expected.loss, expected.scale)
      let factors = expected.deviations.map { $0.map { 1 / $0 } } ?? expected.x.map { _ in 1 }
      // Σ ψ J, by derivatives of the model and weights ρ' that are written anew here.
      for k in fit.parameters.indices {
        var (sum, size) = (0.0, 0.0)
        for (row, x) in expected.x.enumerated() {
          let slope = gradient(at: fit.parameters) { p in fixtureModel(expected.model)(p, x) }[k]
          let z = (fit.residuals[row] / expected.scale) * (fit.residuals[row] / expected.scale)
          let weight =
            switch loss {
            case .squares: 1.0
            case .huber: z <= 1 ? 1 : 1 / z.squareRoot()
            case .softL1: 1 / (1 + z).squareRoot()
            case .cauchy: 1 / (1 + z)
            }
          sum += factors[row] * slope * weight * fit.residuals[row]
          size += abs(factors[row] * slope * weight * fit.residuals[row])
        }
        XCTAssertEqual(sum, 0, accuracy: 1e-9 * size, "\(name(expected)), parameter \(k)")
      }
    }
  }

  func testTheCovarianceIsHubers() throws {
    for expected in Fixture.intervals.robust {
      guard let right = expected.covariance else { continue }
      let found = try XCTUnwrap(fit(expected).covariance)
      for (row, numbers) in right.enumerated() {
        for (column, number) in numbers.enumerated() {
          let scale = (right[row][row] * right[column][column]).squareRoot()
          XCTAssertEqual(found[row][column], number, accuracy: 1e-6 * scale, name(expected))
        }
      }
    }
  }

  func testRecordedAndCompiledFitsAgree() throws {
    for expected in Fixture.intervals.robust {
      let (compiled, recorded) = (try fit(expected), try fit(expected, compiles: false))
      XCTAssertEqual(compiled.evaluation, .compiled)
      for (a, b) in zip(compiled.parameters, recorded.parameters) { XCTAssertEqual(a, b, accuracy: 1e-9 * abs(b)) }
    }
  }

  func testAParameterIsHeldByItsBound() throws {
    let bounded = Fixture.intervals.robust.filter { $0.bounds != nil }
    XCTAssertEqual(bounded.count, 3)
    for expected in bounded { XCTAssertEqual(try fit(expected).heldByBounds, [0]) }
  }

  func testAWideScaleIsLeastSquares() throws {
    let set = Fixture.intervals.statistics[1]
    let squares = try set.fit()
    for loss in [FitLoss.huber(scale: 1e9), .softL1(scale: 1e9), .cauchy(scale: 1e9)] {
      let robust = try fitCurve(x: set.x, y: set.y, from: set.start, loss: loss, model: fixtureModel(set.model))
      XCTAssertEqual(robust.parameters, squares.parameters, accuracy: 1e-9)
      XCTAssertEqual(robust.standardErrors!, squares.standardErrors!, accuracy: 1e-9)
      XCTAssertEqual(robust.lossSum, squares.residualSumOfSquares, accuracy: 1e-9)
    }
  }

  func testResidualsOfLeastSquaresMayBeRobust() throws {
    // The minimum of Huber's loss is where as much pulls up as down: 3 (p - 1) = 1, as one residual is beyond the scale.
    let fit = try leastSquares({ p in [p[0] - 1, p[0] - 1, p[0] - 1, p[0] - 100] }, from: [20], loss: .huber(scale: 1))
    XCTAssertEqual(fit.parameters[0], 1 + 1 / 3.0, accuracy: 1e-9)
    XCTAssertEqual(fit.residuals[3], 1 + 1 / 3.0 - 100, accuracy: 1e-9, "before the loss")
  }

  func testLossesNeitherOverflowNorLoseTinyResiduals() {
    for loss in [FitLoss.huber(scale: 1), .softL1(scale: 1), .cauchy(scale: 1)] {
      XCTAssertEqual(loss.root(0), 0)
      for r in [1e-300, 1e-12] { XCTAssertEqual(loss.root(-r), -r, accuracy: 1e-15 * r, "\(loss)") }
      for r in [1e8, 1e155, 1e300] { XCTAssertTrue(loss.root(r).isFinite && loss.root(r) > 4, "\(loss) of \(r)") }
    }
    XCTAssertEqual(FitLoss.huber(scale: 2).root(10), (4.0 * (2 * 5 - 1)).squareRoot(), accuracy: 1e-14)
    XCTAssertEqual(FitLoss.softL1(scale: 2).root(10), (4.0 * 2 * (26.0.squareRoot() - 1)).squareRoot(), accuracy: 1e-14)
    XCTAssertEqual(FitLoss.cauchy(scale: 2).root(10), (4.0 * log(26.0)).squareRoot(), accuracy: 1e-14)
  }

  func testTheTableNamesTheLossAndHasNoCriteria() throws {
    let fit = try fit(Fixture.intervals.robust[0])
    let text = "\(fit)"
    XCTAssertTrue(text.contains("loss: Huber's, scale 0.1, sum: 0.731931"), text)
    XCTAssertFalse(text.contains("AIC"), text)
    XCTAssertNil(fit.akaikeCriterion)
    XCTAssertNil(fit.bayesianCriterion)
  }

  func testAScaleMustBePositiveAndFinite() {
    for scale in [0, -1, .infinity, .nan] {
      XCTAssertThrowsError(
        try fitCurve(x: [0, 1], y: [0, 1], from: [1], loss: .huber(scale: scale)) { p, x in p[0] * x }
      ) {
        XCTAssertEqual("\($0)", "the scale of the loss is \(scale); give a finite number above 0")
      }
    }
  }

  func testWithoutCurvatureThereIsNoCovariance() throws {
    let fit = try leastSquares({ p in [p[0] - 1, p[0] + 1, p[0] - 3, p[0] + 3] }, from: [0], loss: .huber(scale: 1e-3))
    XCTAssertNil(fit.covariance)
    XCTAssertThrowsError(try fit.confidenceIntervals()) { XCTAssertEqual($0 as? OptimizationError, .noCurvature) }
  }

  func testThePredictionBandOfARobustFitNeedsTheNoise() throws {
    let expected = Fixture.intervals.robust[0]
    let fit = try fit(expected)
    XCTAssertNil(try fit.band(at: [1], model: fixtureModel(expected.model)).prediction)
    XCTAssertNotNil(try fit.band(at: [1], noise: 0.05, model: fixtureModel(expected.model)).prediction)
  }
}
