import Micrograd
import XCTest

/// What cannot be compiled is an error that says so, never a number that is wrong for the next sample.
final class CompiledMisuseTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private func one(_ f: @escaping ([Value]) -> Value) throws {
    _ = try compile(at: [1.5]) { x in f(x) }
  }

  // MARK: - Numbers that are read

  func testTheNumberOfAnInputAParameterOrAResultIsNotRead() {
    let w = Parameters([2]), leaf = Value(3)
    for (what, read) in [
      ("x[0]", { x in x[0].data }), ("parameter", { _ in w[0].data }), ("parameter", { _ in leaf.data }),
      ("(x[0] * 2.0)", { x in (x[0] * 2).data }), ("exp(parameter)", { _ in exp(w[0]).data }),
      ("parameter", { _ in w.data[0] }),
      ("x[0]", { x in Matrix(rows: 1, columns: 1, values: [x[0]]).data[0] }),
    ] as [(String, ([Value]) -> Double)] {
      assertThrows(saying: what, "Compare Values", "detached") { try one { x in x[0] * read(x) } }
      XCTAssertThrowsError(try one { x in x[0] * read(x) }) {
        guard case CompilationError.numberRead? = $0 as? CompilationError else { return XCTFail("\($0)") }
      }
    }
  }

  func testTheTextOfAValueIsNotRead() {
    for (what, text) in [
      ("x[0]", { x in "\(x[0])" }), ("(x[0] * 2.0)", { x in (x[0] * 2).description }),
      ("x[0]", { x in String(reflecting: x[0]) }),
      ("x[0]", { x in "\(Mirror(reflecting: x[0]).children.map(\.value))" }),
      ("x[0]", { x in Matrix(rows: 1, columns: 1, values: [x[0]]).description }),
      ("x[0]", { x in Vector(values: [x[0]]).description }), ("x[0]", { x in RealValue(x[0]).description }),
    ] as [(String, ([Value]) -> String)] {
      assertThrows(saying: what, "or text", "detached") { try one { x in text(x).contains("-") ? -x[0] : x[0] } }
    }
  }

  func testNumbersOfConstantsMayBeRead() throws {
    let f = try compile(at: [1]) { x in
      let c = Value(3) * 2
      return x[0] * c.data + Value.constant(1).data
    }
    XCTAssertEqual(try f.values(at: samples([2])), [13])
  }

  func testDetachedPassesTheValueOfEachSampleAndStopsTheGradient() throws {
    let w = Parameters([3])
    let f = try compile(at: [1]) { x in x[0].detached * x[0] + (w[0] * x[0]).detached + w[0].detached * w[0] }
    let (values, gradients) = try f.valuesWithGradients(at: samples([1, -2]))
    XCTAssertEqual(values, [13, 7])
    XCTAssertEqual(gradients.numbers, [1, -2])
    try f.backward(at: samples([1, -2]), reduction: .sum)
    XCTAssertEqual(w[0].grad, 6)
    w[0].data = 4
    XCTAssertEqual(try f.values(at: samples([1])), [21])
  }

  // MARK: - What would be the same for all samples

  func testFrozenNumbersAreAnError() {
    let w = Parameters([2]), leaf = Value(1)
    assertThrows(saying: "withoutGradients", "do it outside") { try one { x in withoutGradients { x[0] * 2 } } }
    assertThrows(saying: "computes derivatives") {
      try one { x in
        let y = x[0] * w[0]
        y.backward()
        return y
      }
    }
    assertThrows(saying: "computes derivatives") { try one { x in x[0] * w[0].grad } }
    assertThrows(saying: "computes derivatives") { try one { x in x[0] * gradient(at: 1) { y in y * w[0] } } }
    assertThrows(saying: "sets data") {
      try one { x in
        w[0].data = 3
        return x[0]
      }
    }
    assertThrows(saying: "sets data") {
      try one { x in
        leaf.grad = 0
        return x[0]
      }
    }
    assertThrows(saying: "Tape.scope") { try one { x in Tape.scope { x[0] * 2 > 1 } ? x[0] : 2 * x[0] } }
    XCTAssertThrowsError(try one { x in withoutGradients { x[0] } }) {
      guard case CompilationError.frozen? = $0 as? CompilationError else { return XCTFail("\($0)") }
    }
  }

  func testACompiledFunctionIsNotCalledWhileAnotherIsRecorded() throws {
    let w = Parameters([2])
    let inner = try compile(at: [1]) { x in w[0] * x[0] }
    assertThrows(saying: "the function") { try one { x in x[0] * (try! inner.values(at: samples([1]))[0]) } }
    assertThrows(saying: "the function") {
      try one { x in
        _ = try! inner.backward(at: samples([1]))
        return x[0]
      }
    }
  }

  func testDerivativesOfValuesInsideAreCompiled() throws {
    func f(_ x: [Value]) -> Value { gradient(at: x[0]) { y in sin(y) * y * x[1] } }
    let compiled = try compile(at: [1, 2]) { x in f(x) }
    try assertAgrees(compiled, with: f, at: Samples([[0.5, 1], [-2, 3]]))
  }

  // MARK: - Outside

  func testValuesComputedOutsideAreAnErrorAndLeavesFromThereAreParameters() throws {
    let leaf = Value(3), computed = leaf * 2
    assertThrows(saying: "computed outside", ".detached") { try one { x in x[0] * computed } }
    assertThrows(saying: "computed outside") { try one { x in x[0] < computed ? x[0] : .zero } }
    XCTAssertThrowsError(try one { _ in computed }) {
      guard case CompilationError.computedOutside? = $0 as? CompilationError else { return XCTFail("\($0)") }
    }
    let f = try compile(at: [1]) { x in x[0] * leaf }
    let mean = try f.backward(at: samples([1, 2, 6]))
    XCTAssertEqual([mean, leaf.grad], [9, 3])
    let constant = computed.detached
    XCTAssertEqual(try compile(at: [1]) { x in x[0] * constant }.values(at: samples([2])), [12])
  }

  func testAFailedCompilationLeavesNothingBehind() {
    let count = Tape.current.nodeCount, parameters = Tape.current.parameterCount
    try? one { x in x[0] * x[0].data }
    try? one { x in withoutGradients { x[0] } }
    XCTAssertEqual([Tape.current.nodeCount, Tape.current.parameterCount], [count, parameters])
    let y = Value(2) * 3
    XCTAssertEqual(y.data, 6)  // and nothing is noted any more
  }
}
