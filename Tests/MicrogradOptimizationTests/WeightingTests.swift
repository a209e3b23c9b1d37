import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class WeightingTests: XCTestCase {
  private let x = [0.0, 1, 2, 3, 5]
  private let y = [1.2, 2.9, 5.3, 6.8, 11.4]
  private let deviations = [0.1, 0.2, 0.1, 0.4, 0.3]

  private func fit(_ weighting: Weighting = .equal) throws -> FitResult {
    try fitCurve(x: x, y: y, from: [0, 0], weighting: weighting, model: line)
  }

  private func line(_ b: [Value], _ x: Double) -> Value { b[0] + b[1] * x }

  /// Slope, offset, variances and covariance of a line by the formulas for it: with S, Sx, Sxx the sums of w, wx, wx² and
  /// Δ = S Sxx - Sx², the variances are Sxx / Δ and S / Δ, the covariance -Sx / Δ.
  private func expected(_ w: [Double]) -> (parameters: [Double], covariance: [[Double]], sum: Double) {
    func total(_ f: (Int) -> Double) -> Double { w.indices.map { w[$0] * f($0) }.reduce(0, +) }
    let (s, sx, sy) = (total { _ in 1 }, total { x[$0] }, total { y[$0] })
    let (sxx, sxy) = (total { x[$0] * x[$0] }, total { x[$0] * y[$0] })
    let delta = s * sxx - sx * sx
    let (offset, slope) = ((sxx * sy - sx * sxy) / delta, (s * sxy - sx * sy) / delta)
    let sum = total { (y[$0] - offset - slope * x[$0]) * (y[$0] - offset - slope * x[$0]) }
    return ([offset, slope], [[sxx / delta, -sx / delta], [-sx / delta, s / delta]], sum)
  }

  func testKnownDeviationsGiveTheCovarianceByThemselves() throws {
    let fit = try fit(.standardDeviations(deviations))
    let right = expected(deviations.map { 1 / ($0 * $0) })
    XCTAssertEqual(fit.parameters, right.parameters, accuracy: 1e-13)
    XCTAssertEqual(try XCTUnwrap(fit.covariance), right.covariance, accuracy: 1e-14)
    XCTAssertEqual(fit.residualSumOfSquares, right.sum, accuracy: 1e-12)
  }

  func testWeightsAreScaledByTheScatter() throws {
    let weights = deviations.map { 1 / ($0 * $0) }
    let right = expected(weights)
    for factor in [1.0, 1000] {
      let fit = try fit(.weights(weights.map { factor * $0 }))
      XCTAssertEqual(fit.parameters, right.parameters, accuracy: 1e-13)
      XCTAssertEqual(
        try XCTUnwrap(fit.covariance), right.covariance.map { $0.map { $0 * right.sum / 3 } }, accuracy: 1e-13)
    }
  }

  func testARowWithoutWeightDoesNotCount() throws {
    let fit = try fitCurve(
      x: x, y: [1.2, 2.9, 1e9, 6.8, 11.4], from: [0, 0], weighting: .weights([1, 1, 0, 1, 1]), model: line)
    XCTAssertEqual(fit.degreesOfFreedom, 2)
    XCTAssertEqual(fit.residuals.count, 4)
    XCTAssertEqual(fit.parameters, expected([1, 1, 0, 1, 1]).parameters, accuracy: 1e-13)
  }

  func testEqualDeviationsAreTheDefault() throws {
    let fit = try fit()
    let right = expected([1, 1, 1, 1, 1])
    let covariance = right.covariance.map { $0.map { $0 * right.sum / 3 } }
    let residuals = zip(x, y).map { $1 - right.parameters[0] - right.parameters[1] * $0 }
    XCTAssertEqual(fit.parameters, right.parameters, accuracy: 1e-13)
    XCTAssertEqual(try XCTUnwrap(fit.covariance), covariance, accuracy: 1e-14)
    XCTAssertEqual(fit.residuals, residuals, accuracy: 1e-13)
  }
}
