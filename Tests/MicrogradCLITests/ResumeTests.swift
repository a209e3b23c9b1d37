import Foundation
import MicrogradNN
import XCTest

@testable import MicrogradCLI

final class ResumeTests: CommandTestCase {
  private let flags = ["--hidden", "8", "--dropout", "0.2", "--batch-size", "7", "--patience", "500"]

  func testAResumedRunSavesTheBytesOfTheUninterruptedOne() throws {
    let data = try writeMoons(to: "moons.csv")
    for optimizer in ["sgd", "adamw"] {
      let run = [data, "--optimizer", optimizer] + flags
      try train(run + ["--epochs", "7", "--save", path("whole"), "--log", path("whole.csv")])
      let half = run + ["--checkpoint", path("run"), "--log", path("half.csv")]
      try train(half + ["--epochs", "3"])
      try train(half + ["--epochs", "7", "--resume", "--save", path("resumed")])
      XCTAssertEqual(try bytes("resumed"), try bytes("whole"), optimizer)
      XCTAssertEqual(try withoutSpeeds("half.csv"), try withoutSpeeds("whole.csv"))
    }
  }

  private func withoutSpeeds(_ log: String) throws -> [Substring] {
    try text(log).split(separator: "\n").map { $0[..<$0.lastIndex(of: ",")!] }
  }

  /// Starts a new run of very many epochs and waits until it has logged so many lines.
  private func begin(_ run: [String], lines: Int, errors: Any = FileHandle.nullDevice) throws -> Process {
    let child = Executable.make(["train"] + run + ["--epochs", "1000000", "--quiet", "--log", path("run.csv")])
    child.standardError = errors
    func logged() -> Int { (try? text("run.csv").split(separator: "\n").count) ?? 0 }
    try? FileManager.default.removeItem(atPath: path("run.csv"))
    try child.run()
    let deadline = Date() + 60
    while logged() < lines, Date() < deadline { usleep(2000) }
    return child
  }

  func testSignalsLeaveACheckpointFromWhichTheRunGoesOn() throws {
    let data = try writeMoons(to: "moons.csv")
    let run = [data, "--checkpoint", path("run")] + flags
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let errors = Pipe()
      let child = try begin(run + ["--save", path("cut")], lines: 4, errors: errors)
      kill(child.processIdentifier, number)
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      child.waitUntilExit()
      XCTAssertEqual(child.terminationReason, .exit)
      XCTAssertEqual(child.terminationStatus, 128 + number)
      XCTAssertTrue(said.contains("--resume"), said)

      let checkpoint = try Checkpoint(contentsOf: URL(fileURLWithPath: path("run")))
      XCTAssertGreaterThanOrEqual(checkpoint.epoch, 3)
      let saved = try TrainedModel(path: path("cut"))
      XCTAssertEqual(saved.network.namedParameters.map(\.data), checkpoint.parameters.map(\.data))
      let epochs = ["--epochs", "\(checkpoint.epoch + 2)"]
      try train(run + epochs + ["--resume", "--save", path("resumed")])
      try train([data] + flags + epochs + ["--save", path("whole")])
      XCTAssertEqual(try bytes("resumed"), try bytes("whole"))
    }
  }

  /// A thousand epochs, of which a hundred and more are saved, so that every kill loses some.
  func testARunThatIsKilledADozenTimesEndsWithTheBytesOfTheUninterruptedOne() throws {
    let data = try writeMoons(to: "moons.csv")
    let seed = UInt32.random(in: 0 ... .max)
    var random = MersenneTwister(seed: seed)
    let run = [data] + flags + ["--epochs", "1000"]
    let saving = run + ["--checkpoint", path("run"), "--log", path("run.csv"), "--quiet", "--save", path("killed")]
    var kills = 0
    var hasCheckpoint: Bool { exists("run") }
    for _ in 0..<12 {
      let child = Executable.make(["train"] + saving + (hasCheckpoint ? ["--resume"] : []))
      child.standardError = FileHandle.nullDevice
      let epoch = hasCheckpoint ? try Checkpoint(contentsOf: URL(fileURLWithPath: path("run"))).epoch : 0
      try child.run()
      // Until it has saved something, and a moment longer.
      let deadline = Date() + 60
      while child.isRunning, Date() < deadline {
        if hasCheckpoint, try Checkpoint(contentsOf: URL(fileURLWithPath: path("run"))).epoch > epoch { break }
        usleep(500)
      }
      usleep(.random(in: 0...5000, using: &random))
      if child.isRunning { kills += 1 }
      kill(child.processIdentifier, SIGKILL)
      child.waitUntilExit()
    }
    XCTAssertGreaterThan(kills, 5, "most kills hit a run, seed \(seed)")
    try train(saving.dropLast(3) + ["--resume", "--save", path("killed")])
    try train(run + ["--log", path("whole.csv"), "--save", path("whole")])
    XCTAssertEqual(try bytes("killed"), try bytes("whole"), "seed \(seed)")
    XCTAssertEqual(try withoutSpeeds("run.csv"), try withoutSpeeds("whole.csv"), "seed \(seed)")
    let left = try FileManager.default.contentsOfDirectory(atPath: path("")).filter { $0.hasSuffix(".tmp") }
    XCTAssertEqual(left, [], "temporary files of killed runs, seed \(seed)")
  }

  func testACheckpointOfAnotherConfigurationIsRefused() throws {
    let data = try writeMoons(to: "moons.csv"), other = try writeMoons(seed: 4, to: "other.csv")
    let run = ["--epochs", "2", "--hidden", "4", "--checkpoint", path("run")]
    try train([data] + run)
    let before = try bytes("run")
    for (data, flags, words) in [
      (data, ["--learning-rate", "0.5"], ["--learning-rate \"0.01\"", "here it is \"0.5\""]),
      (data, ["--optimizer", "sgd"], ["--optimizer \"adam\""]),
      (data, ["--hidden", "5"], ["--hidden \"4\""]),
      (data, ["--activation", "tanh"], ["--activation"]),
      (data, ["--batch-size", "all"], ["--batch-size"]),
      (data, ["--schedule", "cosine"], ["--schedule"]),
      (data, ["--patience", "3"], ["--patience"]),
      (data, ["--loss", "hinge"], ["--loss"]),
      (data, ["--inputs", "x"], ["--inputs \"x,y\""]),
      (data, ["--seed", "2"], ["--seed \"1\""]),
      (data, ["--validation", "0.5"], ["other training or validation rows"]),
      (other, [], ["other training or validation rows"]),
    ] {
      let text = message { try train([data] + run + flags + ["--resume"]) }
      for word in words { XCTAssertTrue(text.contains(word), "\(word): \(text)") }
    }
    XCTAssertEqual(try bytes("run"), before)
  }

  func testTheNumberOfEpochsMattersToASchedule() throws {
    let data = try writeMoons(to: "moons.csv")
    let run = [data, "--schedule", "cosine", "--checkpoint", path("run")]
    try train(run + ["--epochs", "2"])
    let text = message { try train(run + ["--epochs", "3", "--resume"]) }
    XCTAssertTrue(text.contains("--epochs \"2\""), text)
    try train(run + ["--epochs", "2", "--resume"])
  }

  func testModelFilesAreNotAcceptedAsCheckpoints() throws {
    let data = try writeMoons(to: "moons.csv")
    try train(data, "--epochs", "1", "--save", path("model"))
    var random = PythonRandom(seed: 1)
    try Checkpoint(Linear(2, 1, using: &random)).write(to: URL(fileURLWithPath: path("foreign")))
    for name in ["nowhere", "model", "foreign"] {
      let text = message { try train(data, "--checkpoint", path(name), "--resume") }
      XCTAssertTrue(text.contains(path(name)), text)
    }
  }
}
