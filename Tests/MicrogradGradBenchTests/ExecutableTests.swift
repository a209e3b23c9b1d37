import Foundation
import XCTest

/// `micrograd-gradbench` as an eval starts it.
final class ExecutableTests: XCTestCase {
  private final class ThisBundle {}

  /// Where the package manager put the executable: beside the tests.
  private var executable: URL {
    #if os(macOS)
      let folder = Bundle(for: ThisBundle.self).bundleURL.deletingLastPathComponent()
    #else
      let folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    #endif
    return folder.appendingPathComponent("micrograd-gradbench")
  }

  private struct Tool {
    let process = Process()
    let input = Pipe(), output = Pipe(), errors = Pipe()

    init(_ executable: URL) throws {
      process.executableURL = executable
      (process.standardInput, process.standardOutput, process.standardError) = (input, output, errors)
      try process.run()
    }

    /// One response, while the tool waits for the next message.
    func ask(_ message: Data) throws -> [String: Any] {
      input.fileHandleForWriting.write(message + Data([10]))
      var line = Data()
      while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data([10]) { line += byte }
      return try object(line)
    }
  }

  func testAConversationLineByLine() throws {
    let tool = try Tool(executable)
    for name in Recording.names {
      for (message, expected) in try Recording(name).exchanges {
        let response = try tool.ask(message)
        XCTAssertEqual(response["id"] as? Int, expected["id"] as? Int)
        XCTAssertEqual(numbers(response["output"]).count, numbers(expected["output"]).count)
      }
    }
    try tool.input.fileHandleForWriting.close()
    tool.process.waitUntilExit()
    XCTAssertEqual(tool.process.terminationStatus, 0)
  }

  func testInvalidLinesAreReportedAndSkipped() throws {
    let tool = try Tool(executable)
    tool.input.fileHandleForWriting.write(Data("what?\n\n".utf8))
    XCTAssertEqual(try tool.ask(Data(#"{"id": 1, "kind": "analysis"}"#.utf8))["id"] as? Int, 1)
    try tool.input.fileHandleForWriting.close()
    let errors = String(decoding: tool.errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    XCTAssertEqual(errors, "micrograd-gradbench: this line is not JSON: what?\n")
    tool.process.waitUntilExit()
    XCTAssertEqual(tool.process.terminationStatus, 0)
  }

  func testTheLastLineNeedsNoEnd() throws {
    let tool = try Tool(executable)
    tool.input.fileHandleForWriting.write(Data(#"{"id": 2, "kind": "start"}"#.utf8))
    try tool.input.fileHandleForWriting.close()
    let output = tool.output.fileHandleForReading.readDataToEndOfFile()
    XCTAssertEqual(try object(output)["tool"] as? String, "micrograd-swift")
    XCTAssertEqual(output.last, 10)
  }
}
