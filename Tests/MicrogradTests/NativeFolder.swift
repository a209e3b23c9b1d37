import Foundation
import XCTest

@testable import Micrograd

/// A folder of its own for a test's files, gone with the test.
final class NativeFolder {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("native-\(UUID().uuidString)").path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    chmod(path, 0o700)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
  }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }

  /// Runs a command in the folder; its output, and on failure an error of the test.
  @discardableResult
  func run(_ words: [String]) throws -> String {
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    XCTAssertEqual(process.terminationStatus, 0, "\(words.joined(separator: " "))\n\(output.prefix(3000))")
    return output
  }

  /// Compiles sources, with every warning an error, and runs them on samples: the results of each sample.
  func results(
    of sources: [(source: CSource, samples: [[Double]])], hasGradient: Bool
  ) throws -> [[[UInt64]]] {
    var main = "#include <inttypes.h>\n#include <stdio.h>\n#include <string.h>\n"
    for (c, _) in sources {
      try write(c.header, to: c.name + ".h")
      try write(c.source, to: c.name + ".c")
      main += "#include \"\(c.name).h\"\n"
    }
    main += """
      static void print(double x) { uint64_t bits; memcpy(&bits, &x, 8); printf("%" PRIx64 " ", bits); }
      int main(void) {

      """
    for (c, samples) in sources {
      for sample in samples {
        let x = sample.map { "bits(UINT64_C(\($0.bitPattern)))" }.joined(separator: ", ")
        main += "  { double x[] = {\(x)}, g[\(c.name)_inputs]; print(\(c.name)(x));\n"
        if hasGradient {
          main += "    print(\(c.name)_with_gradient(x, g)); for (int k = 0; k < \(c.name)_inputs; k++) print(g[k]);\n"
        }
        main += "    (void)g; puts(\"\"); }\n"
      }
    }
    main = main.replacingOccurrences(
      of: "int main", with: "static double bits(uint64_t b) { double x; memcpy(&x, &b, 8); return x; }\nint main")
    try write(main + "  return 0;\n}\n", to: "main.c")
    try run(
      ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O1", "-o", "main", "main.c"]
        + sources.map { $0.source.name + ".c" } + ["-lm"])
    var lines = try run(["./main"]).split(separator: "\n").map { line in
      line.split(separator: " ").compactMap { UInt64($0, radix: 16) }
    }[...]
    return sources.map { _, samples in
      defer { lines = lines.dropFirst(samples.count) }
      return Array(lines.prefix(samples.count))
    }
  }
}

/// Runs `body` while no file may have a byte, as on a full disk.
func withFullDisk<T>(_ body: () throws -> T) throws -> T {
  var before = rlimit()
  #if os(Linux)
    let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
  #else
    let resource = RLIMIT_FSIZE
  #endif
  XCTAssertEqual(getrlimit(resource, &before), 0)
  fflush(nil)
  var none = rlimit(rlim_cur: 0, rlim_max: before.rlim_max)
  let handler = signal(SIGXFSZ, SIG_IGN)
  XCTAssertEqual(setrlimit(resource, &none), 0)
  defer {
    setrlimit(resource, &before)
    signal(SIGXFSZ, handler)
  }
  return try body()
}

/// What `body` makes; `nil` of a function with a custom operation, which cannot be C.
func unlessCustom<T>(_ body: () throws -> T) throws -> T? {
  do {
    return try body()
  } catch let error as NativeCodeError {
    if case .customOperation = error { return nil }
    throw error
  }
}

/// Every operation of one operand and some of two, each on inputs of its own, so that each derivative is a gradient's.
func everyOperation(_ x: [Value]) -> [Value] {
  var k = 0
  func next() -> Value {
    defer { k += 1 }
    return x[k]
  }
  let functions: [(Value) -> Value] = [
    { abs($0) }, { exp($0) }, { expMinusOne($0) }, { log($0 + 3) }, { log($0 + 2) }, { sin($0) }, { cos($0) },
    { tan($0) }, { asin($0 / 4) }, { acos($0 / 4) }, { atan($0) }, { sinh($0) }, { cosh($0) }, { tanh($0) },
    { asinh($0) }, { acosh($0 + 4) }, { atanh($0 / 4) }, { sqrt($0 + 3) }, { $0.relu() }, { $0.squared() }, { $0 ** 3 },
    { $0 ** 2.5 }, { 2 ** $0 }, { 1.5 ** $0 }, { $0.sigmoid() }, { $0.silu() }, { $0.gelu() }, { $0.softplus() },
    { -$0 }, { 3 / $0 }, { $0 / 3 }, { 1 - $0 }, { max($0, 0.25) }, { min($0, 0.25) },
  ]
  let pairs: [(Value, Value) -> Value] = [
    { $0 + $1 }, { $0 * $1 }, { $0 - $1 }, { $0 / $1 }, { ($0 + 3) ** $1 }, { max($0, $1) }, { min($0, $1) },
    { hypot($0, $1) }, { atan2($0, $1) },
  ]
  return functions.map { $0(next()) } + pairs.map { $0(next(), next()) }
}

/// How many inputs that has.
let everyOperationInputs = 34 + 18
