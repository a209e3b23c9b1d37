import Foundation
import Micrograd
import MicrogradDynamics
import TestSupport
import XCTest

final class DifferentiableTrajectoryTests: XCTestCase {
  private let decay = DifferentialEquation(states: 1, parameters: 1) { t, y, p in [-p[0] * y[0]] }
  private let tight = SolverOptions(relativeTolerance: 1e-11, absoluteTolerance: 1e-13)
  private let methods: [IntegrationMethod] = [
    .dormandPrince5, .tsitouras5, .dormandPrince8, .rodas4, .rungeKutta4(steps: 2000),
  ]

  /// y(t) = y₀ exp(-p (t - t₀)), with its derivatives by t₀, t, y₀ and p.
  func testDerivativesOfExponentialDecayAreThoseOfItsClosedForm() throws {
    for method in methods {
      let found = try gradient(at: [0.25, 3, 2, 0.5]) { x in
        try decay.solve(
          from: [x[2]], at: x[0], parameters: [x[3]], times: [x[1]], method: method, options: tight
        ).states[0][0]
      }
      let y = 2 * exp(-0.5 * 2.75)
      let expected: [Double] = [0.5 * y, -0.5 * y, y / 2, -2.75 * y]
      XCTAssertEqual(found, expected, accuracy: 1e-8, "\(method)")
    }
  }

  func testSecondDerivativesAreThoseOfTheClosedForm() throws {
    for method in methods where method != .rungeKutta4(steps: 2000) {
      let found = try hessian(at: [2, 0.5]) { x in
        try decay.solve(from: [x[0]], parameters: [x[1]], times: [1, 3], method: method, options: tight).states[1][0]
      }
      let y = exp(-1.5)
      XCTAssertEqual(found[0], [0, -3 * y], accuracy: 1e-7, "\(method)")
      XCTAssertEqual(found[1], [-3 * y, 18 * y], accuracy: 1e-7, "\(method)")
    }
  }

  /// The law of the discrete adjoint: the same steps on plain numbers, moved by a central difference.
  func testGradientsEqualCentralDifferencesOfTheSameSteps() throws {
    let x = [2.0, 1, 1.1, 0.4, 0.1, 0.4]
    func slopes<T: DifferentiableNumber>(_ y: [T], _ p: [T]) -> [T] {
      [p[0] * y[0] - p[1] * y[0] * y[1], p[2] * y[0] * y[1] - p[3] * y[1]]
    }
    let prey = DifferentialEquation(states: 2, parameters: 4) { t, y, p in slopes(y, p) }
    for method in [IntegrationMethod.dormandPrince5, .tsitouras5, .dormandPrince8, .rodas4, .rungeKutta4(steps: 30)] {
      let solution = try prey.solve(from: [x[0], x[1]], parameters: Array(x[2...]), over: 0...5, method: method)
      func end(_ x: [Double]) -> Double {
        var y = Array(x[..<2])
        for step in solution.steps {
          if let tableau = method.tableau {
            y = tableau.step(from: y, at: step.time, size: step.size) { _, y in slopes(y, Array(x[2...])) }.state
          } else {
            y =
              RosenbrockTableau.rodas4.step(from: y, at: step.time, size: step.size) { _, y in
                slopes(y, Array(x[2...]))
              } jacobian: { _, y in
                ([[x[2] - x[3] * y[1], -x[3] * y[0]], [x[4] * y[1], x[4] * y[0] - x[5]]], [0, 0])
              }?.state ?? []
          }
        }
        return y[0] - 2 * y[1]
      }
      let found = try gradient(at: x) { x in
        let end = try prey.solve(from: Array(x[..<2]), parameters: Array(x[2...]), times: [5], method: method).states[0]
        return end[0] - 2 * end[1]
      }
      for k in x.indices {
        let h = 1e-4
        func moved(_ factor: Double) -> Double { end(x.indices.map { x[$0] + ($0 == k ? factor * h : 0) }) }
        // The error of this difference is of order h⁴.
        let difference = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * h)
        XCTAssertEqual(found[k], difference, accuracy: 1e-9 * max(1, abs(difference)), "\(method), \(k)")
      }
    }
  }

  func testGradientsOfResultsWithinStepsEqualCentralDifferencesOfTheSameSteps() throws {
    // The start, two parameters, and the time of the result.
    let x = [1.0, 0.2, 9.81, 0.3, 1.234]
    func slopes<T: DifferentiableNumber>(_ t: T, _ y: [T], _ p: [T]) -> [T] {
      [y[1], -p[0] * .sin(y[0]) - p[1] * y[1] + .cos(2 * t)]
    }
    let pendulum = DifferentialEquation(states: 2, parameters: 2) { t, y, p in slopes(t, y, p) }
    for method in [IntegrationMethod.dormandPrince5, .tsitouras5, .dormandPrince8, .rungeKutta4(steps: 30)] {
      let tableau = try XCTUnwrap(method.tableau)
      let solution = try pendulum.solve(from: [x[0], x[1]], parameters: [x[2], x[3]], over: 0...2, method: method)
      func result(_ x: [Double]) -> Double {
        var y = Array(x[..<2])
        for step in solution.steps {
          let made = tableau.step(from: y, at: step.time, size: step.size) { slopes($0, $1, [x[2], x[3]]) }
          if step.time + step.size > 1.234 {
            let fraction = (x[4] - step.time) / step.size
            let found = tableau.interpolated(at: fraction, from: y, size: step.size, stages: made.stages)
            return found[0] - 2 * found[1]
          }
          y = made.state
        }
        return .nan
      }
      func solved(_ x: [Value]) throws -> [Value] {
        let found = try pendulum.solve(
          from: Array(x[..<2]), at: .constant(0), parameters: [x[2], x[3]], times: [x[4], .constant(2)], method: method)
        return [found.states[0][0] - 2 * found.states[0][1]]
      }
      let found = try vectorJacobianProduct(at: x, along: [1], of: solved)
      for k in x.indices {
        let h = 1e-4
        func moved(_ factor: Double) -> Double { result(x.indices.map { x[$0] + ($0 == k ? factor * h : 0) }) }
        let difference = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * h)
        XCTAssertEqual(found[k], difference, accuracy: 1e-9 * max(1, abs(difference)), "\(method), \(k)")
        let tangent = try jacobianVectorProduct(at: x, along: x.indices.map { $0 == k ? 1 : 0 }, of: solved)[0]
        XCTAssertEqual(tangent, found[k], accuracy: 1e-11 * max(1, abs(tangent)), "\(method), \(k)")
      }
    }
  }

  func testJacobiansByRowsAndByColumnsAgree() throws {
    let pendulum = DifferentialEquation(states: 2, parameters: 2) { t, y, p in
      [y[1], -p[0] * sin(y[0]) - p[1] * y[1] + 0.1 * cos(t)]
    }
    let x = [1.0, 0, 9.81, 0.2]
    func states(_ x: [Value]) throws -> [Value] {
      try pendulum.solve(from: Array(x[..<2]), parameters: Array(x[2...]), times: [0.5, 1, 1, 2]).states.flatMap { $0 }
    }
    let columns = try x.indices.map { k in
      try jacobianVectorProduct(at: x, along: x.indices.map { $0 == k ? 1 : 0 }, of: states)
    }
    for row in 0..<8 {
      let found = try vectorJacobianProduct(at: x, along: (0..<8).map { $0 == row ? 1 : 0 }, of: states)
      XCTAssertEqual(found, columns.map { $0[row] }, accuracy: 1e-11, "\(row)")
    }
  }

  func testTheContinuousAdjointHasTheGradientOfTheEquation() throws {
    func loss(_ x: [Value], _ options: SolverOptions, _ adjoint: AdjointMethod) throws -> Value {
      let states = try decay.solve(
        from: [x[2]], at: x[0], parameters: [x[3]], times: [x[1], .constant(4)], options: options, adjoint: adjoint
      ).states
      return states[0][0] + 3 * states[1][0]
    }
    let (y, z) = (2 * exp(-0.5 * 2.75), 6 * exp(-0.5 * 3.75))
    let expected: [Double] = [0.5 * (y + z), -0.5 * y, (y + z) / 2, -2.75 * y - 3.75 * z]
    let x = [0.25, 3, 2, 0.5]
    XCTAssertEqual(try gradient(at: x) { try loss($0, tight, .continuous) }, expected, accuracy: 1e-8)
    let loose = SolverOptions(relativeTolerance: 1e-3)
    let continuous = try gradient(at: x) { try loss($0, loose, .continuous) }
    XCTAssertEqual(continuous, expected, accuracy: 1e-2)
    XCTAssertNotEqual(continuous, try gradient(at: x) { try loss($0, loose, .discrete) })
    XCTAssertThrowsError(
      try ball.solve(
        from: [1.0, 0], parameters: [Value(9.81), Value(1)], times: [1], events: [bounce], adjoint: .continuous))
  }

  func testStiffStepsWithBandedJacobiansHaveTheSameDerivativesAsRecordedOnes() throws {
    // A rod of ten cells, with a conductivity that depends on the temperature and on the time.
    let rod = DifferentialEquation(states: 10, parameters: 2) { t, y, p in
      (0..<10).map { k in
        let (left, right) = (k == 0 ? y[0] : y[k - 1], k == 9 ? p[1] * cos(t) : y[k + 1])
        return 100 * p[0] * (1 + 0.1 * y[k].squared()) * (left - 2 * y[k] + right)
      }
    }
    let x = (0..<10).map { sin(Double($0)) } + [0.8, 1.5]
    let steps = try rod.solve(from: Array(x[..<10]), parameters: Array(x[10...]), over: 0...0.3, method: .rodas4)
    func recorded(_ x: [Value]) -> [Value] {
      var y = Array(x[..<10])
      for step in steps.steps {
        let (time, size) = (Value.constant(step.time), Value.constant(step.size))
        func slopes(_ t: Value, _ y: [Value]) -> [Value] {
          (0..<10).map { k in
            let (left, right) = (k == 0 ? y[0] : y[k - 1], k == 9 ? x[11] * cos(t) : y[k + 1])
            return 100 * x[10] * (1 + 0.1 * y[k].squared()) * (left - 2 * y[k] + right)
          }
        }
        let next = RosenbrockTableau.rodas4.step(from: y, at: time, size: size, of: slopes) { t, y in
          let rows = jacobian(at: [t] + y) { x in slopes(x[0], Array(x[1...])) }
          return (rows.map { Array($0[1...]) }, rows.map { $0[0] })
        }
        y = next?.state ?? []
      }
      return y
    }
    func solved(_ x: [Value]) throws -> [Value] {
      try rod.solve(from: Array(x[..<10]), parameters: Array(x[10...]), times: [0.3], method: .rodas4).states[0]
    }
    let weights = (0..<10).map { cos(Double($0)) }
    XCTAssertEqual(
      try vectorJacobianProduct(at: x, along: weights, of: solved),
      vectorJacobianProduct(at: x, along: weights, of: recorded), accuracy: 1e-9)
    let direction = (0..<12).map { cos(Double($0)) }
    XCTAssertEqual(
      try jacobianVectorProduct(at: x, along: direction, of: solved),
      jacobianVectorProduct(at: x, along: direction, of: recorded), accuracy: 1e-9)
  }

  func testSolutionsWithOtherParametersDoNotDisturbASweep() throws {
    for method in methods {
      func end(_ rate: Value) throws -> Value {
        try decay.solve(from: [2.0], parameters: [rate], times: [1], method: method, options: tight).states[0][0]
      }
      let found = try gradient(at: [0.5, 20]) { x in try end(x[0]) + end(x[1]) }
      XCTAssertEqual(found, [-2 * exp(-0.5), -2 * exp(-20)], accuracy: 1e-8, "\(method)")
    }
  }

  // MARK: Events

  /// A ball that falls from a height h: it hits the ground at √(2 h / g) and jumps to e² h.
  private let ball = DifferentialEquation(states: 2, parameters: 2) { t, y, p in [y[1], -p[0]] }
  private let bounce = StateEvent(
    .falling, when: { t, y, p in y[0] }, change: { t, y, p in [.constant(0), -p[1] * y[1]] })

  func testTheTimeOfABounceHasTheDerivativesOfItsClosedForm() throws {
    let (h, g, e) = (1.7, 9.81, 0.8)
    func result(_ x: [Value]) throws -> DifferentiableTrajectory {
      try ball.solve(
        from: [x[0], .constant(0)], parameters: [x[1], x[2]], times: [1.2], events: [bounce], options: tight)
    }
    let time = (2 * h / g).squareRoot()
    let byTime = try gradient(at: [h, g, e]) { x in
      let found = try result(x)
      XCTAssertEqual(found.events.count, 1)
      return found.events[0].time
    }
    let expectedByTime: [Double] = [0.5 * time / h, -0.5 * time / g, 0]
    XCTAssertEqual(byTime, expectedByTime, accuracy: 1e-9)
    let bySpeed = try gradient(at: [h, g, e]) { x in try result(x).events[0].state[1] }
    let expectedBySpeed: [Double] = [-(g / (2 * h)).squareRoot(), -(h / (2 * g)).squareRoot(), 0]
    XCTAssertEqual(bySpeed, expectedBySpeed, accuracy: 1e-9)
    // After the bounce: e g t₁ (t - t₁) - g (t - t₁)² / 2, by a function of plain Values.
    func closed(_ x: [Value]) -> Value {
      let hit = sqrt(2 * x[0] / x[1])
      let since = 1.2 - hit
      return x[2] * x[1] * hit * since - 0.5 * x[1] * since.squared()
    }
    func height(_ x: [Value]) throws -> Value { try result(x).states[0][0] }
    XCTAssertEqual(
      try gradient(at: [h, g, e], of: height), gradient(at: [h, g, e], of: closed), accuracy: 1e-8)
    for (row, expected) in zip(try hessian(at: [h, g, e], of: height), hessian(at: [h, g, e], of: closed)) {
      XCTAssertEqual(row, expected, accuracy: 1e-7)
    }
  }

  func testTheTimeOfAnEventThatChangesNothingHasDerivativesToo() throws {
    for isTerminal in [false, true] {
      let event = StateEvent(isTerminal: isTerminal, when: { t, y, p in y[0] - 1 })
      let found = try gradient(at: [2, 0.5]) { x in
        let found = try decay.solve(
          from: [x[0]], parameters: [x[1]], times: [1, 4], events: [event], options: tight)
        XCTAssertEqual(found.states.count, isTerminal ? 1 : 2)
        return found.events[0].time
      }
      // The time is log(y₀) / p.
      XCTAssertEqual(found, [1 / (2 * 0.5), -log(2) / 0.25], accuracy: 1e-8)
    }
  }

  // MARK: Uses

  func testACompiledLossSolvesTheEquation() throws {
    func loss(_ x: [Value]) throws -> Value {
      let states = try decay.solve(from: [x[0]], parameters: [x[1]], times: [1, 2, 3], options: tight).states
      return states.map { ($0[0] - 1).squared() }.sum()
    }
    let compiled = try compile(at: [2, 0.5]) { x in (try? loss(x)) ?? .constant(.nan) }
    let (value, slope) = try compiled.valueWithGradient(at: [1.5, 0.25])
    let expected = try valueWithGradient(at: [1.5, 0.25], of: loss)
    XCTAssertEqual(value, expected.value, accuracy: 1e-12)
    XCTAssertEqual(slope, expected.gradient, accuracy: 1e-12)
  }

  func testASystemOverAnyNumberHasTheSameDerivatives() throws {
    struct Decay: DynamicalSystem {
      let stateCount = 1, parameterCount = 1
      func slopes<T: DifferentiableNumber>(at t: T, _ y: [T], _ p: [T]) -> [T] { [-p[0] * y[0]] }
    }
    let system = DifferentialEquation(Decay())
    func slope(_ equation: DifferentialEquation) throws -> [Double] {
      try gradient(at: [2, 0.5]) { x in
        try equation.solve(from: [x[0]], parameters: [x[1]], times: [3]).states[0][0]
      }
    }
    XCTAssertEqual(try slope(system), try slope(decay), accuracy: 1e-14)
  }

  func testACompiledLossOnThreadsSolvesTheEquation() throws {
    let compiled = try compile(at: [2, 0.5]) { [decay] x in
      (try? decay.solve(from: [x[0]], parameters: [x[1]], times: [1]).states[0][0]) ?? .constant(.nan)
    }
    compiled.threads = 2
    let samples = (0..<50).map { [1 + 0.01 * Double($0), 0.5] }
    for (sample, found) in zip(samples, try compiled.values(at: Samples(samples))) {
      XCTAssertEqual(found, sample[0] * exp(-0.5), accuracy: 1e-5)
    }
  }

  func testProgressOfASolutionOfValuesIsReportedAndCanStopIt() throws {
    for adjoint in [AdjointMethod.discrete, .continuous] {
      var times: [Double] = []
      let found = try gradient(at: [2, 0.5]) { x in
        let found = try decay.solve(
          from: [x[0]], parameters: [x[1]], times: [1, 2, 30].map { .constant($0) }, options: tight, adjoint: adjoint
        ) {
          times.append($0.time)
          return $0.time > 2.5 ? .stop : .goOn
        }
        XCTAssertEqual(found.states.count, 2)
        XCTAssertEqual(found.solution.times.last, times.last)
        return found.states[1][0]
      }
      XCTAssertEqual(times, times.sorted())
      XCTAssertEqual(times.filter { $0 > 2.5 }.count, 1, "\(adjoint)")
      XCTAssertEqual(found, [exp(-1), -4 * exp(-1)], accuracy: 1e-8, "\(adjoint)")
    }
  }

  // MARK: Errors

  func testEveryErrorSaysWhatToDo() throws {
    func message(_ body: () throws -> DifferentiableTrajectory) -> String {
      do {
        _ = try body()
        return ""
      } catch { return "\(error)" }
    }
    let p = [Value(0.5)]
    XCTAssertTrue(message { try decay.solve(from: [1, 2], parameters: p, times: [1]) }.contains("2 states"))
    XCTAssertTrue(message { try decay.solve(from: [1.0], parameters: [], times: [1]) }.contains("0 parameters"))
    XCTAssertTrue(message { try decay.solve(from: [1.0], parameters: p, times: []) }.contains("at least one"))
    XCTAssertTrue(message { try decay.solve(from: [1.0], parameters: p, times: [2, 1, 3]) }.contains("time 1 is 1.0"))
    let numeric = DifferentialEquation.numeric(states: 1) { t, y, p in y }
    XCTAssertTrue(message { try numeric.solve(from: [Value(1)], times: [1]) }.contains("over Values"))
  }
}
