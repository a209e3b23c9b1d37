import ArgumentParser
import Foundation
import MicrogradNN
import MicrogradTables
import XCTest

@testable import MicrogradCLI

/// Commands within this process, on small tables in a folder of their own.
class CommandTestCase: XCTestCase {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("micrograd-\(UUID().uuidString)")

  override func setUpWithError() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }
  override func tearDown() { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
  func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
  func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path(name)))) }
  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  func train(_ arguments: String...) throws { try train(arguments) }
  func train(_ arguments: [String]) throws { try TrainCommand.parse(arguments + ["--quiet"]).run() }

  /// Returns what the command writes.
  func predict(_ arguments: String...) throws -> String {
    try PredictCommand.parse(arguments + ["--output", path("predicted")]).run()
    return try text("predicted")
  }

  func model(_ name: String) throws -> SafeTensors { try SafeTensors(contentsOf: URL(fileURLWithPath: path(name))) }

  /// The one-line error of the command.
  func message<Result>(of body: () throws -> Result, file: StaticString = #filePath, line: UInt = #line) -> String {
    do {
      _ = try body()
      XCTFail("no error", file: file, line: line)
      return ""
    } catch {
      XCTAssertEqual(TrainCommand.exitCode(for: error).rawValue, 1, "\(error)", file: file, line: line)
      let text = TrainCommand.message(for: error)
      XCTAssertFalse(text.contains("\n"), text, file: file, line: line)
      return text
    }
  }

  // MARK: - Tables

  /// Two moons in units far from 1, their classes called as given.
  func writeMoons(_ count: Int = 60, names: [String] = ["inner", "outer"], seed: UInt32 = 3, to name: String) throws
    -> String
  {
    var random = NumPyRandom(seed: seed)
    let moons = makeMoons(count: count, noise: 0.1, using: &random)
    let rows = zip(moons.inputs, moons.labels).map { CSVText.line(["\($0[0] * 40)", "\(900 + $0[1])", names[$1]]) }
    return try write(CSVText.line(["x", "y", "moon"]) + rows.joined(), to: name)
  }

  /// Three clouds of points, one class each.
  func writeClouds(_ count: Int = 90, to name: String) throws -> String {
    var random = NumPyRandom(seed: 8)
    let blobs = makeBlobs(count: count, centers: 3, clusterStandardDeviation: 0.6, using: &random)
    let rows = zip(blobs.inputs, blobs.labels).map {
      CSVText.line(["\($0[0])", "\($0[1])", ["red", "green", "blue"][$1]])
    }
    return try write("u,v,colour\n" + rows.joined(), to: name)
  }

  /// price = 1000 + 50 · rooms - 3 · age.
  func writeHouses(_ count: Int = 50, to name: String) throws -> String {
    var random = PythonRandom(seed: 6)
    let rows = (0..<count).map { _ in
      let (rooms, age) = (random.uniform(1, 9), random.uniform(0, 90))
      return "\(rooms),\(age),\(1000 + 50 * rooms - 3 * age)\n"
    }
    return try write("rooms,age,price\n" + rows.joined(), to: name)
  }
}
