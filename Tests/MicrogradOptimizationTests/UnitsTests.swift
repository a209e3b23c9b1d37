import Foundation
import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

/// Minimisers in other units of the parameters and of the value.
final class UnitsTests: XCTestCase {
  private struct Problem {
    let name: String
    let value: ([Value]) -> Value
    let start: [Double]
    var bounds: [ClosedRange<Double>]?
  }

  private let problems = [
    Problem(name: "Rosenbrock", value: Valleys.rosenbrock, start: [-1.2, 1]),
    Problem(name: "Rosenbrock from 0", value: Valleys.rosenbrock, start: [0, 0]),
    Problem(name: "Beale", value: Valleys.beale, start: [1, 1]),
    Problem(name: "Himmelblau", value: Valleys.himmelblau, start: [1, 1]),
    Problem(
      name: "bowl", value: { x in (0..<6).map { Double($0 + 1) * (x[$0] - Double($0)).squared() }.sum() },
      start: [0, 0, 0, 0, 0, 0]),
    Problem(name: "barrier", value: { x in x[0] - log(x[0]) + x[1].squared() }, start: [50, 1]),
    Problem(
      name: "peak", value: { x in -exp(-((x[0] - 1).squared() + 2 * (x[1] + 1).squared())) }, start: [0.5, -0.5]),
    Problem(
      name: "bounded Rosenbrock", value: Valleys.rosenbrock, start: [-1.2, 1],
      bounds: [-.infinity...0.5, -.infinity ... .infinity]),
    Problem(name: "bounded Himmelblau", value: Valleys.himmelblau, start: [0, 0], bounds: [-1...1, -2...2]),
  ]

  func testUnitsOfPowersOfTenChangeRoundingOnly() throws {
    var powers = RandomPowers(of: 10)
    for problem in problems {
      for method in MinimizationMethod.allCases {
        let minimum = try minimize(problem.value, from: problem.start, method: method, bounds: problem.bounds)
        XCTAssertTrue(minimum.isConverged, "\(problem.name), \(method): \(minimum.reason)")
        for _ in 0..<10 {
          let (units, height) = (problem.start.map { _ in powers.next() }, powers.next())
          let other = try minimize(
            { x in height * problem.value(zip(x, units).map { $0 / $1 }) },
            from: zip(problem.start, units).map { $0 * $1 }, method: method,
            bounds: problem.bounds.map { zip($0, units).map { ($0.lowerBound * $1)...($0.upperBound * $1) } })
          let name = "\(problem.name), \(method), \(units), \(height): \(other.reason)"
          XCTAssertTrue(other.isConverged, name)
          XCTAssertEqual(other.iterations, minimum.iterations, accuracy: 2, name)
          XCTAssertEqual(zip(other.position, units).map { $0 / $1 }, minimum.position, accuracy: 1e-8, name)
        }
      }
    }
  }

  func testALongValleyIsFollowedInAllUnitsToTheSameEnd() throws {
    let start = (0..<20).map { $0 % 2 == 0 ? -1.2 : 1 }
    var powers = RandomPowers(of: 10)
    for _ in 0..<10 {
      let units = start.map { _ in powers.next() }
      let minimum = try minimize(
        { x in Valleys.rosenbrock(zip(x, units).map { $0 / $1 }) }, from: zip(start, units).map { $0 * $1 })
      XCTAssertTrue(minimum.isConverged, "\(units): \(minimum.reason)")
      for (x, unit) in zip(minimum.position, units) { XCTAssertEqual(x / unit, 1, accuracy: 1e-7, "\(units)") }
    }
  }

  func testAStartThatIsNearlyZeroIsNotTakenForTheMinimum() throws {
    for size in [1e-3, 1e-6, 1e-9, 1e-12, 1e-20, 1e-100] {
      for method in MinimizationMethod.allCases {
        let minimum = try minimize(
          { x in (x[0] - 1).squared() + (x[1] - 2).squared() }, from: [size, 1], method: method)
        XCTAssertTrue(minimum.isConverged, "\(size), \(method): \(minimum.reason)")
        XCTAssertEqual(minimum.position, [1, 2], accuracy: 1e-8, "\(size), \(method)")
      }
    }
  }

  func testAStartAtZeroWithASlopeOfRoundingConvergesInAllUnits() throws {
    let gaussian = try XCTUnwrap(MoreGarbowHillstrom.all.first { $0.name == "Gaussian" })
    var powers = RandomPowers(of: 10)
    for method in MinimizationMethod.allCases {
      for round in 0..<10 {
        let units = gaussian.start.map { _ in round == 0 ? 1 : powers.next() }
        let minimum = try minimize(
          { x in gaussian.sumOfSquares(zip(x, units).map { $0 / $1 }) },
          from: zip(gaussian.start, units).map { $0 * $1 }, method: method)
        XCTAssertTrue(minimum.isConverged, "\(method), \(units): \(minimum.reason)")
        XCTAssertEqual(minimum.value, gaussian.minima[0], accuracy: 1e-13, "\(method), \(units)")
      }
    }
  }

  func testAStartAtTheMinimumUpToRoundingConverges() throws {
    for method in MinimizationMethod.allCases {
      let minimum = try minimize(Valleys.rosenbrock, from: [1 + 1e-9, 1], method: method)
      XCTAssertTrue(minimum.isConverged, "\(method): \(minimum.reason)")
      XCTAssertEqual(minimum.position, [1, 1], accuracy: 1e-8, "\(method)")
    }
  }

  /// The value at the start is so large that the gradient is within its tolerance far from the minimum.
  func testAnEnormousValueAtTheStartHidesNoMinimum() throws {
    for (start, method) in [10.0, 30, 100, 300].flatMap({ x in MinimizationMethod.allCases.map { (x, $0) } }) {
      let minimum = try minimize({ x in exp(x[0]) - 2 * x[0] + x[1].squared() }, from: [start, start], method: method)
      XCTAssertTrue(minimum.isConverged, "\(start), \(method): \(minimum.reason)")
      XCTAssertEqual(minimum.position, [log(2), 0], accuracy: 1e-7, "\(start), \(method)")
    }
  }

  func testALooseToleranceEndsEarlyAtAMinimumOfZero() throws {
    for method in MinimizationMethod.allCases {
      let loose = try minimize(
        Valleys.rosenbrock, from: [-1.2, 1], method: method, options: MinimizationOptions(gradientTolerance: 1e-4))
      let strict = try minimize(Valleys.rosenbrock, from: [-1.2, 1], method: method)
      XCTAssertEqual(loose.reason, .gradientTolerance, "\(method)")
      XCTAssertLessThan(loose.iterations, strict.iterations, "\(method)")
    }
  }

  func testTheReasonDistinguishesUnboundedKinksAndTheEdgeOfTheDomain() throws {
    let expected: [(StoppingReason, ([Value]) -> Value, Double)] = [
      (.unbounded, { x in -x[0].squared() }, 1),
      (.unbounded, { x in -exp(x[0]) }, 1),
      (.unbounded, { x in 3 - 2 * x[0] }, 7),
      (.notDifferentiable, { x in x[0].data < 0 ? -x[0] : 2 * x[0] }, 0.7),
      (.notDifferentiable, { x in x[0].data < 0.3 ? 1 - x[0] : x[0].squared() }, 5),
      (.stalled, { x in x[0].data < 1 ? x[0] * .nan : 1 * x[0] }, 3),
    ]
    for (k, (reason, function, start)) in expected.enumerated() {
      for method in MinimizationMethod.allCases {
        let minimum = try minimize(function, from: [start], method: method)
        XCTAssertEqual(minimum.reason, reason, "function \(k), \(method)")
        XCTAssertTrue(minimum.value.isFinite, "function \(k), \(method)")
      }
    }
  }
}
