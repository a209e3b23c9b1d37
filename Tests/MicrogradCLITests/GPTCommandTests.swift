import ArgumentParser
import Foundation
import XCTest

@testable import MicrogradCLI

final class GPTCommandTests: CommandTestCase {
  private func micrograd(_ arguments: String...) throws -> [String] {
    let result = try Executable.run(["gpt"] + arguments)
    XCTAssertEqual(result.status, 0, result.errors)
    return result.output.split(separator: "\n").map(String.init)
  }

  private func error(_ arguments: String...) -> String {
    message { try GPTCommand.parse(arguments + ["--quiet"]).run() }
  }

  /// Losses as PyTorch has them, by Tests/Fixtures/make_gpt.py.
  func testWithoutAFileItLearnsTheRivers() throws {
    for mode in ["scalar", "fused", "compiled"] {
      let lines = try micrograd("--mode", mode, "--steps", "1000", "--every", "999")
      XCTAssertEqual(lines[..<3], ["names: 400", "tokens: 26", "parameters: 4160"])
      XCTAssertEqual(
        lines[3..<6],
        ["step    1 / 1000 | loss 3.2423", "step  999 / 1000 | loss 2.1874", "step 1000 / 1000 | loss 2.7784"], mode)
      XCTAssertTrue(lines[6].hasPrefix("time: ") && lines[6].hasSuffix(" µs per name"), lines[6])
      XCTAssertEqual(lines[7...9], ["generated names:", "sample  1: welay", "sample  2: jayis"])
      XCTAssertEqual(lines.count, 28)
    }
  }

  func testEveryStepPrintsItsLoss() throws {
    let path = try write("\u{FEFF}ada\nbo\n\n  eve \n", to: "names.txt")
    let lines = try micrograd(path, "--steps", "5", "--batch-size", "2", "--samples", "0")
    XCTAssertEqual(lines[0...1], ["names: 3", "tokens: 7"])
    XCTAssertEqual(lines.count { $0.hasPrefix("step    ") && $0.contains(" / 5 | loss ") }, 5)
    XCTAssertEqual(lines.count, 9)
  }

  func testQuietPrintsTheSamplesOnly() throws {
    let path = try write("a\n", to: "names.txt")
    XCTAssertEqual(try micrograd(path, "--steps", "60", "--samples", "2", "--quiet"), ["a", "a"])
  }

  func testALineLongerThanTheBlockIsCut() throws {
    let path = try write(String(repeating: "long ", count: 40) + "\n", to: "names.txt")
    XCTAssertEqual(try micrograd(path, "--steps", "2", "--samples", "1", "--quiet").count, 1)
  }

  func testFilesThatCannotBeReadAreNamed() throws {
    let nowhere = path("nowhere.txt")
    XCTAssertEqual(
      error(nowhere),
      "cannot read \(nowhere) (No such file or directory): give the path of a text file with one name per line.")
    let empty = try write(" \n\n", to: "empty.txt")
    XCTAssertEqual(error(empty), "\(empty) has no names: give a text file with one name per line.")
    let binary = path("binary.txt")
    try Data([0x61, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: binary))
    XCTAssertEqual(error(binary), "\(binary) is not UTF-8 text: give a text file with one name per line.")
  }

  func testDivergenceIsReported() throws {
    let path = try write("ada\nbo\n", to: "names.txt")
    XCTAssertTrue(
      error(path, "--learning-rate", "1e200", "--steps", "20").hasPrefix("the loss is not finite at step "))
    XCTAssertEqual(
      error(path, "--temperature", "1e-320", "--steps", "2"),
      "the logits of the next character are not finite: try a --learning-rate below 0.01 or a --temperature above "
        + "1e-320.")
  }

  func testOptionsOutOfRangeSayWhatTheyCanBe() {
    for (arguments, expected) in [
      (["--steps", "0"], "--steps is 0: give at least 1."),
      (["--batch-size", "0"], "--batch-size is 0: give 1 to 1000000."),
      (["--samples=-1"], "--samples is -1: give 0 or more."),
      (["--every", "0"], "--every is 0: give at least 1."),
      (["--temperature", "0"], "--temperature is 0.0: give a number above 0."),
      (["--learning-rate", "nan"], "--learning-rate is nan: give a number above 0."),
    ] {
      XCTAssertTrue(refuse(arguments).contains(expected), "\(refuse(arguments)) for \(arguments)")
    }
    XCTAssertTrue(refuse(["--mode", "magic"]).contains("scalar"), refuse(["--mode", "magic"]))
  }

  private func refuse(_ arguments: [String]) -> String {
    do {
      _ = try GPTCommand.parse(arguments)
      return "none"
    } catch {
      return GPTCommand.message(for: error)
    }
  }
}
