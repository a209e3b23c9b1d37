import MicrogradDistributed
import XCTest

@testable import MicrogradCLI

/// Commands that `mpirun` starts several times, here without MPI.
final class RanksTests: CommandTestCase {
  private func launched(rank: Int, of size: Int) -> [String: String] {
    ["OMPI_COMM_WORLD_RANK": "\(rank)", "OMPI_COMM_WORLD_SIZE": "\(size)"]
  }

  #if !MPI
    func testABuildWithoutMPIRefusesToRunAsSeveralProcesses() throws {
      let file = try write("x,y\n1,2\n2,4\n3,5\n4,9\n", to: "data.csv")
      let first = try Executable.run(["train", file, "--epochs", "1"], environment: launched(rank: 0, of: 2))
      XCTAssertEqual(first.status, 1)
      XCTAssertTrue(first.errors.contains("Open MPI started 2 processes, but this micrograd was built without MPI"))
      XCTAssertTrue(first.errors.contains("--traits Commands,OpenBLAS,MPI"), first.errors)
      // Four processes say it once.
      let second = try Executable.run(["train", file, "--epochs", "1"], environment: launched(rank: 1, of: 2))
      XCTAssertEqual([second.output, second.errors], ["", ""])
      XCTAssertEqual(second.status, 1)
    }

    func testOneProcessOfALauncherRunsAsAlways() throws {
      let file = try write("x,y\n1,2\n2,4\n3,5\n4,9\n", to: "data.csv")
      let result = try Executable.run(["train", file, "--epochs", "1"], environment: launched(rank: 0, of: 1))
      XCTAssertEqual(result.status, 0, result.errors)
    }
  #endif

  func testOtherCommandsSayThatTheyRunInOneProcess() throws {
    let result = try Executable.run(["moons"], environment: launched(rank: 0, of: 4))
    XCTAssertEqual(result.status, 1)
    XCTAssertEqual(
      result.errors, "Error: micrograd moons runs in one process, but Open MPI started 4: start it without mpirun.\n")
  }

  func testRanksTrainToTheBytesOfOneAndOnlyTheFirstWrites() throws {
    let rows = (0..<700).map { "\(Double($0 % 37) / 10),\(Double($0 % 11)),\($0 % 37 > 15 ? "a" : "b")" }
    let file = try write("x,y,label\n" + rows.joined(separator: "\n") + "\n", to: "data.csv")
    var files: [[[UInt8]]] = []
    for ranks in [1, 3] {
      let places = (0..<ranks).map { path("\(ranks)-\($0)") }
      _ = try InProcessCommunicator.run(ranks: ranks) { communicator in
        let place = places[communicator.rank]
        let command = try TrainCommand.parse([
          file, "--epochs", "3", "--batch-size", "500", "--quiet", "--checkpoint", place + ".checkpoint", "--save",
          place + ".model", "--log", place + ".csv",
        ])
        try command.run(on: communicator)
      }
      files.append(try ["checkpoint", "model"].map { try bytes("\(ranks)-0.\($0)") })
      for rank in 1..<ranks {
        for ending in ["checkpoint", "model", "csv"] { XCTAssertFalse(exists("\(ranks)-\(rank).\(ending)")) }
      }
    }
    XCTAssertEqual(files[0], files[1])
  }

  func testARankWithOtherArgumentsIsNamed() throws {
    let file = try write("x,y\n1,2\n2,4\n3,5\n4,9\n", to: "data.csv")
    XCTAssertThrowsError(
      try InProcessCommunicator.run(ranks: 3) { communicator in
        let rate = communicator.rank == 1 ? "0.2" : "0.1"
        try TrainCommand.parse([file, "--learning-rate", rate, "--quiet"]).run(on: communicator)
      }
    ) { XCTAssertEqual($0 as? CommunicationError, .differs(rank: 1, what: "--learning-rate")) }
  }

  func testStandardInputIsRefusedOnSeveralRanks() throws {
    XCTAssertThrowsError(
      try InProcessCommunicator.run(ranks: 2) { try TrainCommand.parse(["-", "--quiet"]).run(on: $0) }
    ) { XCTAssertTrue("\($0)".contains("give files under mpirun"), "\($0)") }
  }
}
