import MicrogradDistributed
import XCTest

/// Ranks that must have the same facts.
final class SameFactsTests: XCTestCase {
  func testTheRankAndTheFirstFactThatDiffersAreNamedOnAllRanks() throws {
    let errors = try InProcessCommunicator.run(ranks: 4) { communicator in
      let rank = communicator.rank
      do {
        try communicator.requireSame([
          ("the model", "a"), ("the data", rank == 2 ? "2" : "1"), ("the seed", rank == 3 ? "3" : "1"),
        ])
        return "none"
      } catch {
        return "\(error)"
      }
    }
    let expected =
      "rank 2 differs from rank 0 in the data: start the same program with the same arguments and data on all ranks"
    XCTAssertEqual(errors, Array(repeating: expected, count: 4))
  }

  func testTheSameFactsPass() throws {
    _ = try InProcessCommunicator.run(ranks: 3) { try $0.requireSame([("a", "1"), ("b", "")]) }
    try SingleCommunicator().requireSame([("a", "1")])
  }

  func testAnotherNumberOfFactsIsADifference() {
    XCTAssertThrowsError(
      try InProcessCommunicator.run(ranks: 2) { communicator in
        try communicator.requireSame(communicator.rank == 0 ? [("a", "1")] : [("a", "1"), ("b", "2")])
      }
    ) { XCTAssertEqual($0 as? CommunicationError, .differs(rank: 1, what: "the number of things to compare")) }
  }
}
