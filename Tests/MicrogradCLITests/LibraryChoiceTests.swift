import Foundation
import XCTest

/// Which library computes large products of matrices, in processes of their own: one process chooses once.
final class LibraryChoiceTests: CommandTestCase {
  /// A package that was built without the trait has nothing to choose.
  override func setUpWithError() throws {
    try super.setUpWithError()
    try XCTSkipIf(Executable.run(["--version"]).output.contains("without the trait OpenBLAS"))
  }

  /// What `--version` says of the library.
  private func library(_ environment: [String: String] = [:]) throws -> String {
    let result = try Executable.run(["--version"], environment: environment)
    XCTAssertEqual(result.status, 0, result.errors)
    let lines = result.output.split(separator: "\n")
    XCTAssertTrue(lines.first?.hasPrefix("micrograd") ?? false, result.output)
    let prefix = "matrix products: "
    let line = try XCTUnwrap(lines.last { $0.hasPrefix(prefix) }, result.output).dropFirst(prefix.count)
    return String(line)
  }

  /// A library with OpenBLAS's functions, which do nothing but leave a file behind.
  private func makeLibrary(_ name: String, configuration: String, functions: [String]) throws -> String {
    let source = try write(
      """
      #include <stdio.h>
      const char *openblas_get_config(void) { return "\(configuration)"; }
      const char *openblas_get_corename(void) { return "Prescott"; }
      \(functions.map { "void \($0)(void) { fclose(fopen(\"\(path("called"))\", \"w\")); }" }.joined(separator: "\n"))
      """, to: "\(name).c")
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments = ["clang", "-shared", "-fPIC", "-o", path(name), source]
    compiler.standardError = FileHandle.nullDevice
    try compiler.run()
    compiler.waitUntilExit()
    if compiler.terminationStatus != 0 { throw XCTSkip("clang makes no libraries here") }
    return path(name)
  }

  private let functions = ["cblas_dgemm", "openblas_set_num_threads"]

  func testNoneChoosesTheOwnKernels() throws {
    XCTAssertEqual(try library(["MICROGRAD_BLAS": "none"]), "none (own kernels): MICROGRAD_BLAS is none")
  }

  func testAChosenLibraryIsUsed() throws {
    let file = try makeLibrary("good", configuration: "OpenBLAS 7.8", functions: functions)
    XCTAssertEqual(try library(["MICROGRAD_BLAS": file]), "OpenBLAS 7.8 (\(file))")
    let data = try writeMoons(200, to: "moons.csv")
    func train(_ hidden: String) throws {
      let arguments = ["train", data, "--epochs", "1", "--quiet", "--batch-size", "all", "--hidden", hidden]
      XCTAssertEqual(try Executable.run(arguments, environment: ["MICROGRAD_BLAS": file]).status, 0)
    }
    try train("16")
    XCTAssertFalse(exists("called"), "for small products")
    try train("64,64")
    XCTAssertTrue(exists("called"), "for large products")
  }

  func testALibraryThatDoesNotServeIsRefusedWithTheReason() throws {
    let wide = try makeLibrary("wide", configuration: "OpenBLAS 7.8 USE64BITINT", functions: functions)
    let poor = try makeLibrary("poor", configuration: "OpenBLAS 7.8", functions: Array(functions.dropFirst()))
    let text = try write("no library", to: "text")
    for (file, words) in [
      (wide, "is an OpenBLAS for 64-bit integers"), (poor, "is not OpenBLAS"), (text, "cannot be loaded"),
      (path("missing"), "cannot be loaded"),
    ] {
      let said = try library(["MICROGRAD_BLAS": file])
      XCTAssertTrue(said.hasPrefix("none (own kernels): ") && said.contains(words) && said.contains(file), said)
    }
  }

  func testKernelsForOldProcessorsAreNotTakenUnlessAskedFor() throws {
    let found = try library()
    try XCTSkipUnless(found.hasPrefix("OpenBLAS ") && found.contains("DYNAMIC_ARCH"), found)
    XCTAssertFalse(found.contains("Prescott"), found)
    #if arch(x86_64)
      XCTAssertTrue(try library(["OPENBLAS_CORETYPE": "Prescott"]).contains(" Prescott "))
    #endif
  }

  func testALargeProductEndsWhereMemoryIsLimited() throws {
    _ = try library()
    let data = try writeMoons(200, to: "moons.csv")
    let limit = "ulimit -v 400000"
    // Programs with a sanitizer do not start so.
    try XCTSkipIf(Executable.run(script: "\(limit); \"$micrograd\" --help").status != 0)
    let result = try Executable.run(
      script: """
        \(limit)
        "$micrograd" --version
        timeout 20 "$micrograd" train \(data) --epochs 1 --quiet --batch-size all --hidden 64,64
        """)
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertTrue(result.output.contains("none (own kernels): the memory of this process is limited"), result.output)
  }
}
