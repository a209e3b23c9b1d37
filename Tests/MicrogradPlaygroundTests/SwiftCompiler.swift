import Foundation
import TestSupport
import XCTest

/// The Swift compiler: compiles programs that import the library, as it was built for the tests, and runs them.
enum SwiftCompiler {
  /// Compiles a `main.swift`, and returns what it prints.
  ///
  /// Skips the test under sanitizers.
  ///
  /// - Parameter modules: The modules that it imports, besides Micrograd.
  static func output(of program: String, linking modules: [String] = []) throws -> String {
    try XCTSkipIf(hasShadowMemory, "the program would have to be linked with the sanitizer")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("program-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, executable) = (folder.appendingPathComponent("main.swift"), folder.appendingPathComponent("main"))
    try Data(program.utf8).write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["swiftc", "-swift-version", "6", "-o", executable.path, file.path] + flags + objects(modules)
    let compiled = try FinishedProcess(running: process)
    XCTAssertEqual(compiled.status, 0, "\(compiled.errors)\n\(program)")
    let finished = try FinishedProcess(running: executable)
    XCTAssertEqual(finished.status, 0, finished.errors)
    return finished.output
  }

  /// Compiles programs together, which takes less time, and returns the lines that each of them prints.
  static func printed(by programs: [String]) throws -> [[String]] {
    let start = "import Micrograd\n", end = "(end of a program)"
    var whole = start
    for (k, program) in programs.enumerated() {
      XCTAssertTrue(program.hasPrefix(start))
      whole += "func program\(k)() {\(program.dropFirst(start.count))print(\"\(end)\")\n}\nprogram\(k)()\n"
    }
    return try output(of: whole).components(separatedBy: "\(end)\n").dropLast().map {
      $0.split(separator: "\n").map(String.init)
    }
  }

  private static let products = builtProducts(of: PlaygroundSessionTests.self)

  private static var flags: [String] {
    let checkouts = products.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("checkouts")
    let numerics = checkouts.appendingPathComponent("swift-numerics/Sources/_NumericsShims/include").path
    let engine = packageFolder.appendingPathComponent("CSupport/CMicrograd/include").path
    let maps = ["\(numerics)/module.modulemap", "\(products.path)/CMicrograd.build/module.modulemap"]
    let options = maps.map { "-fmodule-map-file=\($0)" } + ["-I\(numerics)", "-I\(engine)"]
    return ["-I", products.appendingPathComponent("Modules").path] + options.flatMap { ["-Xcc", $0] }
  }

  /// The object files of the library and of what it needs.
  private static func objects(_ modules: [String]) -> [String] {
    (modules + ["Micrograd", "CMicrograd", "RealModule", "_NumericsShims"]).flatMap { module -> [String] in
      let folder = products.appendingPathComponent("\(module).build")
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
      return files.compactMap { ($0 as? URL)?.path }.filter { $0.hasSuffix(".o") }.sorted()
    }
  }
}
