import Micrograd
import MicrogradNN
import XCTest

final class OptimizerStateTests: XCTestCase {
  private let parameters = Parameters([1, 2])

  /// Asserts that a state is refused for a reason, and that nothing has changed.
  private func assertRefused(
    _ state: OptimizerState, by optimizer: some ResumableOptimizer, _ reason: OptimizerStateError,
    file: StaticString = #filePath, line: UInt = #line
  ) {
    var optimizer = optimizer
    let before = optimizer.state
    XCTAssertThrowsError(try optimizer.restore(state), file: file, line: line) {
      XCTAssertEqual($0 as? OptimizerStateError, reason, file: file, line: line)
    }
    XCTAssertEqual(optimizer.state, before, file: file, line: line)
  }

  private func momentum() -> SGD {
    parameters[0].grad = 1
    var optimizer = SGD(Array(parameters), learningRate: 0.1, momentum: 0.9)
    optimizer.step()
    return optimizer
  }

  func testStateOfAnotherKindIsRefused() {
    assertRefused(
      Adam(Array(parameters)).state, by: AdamW(Array(parameters)), .kind(found: "Adam", expected: "AdamW"))
  }

  func testBuffersThatAreMissingOrUnknownAreRefused() {
    let plain = SGD(Array(parameters), learningRate: 0.1)
    assertRefused(momentum().state, by: plain, .buffers(found: ["momentum_buffer"], expected: []))
    assertRefused(plain.state, by: momentum(), .buffers(found: [], expected: ["momentum_buffer"]))
  }

  func testBuffersOfAnotherLengthAreRefused() {
    var state = momentum().state
    state.buffers["momentum_buffer"]?.append(0)
    assertRefused(state, by: momentum(), .bufferLength(name: "momentum_buffer", found: 3, expected: 2))
  }

  func testNumbersAndCountsThatCannotBeAreRefused() {
    var state = momentum().state
    state.numbers["t"] = 1
    assertRefused(state, by: momentum(), .numbers(found: ["t"], expected: []))
    state = momentum().state
    state.stepCount = -1
    assertRefused(state, by: momentum(), .stepCount(-1))
  }

  func testReasonsAreSentences() {
    XCTAssertEqual(
      "\(OptimizerStateError.bufferLength(name: "sum", found: 3, expected: 2))",
      "the state's sum has 3 numbers, not 2: it belongs to another model")
  }
}
