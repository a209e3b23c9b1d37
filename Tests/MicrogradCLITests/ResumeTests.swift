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

  func testCtrlCLeavesACheckpointFromWhichTheRunGoesOn() throws {
    let data = try writeMoons(to: "moons.csv")
    let run = [data, "--checkpoint", path("run")] + flags
    let child = Executable.make(
      ["train"] + run + ["--epochs", "1000000", "--quiet", "--log", path("run.csv"), "--save", path("cut")])
    let errors = Pipe()
    child.standardError = errors
    try child.run()
    let deadline = Date() + 60
    while (try? text("run.csv").split(separator: "\n").count) ?? 0 < 4, Date() < deadline { usleep(2000) }
    child.interrupt()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    child.waitUntilExit()
    XCTAssertEqual(child.terminationReason, .exit)
    XCTAssertEqual(child.terminationStatus, 130)
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

  func testACheckpointOfAnotherConfigurationIsRefused() throws {
    let data = try writeMoons(to: "moons.csv"), other = try writeMoons(seed: 4, to: "other.csv")
    let run = ["--epochs", "2", "--hidden", "4", "--checkpoint", path("run")]
    try train([data] + run)
    let before = try bytes("run")
    for (data, flags, words) in [
      (data, ["--learning-rate", "0.5"], ["--learning-rate \"0.01\"", "\"0.5\" here"]),
      (data, ["--optimizer", "sgd"], ["--optimizer \"adam\""]),
      (data, ["--hidden", "5"], ["--hidden \"4\""]),
      (data, ["--activation", "tanh"], ["--activation"]),
      (data, ["--batch-size", "all"], ["--batch-size"]),
      (data, ["--schedule", "cosine"], ["--schedule"]),
      (data, ["--patience", "3"], ["--patience"]),
      (data, ["--loss", "hinge"], ["--loss"]),
      (data, ["--inputs", "x"], ["--inputs \"x,y\""]),
      (data, ["--seed", "2"], ["--seed \"1\""]),
      (data, ["--validation", "0.5"], ["other rows"]),
      (other, [], ["other rows"]),
    ] {
      let text = message { try train([data] + run + flags + ["--resume"]) }
      for word in words { XCTAssertTrue(text.contains(word), "\(word): \(text)") }
    }
    XCTAssertEqual(try bytes("run"), before)
  }

  func testHowManyEpochsThereAreMattersToASchedule() throws {
    let data = try writeMoons(to: "moons.csv")
    let run = [data, "--schedule", "cosine", "--checkpoint", path("run")]
    try train(run + ["--epochs", "2"])
    let text = message { try train(run + ["--epochs", "3", "--resume"]) }
    XCTAssertTrue(text.contains("--epochs \"2\""), text)
    try train(run + ["--epochs", "2", "--resume"])
  }

  func testWhatIsNoCheckpointOfARunIsRefused() throws {
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
