import Foundation
import MicrogradTables
import XCTest

@testable import MicrogradCLI

/// What is written is compiled with every warning an error, and predicts what `micrograd predict` does.
final class ExportCommandTests: CommandTestCase {
  private var model: String { path("m.safetensors") }

  /// The standard output of a command, which must succeed.
  private func run(_ words: [String]) throws -> String {
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    XCTAssertEqual(process.terminationStatus, 0, "\(words.joined(separator: " "))\n\(output)")
    return output
  }

  private func export(_ arguments: String...) throws { try ExportCommand.parse([model] + arguments).run() }

  private func compiled(_ main: String, _ sources: String...) throws -> [Substring] {
    let file = try write(main, to: "main.c")
    _ = try run(
      ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-o", path("main"), file] + sources.map(path)
        + ["-lm"])
    return try run([path("main")]).split(separator: "\n")
  }

  func testClassesTheirNamesAndProbabilitiesAreThoseOfPredict() throws {
    let names = ["say \"hi\"??/; 100%\\", "größe"]
    for loss in ["bce", "cross-entropy"] {
      let data = try writeMoons(names: names, to: "moons.csv")
      try train([data, "--epochs", "30", "--save", model, "--loss", loss])
      try export("--c", path("moons.c"))
      let rows = try CSVTable(path: data)
      let inputs = try rows.inputs(["x", "y"])
      var main = "#include <stdio.h>\n#include \"moons.h\"\nint main(void) { double p[2];\n"
      for k in 0..<rows.count {
        main += "{ double x[] = {\(inputs[2 * k]), \(inputs[2 * k + 1])}; int c = moons(x, p);\n"
        main += "printf(\"%s|%.17g|%.17g\\n\", moons_classes[c], p[0], p[1]); }\n"
      }
      let lines = try compiled(main + "return 0; }\n", "moons.c")
      let expected = try CSVTable(text: predict(model, data, "--probabilities"))
      let classes = try expected.texts("predicted_moon")
      let probabilities = try expected.inputs(Array(expected.columns.dropFirst()))  // in the order of the classes
      XCTAssertEqual(lines.count, rows.count)
      for (k, line) in lines.enumerated() {
        let fields = line.split(separator: "|")
        XCTAssertEqual(String(fields[0]), classes[k])
        for j in 0..<2 {
          XCTAssertEqual(Double(fields[1 + j]) ?? .nan, probabilities[2 * k + j], accuracy: 1e-12)
        }
      }
    }
  }

  func testNumbersAreInTheUnitsOfTheTable() throws {
    let table = "a,b,t\n" + (0..<40).map { "\($0),\(100 - 3 * $0 * $0 % 17),\(5000 + 20 * $0)\n" }.joined()
    let data = try write(table, to: "numbers.csv")
    try train([data, "--epochs", "20", "--save", model])
    try export("--c", path("folder"), "--name", "estimate")
    let main = """
      #include <stdio.h>
      #include "folder/estimate.h"
      int main(void) { double x[] = {7, 93}, g[2];
        printf("%.17g\\n%.17g\\n", estimate(x), estimate_with_gradient(x, g)); return 0; }

      """
    let lines = try compiled(main, "folder/estimate.c")
    let new = try write("a,b\n7,93\n", to: "new.csv")
    let expected = try CSVTable(text: predict(model, new)).inputs(["predicted_t"])[0]
    for line in lines { XCTAssertEqual(Double(line) ?? .nan, expected, accuracy: 1e-12 * abs(expected)) }
    XCTAssertTrue(try text("folder/estimate.h").contains("//   x[1]: \"b\""))
  }

  func testBadArgumentsAreExplained() throws {
    let data = try writeMoons(to: "moons.csv")
    try train([data, "--epochs", "1", "--save", model])
    XCTAssertTrue(message { try self.export("--c", self.path("2nd.c")) }.contains("--name"))
    XCTAssertThrowsError(try ExportCommand.parse([model, "--c", "x.c", "--name", "while"]))
    XCTAssertThrowsError(try ExportCommand.parse([model, "--c", "-"]))
    XCTAssertTrue(message { try ExportCommand.parse([data, "--c", self.path("m.c")]).run() }.contains("moons.csv"))
    XCTAssertFalse(exists("2nd.c"))
  }
}
