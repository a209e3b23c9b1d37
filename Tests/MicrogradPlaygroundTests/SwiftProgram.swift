import Foundation
import TestSupport
import XCTest

/// A program that imports the libraries of this package, compiled with them as they were built for the tests.
struct SwiftProgram {
  let source: String

  /// Compiles the program with warnings as errors, runs it, and returns its standard output.
  func output(of test: AnyClass) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("program-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("main.swift"), program = folder.appendingPathComponent("program")
    try Data(source.utf8).write(to: file)
    let products = builtProducts(of: test)
    let checkouts = products.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("checkouts")
    let numerics = checkouts.appendingPathComponent("swift-numerics/Sources/_NumericsShims/include")
    let engine = packageFolder.appendingPathComponent("CSupport/CMicrograd/include")

    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    var arguments = ["swiftc", "-swift-version", "6", "-Onone", "-warnings-as-errors"]
    arguments += ["-I", products.appendingPathComponent("Modules").path]
    for flag in [
      "-fmodule-map-file=\(numerics.path)/module.modulemap", "-I\(numerics.path)",
      "-fmodule-map-file=\(products.path)/CMicrograd.build/module.modulemap", "-I\(engine.path)",
    ] { arguments += ["-Xcc", flag] }
    arguments += [file.path, "-o", program.path]
    for target in ["CMicrograd", "Micrograd", "MicrogradNN", "MicrogradFormulas", "RealModule", "_NumericsShims"] {
      arguments += try objects(in: products.appendingPathComponent("\(target).build"))
    }
    process.arguments = arguments + ["-lm", "-ldl"]
    let compiler = try FinishedProcess(running: process)
    XCTAssertEqual(compiler.status, 0, "\(compiler.errors)\n\(source)")
    let finished = try FinishedProcess(running: program)
    XCTAssertEqual(finished.status, 0, finished.errors)
    return finished.output
  }

  private func objects(in folder: URL) throws -> [String] {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (files?.allObjects ?? []).compactMap { ($0 as? URL)?.path }.filter { $0.hasSuffix(".o") }.sorted()
  }
}
