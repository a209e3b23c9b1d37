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

  /// Texts, gaps, booleans and dates are prepared as by `predict`.
  func testColumnsArePreparedAsByPredict() throws {
    let rows = (0..<40).map { k in
      let colour = k % 7 == 3 ? "" : ["red \"1\"", "blue", "grün"][k % 3]
      let size = k % 5 == 1 ? "NA" : "\(k * k % 11)"
      return
        "\(colour.isEmpty ? "" : CSVText.fields([colour])),\(size),\(k % 2 == 0 ? "yes" : "no"),2024-01-\(10 + k % 20)"
    }
    for (target, isClass) in [("kind", true), ("price", false)] {
      let ends = (0..<40).map { isClass ? ["a", "b"][$0 * $0 % 3 % 2] : "\(10 + $0 % 9)" }
      let table = "colour,size,new,since,\(target)\n" + zip(rows, ends).map { "\($0),\($1)\n" }.joined()
      let data = try write(table, to: "data.csv")
      try train(data, "--dates", "--validation", "0", "--epochs", "5", "--save", model)
      try export("--c", path("made.c"))
      var main = "#include <math.h>\n#include <stdio.h>\n#include \"made.h\"\nint main(void) {\n"
      let read = try CSVTable(path: data)
      let (colours, sizes) = (try read.fields("colour"), try read.fields("size"))
      for k in 0..<40 {
        let code = colours[k].isEmpty ? "NAN" : "made_category(0, \(ModelSource.quoted(colours[k])))"
        let day = 19723 + 9 + k % 20  // 2024-01-01 is 19723 days after 1970-01-01.
        main += "{ double p[2], x[] = {\(code), \(sizes[k] == "NA" ? "NAN" : sizes[k]), \(1 - k % 2), \(day)};\n"
        main += isClass ? "made(x, p); printf(\"%.17g\\n\", p[1]); }\n" : "(void)p; printf(\"%.17g\\n\", made(x)); }\n"
      }
      let lines = try compiled(main + "return made_category(0, \"black\") != -1; }\n", "made.c")
      let expected = try CSVTable(text: isClass ? predict(model, data, "--probabilities") : predict(model, data))
      let numbers = try expected.inputs([expected.columns[expected.columns.count - 1]])
      XCTAssertEqual(lines.count, 40)
      for (line, number) in zip(lines, numbers) { XCTAssertEqual(Double(line) ?? .nan, number, accuracy: 1e-11) }
      XCTAssertTrue(try text("made.h").contains("x[1]: \"size\", a number, NAN if it is missing"))
    }
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
