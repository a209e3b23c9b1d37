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
    let n = 320
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
    (special[3], special[200], special[300]) = (.infinity, 0, -800)
    let compiled = try compile(at: point) { x in f(x) }
    let source = try compiled.cSource(named: "alike")
    XCTAssertTrue(source.source.contains("const int *i = t + "))
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

  func testNamesThatCDoesNotAllowAreRefused() throws {
    let f = try compile(at: [1]) { x in x[0] * x[0] }
    for name in ["", "2x", "a b", "exp", "double", "größe", "mg_tanh", "mg_x", "_x", "gradient", "total"] {
      XCTAssertThrowsError(try f.cSource(named: name)) { XCTAssertEqual($0 as? NativeCodeError, .unusableName(name)) }
    }
    XCTAssertEqual(try f.cSource(named: "my_function2").name, "my_function2")
  }
}
