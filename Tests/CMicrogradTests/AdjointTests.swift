import CMicrograd
import XCTest

final class AdjointTests: XCTestCase {
  /// A graph of parameters, scalar nodes and blocks, some of whose gradients are those of an earlier sweep.
  private func withGraph(_ body: (_ tape: TapePointer, _ root: mg_node) -> Void) {
    withTape { tape in
      let p = tape.allocateParameters([0.5, -1, 2, 0.25, 1, 1, 0.1, -0.2])
      let x = mg_block_leaves(tape, [1, 2, 3, 4, 5, 6], 2, 3, false)
      let layer = mg_layer(weights: p.first, biases: p.first + 6, input_count: 3, output_count: 2, relu: true)
      let y = mg_block_layer(tape, layer, x, 2), s = mg_block_rows(tape, .softmax, y, 2, 2)
      let earlier = mg_multiply(tape, x, p.first), late = mg_leaf(tape, 7)
      let root = mg_add(tape, mg_multiply(tape, s, earlier), mg_multiply(tape, y + 1, late))
      mg_tape_backward(tape, earlier, 3)
      body(tape, root)
    }
  }

  private func adjoints(_ tape: TapePointer, _ root: mg_node) -> [Double] {
    let slots = Int(tape.pointee.parameter_slots)
    var numbers = [Double](repeating: 0, count: slots + Int(tape.pointee.count))
    numbers.withUnsafeMutableBufferPointer { mg_tape_adjoints(tape, root, $0.baseAddress! + slots) }
    return numbers
  }

  private func gradients(_ tape: TapePointer) -> [Double] {
    (-tape.pointee.parameter_slots..<tape.pointee.count).map { tape.pointee.grads[Int($0)] }
  }

  func testAdjointsAreTheGradientsOfASweep() {
    withGraph { tape, root in
      let adjoints = adjoints(tape, root)
      mg_tape_zero_gradients(tape)
      mg_tape_backward(tape, root, 1)
      XCTAssertEqual(adjoints, gradients(tape))
      XCTAssertGreaterThan(adjoints.filter { $0 != 0 }.count, 12)
    }
  }

  func testTheTapeDoesNotChange() {
    withGraph { tape, root in
      let before = gradients(tape)
      _ = adjoints(tape, root)
      XCTAssertEqual(gradients(tape), before)
      assertUnharmed(tape)
      mg_tape_backward(tape, root, 1)
      assertUnharmed(tape)
    }
  }
}
