import XCTest

@testable import MicrogradCLI

final class ScheduleChoiceTests: XCTestCase {
  func testEveryScheduleIsAtItsRateAtFirstOrAtItsPeakAndFallsAsSaid() {
    let rates = { (choice: ScheduleChoice) in (0..<90).map { choice(rate: 0.5, steps: 90, warmUp: 0)($0) } }
    XCTAssertEqual(Set(rates(.constant)), [0.5])
    XCTAssertEqual(rates(.cosine)[0], 0.5)
    XCTAssertLessThan(rates(.cosine)[89], 0.001)
    XCTAssertEqual([0, 29, 30, 59].map { rates(.step)[$0] }, [0.5, 0.5, 0.05, 0.05])
    XCTAssertEqual(rates(.step)[60], 0.005, accuracy: 1e-15)
    XCTAssertEqual(ScheduleChoice.exponential(rate: 0.5, steps: 90, warmUp: 0)(90), 0.005, accuracy: 1e-12)
    XCTAssertEqual(rates(.oneCycle).max(), 0.5)
    XCTAssertEqual(rates(.oneCycle).firstIndex(of: 0.5), 26)
  }

  func testTheWarmUpRisesToTheRateAndTheRestFollows() {
    let schedule = ScheduleChoice.cosine(rate: 1, steps: 24, warmUp: 4)
    for (step, rate) in [0.2, 0.4, 0.6, 0.8, 1].enumerated() { XCTAssertEqual(schedule(step), rate, accuracy: 1e-12) }
    XCTAssertEqual(schedule(14), 0.5, accuracy: 1e-12)
  }
}
