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

  func testStateOfLBFGSIsCheckedAsAWhole() {
    let block = Parameters([3, 4])
    var optimizer = LBFGS(Array(block), maxIterations: 3, maxEvaluations: 9)
    optimizer.step { Self.bowl(block) }
    let saved = optimizer.state
    XCTAssertEqual(saved.buffers["ro"]?.count, 2)

    assertRefused(
      saved, by: LBFGS(Array(block), historySize: 1), .bufferLength(name: "ro", found: 2, expected: 1))
    assertRefused(
      OptimizerState(kind: "LBFGS", stepCount: 1, numbers: saved.numbers), by: optimizer,
      .buffers(found: [], expected: ["d", "old_dirs", "old_stps", "prev_flat_grad", "ro"]))
    var broken = saved
    broken.numbers["n_iter"] = 2.5
    assertRefused(broken, by: optimizer, .number(name: "n_iter", found: 2.5))
    broken = saved
    broken.buffers["old_dirs"]?.removeLast()
    assertRefused(broken, by: optimizer, .bufferLength(name: "old_dirs", found: 3, expected: 4))
    broken = saved
    broken.numbers["H_diag"] = nil
    assertRefused(
      broken, by: optimizer,
      .numbers(found: ["func_evals", "n_iter", "t"], expected: ["H_diag", "func_evals", "n_iter", "t"]))
  }

  func testReasonsAreSentences() {
    XCTAssertEqual(
      "\(OptimizerStateError.bufferLength(name: "sum", found: 3, expected: 2))",
      "the state's sum has 3 numbers, not 2: it belongs to another model")
  }

  private static func bowl(_ block: Parameters) -> Double {
    Tape.scope {
      let loss = block[0] ** 2 + 3 * block[1] ** 2 + block[0] * block[1]
      block.zeroGradients()
      loss.backward()
      return loss.data
    }
  }
}
