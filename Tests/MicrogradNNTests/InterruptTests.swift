import Foundation
import XCTest

@testable import MicrogradNN

final class InterruptTests: XCTestCase {
  private var before = sigaction()

  /// Ignores Ctrl-C, so that a failing test does not end the process.
  override func setUp() {
    var ignoring = sigaction()
    #if canImport(Darwin)
      ignoring.__sigaction_u.__sa_handler = SIG_IGN
    #else
      ignoring.__sigaction_handler.sa_handler = SIG_IGN
    #endif
    sigaction(SIGINT, &ignoring, &before)
  }
  override func tearDown() { sigaction(SIGINT, &before, nil) }

  private var isIgnored: Bool {
    var now = sigaction()
    sigaction(SIGINT, nil, &now)
    #if canImport(Darwin)
      let handler = now.__sigaction_u.__sa_handler
    #else
      let handler = now.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// The signal may go to any thread.
  private func press(until isSeen: () -> Bool = { true }) {
    kill(getpid(), SIGINT)
    let deadline = Date() + 5
    while !isSeen(), Date() < deadline { usleep(1000) }
  }

  func testCtrlCIsSeenInEveryRunAndNotAfterIt() {
    for _ in 0..<3 {
      let interrupt = Interrupt()
      XCTAssertFalse(interrupt.isPending)
      press { interrupt.isPending }
      XCTAssertTrue(interrupt.isPending)
      interrupt.end()
      XCTAssertTrue(isIgnored)
    }
  }

  func testRunsThatWereNotInterruptedLeaveNothingBehind() {
    for _ in 0..<100 { Interrupt().end() }
    XCTAssertTrue(isIgnored)
    let interrupt = Interrupt()
    XCTAssertFalse(isIgnored)
    press { interrupt.isPending }
    XCTAssertTrue(interrupt.isPending)
  }

  func testTheSecondTimeItDoesWhatItDidBefore() {
    let interrupt = Interrupt()
    press { interrupt.isPending }
    XCTAssertTrue(isIgnored)
    press()
    interrupt.end()
    XCTAssertTrue(isIgnored)
  }

  func testRunsAtTheSameTimeAllSeeIt() {
    let (one, two) = (Interrupt(), Interrupt())
    one.end()
    XCTAssertFalse(isIgnored)
    let three = Interrupt()
    press { three.isPending }
    XCTAssertTrue(two.isPending && three.isPending)
    let four = Interrupt()
    XCTAssertFalse(four.isPending)
    press { four.isPending }
    XCTAssertTrue(four.isPending)
  }
}
