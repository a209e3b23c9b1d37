import Foundation
import Micrograd
import XCTest

/// Compiled functions among other code: parameters, tapes, scopes, shapes of results.
final class CompiledCallsTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  // MARK: - Parameters

  func testChangedParametersAreSeen() throws {
    let w = Parameters([1, 2]), leaf = Value(1)
    func f(_ x: [Value]) -> Value { w[0] * w[1] * x[0] + exp(w[1] * leaf) - 3 * w[0] }
    let compiled = try compile(at: [0]) { x in f(x) }
    for k in 0..<4 {
      try assertAgrees(compiled, with: f, at: samples([1, -2, 0.5]), parameters: Array(w) + [leaf])
      for (p, number) in zip(w, [0.5 - Double(k), 1.5 * Double(k)]) { p.data = number }
      leaf.data = 0.25 * Double(k)
    }
  }

  func testGradientsAreAddedToWhatIsThereByOthers() throws {
    let w = Parameters([2, 3])
    let f = try compile(at: [0]) { x in w[0] * x[0] }, g = try compile(at: [0, 0]) { x in w[0] * w[1] * x[0] + x[1] }
    w[1].grad = 100
    try f.backward(at: samples([1, 3]))  // 2 to the first
    try g.backward(at: Samples([[1, 0]]))  // 3 and 2
    (5 * w[0]).backward()
    try f.backward(at: samples([1, 3]), reduction: .sum)  // 4
    XCTAssertEqual(w.map(\.grad), [14, 102])
  }

  func testUnusedAndDetachedParametersGetNothing() throws {
    let w = Parameters([2, 3, 4])
    let f = try compile(at: [1]) { x in w[0].detached * x[0] + 0 * w[1] }
    XCTAssertEqual(try f.backward(at: samples([5])), 10)
    XCTAssertEqual(w.map(\.grad), [0, 0, 0])
  }

  // MARK: - Shapes

  func testNoSamplesGiveNoResults() throws {
    let w = Parameters([1])
    let f = try compile(at: [1, 2]) { x in x[0] < x[1] ? x[0] : w[0] }
    let none = Samples([], width: 2)
    XCTAssertEqual(try f.values(at: none), [])
    XCTAssertEqual(try f.gradients(at: none).count, 0)
    XCTAssertEqual(try f.results(at: none).rows, [])
    XCTAssertEqual(w[0].grad, 0)
  }

  func testFunctionsNeedNotDependOnInputsOrParametersOrAnything() throws {
    let w = Parameters([3])
    let batch = samples([1, 2, 3, 4, 5])
    let ofParameters = try compile(at: [1]) { _ in w[0] * w[0] }
    XCTAssertEqual(try ofParameters.values(at: batch), [9, 9, 9, 9, 9])
    XCTAssertEqual(try ofParameters.gradients(at: batch).numbers, [0, 0, 0, 0, 0])
    XCTAssertEqual(try ofParameters.backward(at: batch, reduction: .sum), 45)
    XCTAssertEqual(w[0].grad, 30)
    XCTAssertEqual(try ofParameters.backward(at: batch), 9)
    XCTAssertEqual(w[0].grad, 36)
    let ofInputs = try compile(at: [1]) { x in x[0] * x[0] }
    XCTAssertEqual(try ofInputs.backward(at: batch), 11)
    XCTAssertEqual(try ofInputs.gradients(at: batch).numbers, [2, 4, 6, 8, 10])
    for constant in [Value.constant(7), Value(7)] {
      let f = try compile(at: [1]) { _ in constant }
      XCTAssertEqual(try f.valuesWithGradients(at: batch).values, [7, 7, 7, 7, 7])
      XCTAssertEqual(try f.backward(at: batch), 7)
    }
    let theInput = try compile(at: [1]) { x in x[0] }, theParameter = try compile(at: [1]) { _ in w[0] }
    XCTAssertEqual(try theInput.valuesWithGradients(at: batch).values, batch.numbers)
    XCTAssertEqual(try theInput.gradients(at: batch).numbers, [1, 1, 1, 1, 1])
    w.zeroGradients()
    XCTAssertEqual(try theParameter.backward(at: batch, reduction: .sum), 15)
    XCTAssertEqual(w[0].grad, 5)
    let ofNothing = try compile(at: []) { _ in 2 * w[0] }
    XCTAssertEqual(try ofNothing.values(at: Samples([[], []])), [6, 6])
  }

  func testFunctionsOfManyResultsGiveARowASample() throws {
    let w = Parameters([10])
    let f = try compile(at: [1, 2]) { x in [x[0], w[0], x[0] * x[1], Value(5), x[0], w[0] * 2] }
    XCTAssertEqual(f.resultCount, 6)
    XCTAssertEqual(
      try f.results(at: Samples([[1, 2], [3, 4]])).rows, [[1, 10, 2, 5, 1, 20], [3, 10, 12, 5, 3, 20]])
    let none = try compile(at: [1]) { _ in [Value]() }
    XCTAssertEqual(try none.results(at: samples([1, 2])).rows, [[], []])
  }

  func testManyInputsOfWhichFewAreUsed() throws {
    let f = try compile(at: Array(repeating: 0, count: 300)) { x in x[7] * x[299] + x[123] }
    let batch = Samples((0..<9000).map { Double($0 % 31) }, width: 300)
    try assertAgrees(f, with: { x in x[7] * x[299] + x[123] }, at: batch)
  }

  func testGradientsAreWrittenIntoSamplesOfTheSameShape() throws {
    let f = try compile(at: [1, 1]) { x in x[0] * x[1] }
    var gradients = Samples([9, 9], width: 1)
    for batch in [Samples([[1, 2], [3, 4]]), Samples([[5, 6], [7, 8]]), Samples([[1, 0]])] {
      try f.gradients(at: batch, into: &gradients)
      XCTAssertEqual(gradients.rows, batch.rows.map { [$0[1], $0[0]] })
    }
  }

  func testPicksTakeTheirElementByTheSample() throws {
    let w = Parameters([10, 20, 30])
    func f(_ x: [Value]) -> Value { pick(Array(w), at: x[0]) * x[1] + pick([x[1], w[0], 2 * x[1]], at: x[0]) }
    let compiled = try compile(at: [0, 1]) { x in f(x) }
    try assertAgrees(
      compiled, with: f, at: Samples([[0, 2], [1, 3], [2, 4], [2, 5], [0, -1]]), parameters: Array(w))
  }

  // MARK: - Scopes, pauses, tapes

  func testCallsInsideScopesAndPausesComputeTheSame() throws {
    let w = Parameters([2])
    let f = try compile(at: [1]) { x in w[0] < x[0] ? w[0] * x[0] : x[0] / w[0] }
    XCTAssertEqual(try Tape.scope { try f.values(at: samples([1, 3])) }, [0.5, 6])
    XCTAssertEqual(try withoutGradients { try f.backward(at: samples([1, 3]), reduction: .sum) }, 6.5)
    XCTAssertEqual(w[0].grad, 3 - 0.25)
    // Both the compilation and another way are recorded in a pause too.
    let g = try withoutGradients { try compile(at: [1]) { x in w[0] < x[0] ? w[0] * x[0] : x[0] / w[0] } }
    XCTAssertEqual(try withoutGradients { try g.values(at: samples([3, 1])) }, [6, 0.5])
  }

  func testNothingIsLeftOnTheTape() throws {
    let w = Parameters([2])
    let count = Tape.current.nodeCount
    let f = try compile(at: [1]) { x in x[0] > 1 ? w[0] * x[0] : exp(x[0]) }
    try f.backward(at: samples([1, 2, 3]))
    XCTAssertEqual(Tape.current.nodeCount, count)
  }

  func testAFunctionIsCompiledAndCalledWhileAnotherTapeIsCurrent() throws {
    let tape = Tape()
    let (w, f) = try tape.use {
      let w = Parameters([2])
      return (w, try compile(at: [1]) { x in x[0] > 1 ? w[0] * x[0] : w[0] })
    }
    let x = Value(1)
    XCTAssertEqual(try f.backward(at: samples([1, 2, 3]), reduction: .sum), 12)
    XCTAssertEqual([w[0].grad, x.grad], [6, 0])
  }

  func testAnActorCompilesAndTrainsOnItsTape() async throws {
    actor Trainer {
      let tape = Tape()
      var weights: Parameters?
      var loss: CompiledFunction?
      func prepare() throws {
        try tape.use {
          let w = Parameters([0, 0])
          weights = w
          loss = try compile(at: [0, 0]) { x in (w[0] * x[0] + w[1] - x[1]).squared() }
        }
      }
      func step(_ batch: Samples) throws -> Double {
        weights!.zeroGradients()
        let mean = try loss!.backward(at: batch)
        weights!.descend(learningRate: 0.1)
        return mean
      }
      var data: [Double] { weights!.data }
    }
    let trainer = Trainer()
    try await trainer.prepare()
    let numbers: [Double] = [-2, -1.5, -1, 0, 0.5, 1, 2]
    let batch = Samples(numbers.map { [$0, 2 * $0 - 1] })
    for _ in 0..<300 { _ = try await trainer.step(batch) }
    let data = await trainer.data
    XCTAssertEqual(data[0], 2, accuracy: 1e-9)
    XCTAssertEqual(data[1], -1, accuracy: 1e-9)
  }

  // MARK: - Many samples, many threads

  func testManySamplesAreSummedWithoutLosingAny() throws {
    let w = Parameters([0.5])
    let f = try compile(at: [1]) { x in w[0] * x[0] }
    for count in [127, 128, 129, 1000, 8192, 8193, 10_000, 10_007] {
      let batch = samples((1...count).map { Double($0) })
      for threads in [1, 2, 3, 8, 1000] {
        f.threads = threads
        w.zeroGradients()
        XCTAssertEqual(try f.backward(at: batch, reduction: .sum), Double(count * (count + 1)) / 4)
        XCTAssertEqual(w[0].grad, Double(count * (count + 1)) / 2)
        XCTAssertEqual(try f.values(at: batch), batch.numbers.map { $0 / 2 })
      }
    }
  }

  func testThreadsCallTheirProgramsAtOnce() {
    @Sendable func train(_ factor: Double) throws {
      let w = Parameters([factor])
      let f = try compile(at: [1]) { x in w[0] * x[0] * x[0] }
      let batch = samples((0..<3000).map { Double($0 % 7) })
      let expected = batch.numbers.map { $0 * $0 * factor }, sum = expected.reduce(0, +)
      for round in 0..<20 {
        f.threads = 1 + round % 4
        w.zeroGradients()
        XCTAssertEqual(try f.values(at: batch), expected)
        XCTAssertEqual(try f.backward(at: batch, reduction: .sum), sum)
        XCTAssertEqual(w[0].grad, sum / factor)
      }
    }
    DispatchQueue.concurrentPerform(iterations: 6) { k in
      do { try Tape().use { try train(Double(k + 1)) } } catch { XCTFail("\(error)") }
    }
  }

  func testAFunctionMovesBetweenThreadsOneAfterTheOther() throws {
    struct Box: @unchecked Sendable {
      let f: CompiledFunction
      let w: Parameters
    }
    let box = try Tape().use {
      let w = Parameters([3])
      return Box(f: try compile(at: [1]) { x in x[0] > 2 ? w[0] * x[0] : exp(w[0]) * x[0] }, w: w)
    }
    @Sendable func call(_ x: Double) throws {
      XCTAssertEqual(try box.f.values(at: samples([x])), [3 * x])
      XCTAssertEqual(try box.f.backward(at: samples([x])), 3 * x)
    }
    for k in 3...5 {
      let isDone = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        do { try call(Double(k)) } catch { XCTFail("\(error)") }
        isDone.signal()
      }
      isDone.wait()
    }
    XCTAssertEqual(box.w[0].grad, 3 + 4 + 5)
  }
}
