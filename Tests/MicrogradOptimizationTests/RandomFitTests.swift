import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

/// 500 random fits, beside SciPy's, and in other units.
final class RandomFitTests: XCTestCase {
  private static let problems: RandomFits = try! readFixture("random_fits.json")

  /// Two fits go down a valley that has no end, and are stopped there; SciPy stops after more iterations.
  private static let endless = [42, 334]

  func testFitsEndNoHigherThanSciPys() throws {
    for problem in Self.problems.fits {
      let fit = try problem.fit()
      // From the end of this fit, two bounds, SciPy goes nowhere either; from its start it finds the other minimum.
      if problem.seed != 281, fit.isConverged {
        XCTAssertLessThanOrEqual(fit.residualSumOfSquares, problem.sum * (1 + 1e-6), problem.name)
      }
      XCTAssertEqual(fit.isConverged, !Self.endless.contains(problem.seed), "\(problem.name): \(fit.reason)")
    }
  }

  func testUnitsOfPowersOfTwoChangeNothing() throws {
    var powers = RandomPowers(of: 2)
    for problem in Self.problems.fits {
      let units = problem.units(&powers)
      let (fit, other) = (try problem.fit(), try problem.fit(in: units))
      XCTAssertEqual(
        zip(other.parameters, units.parameters).map { $0 / $1 }, fit.parameters, "\(problem.name) \(units)")
      XCTAssertEqual(other.iterations, fit.iterations, "\(problem.name) \(units)")
      XCTAssertEqual(other.reason, fit.reason, "\(problem.name) \(units)")
    }
  }

  func testUnitsOfPowersOfTenChangeRoundingOnly() throws {
    var powers = RandomPowers(of: 10)
    for problem in Self.problems.fits {
      let fit = try problem.fit()
      for _ in 0..<2 {
        let units = problem.units(&powers)
        let other = try problem.fit(in: units)
        let name = "\(problem.name) \(units)"
        XCTAssertEqual(other.isConverged, fit.isConverged, name)
        // Along a path of hundreds of iterations differences of rounding grow.
        let difference = abs(other.iterations - fit.iterations)
        XCTAssertLessThanOrEqual(difference, max(2, fit.iterations / 50), name)
        if fit.isConverged {
          let (curve, otherCurve) = (problem.curve(fit.parameters), problem.curve(other.parameters, in: units))
          let height = curve.map(abs).max() ?? 1
          XCTAssertEqual(otherCurve, curve, accuracy: 1e-6 * height, name)
        }
      }
    }
  }
}

struct RandomFits: Decodable {
  /// What each number of a problem is multiplied by.
  struct Units {
    let parameters: [Double]
    let x, y: Double
  }

  struct Problem: Decodable {
    let seed: Int
    let family: String
    let x, y, start, parameters: [Double]
    let sum: Double
    let bounds: [[Double]]?
    let weights: [Double]?

    var name: String { "\(family), seed \(seed)" }

    func fit(in units: Units? = nil) throws -> FitResult {
      let units = units ?? Units(parameters: start.map { _ in 1 }, x: 1, y: 1)
      let bounds = bounds.map { zip($0, units.parameters).map { ($0[0] * $1)...($0[1] * $1) } }
      return try fitCurve(
        x: x.map { $0 * units.x }, y: y.map { $0 * units.y }, from: zip(start, units.parameters).map { $0 * $1 },
        weighting: weights.map { .weights($0) } ?? .equal, bounds: bounds
      ) { p, x in
        units.y * RandomFitModels.value(family, zip(p, units.parameters).map { $0 / $1 }, x / units.x)
      }
    }

    func units(_ powers: inout RandomPowers) -> Units {
      Units(parameters: start.map { _ in powers.next() }, x: powers.next(), y: powers.next())
    }

    /// The curve of some parameters, in the units of the data.
    func curve(_ parameters: [Double], in units: Units? = nil) -> [Double] {
      let factors = units?.parameters ?? parameters.map { _ in 1 }
      let plain = zip(parameters, factors).map { Value.constant($0 / $1) }
      return Tape.scope { x.map { RandomFitModels.value(family, plain, $0).data } }
    }
  }

  let fits: [Problem]
}
