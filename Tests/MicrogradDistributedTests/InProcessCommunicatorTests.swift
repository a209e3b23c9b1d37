import MicrogradDistributed
import XCTest

/// Ranks that are threads.
final class InProcessCommunicatorTests: XCTestCase {
  func testRanksAreNumberedAndResultsAreByRank() throws {
    let ranks = try InProcessCommunicator.run(ranks: 5) { [$0.rank, $0.size] }
    XCTAssertEqual(ranks, (0..<5).map { [$0, 5] })
  }

  func testBroadcastGivesAllRanksTheElementsOfOne() throws {
    let found = try InProcessCommunicator.run(ranks: 4) { communicator in
      var numbers = [Double(communicator.rank), 0.5]
      try communicator.broadcast(&numbers, from: 2)
      return numbers
    }
    XCTAssertEqual(found, Array(repeating: [2, 0.5], count: 4))
  }

  func testBroadcastOfTextsOfOtherLengths() throws {
    let texts = try InProcessCommunicator.run(ranks: 3) {
      try $0.broadcast(text: String(repeating: "ä", count: $0.rank + 3), from: 1)
    }
    XCTAssertEqual(texts, ["ääää", "ääää", "ääää"])
  }

  func testGatherKeepsTheOrderOfRanksAndOtherLengths() throws {
    let found = try InProcessCommunicator.run(ranks: 4) { communicator in
      try communicator.gather(Array(repeating: communicator.rank, count: communicator.rank), at: 1)
    }
    XCTAssertEqual(found, [[], [[], [1], [2, 2], [3, 3, 3]], [], []])
  }

  func testMessagesArriveInOrder() throws {
    let found = try InProcessCommunicator.run(ranks: 2) { communicator -> [Int] in
      guard communicator.rank == 1 else {
        for number in 0..<100 { try communicator.send([number], to: 1) }
        return []
      }
      return try (0..<100).map { _ in try communicator.receive(Int.self, count: 1, from: 0)[0] }
    }
    XCTAssertEqual(found[1], Array(0..<100))
  }

  func testAMessageOfAnotherLengthIsAnError() {
    XCTAssertThrowsError(
      try InProcessCommunicator.run(ranks: 2) { communicator in
        if communicator.rank == 0 {
          try communicator.send([1.0, 2.0], to: 1)
        } else {
          _ = try communicator.receive(Double.self, count: 3, from: 0)
        }
      }
    ) { XCTAssertEqual($0 as? CommunicationError, .length(from: 0, expected: 24, received: 16)) }
  }

  func testARankThatThrowsEndsTheOthers() {
    struct Broken: Error, Equatable {}
    XCTAssertThrowsError(
      try InProcessCommunicator.run(ranks: 4) { communicator in
        if communicator.rank == 2 { throw Broken() }
        // Without rank 2 the others would wait here forever.
        try communicator.barrier()
        try communicator.barrier()
      }
    ) { XCTAssertTrue($0 is Broken, "\($0)") }
  }

  func testARankThatEndsTooEarlyIsNamed() {
    XCTAssertThrowsError(
      try InProcessCommunicator.run(ranks: 3) { communicator in
        try communicator.barrier()
        if communicator.rank != 1 { try communicator.barrier() }
      }
    ) { error in
      guard case .rankFailed(let rank, let reason) = error as? CommunicationError else { return XCTFail("\(error)") }
      XCTAssertEqual(rank, 1)
      XCTAssertTrue(reason.hasPrefix("it has ended"), reason)
    }
  }

  func testBarrierWaitsForAllRanks() throws {
    let order = Order()
    _ = try InProcessCommunicator.run(ranks: 3) { communicator in
      if communicator.rank == 0 { usleep(50_000) }
      order.append("before")
      try communicator.barrier()
      order.append("after")
    }
    XCTAssertEqual(order.all, ["before", "before", "before", "after", "after", "after"])
  }
}

private final class Order: @unchecked Sendable {
  private let lock = NSLock()
  private var texts: [String] = []
  func append(_ text: String) { lock.withLock { texts.append(text) } }
  var all: [String] { lock.withLock { texts } }
}
