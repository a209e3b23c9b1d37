import Foundation
import MicrogradVisual
import XCTest

final class GraphvizTests: XCTestCase {
  private var folder = URL(fileURLWithPath: "/")

  override func setUpWithError() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "GraphvizTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(at: folder)
  }

  /// A program named `dot` that does what a shell script says.
  private func graphviz(script: String) throws -> Graphviz {
    let program = folder.appendingPathComponent("dot")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    return Graphviz(searchPath: "/nowhere:\(folder.path)")
  }

  private func error(_ graphviz: Graphviz, dot: String = "digraph {}") -> GraphvizError? {
    do throws(GraphvizError) {
      _ = try graphviz.renderSVG(dot: dot)
      return nil
    } catch {
      return error
    }
  }

  func testWithoutGraphvizTheErrorSaysHowToInstallIt() {
    let graphviz = Graphviz(searchPath: folder.path)
    XCTAssertFalse(graphviz.isInstalled)
    XCTAssertEqual(error(graphviz), .notInstalled)
    XCTAssertTrue("\(GraphvizError.notInstalled)".contains("apt-get install graphviz"))
    XCTAssertTrue(GraphvizError.notInstalled.localizedDescription.contains("brew install graphviz"))
  }

  func testAFolderNamedDotIsNotAProgram() throws {
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("dot"), withIntermediateDirectories: false)
    XCTAssertFalse(Graphviz(searchPath: folder.path).isInstalled)
  }

  func testTheProgramReadsDOTFromItsInput() throws {
    XCTAssertEqual(try graphviz(script: "cat").renderSVG(dot: "digraph { é }"), "digraph { é }")
    XCTAssertEqual(try graphviz(script: "echo $@").renderSVG(dot: ""), "-Tsvg\n")
  }

  func testAFailureCarriesStatusAndMessage() throws {
    let failing = try graphviz(script: "echo 'syntax error in line 1' >&2; exit 3")
    XCTAssertEqual(error(failing), .failed(status: 3, message: "syntax error in line 1"))
  }

  func testNoOutputIsAFailure() throws {
    XCTAssertEqual(error(try graphviz(script: "exit 0")), .failed(status: 0, message: ""))
  }

  func testAProgramThatCannotBeStartedIsReported() throws {
    let program = folder.appendingPathComponent("dot")
    try Data("#!/nowhere/at/all\n".utf8).write(to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    guard case .notStarted = error(Graphviz(searchPath: folder.path)) else { return XCTFail("no error") }
  }

  // Larger than any pipe's buffer, in each direction and on both outputs.
  func testLargeGraphsDoNotBlock() throws {
    let large = String(repeating: "0123456789abcdef", count: 1 << 18)
    XCTAssertEqual(try graphviz(script: "cat").renderSVG(dot: large).utf8.count, large.utf8.count)
    let loud = try graphviz(script: "head -c 4000000 /dev/zero >&2; cat")
    XCTAssertEqual(try loud.renderSVG(dot: large).utf8.count, large.utf8.count)
  }

  func testAProgramThatDoesNotReadItsInputDoesNotEndThisOne() throws {
    let large = String(repeating: "0123456789abcdef", count: 1 << 18)
    XCTAssertEqual(error(try graphviz(script: "exit 7"), dot: large), .failed(status: 7, message: ""))
  }

  func testTheInstalledGraphvizRefusesWhatIsNotDOT() throws {
    try XCTSkipUnless(Graphviz().isInstalled, "Graphviz is not installed; no `dot` on the PATH")
    guard case .failed(let status, let message) = error(Graphviz(), dot: "digraph {") else {
      return XCTFail("no error")
    }
    XCTAssertNotEqual(status, 0)
    XCTAssertTrue(message.contains("syntax error"), message)
  }
}
