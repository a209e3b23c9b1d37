import Micrograd
import TestSupport
import XCTest

@testable import MicrogradOptimization

final class ConstrainedMinimizeTests: XCTestCase {
  private func square(_ x: [Value]) -> Value { dot(x, x) }

  // MARK: - Kinds of constraints

  func testMultipliersAreDerivativesOfTheMinimumByTheLevels() throws {
    // The nearest point to the origin on x + 2y = t is t (1, 2) / 5, and its square t² / 5.
    for t in [-3.0, 0.5, 10] {
      let levels: [Constraint] = [
        .equal(to: t) { x in x[0] + 2 * x[1] },
        t > 0 ? .atLeast(t) { x in x[0] + 2 * x[1] } : .atMost(t) { x in x[0] + 2 * x[1] },
      ]
      for constraint in levels {
        let minimum = try minimize(square, from: [1, 1], subjectTo: [constraint])
        XCTAssertEqual(minimum.reason, .gradientTolerance)
        XCTAssertEqual(minimum.position, [t / 5, 2 * t / 5], accuracy: 1e-14)
        XCTAssertEqual(minimum.constraints[0].multiplier, 2 * t / 5, accuracy: 1e-13)
        XCTAssertEqual(minimum.constraints[0].isActive, [true])
      }
    }
  }

  func testAConstraintThatIsNotActiveHasNoMultiplier() throws {
    let minimum = try minimize(
      square, from: [3, 4], subjectTo: [.atMost(30) { x in x[0] + x[1] }, .within(-5...5) { x in x[0] - x[1] }])
    XCTAssertEqual(minimum.position, [0, 0], accuracy: 1e-12)
    XCTAssertEqual(minimum.constraints.map(\.multiplier), [0, 0])
    XCTAssertEqual(minimum.constraints.flatMap(\.isActive), [false, false])
  }

  func testBothEndsOfARangeHold() throws {
    for (center, end, multiplier) in [(9.0, 2.0, -14.0), (-9.0, 1.0, 20.0)] {
      let minimum = try minimize(
        { x in (x[0] - center).squared() }, from: [1.5], subjectTo: [.within(1...2) { x in x[0] }])
      XCTAssertEqual(minimum.position, [end], accuracy: 1e-14)
      XCTAssertEqual(minimum.constraints[0].multiplier, multiplier, accuracy: 1e-12)
    }
  }

  func testSeveralFunctionsOfOneConstraint() throws {
    let minimum = try minimize(
      { x in x.map { ($0 - 3).squared() }.sum() }, from: [0, 0, 0], subjectTo: [.eachAtMost(1) { x in [x[0], x[2]] }])
    XCTAssertEqual(minimum.position, [1, 3, 1], accuracy: 1e-14)
    XCTAssertEqual(minimum.constraints[0].values, [1, 1], accuracy: 1e-14)
    XCTAssertEqual(minimum.constraints[0].multipliers, [-4, -4], accuracy: 1e-13)
  }

  func testBoundsHaveMultipliersToo() throws {
    let minimum = try minimize(
      { x in (x[0] - 3).squared() + (x[1] + 3).squared() }, from: [0.5, 0.5], subjectTo: [], bounds: [0...1, 0...1])
    XCTAssertEqual(minimum.position, [1, 0])
    XCTAssertEqual(minimum.boundMultipliers, [-4, 6], accuracy: 1e-13)
    let fixed = try minimize(
      square, from: [2, 1], subjectTo: [.equal(to: 5) { x in x[0] + x[1] }], bounds: [2...2, -10...10])
    XCTAssertEqual(fixed.position, [2, 3], accuracy: 1e-14)
    XCTAssertEqual(fixed.constraints[0].multiplier, 6, accuracy: 1e-13)
    XCTAssertEqual(fixed.boundMultipliers, [-2, 0], accuracy: 1e-12)
  }

  func testTheFunctionIsNotEvaluatedOutsideOfTheBounds() throws {
    let minimum = try minimize(
      { x in
        XCTAssertTrue((0.1...4).contains(x[0].data), "\(x[0].data)")
        return x[0] - log(x[0] - 0.09) + x[1].squared()
      }, from: [3, 1], subjectTo: [.equal(to: 2) { x in x[0].squared() + x[1] }], bounds: [0.1...4, -10...10],
      options: MinimizationOptions(compiles: false))
    XCTAssertTrue(minimum.isConverged, "\(minimum)")
  }

  // MARK: - Units

  func testPascalsBesideMicrometres() throws {
    // A thin beam of width w and height h in metres, of least area, under a stress limit in pascals and a deflection in metres.
    func beam(area: Double, stress: Double, length: Double) throws -> ConstrainedMinimizationResult {
      try minimize(
        { x in area * x[0] * x[1] / (length * length) }, from: [0.02 * length, 0.05 * length],
        subjectTo: [
          .atMost(1e5 * stress) { x in stress * 6 / (x[0] * x[1].squared()) * length * length * length },
          .atMost(1e-6 * length) { x in length * 4e-11 / (x[0] * x[1] ** 3) * length * length * length * length },
        ], bounds: [0.001 * length...1 * length, 0.001 * length...1 * length])
    }
    let base = try beam(area: 1, stress: 1, length: 1)
    XCTAssertTrue(base.isConverged, "\(base)")
    for (area, stress, length) in [(1e6, 1e-5, 1e3), (1e-4, 1e6, 1e-6), (1, 1e9, 1e6)] {
      let other = try beam(area: area, stress: stress, length: length)
      XCTAssertTrue(other.isConverged, "\(other)")
      XCTAssertEqual(other.position.map { $0 / length }, base.position, accuracy: 1e-9)
      XCTAssertEqual(
        other.constraints[0].multiplier * stress / area, base.constraints[0].multiplier,
        accuracy: 1e-9 * abs(base.constraints[0].multiplier))
    }
  }

  // MARK: - What has no minimum

  func testConstraintsThatContradictEachOtherAreInfeasible() throws {
    // Nowhere is x + y at once 1 and 3; the squares of both violations are least in between.
    let lines = try minimize(
      square, from: [5, -2],
      subjectTo: [.atMost(100) { x in x[0] }, .equal(to: 1) { x in x[0] + x[1] }, .atLeast(3) { x in x[0] + x[1] }])
    XCTAssertEqual(lines.reason, .infeasible)
    XCTAssertFalse(lines.isConverged)
    XCTAssertEqual(lines.position[0] + lines.position[1], 2, accuracy: 1e-6)
    XCTAssertEqual(lines.constraints[1].violation, 1, accuracy: 1e-6)
    XCTAssertNotEqual(lines.mostViolated, 0)
    // A circle of radius 1 and a line at distance 2: nearest at (2, 0)·(between).
    let circle = try minimize(
      { x in x[1] }, from: [0.3, 0.4], subjectTo: [.atMost(1, square), .atLeast(2) { x in x[0] }])
    XCTAssertEqual(circle.reason, .infeasible, "\(circle)")
    XCTAssertEqual(circle.position[1], 0, accuracy: 1e-5)
    XCTAssertGreaterThan(circle.constraintViolation, 0.1)
    // A parabola that does not reach its level.
    let parabola = try minimize({ x in x[0] }, from: [4], subjectTo: [.equal(to: -1) { x in x[0].squared() }])
    XCTAssertEqual(parabola.reason, .infeasible, "\(parabola)")
    XCTAssertEqual(parabola.constraints[0].violation, 1, accuracy: 1e-6)
    XCTAssertEqual(parabola.mostViolated, 0)
  }

  func testBoundsCanBeInfeasibleToo() throws {
    let minimum = try minimize(
      square, from: [1, 1], subjectTo: [.atLeast(5) { x in x[0] + x[1] }], bounds: [0...2, 0...2])
    XCTAssertEqual(minimum.reason, .infeasible, "\(minimum)")
    XCTAssertEqual(minimum.position, [2, 2], accuracy: 1e-6)
    XCTAssertEqual(minimum.constraints[0].violation, 1, accuracy: 1e-6)
  }

  func testAFunctionThatFallsForeverIsUnbounded() throws {
    let minimum = try minimize({ x in x[0] + x[1] }, from: [1, 2], subjectTo: [.atLeast(0) { x in x[0] - x[1] }])
    XCTAssertEqual(minimum.reason, .unbounded, "\(minimum)")
  }

  func testAKinkIsNotAMinimum() throws {
    let minimum = try minimize(
      { x in (x[0].data < 0 ? -x[0] : 2 * x[0]) + x[1].squared() }, from: [1, 3],
      subjectTo: [.equal(to: 0.25) { x in x[0] + x[1] }])
    XCTAssertEqual(minimum.position, [0, 0.25], accuracy: 1e-3)
    XCTAssertFalse(minimum.isConverged, "\(minimum)")
  }

  // MARK: - Degenerate constraints

  func testAConstraintThatIsGivenTwiceDoesNotHarm() throws {
    let line = Constraint.equal(to: 5) { x in x[0] + 2 * x[1] }
    for constraints in [[line, line], [line, line, .atLeast(5) { x in x[0] + 2 * x[1] }]] {
      let minimum = try minimize(square, from: [3, -1], subjectTo: constraints)
      XCTAssertEqual(minimum.position, [1, 2], accuracy: 1e-10)
      XCTAssertTrue(minimum.isConverged, "\(minimum.reason) \(minimum)")
      XCTAssertEqual(minimum.constraints.map(\.multiplier).reduce(0, +), 2, accuracy: 1e-9)
    }
  }

  func testMultipliersThatGrowWithoutBoundAreReported() throws {
    // Only the origin satisfies the constraint, and its gradient is zero there.
    let minimum = try minimize({ x in x[0] + x[1] }, from: [1, 2], subjectTo: [.atMost(0, square)])
    XCTAssertFalse(minimum.isConverged, "\(minimum)")
    XCTAssertEqual(minimum.position, [0, 0], accuracy: 1e-3)
  }

  // MARK: - The iteration

  func testCompiledAndRecordedFunctionsGiveTheSame() throws {
    let n = 40
    func chain(_ compiles: Bool) throws -> ConstrainedMinimizationResult {
      try minimize(
        Valleys.rosenbrock, from: (0..<n).map { $0 % 2 == 0 ? -1.2 : 1 },
        subjectTo: [.eachAtMost(0.9) { x in (1..<n).map { x[$0] * x[$0 - 1] } }, .equal(to: 12) { x in x.sum() }],
        options: MinimizationOptions(compiles: compiles))
    }
    let (compiled, recorded) = (try chain(true), try chain(false))
    XCTAssertEqual(compiled.evaluation, .compiled)
    XCTAssertEqual(recorded.evaluation, .recorded(reason: "the options say compiles: false"))
    XCTAssertGreaterThan(compiled.evaluations.hessianVectorProducts, 1000)
    XCTAssertTrue(compiled.isConverged && recorded.isConverged, "\(compiled) \(recorded)")
    XCTAssertEqual(compiled.position, recorded.position, accuracy: 1e-9)
    for state in compiled.constraints { XCTAssertLessThan(state.violation, 1e-12) }
  }

  func testAConstraintThatComparesValuesStaysRecorded() throws {
    let minimum = try minimize(
      square, from: [4, 1], subjectTo: [.atLeast(1) { x in x[0].data > 0 ? x[0] : 2 * x[0] }])
    XCTAssertEqual(minimum.position, [1, 0], accuracy: 1e-9)
    guard case .recorded = minimum.evaluation else { return XCTFail("it was compiled") }
  }

  func testTheProgressCallbackStopsIt() throws {
    var states: [OptimizationProgress] = []
    let minimum = try minimize(square, from: [1, 1], subjectTo: [.atLeast(1) { x in x[0] * x[1] - 2 }]) { state in
      states.append(state)
      return states.count == 3 ? .stop : .goOn
    }
    XCTAssertEqual(minimum.reason, .stopped)
    XCTAssertEqual(states.map(\.iteration), [1, 2, 3])
    let short = try minimize(
      square, from: [1, 1], subjectTo: [.atLeast(1) { x in x[0] * x[1] - 2 }],
      options: MinimizationOptions(maximumIterations: 2))
    XCTAssertEqual(short.reason, .maximumIterations)
    XCTAssertEqual(short.iterations, 2)
  }

  func testNothingStaysOnTheTape() throws {
    let tape = Tape()
    try tape.use {
      let outer = Value(2)
      let count = tape.nodeCount
      _ = try minimize({ x in (x[0] * outer - 6).squared() }, from: [1], subjectTo: [.atMost(2) { x in outer * x[0] }])
      XCTAssertEqual(tape.nodeCount, count)
      XCTAssertEqual(outer.grad, 0)
    }
  }

  // MARK: - The linear system

  /// The product of a symmetric matrix and a vector.
  private func times(_ matrix: [Double], _ x: [Double]) -> [Double] {
    let n = x.count
    return (0..<n).map { Array(matrix[$0 * n..<$0 * n + n]).dot(x) }
  }

  func testFactorsOfIndefiniteMatricesSolveAndCountSigns() {
    // B D Bᵀ has as many eigenvalues of each sign as D has (Sylvester).
    let signs: [[Double]] = [[1, -1, 2], [-1, -2, -3, 4], [1, 1, 1, 1, 1], [0.5, -3, 1e-9, -1e9, 2, -1]]
    for diagonal in signs {
      let n = diagonal.count
      var matrix = [Double](repeating: 0, count: n * n)
      for k in 0..<n {
        let column: [Double] = (0..<n).map { $0 == k ? 0 : Double.sin(Double(3 * $0 + 7 * k + 1)) }
        for i in 0..<n { for j in 0..<n { matrix[i * n + j] += diagonal[k] * column[i] * column[j] } }
      }
      let factors = SymmetricFactors(matrix, count: n)
      XCTAssertEqual(factors.positive, diagonal.filter { $0 > 0 }.count)
      XCTAssertEqual(factors.negative, diagonal.filter { $0 < 0 }.count)
      let side = times(matrix, (0..<n).map { Double($0) - 1.5 })
      let error = zip(times(matrix, factors.solve(side)), side).map { $0 - $1 }
      XCTAssertLessThan(error.largestMagnitude, 1e-13 * side.largestMagnitude)
    }
    // Without a diagonal, blocks of two rows are needed.
    let zero = SymmetricFactors([0, 1, 1, 0], count: 2)
    XCTAssertEqual(zero.solve([2, 3]), [3, 2])
    XCTAssertEqual([zero.positive, zero.negative], [1, 1])
    let singular = SymmetricFactors([1, 1, 1, 1], count: 2)
    XCTAssertEqual([singular.positive, singular.negative], [1, 0])
  }
}
