import Foundation
import XCTest

@testable import MicrogradCLI

#if os(Linux)
  final class TerminalTests: CommandTestCase {
    /// Runs the executable on a terminal; returns the lines that were drawn one over the other.
    ///
    /// - Parameters:
    ///   - columns: The widths that the terminal takes, one after each further line of progress.
    private func drawn(_ arguments: [String], columns: [Int]) throws -> [String] {
      try written(arguments, columns: columns).components(separatedBy: "\r\u{1B}[K").dropFirst().map {
        $0.components(separatedBy: "\r\n")[0]
      }
    }

    /// Returns all that the executable writes to the terminal.
    private func written(_ arguments: [String], columns: [Int] = [80], environment: [String: String] = [:]) throws
      -> String
    {
      let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      guard terminal >= 0 else { throw XCTSkip("there are no terminals here") }
      defer { close(terminal) }
      // TIOCSPTLCK and TIOCGPTN of Linux, which Swift does not import.
      var (lock, number) = (Int32(0), Int32(0))
      XCTAssertEqual(ioctl(terminal, 0x4004_5431, &lock), 0)
      XCTAssertEqual(ioctl(terminal, 0x8004_5430, &number), 0)
      let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
      XCTAssertGreaterThanOrEqual(slave, 0)
      func resize(_ columns: Int) {
        var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        XCTAssertEqual(ioctl(slave, UInt(TIOCSWINSZ), &size), 0)
      }
      resize(columns[0])
      let child = Executable.make(arguments, environment: ["TERM": "xterm"].merging(environment) { $1 })
      child.standardOutput = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
      child.standardError = child.standardOutput
      try child.run()

      var (bytes, widths) = ([UInt8](), columns.dropFirst())
      var buffer = [UInt8](repeating: 0, count: 4096)
      XCTAssertEqual(fcntl(terminal, F_SETFL, O_NONBLOCK), 0)
      while true {
        let isOver = !child.isRunning
        let count = read(terminal, &buffer, buffer.count)
        if count > 0 {
          bytes += buffer[..<count]
          if let next = widths.popFirst() { resize(next) }
        } else if isOver {
          break
        } else {
          usleep(2000)
        }
      }
      close(slave)
      return String(decoding: bytes, as: UTF8.self)
    }

    func testTheBarNeverWraps() throws {
      let data = try writeMoons(to: "moons.csv")
      for columns in [40, 80, 100] {
        for command in [
          ["train", data, "--epochs", "300"], ["moons", "--steps", "20", "--output", path("out")],
          ["gpt", "--steps", "300", "--samples", "0"],
        ] {
          let lines = try drawn(command, columns: [columns])
          XCTAssertGreaterThan(lines.count, 1, "\(command)")
          for line in lines {
            XCTAssertLessThan(line.count, columns, line)
            XCTAssertTrue(line.contains("loss"), line)
          }
        }
      }
    }

    func testTheBarFollowsTheTerminal() throws {
      let data = try writeMoons(400, to: "moons.csv")
      #if DEBUG
        let epochs = "300"
      #else
        let epochs = "4000"  // so that the run outlasts a reader who has to wait for the processor
      #endif
      let lines = try drawn(
        ["train", data, "--epochs", epochs, "--hidden", "32,32"], columns: [100, 100, 40, 40])
      XCTAssertGreaterThan(try XCTUnwrap(lines.first).count, 40)
      XCTAssertLessThan(try XCTUnwrap(lines.last).count, 40)
    }

    func testGPTOverwritesOneLineUnlessLinesAreAskedFor() throws {
      let command = ["gpt", "--steps", "300", "--samples", "2"]
      let bar = try written(command)
      XCTAssertEqual(bar.components(separatedBy: "\r\n").count, 9, bar)
      XCTAssertTrue(bar.contains("░ 1/300  loss 3."), bar)
      XCTAssertTrue(bar.contains("█ 300/300  loss "), bar)
      let lines = try written(command + ["--every", "100"])
      XCTAssertFalse(lines.contains("\u{1B}"), lines)
      XCTAssertEqual(lines.components(separatedBy: " | loss ").count, 5, lines)
    }

    func testATerminalThatCannotOverwriteGetsLines() throws {
      let data = try writeMoons(to: "moons.csv")
      for command in [
        ["train", data, "--epochs", "20"], ["moons", "--steps", "20", "--output", path("out")],
        ["gpt", "--steps", "3"],
      ] {
        let text = try written(command, environment: ["TERM": "dumb"])
        XCTAssertFalse(text.contains("\u{1B}"), text)
        XCTAssertTrue(text.contains("loss"), text)
      }
    }

    /// See no-color.org.
    func testOutputHasNoColours() throws {
      let data = try writeMoons(to: "moons.csv")
      for command in [
        ["train", data, "--epochs", "20"], ["gpt", "--steps", "3"], ["trane"], ["--help"], ["train", "nowhere.csv"],
      ] {
        let escapes = try written(command, environment: ["NO_COLOR": "1"]).components(separatedBy: "\u{1B}").dropFirst()
        XCTAssertTrue(escapes.allSatisfy { $0.hasPrefix("[K") }, "\(command)")
      }
    }
  }
#endif
