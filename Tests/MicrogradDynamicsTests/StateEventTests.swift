import Micrograd
import MicrogradDynamics
import XCTest

final class StateEventTests: XCTestCase {
  private let ball = DifferentialEquation(states: 2) { t, y, p in [y[1], .constant(-9.81)] }
  private let oscillator = DifferentialEquation(states: 2) { t, y, p in [y[1], -y[0]] }
  private let bounce = StateEvent(.falling) { t, y, p in
    y[0]
  } change: { t, y, p in
    [.constant(0), -0.9 * y[1]]
  }

  func testBouncesOccurAtTheirClosedForm() throws {
    for method in [IntegrationMethod.automatic, .rodas4, .rungeKutta4(steps: 7), .dormandPrince8] {
      let solution = try ball.solve(from: [1, 0], over: 0...3.5, method: method, events: [bounce])
      let first = (2 / 9.81).squareRoot()
      var (time, expected) = (first, [first])
      for k in 1... {
        time += 2 * first * (0..<k).reduce(1) { power, _ in 0.9 * power }
        if time > 3.5 { break }
        expected.append(time)
      }
      XCTAssertEqual(solution.events.count, expected.count, "\(method)")
      for (event, time) in zip(solution.events, expected) { XCTAssertEqual(event.time, time, accuracy: 1e-12) }
    }
  }

  func testBouncesThatBecomeShorterAndShorterAreAllFound() throws {
    let ends = StateEvent(.falling) { t, y, p in
      y[0]
    } change: { t, y, p in
      [.constant(0), -0.5 * y[1]]
    }
    // The bounces end at 3 √(2 / g) = 1.3546; each takes half as long as the one before.
    let solution = try ball.solve(from: [1, 0], over: 0...1.354, events: [ends])
    XCTAssertEqual(solution.events.count, 11)
    XCTAssertTrue(solution.states.allSatisfy { $0[0] > -1e-12 })
  }

  func testATerminalEventEndsTheSolutionAtItsTime() throws {
    let zero = StateEvent(isTerminal: true) { t, y, p in y[0] }
    for method in [IntegrationMethod.dormandPrince5, .tsitouras5, .dormandPrince8] {
      let solution = try oscillator.solve(
        from: [1, 0], over: 0...10, method: method, events: [zero], options: SolverOptions(relativeTolerance: 1e-10))
      XCTAssertEqual(try XCTUnwrap(solution.times.last), .pi / 2, accuracy: 1e-9)
      XCTAssertEqual(try XCTUnwrap(solution.states.last)[0], 0, accuracy: 1e-15)
      XCTAssertEqual(solution.events.count, 1)
    }
  }

  func testDirectionsFilterTheChangesOfSign() throws {
    let options = SolverOptions(relativeTolerance: 1e-9)
    for (direction, expected) in [(StateEvent.Direction.either, [1, 3, 5]), (.falling, [1, 5]), (.rising, [3])] {
      let event = StateEvent(direction) { t, y, p in y[0] }
      let solution = try oscillator.solve(from: [1, 0], over: 0...8, events: [event], options: options)
      XCTAssertEqual(solution.events.count, expected.count)
      for (event, quarter) in zip(solution.events, expected) {
        XCTAssertEqual(event.time, Double(quarter) * .pi / 2, accuracy: 1e-6)
      }
    }
  }

  func testSeveralEventsInOneStepAreInTheOrderOfTime() throws {
    let line = DifferentialEquation(states: 1) { t, y, p in [.constant(1)] }
    let late = StateEvent { t, y, p in y[0] - 0.7 }, early = StateEvent { t, y, p in y[0] - 0.3 }
    let jump = StateEvent { t, y, p in
      y[0] - 0.5
    } change: { t, y, p in
      [y[0] + 1]
    }
    let options = SolverOptions(firstStep: 1)
    let solution = try line.solve(from: [0], over: 0...1, events: [late, early], options: options)
    XCTAssertEqual(solution.events.map(\.event), [1, 0])
    XCTAssertEqual(solution.steps.count, 1)
    // The jump goes past the later event.
    let jumping = try line.solve(from: [0], over: 0...1, events: [late, jump, early], options: options)
    XCTAssertEqual(jumping.events.map(\.event), [2, 1])
    XCTAssertEqual(try XCTUnwrap(jumping.states.last)[0], 2, accuracy: 1e-12)
    XCTAssertEqual(jumping(at: jumping.events[1].time)[0], 1.5, accuracy: 1e-12)
    XCTAssertEqual(jumping(at: 0.4)[0], 0.4, accuracy: 1e-12)
  }

  func testAnEventAtTheStartDoesNotOccurTwice() throws {
    let zero = StateEvent { t, y, p in
      y[0]
    } change: { t, y, p in
      y
    }
    let solution = try oscillator.solve(from: [0, 1], over: 0...4, events: [zero])
    XCTAssertEqual(solution.events.count, 1)
    XCTAssertEqual(solution.events[0].time, .pi, accuracy: 1e-5)
  }

  func testEventsAreFoundBackwards() throws {
    let zero = StateEvent(isTerminal: true) { t, y, p in y[0] }
    let solution = try oscillator.solve(
      from: [1, 0], at: 0, to: -10, events: [zero], options: SolverOptions(relativeTolerance: 1e-10))
    XCTAssertEqual(try XCTUnwrap(solution.times.last), -.pi / 2, accuracy: 1e-9)
  }

  func testNumericEventsAgreeWithEventsOfValues() throws {
    let numeric = StateEvent.numeric(.falling) { t, y, p in
      y[0]
    } change: { t, y, p in
      [0, -0.9 * y[1]]
    }
    let a = try ball.solve(from: [1, 0], over: 0...3, events: [numeric])
    let b = try ball.solve(from: [1, 0], over: 0...3, events: [bounce])
    XCTAssertEqual(a.events.map(\.time), b.events.map(\.time))
  }

  func testBadEventsAreErrors() {
    let undefined = StateEvent { t, y, p in log(0.5 - y[0]) }
    let short = StateEvent { t, y, p in
      y[0] - 0.5
    } change: { t, y, p in
      []
    }
    let infinite = StateEvent { t, y, p in
      y[0] - 0.5
    } change: { t, y, p in
      [y[0] / 0]
    }
    let line = DifferentialEquation(states: 1) { t, y, p in [.constant(1)] }
    func reason(_ event: StateEvent) -> DynamicsError.Reason? {
      do throws(DynamicsError) {
        _ = try line.solve(from: [0], over: 0...1, events: [event])
        return nil
      } catch {
        return error.reason
      }
    }
    guard case .eventNotFinite(event: 0, _, let time)? = reason(undefined) else { return XCTFail() }
    XCTAssertGreaterThan(time, 0.2)
    XCTAssertEqual(reason(short), .changeCount(event: 0, found: 0, expected: 1))
    guard case .changeNotFinite(event: 0, state: 0, .infinity, let at)? = reason(infinite) else { return XCTFail() }
    XCTAssertEqual(at, 0.5, accuracy: 1e-12)
  }
}
