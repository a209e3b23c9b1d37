import Foundation
import XCTest

/// The executable as a person calls it.
final class MoonsCommandTests: XCTestCase {
  private struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("micrograd-\(ProcessInfo.processInfo.globallyUniqueString)")

  override func tearDown() { try? FileManager.default.removeItem(at: folder) }

  private func micrograd(_ arguments: String...) throws -> Result {
    let process = Process()
    process.executableURL = builtProducts().appendingPathComponent("micrograd")
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errorText = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Result(status: process.terminationStatus, output: text, errors: errorText)
  }

  /// Where the package manager put the executable: beside the tests.
  private func builtProducts() -> URL {
    #if os(macOS)
      return Bundle(for: Self.self).bundleURL.deletingLastPathComponent()
    #else
      return URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    #endif
  }

  func testNotebookLinesAreTheNotebooks() throws {
    let result = try micrograd("moons", "--notebook", "--quiet", "--output", folder.path)
    let lines = result.output.split(separator: "\n")
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertEqual(lines.count, 100)
    // As printed by micrograd's demo.ipynb; further digits of later steps depend on the order of summation.
    XCTAssertEqual(lines.first, "step 0 loss 0.8958441028683222, accuracy 50.0%")
    XCTAssertTrue(lines.last?.hasPrefix("step 99 loss 0.01097837013549") == true, "\(lines.last ?? "")")
    XCTAssertTrue(lines.last?.hasSuffix(", accuracy 100.0%") == true, "\(lines.last ?? "")")
  }

  func testPicturesAreWritten() throws {
    let result = try micrograd("moons", "--steps", "3", "--output", folder.path)
    XCTAssertEqual(result.status, 0, result.errors)
    for name in ["boundary.svg", "loss.svg", "neuron.dot"] {
      let file = folder.appendingPathComponent(name)
      XCTAssertTrue(result.output.contains(file.path), "\(name) is not named in \(result.output)")
      XCTAssertGreaterThan(try Data(contentsOf: file).count, 200)
    }
  }

  func testQuietSaysNothing() throws {
    let result = try micrograd("moons", "--steps", "2", "--quiet", "--output", folder.path)
    XCTAssertEqual(result.output, "")
    XCTAssertEqual(result.status, 0)
  }

  func testEveryEvaluationTrains() throws {
    for evaluation in ["scalar", "fused", "blas", "automatic"] {
      let result = try micrograd("moons", "--steps", "2", "--evaluation", evaluation, "--output", folder.path)
      XCTAssertTrue(result.output.contains("step 1  loss 1.723591"), result.output + result.errors)
    }
  }

  func testBadOptionsExitWith64AndNameTheOption() throws {
    for (option, value) in [
      ("--steps", "0"), ("--samples", "1"), ("--noise", "-1"), ("--hidden", "16,x"), ("--hidden", ""),
      ("--learning-rate", "nan"), ("--evaluation", "magic"), ("--seed", "-1"), ("--colour", "red"),
    ] {
      let result = try micrograd("moons", option, value)
      XCTAssertEqual(result.status, 64, "\(option) \(value)")
      XCTAssertTrue(result.errors.contains(option), result.errors)
    }
  }

  func testDivergenceIsSaidWithARemedy() throws {
    let result = try micrograd("moons", "--learning-rate", "1e200", "--quiet", "--output", folder.path)
    XCTAssertEqual(result.status, 1)
    XCTAssertTrue(result.errors.contains("--learning-rate"), result.errors)
  }

  func testAFolderThatCannotBeMadeIsNamed() throws {
    let result = try micrograd("moons", "--output", "/dev/null/pictures")
    XCTAssertEqual(result.status, 1)
    XCTAssertTrue(result.errors.contains("/dev/null/pictures"), result.errors)
  }
}
