import Foundation
import TestSupport
import XCTest

@testable import Micrograd

final class FunctionFileTests: XCTestCase {
  private let folder = NativeFolder()
  private var path: String { folder.path + "/f.function" }

  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private func problem(_ body: () throws -> Void) -> FunctionFileError.Problem? {
    do { try body() } catch { return (error as? FunctionFileError)?.problem }
    return nil
  }

  /// A loss with two layers, a softmax, a choice, a pick and a sum of parameters.
  private func network() throws -> CompiledFunction {
    let w = Parameters((0..<24).map { .sin(Double($0)) }), table = Parameters([0.5, -1, 2])
    return try compile(at: [1, 2, 0]) { x in
      let hidden = (0..<3).map { k in (w[3 * k] * x[0] + w[3 * k + 1] * x[1] + w[3 * k + 2]).relu() }
      let outputs = (0..<3).map { k in dot(hidden, (0..<3).map { w[9 + 3 * k + $0] }) + w[18 + k] }
      let chosen = pick([table[0], table[1], table[2]], at: x[2])
      return logSumExp(outputs) - outputs[0] + select(x[0] < x[1], chosen, exp(w[21] * w[22]))
        + hypot(hidden[0], hidden[2])
    }
  }

  // MARK: - What comes back

  func testAFunctionThatIsReadHasTheBitsOfTheOneThatWasSaved() throws {
    var compared = 0
    for seed in 900..<UInt64(950) {
      try Tape.scope {
        let program = CompiledRandomProgram(seed: seed, steps: 4 + Int(seed % 40))
        let samples = CompiledRandomTests.samples(6, seed: seed)
        let f = try compile(at: samples[0]) { x in program(x) }
        _ = try f.values(at: samples)
        let bytes: [UInt8]
        do {
          bytes = try f.encoded()
        } catch let error as FunctionFileError {
          guard case .customOperation = error.problem else { throw error }
          return
        }
        compared += 1
        let g = try CompiledFunction(bytes: bytes)
        XCTAssertEqual(try g.encoded(), bytes)
        XCTAssertEqual(g.parameters.map(\.data), f.parameters.map(\.data))
        XCTAssertEqual(try g.cSource(named: "f"), try f.cSource(named: "f"), "seed \(seed)")
        XCTAssertEqual(g.text(of: .gradientByParameters), f.text(of: .gradientByParameters))
        let (a, b) = (try f.valuesWithGradients(at: samples), try g.valuesWithGradients(at: samples))
        XCTAssertEqual(a.values.map(\.bitPattern), b.values.map(\.bitPattern))
        XCTAssertEqual(a.gradients.numbers.map(\.bitPattern), b.gradients.numbers.map(\.bitPattern))
        for sample in samples.rows {
          XCTAssertEqual(try f.gradient(at: sample).map(\.bitPattern), try g.gradient(at: sample).map(\.bitPattern))
          XCTAssertEqual(
            try f.jacobian(at: sample)[0].map(\.bitPattern), try g.jacobian(at: sample)[0].map(\.bitPattern))
        }
        for parameter in f.parameters { parameter.grad = 0 }
        XCTAssertEqual(try f.backward(at: samples).bitPattern, try g.backward(at: samples).bitPattern)
        XCTAssertEqual(f.parameters.map(\.grad.bitPattern), g.parameters.map(\.grad.bitPattern))
      }
    }
    XCTAssertGreaterThan(compared, 25)
  }

  func testParametersAreNewOnes() throws {
    let w = Parameters([2, 5])
    let f = try compile(at: [1]) { x in w[1] * x[0] - w[0] }
    try f.save(to: path)
    w[0].data = 100
    let g = try CompiledFunction(contentsOf: path)
    XCTAssertEqual(try g(at: [3]), 13)
    g.parameters[1].data = 7
    XCTAssertEqual(try g(at: [3]), 19)
    XCTAssertEqual(w.data, [100, 5])
    try g.backward(at: [4])
    XCTAssertEqual(g.parameters.map(\.grad), [-1, 4])
    XCTAssertEqual(w.gradients, [0, 0])
  }

  func testParametersLiveAsLongAsTheFunctionThatWasRead() throws {
    let bytes = try network().encoded()
    let expected = try CompiledFunction(bytes: bytes)(at: [0.5, -1, 2])
    let f = try CompiledFunction(bytes: bytes)
    for _ in 0..<10 { Tape.scope { _ = Parameters([1, 2, 3]) } }
    XCTAssertEqual(try f(at: [0.5, -1, 2]), expected)
  }

  func testAFunctionThatWasReadIsNativeCodeASourceAndAnEvaluator() throws {
    let f = try network()
    let g = try CompiledFunction(bytes: f.encoded())
    for sample in [[0.3, -1, 0], [2, 1, 1], [-0.5, 0.25, 2]] {
      let expected = try f.valueWithGradient(at: sample)
      for (value, gradient) in [
        try g.native(folder: folder.path).valueWithGradient(at: sample),
        try g.evaluator().valueWithGradient(at: sample),
      ] {
        XCTAssertEqual(value.bitPattern, expected.value.bitPattern)
        XCTAssertEqual(gradient.map(\.bitPattern), expected.gradient.map(\.bitPattern))
      }
    }
  }

  func testThePrecisionComesBack() throws {
    let f = try compile(at: [1], precision: .float) { x in exp(x[0]) }
    let g = try CompiledFunction(bytes: f.encoded()), samples = Samples([[0.1], [0.7]])
    XCTAssertEqual(g.precision, .float)
    XCTAssertEqual(try g.values(at: samples), try f.values(at: samples))
    XCTAssertNotEqual(try g.values(at: samples)[1], exp(0.7))  // rounded to 32 bits
  }

  func testManyResultsAndUnusedInputsComeBack() throws {
    let f = try compile(at: [1, 2, 3, 4]) { x in [x[2] * x[2], .constant(7), sin(x[0]), x[2] * x[2]] }
    let g = try CompiledFunction(bytes: f.encoded())
    XCTAssertEqual([g.inputCount, g.resultCount], [4, 4])
    XCTAssertEqual(try g.results(at: [0, 9, 3, 9]), [9, 7, 0, 9])
    XCTAssertEqual(try g.jacobian(at: [0, 9, 3, 9])[2], [1, 0, 0, 0])
    let constant = try compile(at: []) { _ in .constant(5) }
    XCTAssertEqual(try CompiledFunction(bytes: constant.encoded())(at: []), 5)
  }

  func testSavedPathsAreTakenAndOthersAreAnError() throws {
    let f = try compile(at: [1]) { x in x[0] < 0 ? -x[0] : x[0] > 10 ? 10 * x[0] : x[0] * x[0] }
    _ = try f(at: [-1])
    let g = try CompiledFunction(bytes: f.encoded())
    XCTAssertEqual(g.pathCount, 2)
    XCTAssertEqual(try g.values(at: Samples([[3], [-4]])), [9, 4])
    XCTAssertEqual(try g(at: [-2]), 2)
    XCTAssertThrowsError(try g.values(at: Samples([[3], [20]]))) {
      XCTAssertEqual($0 as? CompilationError, .pathNotSaved(sample: 1))
      XCTAssertTrue("\($0)".contains("before it is saved"))
    }
    XCTAssertThrowsError(try g(at: [20])) { XCTAssertEqual($0 as? CompilationError, .pathNotSaved(sample: 0)) }
    let native = try g.native(folder: folder.path)
    XCTAssertEqual(try native(at: [-2]), 2)
    XCTAssertThrowsError(try native(at: [20])) { XCTAssertEqual($0 as? CompilationError, .pathNotSaved(sample: 0)) }
  }

  func testWhatNeedsTheClosureIsAnErrorThatSaysSo() throws {
    let f = try CompiledFunction(bytes: network().encoded()), x = [0.5, -1, 2]
    let calls: [() throws -> Void] = [
      { _ = try f.hessian(at: x) }, { _ = try f.hessianVectorProduct(at: x, along: [1, 0, 0]) },
      { _ = try f.gradients(at: Samples([x]), byParameters: f.parameters) },
    ]
    for call in calls {
      XCTAssertThrowsError(try call()) {
        XCTAssertEqual($0 as? CompilationError, .closureNotSaved)
        XCTAssertTrue("\($0)".contains("Compile and save"))
      }
    }
  }

  func testCustomOperationsAreRefusedByName() throws {
    let cubic = CustomOperation("cubic", value: { x in x * x * x }, derivative: { x in 3 * x * x })
    let f = try compile(at: [2]) { x in cubic(x[0]) }
    XCTAssertEqual(problem { try f.save(to: path) }, .customOperation("cubic"))
    XCTAssertEqual(folder.names, [])
  }

  // MARK: - What can be wrong with a file

  func testEveryByteThatChangesIsNoticed() throws {
    let bytes = try network().encoded()
    for k in bytes.indices {
      for change in [1, 0x80] as [UInt8] {
        var changed = bytes
        changed[k] ^= change
        let found = problem { _ = try CompiledFunction(bytes: changed) }
        switch k {
        case 0..<8: XCTAssertEqual(found, .notAFunction)
        case 8..<12: XCTAssertEqual(found, .version(1 ^ Int(change) << (8 * (k - 8)), supported: 1))
        case 12..<20: if case .byteCount = found {} else { XCTFail("byte \(k): \(found as Any)") }
        default: XCTAssertEqual(found, .checksum, "byte \(k)")
        }
      }
    }
  }

  func testEveryFileThatIsCutIsNoticed() throws {
    let bytes = try network().encoded()
    for count in bytes.indices {
      let found = problem { _ = try CompiledFunction(bytes: Array(bytes[..<count])) }
      if count < 8 {
        XCTAssertEqual(found, .notAFunction)
      } else if case .byteCount = found {
      } else {
        XCTFail("\(count)")
      }
    }
    XCTAssertEqual(
      problem { _ = try CompiledFunction(bytes: bytes + [0]) },
      .byteCount(expected: bytes.count, found: bytes.count + 1))
  }

  /// The checksum does not protect against intent: with a right one, what is read is an error or a function that can be run.
  func testAnyContentIsAnErrorOrAFunction() throws {
    var random = SplitMix64(seed: 16)
    let branching = try compile(at: [1, 2]) { x in x[0] < x[1] ? -x[0] * x[1] : x[0] / x[1] }
    _ = try branching(at: [2, 1])
    let w = Parameters([0.5, -2, 1])
    let many = try compile(at: [1, 2]) { x in
      [logSumExp([w[0] * x[0], x[1], w[1] * w[2]]) - x[0], max(x[0], w[2]), abs(x[1])]
    }
    var (errors, functions) = (0, 0)
    for bytes in [try network().encoded(), try branching.encoded(), try many.encoded()] {
      let content = Array(bytes[20..<bytes.count - 4])
      var changes = content.indices.flatMap { k in [1, 0x80, 0xFF].map { (k, $0 as UInt8) } }
      for _ in 0..<3000 {
        changes.append((Int.random(in: 0..<content.count, using: &random), UInt8.random(in: 1...255, using: &random)))
      }
      for (k, change) in changes {
        var changed = content
        changed[k] ^= change
        if change == 77 { changed.removeSubrange(k..<min(k + 4, changed.count)) }
        try Tape.scope {
          do {
            let f = try CompiledFunction(bytes: FunctionFile.file(of: changed))
            functions += 1
            let sample = Array([0.5, -1, 2, 1, 1, 1].prefix(min(f.inputCount, 6)))
            if sample.count == f.inputCount, f.inputCount > 1, !f.paths.contains(where: \.picks) {
              _ = try? f.results(at: sample)
              _ = try? f.jacobians(at: Samples([sample, sample]))
              _ = try f.cSource(named: "f")
            }
          } catch {
            guard let error = error as? FunctionFileError else { throw error }
            XCTAssertFalse("\(error)".isEmpty)
            errors += 1
          }
        }
      }
    }
    XCTAssertGreaterThan(errors, 5000)
    XCTAssertGreaterThan(functions, 100)
  }

  /// Python writes these files, by the description of the format.
  func testFilesThatAnotherProgramWroteAreFunctions() throws {
    func seed(_ name: String) throws -> CompiledFunction {
      let url = packageFolder.appendingPathComponent("Tests/Fuzz/Seeds/function/\(name)")
      return try CompiledFunction(bytes: FunctionFile.file(of: [UInt8](Data(contentsOf: url))))
    }
    let sum = try seed("sum")
    XCTAssertEqual(try sum.valueWithGradient(at: [0, 1]).value, -1.5)
    XCTAssertEqual(try sum.valueWithGradient(at: [0, 1]).gradient, [1, 0.5])
    XCTAssertThrowsError(try sum(at: [1, 0])) { XCTAssertEqual($0 as? CompilationError, .pathNotSaved(sample: 0)) }
    let layer = try seed("layer").results(at: [1, 1])
    XCTAssertEqual(layer[0], exp(4.5) / (exp(4.5) + 1), accuracy: 1e-15)
    XCTAssertEqual(layer.dropFirst(), [0, 1])
  }

  func testAnOperationOfALaterVersionIsNamed() throws {
    let bytes = try compile(at: [1]) { x in tanh(x[0]) }.encoded()
    var content = Array(bytes[20..<bytes.count - 4])
    let name = Array("hyperbolic_tangent".utf8)
    let place = try XCTUnwrap(content.indices.first { content[$0...].starts(with: name) })
    content[place] = UInt8(ascii: "z")
    let found = problem { _ = try CompiledFunction(bytes: FunctionFile.file(of: content)) }
    XCTAssertEqual(found, .unknownOperation("zyperbolic_tangent"))
  }

  func testMessagesNameTheFileAndWhatToDo() throws {
    try network().save(to: path)
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    let messages: [([UInt8], String)] = [
      (Array("hello, world".utf8), "give one that CompiledFunction.save(to:) wrote"),
      (Array(bytes.dropLast(9)), "it was truncated. Copy or save it anew."),
      (
        bytes.enumerated().map { $0.offset == 8 ? 2 : $0.element },
        "has version 2 of the format, this library reads version 1"
      ),
      (bytes.enumerated().map { $0.offset == 60 ? $0.element ^ 4 : $0.element }, "the checksum is wrong"),
      (FunctionFile.file(of: Array(bytes[20..<100])), "the file is damaged near byte "),
    ]
    for (bytes, words) in messages {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      XCTAssertThrowsError(try CompiledFunction(contentsOf: path)) {
        XCTAssertTrue("\($0)".hasPrefix("\(path): ") && "\($0)".contains(words), "\($0)")
      }
    }
  }

  // MARK: - The file

  func testAFileIsReplacedInOneStepAndNothingIsLeftBeside() throws {
    for k in 0..<3 {
      try compile(at: [1]) { x in x[0] + Double(k) }.save(to: path)
      XCTAssertEqual(try CompiledFunction(contentsOf: path)(at: [1]), 1 + Double(k))
      XCTAssertEqual(folder.names, ["f.function"])
    }
  }

  func testAFullDiskIsAnErrorAndLeavesTheOldFile() throws {
    try compile(at: [1]) { x in x[0] }.save(to: path)
    let f = try network()
    let found = try withFullDisk { problem { try f.save(to: path) } }
    guard case .cannotWrite = found else { return XCTFail("\(found as Any)") }
    XCTAssertEqual(try CompiledFunction(contentsOf: path)(at: [7]), 7)
    XCTAssertEqual(folder.names, ["f.function"])
  }

  func testWhereNothingCanBeReadOrWrittenIsAnError() throws {
    let f = try network()
    for path in ["/dev/null/f", folder.path, folder.path + "/missing/f"] {
      guard case .cannotWrite(let reason) = problem({ try f.save(to: path) }) else { return XCTFail(path) }
      XCTAssertFalse(reason.isEmpty)
    }
    for path in ["/dev/null", folder.path, folder.path + "/missing"] {
      guard case .cannotRead(let reason) = problem({ _ = try CompiledFunction(contentsOf: path) }) else {
        return XCTFail(path)
      }
      XCTAssertFalse(reason.isEmpty)
    }
  }
}
