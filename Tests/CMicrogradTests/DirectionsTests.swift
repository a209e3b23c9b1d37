import CMicrograd
import Foundation
import XCTest

/// Sweeps along a direction: what they compute, and that nothing of it is left.
final class DirectionsTests: XCTestCase {
  /// x² y w at (3, 5) for a parameter w = 7: its gradient is [210, 63], its Hessian [[70, 42], [42, 0]].
  private func record(on tape: TapePointer, _ weight: mg_node) -> (arguments: [mg_node], result: mg_node) {
    let x = mg_leaf(tape, 3), y = mg_leaf(tape, 5)
    return ([x, y], mg_multiply(tape, mg_multiply(tape, mg_square(tape, x), y), weight))
  }

  private func directions(of tape: TapePointer) -> mg_directions {
    var all = mg_directions(
      tangents: tape.pointee.values, adjoints: tape.pointee.values, adjoint_tangents: tape.pointee.values)
    XCTAssertEqual(mg_tape_directions(tape, 0, &all), .ok)
    return all
  }

  /// The tangent of the result, and the derivatives of the gradient along (1, 2) at x, y and the parameter.
  private func sweep(_ tape: TapePointer, _ weight: mg_node) -> [Double] {
    let (arguments, result) = record(on: tape, weight)
    let all = directions(of: tape)
    for (k, node) in arguments.enumerated() { all.tangents[Int(node)] = Double(k + 1) }
    mg_tape_push_tangents(tape, arguments[0], result)
    all.adjoints[Int(result)] = 1
    mg_tape_pull_adjoints(tape, arguments[0], result)
    XCTAssertEqual((arguments + [weight]).map { all.adjoints[Int($0)] }, [210, 63, 45])
    defer { mg_tape_clear_directions(tape, arguments[0], result) }
    return [all.tangents[Int(result)]] + (arguments + [weight]).map { all.adjoint_tangents[Int($0)] }
  }

  private let expected = [210 + 2 * 63, 70 + 2 * 42, 42, 30 + 2 * 9] as [Double]

  func testTheyComputeTangentsAndProductsWithTheHessian() {
    withTape { tape in
      let weight = tape.allocateParameters([7]).first
      XCTAssertEqual(sweep(tape, weight), expected)
      assertUnharmed(tape)
      XCTAssertTrue((0..<tape.pointee.count).allSatisfy { tape.grad(mg_node($0)) == 0 }, "gradients have no trace")
    }
  }

  func testSweepsAreRightAfterNodesAndParametersGrew() {
    withTape { tape in
      var weight = tape.allocateParameters([7]).first
      for round in 0..<12 {
        XCTAssertEqual(sweep(tape, weight), expected, "round \(round)")
        assertUnharmed(tape)
        // Parameters move element 0 of every buffer, at once with more nodes than the directions had room for.
        for _ in 0..<(500 << round % 6) { _ = mg_leaf(tape, 1) }
        weight = tape.allocateParameters(Array(repeating: 7, count: 100 << round % 6)).first
        if round % 3 == 0 { XCTAssertEqual(sweep(tape, weight), expected) }
      }
    }
  }

  func testSweepsInsideAScopeReachNodesOfOuterOnesAndClearThem() {
    withTape { tape in
      let weight = tape.allocateParameters([7]).first
      let outer = mg_leaf(tape, 2), inner = mg_square(tape, outer)
      let handle = mg_tape_handle(tape, inner)
      XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
      let x = mg_leaf(tape, 3), used = mg_tape_resolve(tape, handle)
      let y = mg_multiply(tape, mg_multiply(tape, x, used), weight)
      let all = directions(of: tape)
      all.tangents[Int(x)] = 1
      mg_tape_push_tangents(tape, x, y)
      all.adjoints[Int(y)] = 1
      mg_tape_pull_adjoints(tape, x, y)
      XCTAssertEqual(all.tangents[Int(y)], 28)
      XCTAssertEqual([x, inner, weight].map { all.adjoints[Int($0)] }, [28, 21, 12])
      XCTAssertEqual([x, inner, weight].map { all.adjoint_tangents[Int($0)] }, [0, 7, 4])
      XCTAssertEqual(all.adjoints[Int(outer)], 0, "below the first node nothing is swept")
      mg_tape_clear_directions(tape, x, y)
      assertUnharmed(tape)
      mg_tape_end_scope(tape)
    }
  }

  func testNeuronsAreTheirMultiplicationsAndAdditions() {
    for (relu, isRun) in [(false, true), (true, true), (false, false), (true, false)] {
      let results = [LayerRecording.scalar, .fused].map { recording in
        var numbers: [Double] = []
        withTape { tape in
          // Two neurons of three inputs: weights, biases and inputs all move.
          let data = [0.5, -1, 2, 0.25, 1.5, -0.75, 0.1, 0.2, 1, -2, 3]
          let leaves = mg_leaf_run(tape, data, 11), inputs = isRun ? [8, 9, 10] : [10, 8, 9]
          let layer = mg_layer(
            weights: leaves, biases: leaves + 6, input_count: 3, output_count: 2, relu: relu)
          var outputs = [noNode, noNode]
          XCTAssertEqual(mg_record_layer(tape, [layer], recording, inputs.map { leaves + Int32($0) }, &outputs), .ok)
          let result = mg_multiply(tape, outputs[0], outputs[1])
          let all = directions(of: tape)
          for k in 0..<11 { all.tangents[Int(leaves) + k] = Double(k) - 4.5 }
          mg_tape_push_tangents(tape, leaves, result)
          all.adjoints[Int(result)] = 1
          mg_tape_pull_adjoints(tape, leaves, result)
          numbers = [all.tangents[Int(result)]]
          numbers += (0..<11).map { all.adjoints[Int(leaves) + $0] }
          numbers += (0..<11).map { all.adjoint_tangents[Int(leaves) + $0] }
          mg_tape_clear_directions(tape, leaves, result)
        }
        return numbers
      }
      for (a, b) in zip(results[0], results[1]) { XCTAssertEqual(a, b, accuracy: 1e-12, "relu \(relu), run \(isRun)") }
      if !relu { XCTAssertTrue(results[0].allSatisfy { $0 != 0 }) }
    }
  }

  func testARootInsideOfABlockLeavesNothingInTheRestOfIt() {
    withTape { tape in
      let x = mg_leaf_run(tape, [1, 2, 3, 4], 4)
      let y = mg_block_map(tape, .square, .absolute, 0, x, 2, 2)
      let all = directions(of: tape)
      for k in 0..<4 { all.tangents[Int(x) + k] = 1 }
      mg_tape_push_tangents(tape, x, y + 1)
      XCTAssertEqual(all.tangents[Int(y) + 1], 4)
      all.adjoints[Int(y) + 1] = 1
      mg_tape_pull_adjoints(tape, x, y + 1)
      XCTAssertEqual((0..<4).map { all.adjoint_tangents[Int(x) + $0] }, [0, 2, 0, 0])
      mg_tape_clear_directions(tape, x, y + 1)
    }
  }

  func testWhatIsNotAtRestIsNoticed() {
    let tape = mg_tape_create(nil)!
    defer { mg_tape_release(tape) }
    let x = mg_leaf(tape, 1), all = directions(of: tape)
    for buffer in [all.tangents, all.adjoints, all.adjoint_tangents] {
      buffer[Int(x)] = 1
      XCTAssertEqual(mg_tape_check(tape).map { String(cString: $0) }, "directions are zero at rest")
      buffer[Int(x)] = 0
    }
    assertUnharmed(tape)
  }

  func testAZeroMeetsNoInfiniteDerivative() {
    withTape { tape in
      // sqrt(0), whose derivatives are infinite, times 0; and where nothing moves.
      let x = mg_leaf(tape, 0), root = mg_square_root(tape, x), y = mg_multiply_constant(tape, root, 0)
      let all = directions(of: tape)
      mg_tape_push_tangents(tape, x, y)
      all.adjoints[Int(y)] = 1
      mg_tape_pull_adjoints(tape, x, y)
      XCTAssertEqual([all.tangents[Int(y)], all.adjoints[Int(x)], all.adjoint_tangents[Int(x)]], [0, 0, 0])
      mg_tape_clear_directions(tape, x, y)
    }
  }

  func testAnotherThreadsTapeGivesNone() {
    let tape = mg_tape_create(nil)!
    defer { mg_tape_release(tape) }
    var previous: TapePointer?
    XCTAssertEqual(mg_tape_enter(tape, &previous), .ok)
    let address = Int(bitPattern: tape)
    let isDone = DispatchSemaphore(value: 0)
    let thread = Thread {
      let tape = TapePointer(bitPattern: address)!
      var all = mg_directions(
        tangents: tape.pointee.values, adjoints: tape.pointee.values, adjoint_tangents: tape.pointee.values)
      XCTAssertEqual(mg_tape_directions(tape, 0, &all), .busy)
      isDone.signal()
    }
    thread.start()
    isDone.wait()
    mg_tape_leave(tape, previous)
  }
}
