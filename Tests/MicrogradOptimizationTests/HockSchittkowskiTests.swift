import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

/// The conditions of a minimum, computed from numbers alone: by central differences of the function and the constraints.
struct MinimumConditions {
  /// The largest element of ∇f - Σ λᵢ ∇cᵢ - β, over the largest term or 1, with the parameters' sizes as their units.
  var slope = 0.0
  /// The largest multiplier with the wrong sign, or of a constraint that is not active, as a part of the largest multiplier.
  var sign = 0.0

  init(
    _ function: ([Value]) -> Value, _ constraints: [Constraint], _ bounds: [ClosedRange<Double>]?,
    at minimum: ConstrainedMinimizationResult, sizes: [Double]
  ) {
    func numbers(_ x: [Double]) -> [Double] {
      Tape.scope {
        let x = x.map { Value($0) }
        return ([function(x)] + constraints.flatMap { $0.functions(x) }).map(\.data)
      }
    }
    let multipliers = minimum.constraints.flatMap(\.multipliers)
    var largest = 1.0
    for k in minimum.position.indices {
      let step = 1e-6 * sizes[k]
      var (low, high) = (minimum.position, minimum.position)
      low[k] -= step
      high[k] += step
      let slopes = zip(numbers(low), numbers(high)).map { ($1 - $0) / (2 * step) * sizes[k] }
      let terms = [slopes[0]] + multipliers.indices.map { -multipliers[$0] * slopes[$0 + 1] }
      let bound = minimum.boundMultipliers[k] * sizes[k]
      slope = max(slope, abs(terms.reduce(0, +) - bound))
      largest = terms.reduce(largest) { max($0, abs($1)) }
      let range = bounds?[k] ?? -.infinity ... .infinity
      sign = max(sign, Self.wrong(bound, minimum.position[k], range.lowerBound, range.upperBound, size: sizes[k]))
    }
    slope /= largest
    let values = minimum.constraints.flatMap(\.values)
    let levels = zip(constraints, minimum.constraints).flatMap { constraint, state in
      state.values.map { _ in constraint }
    }
    for (row, level) in levels.enumerated() where level.lower < level.upper {
      let size = [level.lower, level.upper, values[row]].filter(\.isFinite).map { abs($0) }.max() ?? 0
      sign = max(sign, Self.wrong(multipliers[row], values[row], level.lower, level.upper, size: size) / largest * size)
    }
  }

  /// Returns the part of a multiplier that its place does not allow.
  private static func wrong(
    _ multiplier: Double, _ place: Double, _ lower: Double, _ upper: Double, size: Double
  ) -> Double {
    let isAtLower = place - lower <= 1e-7 * size, isAtUpper = upper - place <= 1e-7 * size
    return multiplier > 0 ? (isAtLower ? 0 : multiplier) : (isAtUpper ? 0 : -multiplier)
  }
}

final class HockSchittkowskiTests: XCTestCase {
  /// Problems whose published start leads to another local minimum, with that minimum. From the second start, the published one is
  /// found.
  private let others: [Int: (minimum: Double, start: [Double])] = [
    2: (4.94122931839, [2, 1]), 20: (40.1987298108, [1, 1]),
  ]

  private func accuracy(_ problem: HockSchittkowski) -> Double {
    // The digits of the published minima of 2, 11, 19 and 71.
    [2: 1e-9, 11: 1e-9, 19: 2e-8, 71: 1e-8][problem.number] ?? 2e-9
  }

  private func solve(
    _ problem: HockSchittkowski, unit: Double = 1, line: UInt = #line
  ) throws -> ConstrainedMinimizationResult {
    let minimum = try minimize(
      problem.function, from: problem.start, subjectTo: problem.constraints, bounds: problem.bounds)
    let size = max(unit, abs(problem.minimum))
    XCTAssertEqual(
      minimum.value, problem.minimum, accuracy: accuracy(problem) * size, "\(problem.number): \(minimum)", line: line)
    XCTAssertLessThanOrEqual(minimum.constraintViolation, 1e-12, "\(problem.number): \(minimum)", line: line)
    let isRegular = problem.number != 13
    XCTAssertEqual(minimum.isConverged, isRegular, "\(problem.number): \(minimum)", line: line)
    return minimum
  }

  private func assertConditions(_ problem: HockSchittkowski, _ minimum: ConstrainedMinimizationResult, sizes: [Double])
  {
    let conditions = MinimumConditions(
      problem.function, problem.constraints, problem.bounds, at: minimum, sizes: sizes)
    XCTAssertLessThan(conditions.slope, 1e-6, "\(problem.number): \(minimum)")
    XCTAssertLessThan(conditions.sign, 1e-6, "\(problem.number): \(minimum)")
  }

  func testEachMinimumIsReached() throws {
    for problem in HockSchittkowski.all {
      var problem = problem
      if let other = others[problem.number] {
        var local = problem
        local.minimum = other.minimum
        assertConditions(local, try solve(local), sizes: [1, 1])
        problem.start = other.start
      }
      let minimum = try solve(problem)
      if problem.number == 13 {
        // The constraints' gradients are dependent at the minimum, where no multipliers exist.
        XCTAssertEqual(minimum.reason, .dependentConstraints)
        continue
      }
      assertConditions(problem, minimum, sizes: problem.start.map { max(1, abs($0)) })
    }
  }

  func testUnitsDoNotMatter() throws {
    for (parameters, function, row) in [(1e6, 1.0, 1e-6), (1e-6, 1e6, 1e6), (1e6, 1e-6, 1e6), (1, 1e6, 1e-6)] {
      for problem in HockSchittkowski.all {
        var problem = problem
        if let other = others[problem.number] { problem.start = other.start }
        _ = try solve(problem.scaled(parameters: parameters, function: function, constraints: row), unit: function)
      }
    }
  }
}
