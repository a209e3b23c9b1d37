import Foundation
import Micrograd
import MicrogradDynamics
import XCTest

final class CheckpointedSolutionTests: XCTestCase {
  /// A driven pendulum with friction: its right-hand side depends on the time.
  private let pendulum = DifferentialEquation(states: 2, parameters: 2) { t, y, p in
    [y[1], -p[0] * sin(y[0]) - p[1] * y[1] + 0.3 * cos(2 * t)]
  }
  private let start = [1.0, 0, 9.81, 0.2]
  private let methods: [IntegrationMethod] = [
    .automatic, .dormandPrince5, .tsitouras5, .dormandPrince8, .rodas4, .rungeKutta4(steps: 137),
  ]

  private func loss(
    _ x: [Value], _ method: IntegrationMethod, checkpoints: Int?, options: SolverOptions = SolverOptions()
  ) throws -> (value: Value, solution: DifferentiableTrajectory) {
    let times = [0.7, 1.3, 1.3, 5].map { Value.constant($0) }
    let found = try pendulum.solve(
      from: Array(x[..<2]), at: .constant(0.1), parameters: Array(x[2...]), times: times, method: method,
      options: options, checkpoints: checkpoints)
    return (found.states.enumerated().map { $1[0] * Double($0 + 1) + $1[1] }.sum(), found)
  }

  func testGradientsWithCheckpointsAreThoseOfStoredStatesToTheBit() throws {
    for method in methods {
      let stored = try valueWithGradient(at: start) { try loss($0, method, checkpoints: nil).value }
      for checkpoints in [1, 3, 10, 100_000] {
        var solution: DifferentiableTrajectory?
        let found = try valueWithGradient(at: start) { x in
          let found = try loss(x, method, checkpoints: checkpoints)
          solution = found.solution
          return found.value
        }
        XCTAssertEqual(found.value, stored.value, "\(method), \(checkpoints)")
        XCTAssertEqual(found.gradient, stored.gradient, "\(method), \(checkpoints)")
        let figures = try XCTUnwrap(solution).figures
        XCTAssertLessThanOrEqual(figures.storedStates, checkpoints, "\(method)")
        XCTAssertGreaterThan(figures.storedStates, 0, "\(method)")
      }
    }
  }

  func testGradientsOfSolutionsWithoutStepsAreTheSameToTheBit() throws {
    for method in methods {
      let stored = try valueWithGradient(at: start) { try loss($0, method, checkpoints: nil).value }
      let found = try valueWithGradient(at: start) { x in
        let (value, found) = try loss(x, method, checkpoints: nil, options: SolverOptions(keepsSteps: false))
        XCTAssertFalse(found.solution.isContinuous, "\(method)")
        XCTAssertEqual(found.solution.times, [0.1, 0.7, 1.3, 5], "\(method)")
        return value
      }
      XCTAssertEqual(found.value, stored.value, "\(method)")
      XCTAssertEqual(found.gradient, stored.gradient, "\(method)")
    }
  }

  func testTheScheduleIsThatOfGriewankAndWalther() throws {
    // With 4 states, (4 + 4)! / (4! 4!) = 70 steps need at most 4 evaluations of each besides its own.
    var solution: DifferentiableTrajectory?
    _ = try gradient(at: start) { x in
      let found = try loss(x, .rungeKutta4(steps: 70), checkpoints: 4)
      solution = found.solution
      return found.value
    }
    let figures = try XCTUnwrap(solution).figures
    XCTAssertEqual(figures.storedStates, 4)
    XCTAssertLessThanOrEqual(figures.repeatedSteps, 4 * 70)
  }

  func testColumnsAndSecondDerivativesAreTheSame() throws {
    for method in methods {
      let direction = [0.3, -1, 0.2, 0.5]
      let stored = try jacobianVectorProduct(at: start, along: direction) {
        [try loss($0, method, checkpoints: nil).value]
      }
      let found = try jacobianVectorProduct(at: start, along: direction) {
        [try loss($0, method, checkpoints: 5).value]
      }
      XCTAssertEqual(found, stored, "\(method)")
    }
    let stored = try hessian(at: start) { try loss($0, .tsitouras5, checkpoints: nil).value }
    XCTAssertEqual(try hessian(at: start) { try loss($0, .tsitouras5, checkpoints: 5).value }, stored)
  }

  func testStatesThatEventsChangeAreFoundAgain() throws {
    let ball = DifferentialEquation(states: 2, parameters: 2) { t, y, p in [y[1], -p[0] - 0.01 * y[1] * t] }
    let bounce = StateEvent(
      .falling, when: { t, y, p in y[0] }, change: { t, y, p in [.constant(0), -p[1] * y[1]] })
    let top = StateEvent(.falling, when: { t, y, p in y[1] })
    for method in [IntegrationMethod.dormandPrince5, .rodas4, .rungeKutta4(steps: 60)] {
      func slope(_ checkpoints: Int?) throws -> [Double] {
        try gradient(at: [1.7, 0, 9.81, 0.8]) { x in
          let found = try ball.solve(
            from: Array(x[..<2]), parameters: Array(x[2...]), times: [0.3, 2, 3], method: method,
            events: [bounce, top], options: SolverOptions(largestStep: 0.05), checkpoints: checkpoints)
          // The ball is on the ground at times 0.59, 1.53, 2.28 and 2.89, and at the top between.
          XCTAssertEqual(found.events.count, 7, "\(method)")
          return found.states.map { $0[0] }.sum() + found.events.map { $0.time }.sum()
        }
      }
      let stored = try slope(nil)
      for checkpoints in [2, 7] { XCTAssertEqual(try slope(checkpoints), stored, "\(method), \(checkpoints)") }
    }
  }

  func testAChangeToAStiffMethodIsFoundAgain() throws {
    let oscillator = DifferentialEquation(states: 2, parameters: 1) { t, y, p in
      [y[1], p[0] * (1 - y[0].squared()) * y[1] - y[0]]
    }
    func slope(_ checkpoints: Int?) throws -> [Double] {
      try gradient(at: [2, 0, 1000]) { x in
        let found = try oscillator.solve(
          from: Array(x[..<2]), parameters: [x[2]], times: [500], checkpoints: checkpoints)
        XCTAssertGreaterThan(found.solution.counts.jacobians, 0)
        return found.states[0][0]
      }
    }
    XCTAssertEqual(try slope(9), try slope(nil))
  }

  func testALongSolutionUsesCheckpointsByItself() throws {
    var options = SolverOptions()
    let method = IntegrationMethod.rungeKutta4(steps: 2000)
    let stored = try gradient(at: start) { try loss($0, method, checkpoints: nil, options: options).value }
    options.storedStateBytes = 100_000
    var solution: DifferentiableTrajectory?
    let found = try gradient(at: start) { x in
      let found = try loss(x, method, checkpoints: nil, options: options)
      solution = found.solution
      return found.value
    }
    XCTAssertEqual(found, stored)
    // √(2 · 2000), rounded up.
    XCTAssertEqual(solution?.figures.storedStates, 64)
    XCTAssertEqual(solution?.solution.isContinuous, false)
  }

  func testASolutionWithCheckpointsHasTheStatesAtRequestedTimes() throws {
    let values = start.map { Value($0) }
    let whole = try loss(values, .dormandPrince5, checkpoints: nil).solution.solution
    let solution = try loss(values, .dormandPrince5, checkpoints: 3).solution.solution
    XCTAssertEqual(solution.times, [0.1, 0.7, 1.3, 5])
    for (time, state) in zip(solution.times, solution.states) {
      XCTAssertEqual(state, whole(at: time))
      XCTAssertEqual(state, solution(at: time))
    }
    XCTAssertTrue(solution.steps.isEmpty)
    XCTAssertEqual(solution.counts, whole.counts)
  }

  func testCheckpointsAreNotForTheContinuousAdjoint() {
    XCTAssertThrowsError(
      try pendulum.solve(
        from: [1.0, 0], parameters: [Value(9.81), Value(0.2)], times: [1], adjoint: .continuous, checkpoints: 3)
    ) { XCTAssertTrue("\($0)".contains("checkpoints"), "\($0)") }
  }
}
