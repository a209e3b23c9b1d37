import Foundation
import TestSupport
import XCTest

@testable import MicrogradCLI

#if os(Linux)
  final class LittleMemoryTests: CommandTestCase {
    override func setUpWithError() throws {
      try super.setUpWithError()
      if hasShadowMemory { throw XCTSkip("a sanitizer needs more memory than the limits here") }
    }

    func testEveryCommandEndsWithLittleMemory() throws {
      let data = try writeMoons(400, to: "moons.csv")
      try train(data, "--epochs", "1", "--save", path("m"))
      for command in [
        "train moons.csv --epochs 2 --quiet", "predict m moons.csv", "moons --steps 2 --quiet --output out",
        "gpt --steps 2 --quiet", "train moons.csv --epochs 1 --quiet --hidden 4096,4096,4096",
      ] {
        let result = try Executable.run(
          script: "cd \(path("")); ulimit -v 200000; timeout 60 $micrograd \(command) > /dev/null",
          environment: ["SWIFT_BACKTRACE": "enable=no"])
        XCTAssertNotEqual(result.status, 124, "it ends: \(command)")
        if result.status != 0 { XCTAssertTrue(result.errors.contains("memory"), command + result.errors) }
      }
    }

    func testATableThatDoesNotFitIsAnErrorThatSaysSo() throws {
      var row = "1"
      for _ in 0..<999 { row += ",1" }
      let bytes = Data((row + "\n").utf8)
      try Data().write(to: URL(fileURLWithPath: path("large.csv")))
      let file = try XCTUnwrap(FileHandle(forWritingAtPath: path("large.csv")))
      for _ in 0..<20_000 { try file.write(contentsOf: bytes) }
      try file.close()
      let result = try Executable.run(
        script: "cd \(path("")); ulimit -v 250000; $micrograd train large.csv --epochs 1",
        environment: ["SWIFT_BACKTRACE": "enable=no"])
      XCTAssertEqual(result.status, 1, result.errors)
      XCTAssertTrue(result.errors.contains("large.csv: 160"), result.errors)
      XCTAssertTrue(result.errors.contains("bytes of memory are needed"), result.errors)
    }
  }
#endif
