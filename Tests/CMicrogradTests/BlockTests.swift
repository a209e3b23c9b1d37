import CMicrograd
import XCTest

/// A block is many nodes with one descriptor: each is a node like any other, and a sweep treats it as such.
final class BlockTests: XCTestCase {
  /// A tape with leaves 1 … 6 as a matrix of 2 × 3, its first node, and a node recorded before it.
  private func withMatrix(_ body: (_ tape: TapePointer, _ x: mg_node, _ before: mg_node) -> Void) {
    withTape { tape in
      let before = mg_square(tape, mg_leaf(tape, 2))
      body(tape, mg_block_leaves(tape, [1, 2, 3, 4, 5, 6], 2, 3, false), before)
    }
  }

  func testEachNodeHasItsOpAndOperands() {
    withMatrix { tape, x, before in
      let y = mg_block_map(tape, .multiply_constant, .absolute, 2, x, 2, 3)
      let z = mg_block_zip(tape, .subtract, x, y, false, 2, 3)
      XCTAssertEqual(mg_node_op(tape, x + 3), .leaf)
      XCTAssertEqual(mg_node_op(tape, y + 4), .multiply_constant)
      XCTAssertEqual(mg_node_constant(tape, y + 4, 0), 2)
      XCTAssertEqual(operands(tape, y + 4), [x + 4])
      XCTAssertEqual(operands(tape, z + 5), [x + 5, y + 5])
      XCTAssertEqual(operands(tape, mg_block_zip(tape, .add, x, x, true, 2, 3) + 4), [x + 4, x + 1])
      XCTAssertEqual(operands(tape, mg_block_rows(tape, .softmax, x, 2, 3) + 4), [x + 3, x + 4, x + 5])
      XCTAssertEqual(operands(tape, mg_block_rows(tape, .row_sum, x, 2, 3) + 1), [x + 3, x + 4, x + 5])
      XCTAssertEqual(operands(tape, mg_block_copy(tape, [x + 3, x], 3, 2, 3) + 1), [x + 4])
      XCTAssertEqual(operands(tape, mg_block_norm(tape, .layer_norm, x, x, x + 3, 1e-5, 2, 3) + 4).last, x + 4)
      XCTAssertEqual(operands(tape, mg_block_norm(tape, .rms_norm, x, x, noNode, 1e-5, 2, 3) + 4).last, x + 1)
      let hinge = mg_block_target(tape, .hinge, 0, x, [1, 1, 1, -1, 1, 1], 2, 3) + 3
      XCTAssertEqual(mg_node_constant(tape, hinge, 0), -1)
      XCTAssertEqual(mg_node_op(tape, hinge + 3), .block)
      XCTAssertEqual(operands(tape, hinge + 3), [])
      XCTAssertEqual(operands(tape, before), [0])
    }
  }

  func testALayerListsBiasWeightsAndInputsOfEachNeuron() {
    withMatrix { tape, x, _ in
      let p = tape.allocateParameters(Array(repeating: 1, count: 8)).first
      var layer = mg_layer(weights: p, biases: p + 6, input_count: 3, output_count: 2, relu: true)
      let y = mg_block_layer(tape, layer, x, 2)
      XCTAssertEqual(operands(tape, y + 3), [p + 7, p + 3, p + 4, p + 5, x + 3, x + 4, x + 5])
      XCTAssertTrue(mg_neuron_has_relu(tape, Int64(y)))
      layer.biases = noNode
      XCTAssertEqual(operands(tape, mg_block_layer(tape, layer, x, 2)), [p, p + 1, p + 2, x, x + 1, x + 2])
    }
  }

  func testARootInsideABlockIsSweptFrom() {
    withMatrix { tape, x, _ in
      let y = mg_block_map(tape, .square, .absolute, 0, x, 2, 3)
      mg_tape_backward(tape, y + 4, 1)
      XCTAssertEqual((0..<6).map { tape.grad(x + $0) }, [0, 0, 0, 0, 10, 0])
      XCTAssertEqual((0..<6).map { tape.grad(y + $0) }, [0, 0, 0, 0, 1, 0])
      mg_tape_backward(tape, y + 4, 1)
      XCTAssertEqual((0..<6).map { tape.grad(x + $0) }, [0, 0, 0, 0, 20, 0], "leaves add up")
      XCTAssertEqual((0..<6).map { tape.grad(y + $0) }, [0, 0, 0, 0, 1, 0], "interior nodes do not")
      assertUnharmed(tape)
    }
  }

  func testASweepPassesThroughBlocksAndScalarNodes() {
    withMatrix { tape, x, before in
      let y = mg_block_map(tape, .square, .absolute, 0, x, 2, 3)
      let mixed = mg_multiply(tape, mg_add(tape, y, before), y + 5)  // (x0² + 4) x5²
      let z = mg_block_copy(tape, [mixed, y + 1, x + 2], 1, 3, 1)
      let sum = mg_sum_run(tape, z, 3)
      mg_tape_backward(tape, sum, 1)
      XCTAssertEqual(tape.value(sum), 5 * 36 + 4 + 3)
      XCTAssertEqual((0..<6).map { tape.grad(x + $0) }, [72, 4, 1, 0, 0, 60])
      XCTAssertEqual(tape.grad(0), 4 * 36)
      XCTAssertEqual(tape.grad(before), 36)
    }
  }

  func testBlocksBelowWhatASweepReachesCostNothing() {
    func seconds(_ blocks: Int) -> Double {
      var best = Double.infinity
      withTape { tape in
        let x = mg_leaf(tape, 1)
        for _ in 0..<blocks { _ = mg_block_map(tape, .square, .absolute, 0, x, 1, 1) }
        let before = mg_square(tape, mg_block_leaves(tape, [3], 1, 1, false))
        let root = mg_block_map(tape, .square, .absolute, 0, before, 1, 1)
        for _ in 0..<5 {
          let start = DispatchTime.now().uptimeNanoseconds
          for _ in 0..<100 { mg_tape_backward(tape, root, 1) }
          best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9)
        }
      }
      return best
    }
    XCTAssertLessThan(seconds(200_000), 50 * seconds(2) + 1e-3)
  }

  func testASweepDoesNotLookBelowWhatItReached() {
    withMatrix { tape, x, _ in
      let y = mg_block_map(tape, .square, .absolute, 0, x, 2, 3)
      let leaf = mg_leaf(tape, 3)
      _ = mg_block_map(tape, .square, .absolute, 0, y, 2, 3)
      XCTAssertLessThanOrEqual(mg_tape_backward(tape, mg_square(tape, leaf), 1), 10)
      XCTAssertEqual(tape.grad(leaf), 6)
    }
  }

  func testForwardComputesBlocksAnew() {
    withMatrix { tape, x, _ in
      let y = mg_block_map(tape, .square, .absolute, 0, x, 2, 3)
      let sum = mg_sum_run(tape, y, 6)
      let sums = mg_block_rows(tape, .row_sum, y, 2, 3)
      tape.pointee.values[Int(x) + 5] = 10
      mg_tape_forward(tape, 0)
      XCTAssertEqual([tape.value(y + 5), tape.value(sum), tape.value(sums + 1)], [100, 155, 141])
      tape.pointee.values[Int(x)] = 0
      mg_tape_forward(tape, y + 2)
      XCTAssertEqual(tape.value(y), 0, "the block that the first node is in is computed as a whole")
    }
  }

  func testBlocksGoWithTheirScope() {
    withMatrix { tape, x, _ in
      XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
      let inner = mg_block_map(tape, .square, .absolute, 0, x, 2, 3)
      mg_tape_backward(tape, mg_sum_run(tape, inner, 6), 1)
      mg_tape_end_scope(tape)
      XCTAssertEqual(mg_square(tape, x), inner)
      XCTAssertEqual(mg_node_op(tape, inner), .square)
      XCTAssertEqual(operands(tape, inner), [x])
      XCTAssertEqual(tape.grad(x + 5), 12, "gradients of leaves outside stay")
    }
  }

  func testGradientsOfAFunctionLeaveNoTraceOutsideOfIt() {
    withMatrix { tape, x, _ in
      mg_set_gradient(tape, x + 1, 7)
      XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
      XCTAssertEqual(mg_tape_resolve(tape, mg_tape_handle(tape, x)), x)
      let leaves = mg_block_leaves(tape, [1, 2, 3, 4, 5, 6], 2, 3, false)
      let y = mg_block_zip(tape, .multiply, leaves, x, false, 2, 3)
      XCTAssertEqual(backwardInScope(tape, mg_sum_run(tape, y, 6)), .ok)
      XCTAssertEqual((0..<6).map { tape.grad(leaves + $0) }, [1, 2, 3, 4, 5, 6])
      XCTAssertEqual((0..<6).map { tape.grad(x + $0) }, [0, 7, 0, 0, 0, 0])
      assertUnharmed(tape)
      mg_tape_end_scope(tape)
    }
  }

  func testARunMayBeginOutsideOfTheScopeOfAFunctionAndEndInIt() {
    withTape { tape in
      let outer = mg_leaf(tape, 3)
      mg_set_gradient(tape, outer, 7)
      XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
      XCTAssertEqual(mg_tape_resolve(tape, mg_tape_handle(tape, outer)), outer)
      let inner = mg_leaf(tape, 5)
      let squares = mg_block_map(tape, .square, .absolute, 0, outer, 1, 2)
      XCTAssertEqual(backwardInScope(tape, squares + 1), .ok)
      XCTAssertEqual([tape.grad(outer), tape.grad(inner)], [7, 10])
      mg_tape_end_scope(tape)
    }
  }

  func testDataGetsNoGradientFromALayer() {
    withTape { tape in
      let p = tape.allocateParameters([2, 3, 0]).first
      let layer = mg_layer(weights: p, biases: p + 2, input_count: 2, output_count: 1, relu: false)
      let data = mg_block_leaves(tape, [5, 7], 1, 2, true)
      mg_tape_backward(tape, mg_block_layer(tape, layer, data, 1), 1)
      XCTAssertEqual([tape.grad(data), tape.grad(data + 1)], [0, 0])
      XCTAssertEqual([tape.grad(p), tape.grad(p + 1), tape.grad(p + 2)], [5, 7, 1])
    }
  }

  func testZeroAdjointsPassNothingOn() {
    withTape { tape in
      let x = mg_block_leaves(tape, [0, 4], 1, 2, false)
      let roots = mg_block_map(tape, .function, .square_root, 0, x, 1, 2)
      mg_tape_backward(tape, roots + 1, 1)
      XCTAssertEqual([tape.grad(x), tape.grad(x + 1)], [0, 0.25])
    }
  }

  private func operands(_ tape: TapePointer, _ node: mg_node) -> [mg_node] {
    (0..<mg_node_operand_count(tape, node)).map { mg_node_operand(tape, node, $0) }
  }
}
