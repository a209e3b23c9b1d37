import CMicrograd
import XCTest

/// What blocks make of zeros of both signs, infinities and NaN: what scalar nodes make of them.
final class BlockNumericsTests: XCTestCase {
  private let special: [Double] = [
    0, -0.0, 1, -1, 0.5, -0.75, 3, -40, 800, -800, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1e308, -1e308,
    .infinity, -.infinity, .nan,
  ]

  /// Compares the nodes of a block with scalar nodes, and the gradients of leaves `x` with those of `scalarX`, where
  /// every third node has no adjoint and the others have `adjoint`.
  private func compare(
    _ tape: TapePointer, _ block: mg_node, _ scalars: [mg_node], _ x: [mg_node], _ scalarX: [mg_node],
    adjoint: Double, _ context: @autoclosure () -> String
  ) {
    for (k, scalar) in scalars.enumerated() {
      assertSame(tape.value(block + Int32(k)), tape.value(scalar), bits: true, "value of \(k), \(context())")
    }
    let reached = scalars.indices.filter { $0 % 3 != 2 }
    for nodes in [reached.map { block + Int32($0) }, reached.map { scalars[$0] }] {
      let sum = mg_sum(tape, nodes, Int64(nodes.count))
      mg_tape_backward(tape, sum, adjoint)
    }
    for (a, b) in zip(x, scalarX) { assertSame(tape.grad(a), tape.grad(b), bits: false, "gradient, \(context())") }
  }

  private func assertSame(_ a: Double, _ b: Double, bits: Bool, _ context: @autoclosure () -> String) {
    if a.isNaN && b.isNaN || (bits ? a.bitPattern == b.bitPattern : a == b) { return }
    XCTFail("\(a) is not \(b): \(context())")
  }

  private func range(_ first: mg_node, _ count: Int) -> [mg_node] { (0..<Int32(count)).map { first + $0 } }

  func testMapsOfSpecialNumbers() {
    let constants = (OpCode.add_constant.rawValue...OpCode.elu.rawValue).map { OpCode(rawValue: $0)! }
    let unary = (OpCode.negate.rawValue...OpCode.cube.rawValue).map { OpCode(rawValue: $0)! }
    let functions = (0..<FunctionCode.count.rawValue).map { FunctionCode(rawValue: $0)! }
    var cases: [(OpCode, FunctionCode, Double)] = functions.map { (.function, $0, 0) } + unary.map { ($0, .sine, 0) }
    for c in [0, -0.0, 1, -2, 0.5, .infinity, -.infinity, .nan] { cases += constants.map { ($0, .sine, c) } }
    for (op, function, c) in cases {
      for adjoint in [1, -0.5, .infinity] {
        withTape { tape in
          let x = mg_block_leaves(tape, special, 1, Int64(special.count), false),
            leaves = special.map { mg_leaf(tape, $0) }
          let y = mg_block_map(tape, op, function, c, x, 1, Int64(special.count))
          let scalars = leaves.map {
            op == .function
              ? mg_record_function(tape, function, $0)
              : mg_op_has_constant(op) ? mg_record_constant(tape, op, $0, c) : mg_record_unary(tape, op, $0)
          }
          compare(
            tape, y, scalars, range(x, special.count), leaves, adjoint: adjoint,
            "\(String(cString: mg_op_name(op))), \(String(cString: mg_function_name(function))), c = \(c)")
        }
      }
    }
  }

  func testBinaryOpsOfSpecialNumbers() {
    let n = special.count, left = special.flatMap { Array(repeating: $0, count: n) }
    let right = Array(repeatElement(special, count: n).joined())
    for op in (OpCode.add.rawValue...OpCode.power.rawValue).map({ OpCode(rawValue: $0)! }) {
      for broadcast in [false, true] {
        withTape { tape in
          let (rows, columns) = (Int64(n), Int64(n))
          let x = mg_block_leaves(tape, left, rows, columns, false), a = left.map { mg_leaf(tape, $0) }
          let y = mg_block_leaves(tape, right, broadcast ? 1 : rows, columns, false)
          let b = (broadcast ? special : right).map { mg_leaf(tape, $0) }
          let block = mg_block_zip(tape, op, x, y, broadcast, rows, columns)
          let scalars = a.indices.map { mg_record_binary(tape, op, a[$0], b[$0 % b.count]) }
          compare(
            tape, block, scalars, range(x, n * n) + range(y, b.count), a + b, adjoint: 0.5,
            "\(String(cString: mg_op_name(op))), broadcast \(broadcast)")
        }
      }
    }
  }

  func testHingesAndErrorsOfSpecialNumbers() {
    let cases: [(OpCode, (TapePointer, mg_node, Double) -> mg_node)] = [
      (.scale, { mg_multiply_constant($0, $1, $2) }),
      (.hinge, { mg_relu($0, mg_subtract_from_constant($0, mg_multiply_constant($0, $1, $2), 1)) }),
      (
        .squared_hinge,
        {
          mg_square($0, mg_relu($0, mg_subtract_from_constant($0, mg_multiply_constant($0, $1, $2), 1)))
        }
      ),
      (.squared_error, { mg_square($0, mg_add_constant($0, $1, -$2)) }),
      (.absolute_error, { mg_absolute($0, mg_add_constant($0, $1, -$2)) }),
    ]
    for (op, scalar) in cases {
      for target in [1, -1, 0, .nan] {
        withTape { tape in
          let n = special.count
          let x = mg_block_leaves(tape, special, 1, Int64(n), false), leaves = special.map { mg_leaf(tape, $0) }
          let y = mg_block_target(tape, op, 0, x, Array(repeating: target, count: n), 1, Int64(n))
          let scalars = leaves.map { scalar(tape, $0, target) }
          compare(
            tape, y, scalars, range(x, n), leaves, adjoint: 1, "\(String(cString: mg_op_name(op))), target \(target)")
        }
      }
    }
  }

  /// The block's values for one row, and the row's gradients for an adjoint of 1 at its node `root`. The cap is
  /// the last node.
  private func row(
    _ x: [Double], root: Int = 0, _ block: (TapePointer, mg_node, Int64) -> mg_node
  ) -> (values: [Double], gradients: [Double]) {
    var result: (values: [Double], gradients: [Double]) = ([], [])
    withTape { tape in
      let leaves = mg_block_leaves(tape, x, 1, Int64(x.count), false), y = block(tape, leaves, Int64(x.count))
      mg_tape_backward(tape, y + Int32(root), 1)
      let columns = Int(tape.pointee.count) - 1 - Int(y)
      result = (range(y, columns).map(tape.value), range(leaves, x.count).map(tape.grad))
    }
    return result
  }

  private func assertRow(
    _ actual: (values: [Double], gradients: [Double]), _ values: [Double], _ gradients: [Double], line: UInt = #line
  ) {
    for (a, b) in zip(actual.values + actual.gradients, values + gradients) where !(a.isNaN && b.isNaN) {
      XCTAssertEqual(a, b, line: line)
    }
  }

  func testHuberGoesOnInAStraightLineToInfinity() {
    let far: [(Double, Double, Double)] = [(.infinity, .infinity, 2), (-.infinity, .infinity, -2), (.nan, .nan, .nan)]
    for (x, value, slope) in far {
      assertRow(row([x]) { mg_block_target($0, .huber, 2, $1, [1], 1, $2) }, [value], [slope])
    }
    assertRow(row([3]) { mg_block_target($0, .huber, 2, $1, [1], 1, $2) }, [2], [2])
    assertRow(row([-1]) { mg_block_target($0, .huber, 2, $1, [1], 1, $2) }, [2], [-2])
  }

  func testMaskedPlacesHaveNoShareOfARow() {
    let masked: [Double] = [-.infinity, 0, -.infinity]
    assertRow(row(masked, root: 1) { mg_block_rows($0, .softmax, $1, 1, $2) }, [0, 1, 0], [0, 0, 0])
    assertRow(row(masked) { mg_block_rows($0, .log_sum_exp, $1, 1, $2) }, [0], [0, 1, 0])
    assertRow(
      row(masked, root: 1) { mg_block_rows($0, .log_softmax, $1, 1, $2) }, [-.infinity, 0, -.infinity], [0, 0, 0])
    assertRow(row(masked) { mg_block_cross_entropy($0, $1, [1], 1, $2) }, [0], [0, 0, 0])
    assertRow(row(masked) { mg_block_cross_entropy($0, $1, [0], 1, $2) }, [.infinity], [-1, 1, 0])
  }

  func testRowsOfNothingButInfinitiesOrWithNaN() {
    let nothing: [Double] = [-.infinity, -.infinity], nan = Double.nan
    assertRow(row(nothing) { mg_block_rows($0, .log_sum_exp, $1, 1, $2) }, [-.infinity], [nan, nan])
    assertRow(row(nothing) { mg_block_rows($0, .softmax, $1, 1, $2) }, [nan, nan], [nan, nan])
    assertRow(row([.infinity, 0]) { mg_block_rows($0, .log_sum_exp, $1, 1, $2) }, [.infinity], [nan, 0])
    for op in [OpCode.softmax, .log_softmax] {
      assertRow(row([nan, 0]) { mg_block_rows($0, op, $1, 1, $2) }, [nan, nan], [nan, nan])
    }
    assertRow(row([nan, 0]) { mg_block_rows($0, .row_sum, $1, 1, $2) }, [nan], [1, 1])
    assertRow(row([nan, 0]) { mg_block_cross_entropy($0, $1, [1], 1, $2) }, [nan], [nan, nan])
  }

  func testGainsOfNodesWithoutAdjointHaveNoGradient() {
    withTape { tape in
      let x = mg_block_leaves(tape, [1, 2, 4], 1, 3, false),
        gain = mg_block_leaves(tape, [.infinity, 1, 2], 1, 3, false)
      let y = mg_block_norm(tape, .layer_norm, x, gain, noNode, 1e-5, 1, 3)
      mg_tape_backward(tape, y + 1, 1)
      XCTAssertTrue(range(x, 3).allSatisfy { tape.grad($0).isFinite })
      XCTAssertEqual([tape.grad(gain), tape.grad(gain + 2)], [0, 0])
    }
  }

  func testLayersOfSpecialNumbersAreTheNeurons() {
    for relu in [false, true] {
      for bias in [0, -0.0, -1, .infinity, .nan] as [Double] {
        for weight in [1, -1, 0, -0.0, .infinity] as [Double] { compareLayers(weight, bias, relu) }
      }
    }
  }

  /// A layer of one neuron with one input, as a block for all samples, as one for each, and by multiplication and addition.
  private func compareLayers(_ weight: Double, _ bias: Double, _ relu: Bool) {
    withTape { tape in
      let n = special.count, p = tape.allocateParameters([weight, bias, weight, bias]).first
      let layer = mg_layer(weights: p, biases: p + 1, input_count: 1, output_count: 1, relu: relu)
      let neuron = mg_layer(weights: p + 2, biases: p + 3, input_count: 1, output_count: 1, relu: relu)
      let x = mg_block_leaves(tape, special, Int64(n), 1, false), leaves = special.map { mg_leaf(tape, $0) }
      let batch = mg_block_layer(tape, layer, x, Int64(n))
      for k in 0..<n {
        let context = "input \(special[k]), weight \(weight), bias \(bias), relu \(relu)"
        var expected = noNode
        XCTAssertEqual(mg_record_layer(tape, [neuron], .scalar, [leaves[k]], &expected), .ok)
        let y = mg_block_layer(tape, layer, x + Int32(k), 1)
        assertSame(tape.value(batch + Int32(k)), tape.value(expected), bits: true, context)
        assertSame(tape.value(y), tape.value(expected), bits: true, context)
        mg_tape_zero_gradients(tape)
        mg_tape_backward(tape, y, 1)
        mg_tape_backward(tape, expected, 1)
        let isCut = relu && tape.value(y) <= 0 && !(weight.isFinite && special[k].isFinite)  // 0 · inf
        let pairs = [(p, p + 2), (p + 1, p + 3), (x + Int32(k), leaves[k])]
        if !isCut { for (a, b) in pairs { assertSame(tape.grad(a), tape.grad(b), bits: false, context) } }
      }
    }
  }

  func testALayersProductsTakeInSamplesWithoutAdjoint() {
    withTape { tape in
      let p = tape.allocateParameters([2])
      let layer = mg_layer(weights: p.first, biases: noNode, input_count: 1, output_count: 1, relu: false)
      let x = mg_block_leaves(tape, [.infinity, 3], 2, 1, false)
      mg_tape_backward(tape, mg_block_layer(tape, layer, x, 2) + 1, 1)
      XCTAssertTrue(tape.grad(p.first).isNaN, "0 · inf + 1 · 3")
      XCTAssertEqual([tape.grad(x), tape.grad(x + 1)], [0, 2])
    }
  }

  func testShapesBeyondTheIndicesAreRefusedWithoutHarm() {
    withTape { tape in
      let x = mg_block_leaves(tape, [1], 1, 1, false), limit = Int64(1) << 28, before = tape.pointee.count
      let layer = mg_layer(weights: x, biases: noNode, input_count: 1, output_count: .max, relu: true)
      let shapes: [(Int64, Int64)] = [
        (16_384, 16_384), (1, limit), (limit, 1), (.max, .max), (.max, 1), (limit, limit),
      ]
      for (rows, columns) in shapes {
        XCTAssertEqual(mg_block_leaves(tape, [1], rows, columns, false), noNode)
        XCTAssertEqual(mg_block_layer(tape, layer, x, rows), noNode)
        XCTAssertEqual(mg_block_copy(tape, [x], 1, rows, columns), noNode)
        XCTAssertEqual(mg_block_map(tape, .square, .absolute, 0, x, rows, columns), noNode)
        XCTAssertEqual(mg_block_zip(tape, .add, x, x, true, rows, columns), noNode)
        XCTAssertEqual(mg_block_target(tape, .hinge, 0, x, [1], rows, columns), noNode)
        XCTAssertEqual(mg_block_rows(tape, .softmax, x, rows, columns), noNode)
        XCTAssertEqual(mg_block_cross_entropy(tape, x, [0], max(rows, limit), columns), noNode)
        XCTAssertEqual(mg_block_norm(tape, .rms_norm, x, x, noNode, 1, rows, columns), noNode)
      }
      XCTAssertEqual(tape.pointee.count, before)
    }
  }
}
