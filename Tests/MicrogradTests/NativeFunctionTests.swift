import Foundation
import TestSupport
import XCTest

@testable import Micrograd

final class NativeFunctionTests: XCTestCase {
  private let folder = NativeFolder()

  override func invokeTest() { Tape.scope { super.invokeTest() } }

  /// Points of both signs, at kinks and at the edges of domains.
  private static func points(_ count: Int) -> [[Double]] {
    var random = SplitMix64(seed: 16)
    let generic = (0..<6).map { _ in (0..<count).map { _ in Double.random(in: -1.9...1.9, using: &random) } }
    return generic
      + ([0, -0.0, 0.25, .infinity, -.infinity, .nan, 1e300, -Double.leastNormalMagnitude * 0.1] as [Double]).map {
        Array(repeating: $0, count: count)
      }
  }

  func testEveryOperationHasTheBitsOfARecording() throws {
    let f = try compile(at: NativeFunctionTests.points(everyOperationInputs)[0]) { x in sum(everyOperation(x)) }
    let native = try f.native(folder: folder.path)
    for x in NativeFunctionTests.points(everyOperationInputs) {
      let (value, gradient) = try native.valueWithGradient(at: x)
      Tape.scope {
        let inputs = x.map { Value($0) }
        let y = sum(everyOperation(inputs))
        y.backward()
        if y.data.isFinite { XCTAssertEqual(value, y.data, accuracy: 1e-14 * abs(y.data)) }
        XCTAssertEqual(value.isNaN, y.data.isNaN)
        for (k, input) in inputs.enumerated() where gradient[k].bitPattern != input.grad.bitPattern {
          if gradient[k].isNaN && input.grad.isNaN { continue }
          XCTFail("gradient by input \(k) at \(x[k]): \(gradient[k]), not \(input.grad)")
        }
      }
    }
  }

  func testRandomProgramsAgreeWithRecordings() throws {
    var compared = 0
    for seed in 300..<UInt64(314) {
      try Tape.scope {
        let program = CompiledRandomProgram(seed: seed, steps: 6 + 4 * Int(seed % 8))
        let samples = CompiledRandomTests.samples(5, seed: seed)
        let f = try compile(at: samples[0]) { x in program(x) }
        guard let native = try unlessCustom({ try f.native(folder: folder.path) }) else { return }
        compared += 1
        let (values, gradients) = try native.valuesWithGradients(at: samples)
        var sums = [Double](repeating: 0, count: 7), scales = sums
        for (s, sample) in samples.rows.enumerated() {
          let expected = CompiledRandomTests.Recorded(program, at: sample, seed: seed)
          let (value, gradient) = try native.valueWithGradient(at: sample)
          XCTAssertEqual(value.bitPattern, values[s].bitPattern)
          XCTAssertEqual(gradient.map(\.bitPattern), gradients[s].map(\.bitPattern))
          let interpreted = try f.valueWithGradient(at: sample)
          XCTAssertEqual(value.bitPattern, interpreted.value.bitPattern, "seed \(seed)\n\(program.description)")
          XCTAssertEqual(
            gradient.map(\.bitPattern), interpreted.gradient.map(\.bitPattern), "seed \(seed)\n\(program.description)")
          for (k, found) in ([value] + gradient).enumerated() where found != expected.numbers[k] {
            XCTAssertEqual(
              found, expected.numbers[k], accuracy: 1e-13 * expected.scales[k],
              "seed \(seed), sample \(s), number \(k)\n\(program.description)")
          }
          for (k, place) in ([0] + Array(4..<10)).enumerated() {
            sums[k] += expected.numbers[place]
            scales[k] += expected.scales[place]
          }
        }
        for p in program.parameters { p.grad = 0 }
        let total = try native.backward(at: samples, reduction: .sum)
        for (k, found) in ([total] + program.parameters.map(\.grad)).enumerated() where found != sums[k] {
          XCTAssertEqual(found, sums[k], accuracy: 1e-13 * scales[k], "seed \(seed), sum \(k)\n\(program.description)")
        }
      }
    }
    XCTAssertGreaterThan(compared, 8)
  }

  func testColumnsGiveTheBitsOfRows() throws {
    let native = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }.native(folder: folder.path)
    let rows = Samples((0..<101).map { (k: Int) -> [Double] in [Double(k) / 9 - 4, Double(k % 7)] })
    let columns = Samples(columns: rows.columns)
    XCTAssertEqual(try native.values(at: rows), try native.values(at: columns))
    let (a, b) = (try native.valuesWithGradients(at: rows), try native.valuesWithGradients(at: columns))
    XCTAssertEqual(a.values, b.values)
    XCTAssertEqual(a.gradients, b.gradients)
  }

  func testParametersAreThoseOfNow() throws {
    let w = Parameters([2])
    let native = try compile(at: [1]) { x in x[0] * w[0] }.native(folder: folder.path)
    XCTAssertEqual(try native(at: [3]), 6)
    w[0].data = 5
    XCTAssertEqual(try native(at: [3]), 15)
    XCTAssertEqual(try native.backward(at: Samples([[3], [5]])), 20)
    XCTAssertEqual(w[0].grad, 4)
  }

  func testResultsOfOneSampleHaveTheBitsOfTheInterpreter() throws {
    let f = try compile(at: [1, 2]) { x in x[0] > 0 ? [sin(x[0]), x[0] / x[1]] : [x[1], exp(x[0])] }
    let native = try f.native(folder: folder.path)
    var found: [Double] = []
    for sample in [[1, 2], [0.3, -7], [-0.5, 3]] {
      try native.results(at: sample, into: &found)
      XCTAssertEqual(found, try f.results(at: sample))
    }
    XCTAssertEqual(native.interpretedCount, 1)
  }

  func testASampleOfAnotherPathIsRecordedAndSaid() throws {
    let f = try compile(at: [1]) { x in x[0] > 0 ? 2 * x[0] : -3 * x[0] }
    let native = try f.native(folder: folder.path)
    XCTAssertEqual(try native(at: [2]), 4)
    XCTAssertEqual(native.interpretedCount, 0)
    XCTAssertEqual(try native.valuesWithGradients(at: Samples([[2], [-2], [4]])).values, [4, 6, 8])
    XCTAssertEqual(native.interpretedCount, 1)
    let both = try f.native(folder: folder.path)
    XCTAssertEqual(both.pathCount, 2)
    XCTAssertEqual(try both.valuesWithGradients(at: Samples([[2], [-2], [4]])).gradients, Samples([[2], [-3], [2]]))
    XCTAssertEqual(both.interpretedCount, 0)
  }

  func testALongProgramIsCutIntoFunctions() throws {
    let n = 250
    func f(_ x: [Value]) -> Value {
      var state = x
      for k in 0..<n { state[k % 4] = sin(state[(k + 1) % 4] * state[k % 4]) + 0.5 * state[(k + 2) % 4] }
      return sum(state.map { $0 * $0 * $0 })
    }
    let point = [0.3, -0.4, 0.5, 0.9]
    let compiled = try compile(at: point) { x in f(x) }
    let source = try compiled.cSource(named: "steps").source
    XCTAssertTrue(source.contains("steps_gradient_of_path_0_1("))
    let (value, gradient) = try compiled.native(folder: folder.path).valueWithGradient(at: point)
    let (expected, slopes) = valueWithGradient(at: point) { x in f(x) }
    XCTAssertEqual(value, expected, accuracy: 1e-12)
    for k in 0..<4 { XCTAssertEqual(gradient[k], slopes[k], accuracy: 1e-11 * max(1, abs(slopes[k]))) }
  }

  // MARK: - What can go wrong

  private func error(_ body: () throws -> Void) -> NativeCodeError? {
    do { try body() } catch { return error as? NativeCodeError }
    return nil
  }

  func testAMissingOrFailingCompilerIsAnErrorThatSaysWhatToDo() throws {
    let f = try compile(at: [1]) { x in x[0] * x[0] }
    let before = getenv("CC").map { String(cString: $0) }
    defer { if let before { setenv("CC", before, 1) } else { unsetenv("CC") } }
    setenv("CC", "no-such-compiler -m64", 1)
    guard case .noCompiler("no-such-compiler", _) = error({ _ = try f.native(folder: folder.path) }) else {
      return XCTFail("a compiler was found")
    }
    setenv("CC", "false", 1)
    let failed = error { _ = try f.native(folder: folder.path) }
    guard case .compilerFailed("false", _) = failed else { return XCTFail("\(failed as Any)") }
    XCTAssertTrue("\(failed!)".contains("CC"))
    XCTAssertEqual(try f.values(at: Samples([[3]])), [9], "the compiled function goes on working")
  }

  /// A compiler that answers the question for its macros, and then does what the lines say; the library's name is in `$library`.
  private func withCompiler(_ lines: String, _ body: () throws -> Void) throws {
    let compiler = folder.path + "-cc"
    let script = """
      #!/bin/sh
      for word in "$@"; do
        if [ "$word" = "-dM" ]; then echo "#define TEST 1"; exit 0; fi
        if [ "$last" = "-o" ]; then library=$word; fi
        last=$word
      done
      \(lines)

      """
    try script.write(toFile: compiler, atomically: true, encoding: .utf8)
    chmod(compiler, 0o700)
    let before = getenv("CC").map { String(cString: $0) }
    defer {
      if let before { setenv("CC", before, 1) } else { unsetenv("CC") }
      unlink(compiler)
    }
    setenv("CC", compiler, 1)
    try body()
  }

  func testALibraryThatDoesNotLoadIsAnErrorAndIsNotKept() throws {
    let f = try compile(at: [1]) { x in x[0] * x[0] }
    try withCompiler("echo nonsense > \"$library\"") {
      for _ in 0..<2 {
        let failed = error { _ = try f.native(folder: folder.path) }
        guard case .cannotLoad(let path, let reason) = failed else { return XCTFail("\(failed as Any)") }
        XCTAssertTrue(path.hasPrefix(folder.path) && !reason.isEmpty)
        XCTAssertTrue("\(failed!)".contains("try again"))
        XCTAssertFalse(folder.names.contains { $0.hasSuffix(".so") })
      }
    }
    XCTAssertEqual(try f(at: [3]), 9)
    XCTAssertEqual(try f.native(folder: folder.path)(at: [3]), 9)
  }

  func testALibraryWithoutTheFunctionIsAnError() throws {
    let f = try compile(at: [1]) { x in x[0] * x[0] }
    try withCompiler("echo 'int other;' > \"$library.c\"; cc -shared -o \"$library\" \"$library.c\"; rm \"$library.c\"")
    {
      let failed = error { _ = try f.native(folder: folder.path) }
      guard case .cannotLoad(_, "it lacks the function mg_value") = failed else { return XCTFail("\(failed as Any)") }
    }
  }

  func testACompilerThatFailsOrLeavesNothingIsAnErrorWithItsOutput() throws {
    let f = try compile(at: [1]) { x in x[0] * x[0] }
    try withCompiler("echo 'no such flag'; exit 3") {
      let failed = error { _ = try f.native(folder: folder.path) }
      guard case .compilerFailed(_, "no such flag\n") = failed else { return XCTFail("\(failed as Any)") }
    }
    try withCompiler("kill -9 $$") {
      guard case .compilerFailed = error({ _ = try f.native(folder: folder.path) }) else { return XCTFail("killed") }
    }
    try withCompiler("exit 0") {
      let failed = error { _ = try f.native(folder: folder.path) }
      guard case .cannotWrite(_, "the compiler left no library there") = failed else {
        return XCTFail("\(failed as Any)")
      }
    }
    XCTAssertEqual(folder.names, [], "nothing is left of what failed")
  }

  func testAFullDiskIsAnErrorAndLeavesNothing() throws {
    let f = try compile(at: [1]) { x in x[0] * x[0] }
    let failed = try withFullDisk { error { _ = try f.native(folder: folder.path) } }
    guard case .cannotWrite(let path, let reason) = failed else { return XCTFail("\(failed as Any)") }
    XCTAssertTrue(path.hasPrefix(folder.path))
    XCTAssertFalse(reason.isEmpty)
    XCTAssertEqual(folder.names, [])
    XCTAssertEqual(try f.native(folder: folder.path)(at: [3]), 9)
  }

  func testAFolderThatOthersMayWriteIsRefused() throws {
    let f = try compile(at: [1]) { x in x[0] * x[0] }
    for mode in [0o777, 0o720, 0o702] as [mode_t] {
      chmod(folder.path, mode)
      guard case .unsafeFolder(folder.path, _) = error({ _ = try f.native(folder: folder.path) }) else {
        return XCTFail("mode \(mode) was accepted")
      }
    }
    chmod(folder.path, 0o700)
    let link = folder.path + "-link"
    symlink(folder.path, link)
    defer { unlink(link) }
    guard case .unsafeFolder(link, _) = error({ _ = try f.native(folder: link) }) else { return XCTFail("a link") }
    guard case .cannotWrite = error({ _ = try f.native(folder: "/dev/null/native") }) else {
      return XCTFail("a device")
    }
    XCTAssertEqual(folder.names, [])
  }

  func testAFolderIsMadeForTheUserAlone() throws {
    let inner = folder.path + "/a/b"
    _ = try compile(at: [1]) { x in x[0] * x[0] }.native(folder: inner)
    var info = stat()
    XCTAssertEqual(stat(inner, &info), 0)
    XCTAssertEqual(info.st_mode & 0o777, 0o700)
  }

  func testALibraryIsKeptAndADamagedOneIsMadeAgain() throws {
    let f = try compile(at: [1]) { x in x[0] * x[0] }
    _ = try f.native(folder: folder.path)
    let names = folder.names
    XCTAssertEqual(names.map { $0.split(separator: ".")[1] }, ["c", "check", "so"])
    let library = folder.path + "/" + names[2]
    let bytes = try Data(contentsOf: URL(fileURLWithPath: library))
    let made = try FileManager.default.attributesOfItem(atPath: library)[.systemFileNumber] as? Int
    XCTAssertEqual(try f.native(folder: folder.path)(at: [3]), 9)
    XCTAssertEqual(try FileManager.default.attributesOfItem(atPath: library)[.systemFileNumber] as? Int, made)
    for damage in 0..<8 {
      var damaged = bytes
      if damage == 0 { damaged.removeLast(bytes.count / 2) } else { damaged[bytes.count * damage / 8] ^= 1 }
      // A new file, as this process has the old one in memory.
      try FileManager.default.removeItem(atPath: library)
      try damaged.write(to: URL(fileURLWithPath: library))
      chmod(library, 0o700)
      XCTAssertEqual(try f.native(folder: folder.path)(at: [3]), 9)
      XCTAssertNotEqual(try Data(contentsOf: URL(fileURLWithPath: library)), damaged)
    }
    XCTAssertEqual(folder.names, names)
  }

  func testCustomOperationsAreRefusedByName() throws {
    let cubic = CustomOperation("cubic", value: { x in x * x * x }, derivative: { x in 3 * x * x })
    let f = try compile(at: [2]) { x in cubic(x[0]) }
    XCTAssertEqual(error { _ = try f.native(folder: folder.path) }, .customOperation("cubic"))
    XCTAssertEqual(error { _ = try f.cSource(named: "f") }, .customOperation("cubic"))
  }
}
