import MicrogradNN
import TestSupport
import XCTest

final class LearningRateScheduleTests: XCTestCase {
  private struct Content: Decodable {
    struct Record: Decodable {
      let name: String
      let rates: [Double]
    }

    let schedules: [Record]
  }

  private let schedules: [String: LearningRateSchedule] = [
    "constant": .constant(0.3),
    "linear": .linear(from: 1, to: 0.1, steps: 100),
    "step": .step(from: 0.3, every: 7),
    "step by half": .step(from: 0.3, every: 1, factor: 0.5),
    "multi-step": .multiStep(from: 0.3, at: [30, 4, 5, 5, 50], factor: 0.3),
    "exponential": .exponential(from: 0.3, factor: 0.95),
    "cosine": .cosine(from: 0.3, steps: 25),
    "cosine above": .cosine(from: 0.3, to: 0.05, steps: 20),
    "warm-up": .warmUp(steps: 10, from: 0.3e-3, then: .constant(0.3)),
    "warm-up to cosine": .warmUp(steps: 8, from: 0.25 * 0.3, then: .cosine(from: 0.3, to: 0.01, steps: 40)),
    "warm-up to exponential": .warmUp(steps: 1, from: 0.5 * 0.3, then: .exponential(from: 0.3, factor: 0.9)),
    "one cycle": .oneCycle(peak: 0.1, steps: 50),
    "one cycle of odd length": .oneCycle(peak: 2, steps: 37, warmUpFraction: 0.45),
    "one cycle in straight lines": .oneCycle(
      peak: 0.1, steps: 40, warmUpFraction: 0.25, annealing: .linear, startDivisor: 10, endDivisor: 100),
    "one cycle only up": .oneCycle(peak: 0.1, steps: 20, warmUpFraction: 1),
    "one cycle only down": .oneCycle(peak: 0.1, steps: 20, warmUpFraction: 0),
  ]

  func testEveryScheduleGivesPyTorchsRates() throws {
    let content: Content = try readFixture("schedules.json")
    XCTAssertEqual(Set(content.schedules.map(\.name)), Set(schedules.keys))
    for record in content.schedules {
      let schedule = try XCTUnwrap(schedules[record.name])
      for (step, rate) in record.rates.enumerated() {
        XCTAssertEqual(schedule(step), rate, accuracy: 1e-12 * max(rate, 0.01), "\(record.name), step \(step)")
      }
    }
  }

  func testOneCycleKeepsItsLastRate() {
    for annealing in [LearningRateSchedule.Annealing.cosine, .linear] {
      let schedule = LearningRateSchedule.oneCycle(peak: 0.1, steps: 20, annealing: annealing)
      XCTAssertEqual(schedule(19), 0.1 / 25 / 1e4, accuracy: 1e-17)
      for step in 20..<30 { XCTAssertEqual(schedule(step), schedule(19)) }
    }
    XCTAssertEqual(LearningRateSchedule.oneCycle(peak: 0.1, steps: 1, warmUpFraction: 1)(0), 0.1)
  }

  func testWarmUpReachesTheOtherSchedulesStart() {
    let schedule = LearningRateSchedule.warmUp(steps: 10, from: 0, then: .cosine(from: 0.1, to: 0, steps: 90))
    XCTAssertEqual([0, 5, 10, 55].map { schedule($0) }, [0, 0.05, 0.1, 0.05])
  }

  func testSchedulesOfLikeDescriptionAreEqual() {
    XCTAssertEqual(LearningRateSchedule.cosine(from: 0.1, steps: 9), .cosine(from: 0.1, to: 0, steps: 9))
    XCTAssertNotEqual(LearningRateSchedule.cosine(from: 0.1, steps: 9), .cosine(from: 0.1, steps: 8))
    XCTAssertNotEqual(LearningRateSchedule.constant(1), .linear(from: 1, to: 1, steps: 1))
    let own = LearningRateSchedule { 1 / Double($0 + 1) }
    let copy = own
    XCTAssertEqual(own, copy)
    XCTAssertNotEqual(own, LearningRateSchedule { 1 / Double($0 + 1) })
  }

  func testSchedulesArePrintedAsWritten() {
    XCTAssertEqual("\(LearningRateSchedule.step(from: 0.3, every: 7))", "step(from: 0.3, every: 7, factor: 0.1)")
    XCTAssertEqual(
      "\(LearningRateSchedule.warmUp(steps: 2, then: .linear(from: 1, to: 0, steps: 5)))",
      "warmUp(steps: 2, from: 0.0, then: linear(from: 1.0, to: 0.0, steps: 5))")
    XCTAssertEqual("\(LearningRateSchedule { _ in 1 })", "custom")
  }
}
