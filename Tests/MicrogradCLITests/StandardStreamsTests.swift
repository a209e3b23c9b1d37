import Foundation
import MicrogradTables
import XCTest

@testable import MicrogradCLI

final class StandardStreamsTests: CommandTestCase {
  private func run(_ script: String) throws -> Executable.Result {
    try Executable.run(script: "cd \(path(""))\n" + script)
  }

  private func trainOnMoons() throws {
    let data = try writeMoons(400, to: "moons.csv")
    try train(data, "--epochs", "2", "--save", path("m"))
  }

  #if os(Linux)
    func testAFullDiskBehindStandardOutputIsAnError() throws {
      try trainOnMoons()
      for command in [
        "predict m moons.csv", "train moons.csv --epochs 2 --save n", "gpt --steps 2", "moons --steps 2 --output out",
        "moons --steps 2 --notebook --output out", "--version", "--help", "train --help",
      ] {
        let result = try run("$micrograd \(command) > /dev/full")
        XCTAssertEqual(result.status, 1, command)
        XCTAssertTrue(result.errors.contains("cannot write to standard output (No space left"), command + result.errors)
      }
      XCTAssertTrue(exists("n"), "the model is saved all the same")
    }
  #endif

  func testAClosedPipeEndsTheProgramSilently() throws {
    try trainOnMoons()
    for command in ["predict m moons.csv", "gpt --steps 3", "train moons.csv --epochs 3 --save n"] {
      let result = try run("$micrograd \(command) | true; echo ${PIPESTATUS[0]}")
      XCTAssertEqual(result.output, "\(128 + SIGPIPE)\n", command)
      XCTAssertEqual(result.errors, "", command)
    }
    XCTAssertTrue(exists("n"), "the model is saved all the same")
  }

  func testAClosedPipeIsAnErrorWhereItsSignalIsIgnored() throws {
    try trainOnMoons()
    for command in ["predict m moons.csv", "train moons.csv --epochs 3"] {
      let result = try run("trap '' PIPE; ($micrograd \(command); echo $? >&2) | true")
      XCTAssertTrue(result.errors.contains("cannot write to standard output (Broken pipe)"), result.errors)
      XCTAssertTrue(result.errors.hasSuffix("\n1\n"), result.errors)
    }
  }

  func testADashIsStandardInputAndOutput() throws {
    try trainOnMoons()
    let expected = try run("$micrograd predict m moons.csv").output
    XCTAssertEqual(expected.split(separator: "\n").count, 401)
    for script in [
      "$micrograd predict m - < moons.csv", "cat m | $micrograd predict - moons.csv",
      "gzip -c moons.csv | $micrograd predict m - --output -",
      "$micrograd train - --epochs 2 --quiet --save - < moons.csv | $micrograd predict - moons.csv",
    ] {
      let result = try run(script)
      XCTAssertEqual(result.output, expected, script + result.errors)
    }
    let table = try run("$micrograd moons --steps 1 --samples 20 --quiet --output out --csv -").output
    XCTAssertEqual(try CSVTable(text: table).count, 20)
    XCTAssertTrue(try run("printf 'ann\\nbob\\n' | $micrograd gpt - --steps 2").output.contains("names: 2"))
    XCTAssertFalse(exists("-"))
  }

  func testErrorsInStandardInputSaySo() throws {
    let said = try run("printf 'a,y\\n1,2\\nx,3\\n' | $micrograd train -").errors
    XCTAssertTrue(said.contains("standard input, line 3, column “a”"), said)
    XCTAssertTrue(try run("$micrograd train - < /dev/null").errors.contains("standard input: the text is empty"))
  }

  func testADashThatCannotBeTakenIsRefused() throws {
    for (command, word) in [
      ("train - --validation-data -", "both standard input"), ("predict - -", "both standard input"),
      ("train x.csv --checkpoint -", "--checkpoint is -"), ("train x.csv --log -", "--log is -"),
      ("train x.csv --save -", "--quiet"), ("moons --csv -", "--quiet"),
    ] {
      let result = try run("$micrograd \(command)")
      XCTAssertEqual(result.status, 64, command)
      XCTAssertTrue(result.errors.contains(word), command + result.errors)
    }
  }
}
