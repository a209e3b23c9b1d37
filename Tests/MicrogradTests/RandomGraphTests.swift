import Micrograd
import TestSupport
import XCTest

/// The tape against the textbook, on graphs that nobody would think of.
final class RandomGraphTests: XCTestCase {
  func testAllGradientsOfRandomGraphsAreTheTextbooks() {
    for seed in 1...60 {
      compare(seed: UInt64(seed), inputs: 12, steps: seed * 50, roots: 1)
    }
  }

  func testSweepsFromSeveralRootsAddUpInLeavesOnly() {
    for seed in 101...130 {
      compare(seed: UInt64(seed), inputs: 8, steps: 400, roots: 7)
    }
  }

  func testRecomputingChangedLeavesIsRecordingAfresh() {
    for seed in 201...230 {
      Tape.scope {
        let program = RandomProgram(seed: UInt64(seed), inputs: 10, steps: 1000)
        let parameters = Parameters(Array(program.inputs.prefix(5)))
        let inputs = parameters + program.inputs.dropFirst(5).map { Value($0) }
        let recorded = program.run(inputs) { Value($0) }
        for input in inputs { input.data *= 1.001 }
        Tape.current.recompute()
        let afresh = program.run(inputs) { Value($0) }
        XCTAssertEqual(recorded.map(\.data.bitPattern), afresh.map(\.data.bitPattern), "seed \(seed)")
      }
    }
  }

  /// Half of the inputs are parameters, half leaves; the roots are random steps, the last one first.
  private func compare(seed: UInt64, inputs: Int, steps: Int, roots: Int) {
    Tape().scope {
      let program = RandomProgram(seed: seed, inputs: inputs, steps: steps)
      let expected = program.run(program.inputs.map { Reference($0) }) { Reference($0) }
      let parameters = Parameters(Array(program.inputs.prefix(inputs / 2)))
      let leaves = program.inputs.dropFirst(inputs / 2).map { Value($0) }
      let actual = program.run(parameters + leaves) { Value($0) }
      XCTAssertEqual(actual.map(\.data), expected.map(\.data), "seed \(seed)")
      var random = SplitMix64(seed: ~seed)
      for k in 0..<roots {
        let root = k == 0 ? expected.count - 1 : Int.random(in: 0..<expected.count, using: &random)
        for number in expected where !number.isLeaf { number.grad = 0 }
        expected[root].backward(seed: 1 + Double(k))
        actual[root].backward(seed: 1 + Double(k))
        assertGradients(actual, expected, "root \(root), the \(k + 1)th, seed \(seed)")
      }
    }
  }

  /// Ten digits, but of gradients in which much larger ones cancel: there the order of addition shows.
  private func assertGradients(_ actual: [Value], _ expected: [Reference], _ context: String) {
    let largest = expected.map { abs($0.grad) }.max()!
    XCTAssertTrue(largest.isFinite, context)
    for (i, (value, number)) in zip(actual, expected).enumerated() {
      let tolerance = 1e-10 * abs(number.grad) + 1e-14 * largest
      XCTAssertEqual(value.grad, number.grad, accuracy: tolerance, "number \(i), \(context)")
    }
  }
}
