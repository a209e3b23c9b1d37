import CMicrograd
import XCTest

/// A layer recorded in either way is the layer written out.
final class LayerTests: XCTestCase {
  private let recordings: [LayerRecording] = [.scalar, .fused]

  func testAllRecordingsGiveTheNumbersOfTheTextbook() {
    for (inputs, outputs) in [(1, 1), (2, 3), (3, 16), (16, 16), (67, 5), (40, 130)] {
      for recording in recordings {
        for isRun in [true, false] {
          for relu in [true, false] { check(inputs, outputs, recording, inputsInARow: isRun, relu: relu) }
        }
      }
    }
  }

  func testEvaluatingGivesTheNumbersOfRecording() {
    withTape { tape in
      let (layer, block) = makeLayer(tape, inputs: 19, outputs: 7, relu: true)
      let inputs = (0..<19).map { cos(Double($0)) }, nodes = inputs.map { mg_leaf(tape, $0) }
      for recording in recordings {
        var outputs = [mg_node](repeating: 0, count: 7), numbers = [Double](repeating: 0, count: 7)
        XCTAssertEqual(mg_record_layer(tape, [layer], recording, nodes, &outputs), .ok)
        let weights = block.nodes.map(tape.value)
        mg_evaluate_neurons(weights, Array(weights.suffix(7)), 19, 7, true, recording, inputs, &numbers)
        for (node, number) in zip(outputs, numbers) {
          XCTAssertEqual(tape.value(node), number)
        }
      }
    }
  }

  /// Against the operators, one by one: the same nodes, numbers and gradients, to the bit.
  func testWeightedSumsAreProductsAddedFromLeftToRight() {
    for (rows, count) in [(1, 1), (3, 1), (1, 2), (5, 7), (16, 64)] {
      withTape { tape in
        let block = tape.allocateParameters((0..<rows * count).map { sin(Double(3 * $0 + 1)) })
        let inputs = (0..<count).map { mg_leaf(tape, cos(Double($0))) }
        var sums = [mg_node](repeating: 0, count: rows)
        XCTAssertEqual(mg_record_weighted_sums(tape, block.first, Int64(rows), inputs, Int64(count), &sums), .ok)
        let start = tape.pointee.count
        let expected = (0..<rows).map { row in
          (1..<max(count, 1)).reduce(mg_multiply(tape, block.first + Int32(row * count), inputs[0])) { sum, k in
            mg_add(tape, sum, mg_multiply(tape, block.first + Int32(row * count + k), inputs[k]))
          }
        }
        XCTAssertEqual(start - Int64(count), tape.pointee.count - start)
        XCTAssertNil(mg_tape_check(tape).map { String(cString: $0) })
        for (own, expected) in zip(sums, expected) {
          XCTAssertEqual(tape.value(own), tape.value(expected))
          XCTAssertEqual(own, expected - Int32(start) + Int32(count))
          let gradients = [own, expected].map { root in
            mg_tape_zero_gradients(tape)
            _ = mg_tape_backward(tape, root, 1)
            return (block.nodes + inputs).map { tape.pointee.grads[Int($0)] }
          }
          XCTAssertEqual(gradients[0], gradients[1])
        }
      }
    }
  }

  func testForwardRecomputesLayers() {
    for recording in recordings {
      withTape { tape in
        let (layer, block) = makeLayer(tape, inputs: 5, outputs: 3, relu: true)
        let inputs = (0..<5).map { mg_leaf(tape, Double($0)) }
        var first = [mg_node](repeating: 0, count: 3), afresh = first
        XCTAssertEqual(mg_record_layer(tape, [layer], recording, inputs, &first), .ok)
        for node in block.nodes { tape.pointee.values[Int(node)] *= -1.5 }
        mg_tape_forward(tape, 0)
        XCTAssertEqual(mg_record_layer(tape, [layer], recording, inputs, &afresh), .ok)
        for (a, b) in zip(first, afresh) { XCTAssertEqual(tape.value(a), tape.value(b), accuracy: 1e-12) }
      }
    }
  }

  func testANeuronListsItsBiasWeightsAndInputs() {
    withTape { tape in
      let (layer, block) = makeLayer(tape, inputs: 2, outputs: 2, relu: true)
      let x = mg_leaf(tape, 1), y = mg_leaf(tape, 2)
      var outputs: [mg_node] = [0, 0]
      XCTAssertEqual(mg_record_layer(tape, [layer], .fused, [y, x], &outputs), .ok)
      let second = outputs[1]
      XCTAssertEqual(mg_node_op(tape, second), .neuron)
      XCTAssertTrue(mg_neuron_has_relu(tape, Int64(second)))
      let operands = (0..<mg_node_operand_count(tape, second)).map { mg_node_operand(tape, second, $0) }
      XCTAssertEqual(operands, [block.nodes[5], block.nodes[2], block.nodes[3], y, x])
    }
  }

  // MARK: - The textbook

  private func makeLayer(
    _ tape: TapePointer, inputs: Int, outputs: Int, relu: Bool
  ) -> (mg_layer, mg_parameters) {
    let block = tape.allocateParameters((0..<outputs * (inputs + 1)).map { sin(Double(3 * $0 + 1)) })
    let layer = mg_layer(
      weights: block.first, biases: block.first + Int32(inputs * outputs), input_count: Int32(inputs),
      output_count: Int32(outputs), relu: relu)
    return (layer, block)
  }

  /// Compares outputs z = activation(b + W x) and the gradients of Σ c z by hand: c at the bias, c x at the weights,
  /// Wᵀ c at the inputs, c counting only where the neuron fires.
  private func check(
    _ inputs: Int, _ outputs: Int, _ recording: LayerRecording, inputsInARow: Bool, relu: Bool
  ) {
    withTape { tape in
      let context = "\(inputs) × \(outputs), \(recording), in a row: \(inputsInARow), relu: \(relu)"
      let (layer, block) = makeLayer(tape, inputs: inputs, outputs: outputs, relu: relu)
      let row = (0..<inputs).map { mg_leaf(tape, cos(Double(2 * $0))) }
      let x = inputsInARow ? row : row.reversed()
      var z = [mg_node](repeating: 0, count: outputs)
      XCTAssertEqual(mg_record_layer(tape, [layer], recording, x, &z), .ok)
      let c = (0..<outputs).map { 1 + Double($0) / 8 }
      mg_tape_backward(tape, mg_weighted_sum(tape, c, z, Int64(outputs)), 1)

      var inputGradients = [Double](repeating: 0, count: inputs)
      for j in 0..<outputs {
        let weights = block.nodes[j * inputs..<(j + 1) * inputs], bias = block.nodes[inputs * outputs + j]
        let sum = zip(weights, x).reduce(tape.value(bias)) { $0 + tape.value($1.0) * tape.value($1.1) }
        let slope = relu && sum <= 0 ? 0 : c[j]
        XCTAssertEqual(tape.value(z[j]), relu ? max(sum, 0) : sum, accuracy: 1e-12, context)
        XCTAssertEqual(tape.grad(bias), slope, accuracy: 1e-12, context)
        for (k, weight) in weights.enumerated() {
          XCTAssertEqual(tape.grad(weight), slope * tape.value(x[k]), accuracy: 1e-12, context)
          inputGradients[k] += slope * tape.value(weight)
        }
      }
      for (node, gradient) in zip(x, inputGradients) {
        XCTAssertEqual(tape.grad(node), gradient, accuracy: 1e-12 * Double(outputs), context)
      }
      assertUnharmed(tape, context)
    }
  }
}
