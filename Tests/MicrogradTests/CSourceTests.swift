import TestSupport
import XCTest

@testable import Micrograd

/// Sources are compiled with every warning an error, run, and compared with native code bit by bit, and with recordings.
final class CSourceTests: XCTestCase {
  private let folder = NativeFolder()

  override func invokeTest() { Tape.scope { super.invokeTest() } }

  func testRandomProgramsHaveTheBitsOfTheirSource() throws {
    var sources: [(source: CSource, samples: [[Double]])] = []
    var expected: [[CompiledRandomTests.Recorded]] = []
    for seed in 700..<UInt64(730) {
      let program = CompiledRandomProgram(seed: seed, steps: 4 + Int(seed % 30))
      let samples = CompiledRandomTests.samples(4, seed: seed).rows
      let f = try compile(at: samples[0]) { x in program(x) }
      guard let source = try unlessCustom({ try f.cSource(named: "program_\(seed)") }) else { continue }
      sources.append((source, samples))
      expected.append(samples.map { CompiledRandomTests.Recorded(program, at: $0, seed: seed) })
    }
    XCTAssertGreaterThan(sources.count, 15)
    for (k, rows) in try folder.results(of: sources, hasGradient: true).enumerated() {
      for (row, recorded) in zip(rows, expected[k]) {
        let numbers = row.map { Double(bitPattern: $0) }
        XCTAssertEqual(row.first, row.dropFirst().first, "the value alone")
        for (j, found) in numbers.dropFirst().enumerated() where found != recorded.numbers[j] {
          XCTAssertEqual(
            found, recorded.numbers[j], accuracy: 1e-13 * recorded.scales[j], "\(sources[k].source.name), number \(j)")
        }
      }
    }
  }

  func testEveryOperationHasTheBitsOfNativeCode() throws {
    var random = SplitMix64(seed: 3)
    let points =
      (0..<4).map { _ in (0..<everyOperationInputs).map { _ in Double.random(in: -1.9...1.9, using: &random) } }
      + [0, -0.0, .infinity, -.infinity, .nan].map { Array(repeating: $0, count: everyOperationInputs) }
    let f = try compile(at: points[0]) { x in sum(everyOperation(x)) }
    let native = try f.native(folder: folder.path + "/libraries")
    let rows = try folder.results(of: [(try f.cSource(named: "every"), points)], hasGradient: true)[0]
    for (row, x) in zip(rows, points) {
      let (value, gradient) = try native.valueWithGradient(at: x)
      for (bits, number) in zip(row.dropFirst(), [value] + gradient) where !number.isNaN {
        XCTAssertEqual(bits, number.bitPattern, "\(Double(bitPattern: bits)), not \(number)")
      }
    }
  }

  func testLoopsOverInstructionsThatAreAlikeHaveTheBitsOfNativeCode() throws {
    try checkLoops(n: 220, contain: "const int *i = t + ")
  }

  func testListsOfInstructionsHaveTheBitsOfNativeCode() throws {
    try checkLoops(n: 320, contain: "switch (i[0]) {")
  }

  private func checkLoops(n: Int, contain words: String) throws {
    let w = Parameters([100, 0.5])
    func f(_ x: [Value]) -> Value {
      var sum = Value.constant(0)
      for i in 0..<n - 1 {
        sum += w[0] * (x[i + 1] - x[i] * x[i]).squared() + exp(-x[i]) * sin(x[i]) - w[1] * x[i].relu() * x[i + 1]
      }
      return sum
    }
    let point = (0..<n).map { 0.3 + 0.4 * sin(Double($0)) }
    var special = point
    (special[3], special[150], special[n - 20]) = (.infinity, 0, -800)
    let compiled = try compile(at: point) { x in f(x) }
    let source = try compiled.cSource(named: "alike")
    XCTAssertTrue(source.source.contains(words))
    let native = try compiled.native(folder: folder.path + "/libraries")
    let rows = try folder.results(of: [(source, [point, special])], hasGradient: true)[0]
    for (row, x) in zip(rows, [point, special]) {
      let (value, gradient) = try native.valueWithGradient(at: x)
      let (expected, slopes) = valueWithGradient(at: x) { x in f(x) }
      for (k, (bits, number)) in zip(row.dropFirst(), [value] + gradient).enumerated() {
        let other = k == 0 ? expected : slopes[k - 1]
        XCTAssertEqual(number.isNaN, other.isNaN, "number \(k)")
        if number.isNaN { continue }
        XCTAssertEqual(bits, number.bitPattern, "number \(k): \(Double(bitPattern: bits)), not \(number)")
        if number != other { XCTAssertEqual(number, other, accuracy: 1e-12 * max(1, abs(other)), "number \(k)") }
      }
    }
    for p in w { p.grad = 0 }
    XCTAssertEqual(try native.backward(at: Samples([point])), try native(at: point), accuracy: 1e-11)
    let found = w.map(\.grad)
    for p in w { p.grad = 0 }
    try compiled.backward(at: Samples([point]))
    for (a, b) in zip(found, w.map(\.grad)) { XCTAssertEqual(a, b, accuracy: 1e-12 * abs(b)) }
  }

  func testAPathThatWasNotRecordedIsNaN() throws {
    let f = try compile(at: [1]) { x in x[0] > 0 ? 2 * x[0] : -3 * x[0] }
    let source = try f.cSource(named: "branch")
    XCTAssertTrue(source.header.contains("NaN if a comparison"))
    let row = try folder.results(of: [(source, [[2], [-2]])], hasGradient: true)[0].map {
      $0.map { Double(bitPattern: $0) }
    }
    XCTAssertEqual(row[0], [4, 4, 2])
    XCTAssertTrue(row[1].allSatisfy(\.isNaN))
  }

  // MARK: - Parameters as an argument

  /// Compiles a source and a `main`, which prints numbers.
  private func run(_ c: CSource, _ main: String) throws -> [Double] {
    try folder.write(c.header, to: c.name + ".h")
    try folder.write(c.source, to: c.name + ".c")
    try folder.write(
      "#include <stdio.h>\n#include \"\(c.name).h\"\nint main(void) {\n\(main)\nreturn 0;\n}\n", to: "main.c")
    try folder.run([
      "cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-o", "main", "main.c", c.name + ".c", "-lm",
    ])
    return try folder.run(["./main"]).split(separator: "\n").compactMap { Double($0) }
  }

  func testParametersAreAnArgumentInTheOrderOfTheFunction() throws {
    let a = Parameters([2, -0.5]), b = Parameters([1.5])
    let f = try compile(at: [1, 2]) { x in a[0] * x[0] + exp(a[1] * x[1]) * b[0] / (x[0] + 3) }
    let c = try f.cSource(named: "model", parameters: .argument)
    XCTAssertTrue(c.header.contains("double model(const double x[2], const double p[3]);"))
    let found = try run(
      c,
      """
      const double x[] = {0.7, -1.25}, p[] = {3, 0.25, -4};
      double g[2], d[3];
      for (int k = 0; k < model_parameter_count; k++) printf("%.17g\\n", model_parameters[k]);
      printf("%.17g\\n%.17g\\n", model(x, p), model_with_gradient(x, p, g, d));
      for (int k = 0; k < 2; k++) printf("%.17g\\n", g[k]);
      for (int k = 0; k < 3; k++) printf("%.17g\\n", d[k]);
      """)
    XCTAssertEqual(f.parameters.map(\.data), [2, -0.5, 1.5])
    XCTAssertEqual(Array(found.prefix(3)), [2, -0.5, 1.5])
    for (parameter, number) in zip(f.parameters, [3, 0.25, -4]) { parameter.data = number }
    let expected = try f.valueWithGradient(at: [0.7, -1.25])
    try f.backward(at: [0.7, -1.25])
    let numbers = [expected.value, expected.value] + expected.gradient + f.parameters.map(\.grad)
    XCTAssertEqual(found.count, 10)
    for (a, b) in zip(found.dropFirst(3), numbers) { XCTAssertEqual(a, b, accuracy: 1e-15 * abs(b)) }
  }

  func testRandomProgramsTakeTheirParametersAsAnArgument() throws {
    var compared = 0
    for seed in 400..<UInt64(408) {
      try Tape.scope {
        let program = CompiledRandomProgram(seed: seed, steps: 10 + Int(seed % 20))
        let samples = CompiledRandomTests.samples(1, seed: seed)
        let f = try compile(at: samples[0]) { x in program(x) }
        guard let c = try unlessCustom({ try f.cSource(named: "f\(seed)", parameters: .argument) }) else { return }
        if f.parameters.isEmpty { return }
        compared += 1
        let name = c.name, x = samples[0].map { "\($0)" }.joined(separator: ", ")
        let found = try run(
          c,
          """
          const double x[] = {\(x)};
          double g[3], d[\(name)_parameter_count];
          printf("%.17g\\n", \(name)_with_gradient(x, \(name)_parameters, g, d));
          for (int k = 0; k < 3; k++) printf("%.17g\\n", g[k]);
          for (int k = 0; k < \(name)_parameter_count; k++) printf("%.17g\\n", d[k]);
          """)
        let expected = CompiledRandomTests.Recorded(program, at: samples[0], seed: seed)
        let places = f.parameters.map { p in program.parameters.firstIndex { $0.id == p.id }! }
        for (k, number) in found.enumerated() {
          let j = k < 4 ? k : 4 + places[k - 4]
          if number != expected.numbers[j] {
            XCTAssertEqual(number, expected.numbers[j], accuracy: 1e-13 * expected.scales[j], "seed \(seed), \(k)")
          }
        }
      }
    }
    XCTAssertGreaterThan(compared, 3)
  }

  func testCFitsALineByItsGradients() throws {
    let w = Parameters([0, 0])
    let loss = try compile(at: [1, 1]) { x in (w[0] * x[0] + w[1] - x[1]).squared() }
    let found = try run(
      try loss.cSource(named: "loss", parameters: .argument),
      """
      const double points[4][2] = {{0, 1}, {1, 3}, {2, 5}, {3, 7}};
      double p[] = {loss_parameters[0], loss_parameters[1]}, g[2], d[2];
      for (int step = 0; step < 2000; step++)
        for (int k = 0; k < 4; k++) {
          loss_with_gradient(points[k], p, g, d);
          for (int j = 0; j < 2; j++) p[j] -= 0.05 * d[j];
        }
      printf("%.17g\\n%.17g\\n", p[0], p[1]);
      """)
    XCTAssertEqual(found[0], 2, accuracy: 1e-9)
    XCTAssertEqual(found[1], 1, accuracy: 1e-9)
  }

  func testBothPathsAndSeveralResultsTakeParametersAsAnArgument() throws {
    let w = Parameters([2, 10])
    let f = try compile(at: [1]) { x in x[0] < w[1] ? w[0] * x[0] : w[1] }
    _ = try f(at: [20])
    let c = try f.cSource(named: "cap", parameters: .argument)
    let call = "double x[] = {3}, y[] = {30}, p[] = {4, 20}; printf(\"%g\\n%g\\n\", cap(x, p), cap(y, p));"
    XCTAssertEqual(try run(c, call), [12, 20])
    let pair = try compile(at: [1]) { x in [w[0] + x[0], w[1] * x[0]] }
    let two = try pair.cSource(named: "two", parameters: .argument)
    let both = "double x[] = {3}, p[] = {4, 20}, r[2]; two(x, p, r); printf(\"%g\\n%g\\n\", r[0], r[1]);"
    XCTAssertEqual(try run(two, both), [7, 60])
  }

  func testAFunctionThatWasReadCannotTakeItsParametersAsAnArgument() throws {
    let w = Parameters([2])
    let f = try CompiledFunction(bytes: try compile(at: [1]) { x in w[0] * x[0] }.encoded())
    XCTAssertThrowsError(try f.cSource(named: "f", parameters: .argument)) {
      XCTAssertEqual($0 as? NativeCodeError, .notCompiled(.closureNotSaved))
      XCTAssertTrue("\($0)".contains("with its parameters as an argument, because the function was read from a file"))
    }
  }

  // MARK: - Names

  func testNamesThatCDoesNotAllowAreRefused() throws {
    let f = try compile(at: [1]) { x in x[0] * x[0] }
    for name in ["", "2x", "a b", "exp", "double", "größe", "mg_tanh", "mg_x", "_x", "gradient", "total"] {
      XCTAssertThrowsError(try f.cSource(named: name)) { XCTAssertEqual($0 as? NativeCodeError, .unusableName(name)) }
    }
    XCTAssertEqual(try f.cSource(named: "my_function2").name, "my_function2")
  }
}
