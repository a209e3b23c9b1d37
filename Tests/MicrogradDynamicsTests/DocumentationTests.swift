import Foundation
import Micrograd
import MicrogradDynamics
import TestSupport
import XCTest

final class DocumentationTests: XCTestCase {
  private var printed: [String] = []

  private func rounded(_ numbers: [Double]) -> [Double] { numbers.map { ($0 * 1e3).rounded() / 1e3 + 0 } }

  private func print(_ items: Any...) { printed.append(items.map { "\($0)" }.joined(separator: " ")) }

  func testTheExamplesOfTheArticle() throws {
    let oscillator = DifferentialEquation(states: 2, parameters: 1) { t, y, p in [y[1], -p[0] * y[0]] }
    let solution = try oscillator.solve(from: [1, 0], parameters: [4], over: 0...10)
    print(rounded(solution.states.last ?? []))  // [0.408, -1.826]
    print(rounded(solution(at: 3.3)))  // [0.95, -0.623]
    print(solution.times.count - 1, solution.evaluation == .compiled)  // 93 true

    let robertson = DifferentialEquation(states: 3) { t, y, p in
      let slow = 0.04 * y[0], fast = 1e4 * y[1] * y[2], sink = 3e7 * y[1].squared()
      return [fast - slow, slow - fast - sink, sink]
    }
    let reaction = try robertson.solve(from: [1, 0, 0], over: 0...1e5)
    print(rounded(reaction.states.last ?? []))  // [0.018, 0.0, 0.982]
    print(reaction.counts.acceptedSteps < 500)  // true

    let ball = DifferentialEquation(states: 2) { t, y, p in [y[1], .constant(-9.81)] }
    let bounce = StateEvent(.falling) { t, y, p in
      y[0]
    } change: { t, y, p in
      [.constant(0), -0.9 * y[1]]
    }
    let bouncing = try ball.solve(from: [1, 0], over: 0...2, events: [bounce])
    print(rounded(bouncing.events.map(\.time)))  // [0.452, 1.264, 1.996]

    let decay = DifferentialEquation(states: 1, parameters: 1) { t, y, p in [-p[0] * y[0]] }
    let slope = try gradient(at: [0.5]) { p in
      try decay.solve(from: [2], parameters: p, times: [1, 3]).states[1][0]
    }
    print(rounded(slope))  // [-1.339]

    let explosion = DifferentialEquation(states: 1) { t, y, p in [y[0].squared()] }  // y = 1 / (1 - t)
    do {
      _ = try explosion.solve(from: [1], over: 0...2)
    } catch {
      let time = error.partial?.times.last ?? 0
      print(rounded([time]))  // [1.0]
    }

    let here = Documented.lines(try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8))
    let article = try Documented.examples(
      ofArticle: "Sources/MicrogradDynamics/MicrogradDynamics.docc/MicrogradDynamics.md")
    XCTAssertEqual(article.count, 5)
    for example in article { XCTAssertTrue(here.contains(Documented.lines(example)), "missing here: \(example)") }
    XCTAssertEqual(printed, Documented.printed(by: article))
  }

  func testTheExamplesInComments() throws {
    do {
      let oscillator = DifferentialEquation(states: 2, parameters: 1) { t, y, p in [y[1], -p[0] * y[0]] }
      let solution = try oscillator.solve(from: [1, 0], parameters: [4], over: 0...10)
      XCTAssertEqual(solution.times.last, 10.0)
      XCTAssertEqual(try XCTUnwrap(solution.states.last)[0], Double.cos(20), accuracy: 1e-4)
      XCTAssertEqual(try XCTUnwrap(solution.states.last)[1], -2 * Double.sin(20), accuracy: 1e-4)
      XCTAssertEqual(solution(at: 3.3)[0], 0.950232, accuracy: 2e-5)
      XCTAssertEqual(Double.cos(6.6), 0.950232, accuracy: 1e-6)
    }
    do {
      let growth = DifferentialEquation(states: 1, parameters: 1) { t, y, p in [p[0] * y[0]] }
      let solution = try growth.solve(from: [1], parameters: [0.5], over: 0...2)
      XCTAssertEqual(try XCTUnwrap(solution.states.last)[0], 2.718282, accuracy: 1e-5)
    }
    do {
      let growth = DifferentialEquation(states: 1) { t, y, p in [y[0]] }
      let solution = try growth.solve(from: [1], at: 1, to: 0)
      XCTAssertEqual(try XCTUnwrap(solution.states.last)[0], 0.367879, accuracy: 1e-5)
    }
    do {
      let ball = DifferentialEquation(states: 2) { t, y, p in [y[1], .constant(-9.81)] }
      let bounce = StateEvent(.falling) { t, y, p in
        y[0]
      } change: { t, y, p in
        [.constant(0), -0.9 * y[1]]
      }
      let solution = try ball.solve(from: [1, 0], over: 0...2, events: [bounce])
      XCTAssertEqual(solution.events[0].time, 0.451524, accuracy: 1e-6)
      XCTAssertEqual(solution.events[1].time, 1.264266, accuracy: 1e-6)
    }
    do {
      let decay = DifferentialEquation(states: 1, parameters: 1) { t, y, p in [-p[0] * y[0]] }
      let rate = Value(0.5)
      let decayed = try decay.solve(from: [.constant(2)], parameters: [rate], times: [1, 3])
      decayed.states[1][0].backward()
      XCTAssertEqual(rate.grad, -1.338781, accuracy: 1e-5)
    }
    struct Decay: DynamicalSystem {
      let stateCount = 1, parameterCount = 1
      func slopes<T: DifferentiableNumber>(at t: T, _ y: [T], _ p: [T]) -> [T] { [-p[0] * y[0]] }
    }
    let forms: [DifferentialEquation] = [
      DifferentialEquation(Decay()), .numeric(states: 1, parameters: 1) { t, y, p in [-p[0] * y[0]] },
      .inPlace(states: 1, parameters: 1) { t, y, p, slopes in slopes[0] = -p[0] * y[0] },
    ]
    for decay in forms {
      let solution = try decay.solve(from: [1], parameters: [2], over: 0...1)
      XCTAssertEqual(solution(at: 1)[0], Double.exp(-2), accuracy: 1e-6)
    }
  }
}
