import CMicrograd
import XCTest

final class SweepTests: XCTestCase {
  private func fill(_ tape: TapePointer, _ count: Int, after node: mg_node) {
    var node = node
    for _ in 0..<count { node = mg_negate(tape, node) }
  }

  func testASweepLooksAtTheGraphUnderItsRootOnly() {
    func visited(_ filler: Int) -> Int64 {
      var visited: Int64 = 0
      withTape { tape in
        if filler > 0 { fill(tape, filler, after: mg_leaf(tape, 1)) }
        let x = mg_leaf(tape, 3), y = mg_leaf(tape, 4)
        visited = mg_tape_backward(tape, mg_exponential(tape, mg_multiply(tape, mg_add(tape, x, y), y)), 1)
      }
      return visited
    }
    XCTAssertLessThanOrEqual(visited(1_000_000), 5)
  }

  func testASweepDoesNotGoDownToLeavesAtTheBottomOfTheTape() {
    withTape { tape in
      let x = mg_leaf(tape, 3), y = mg_leaf(tape, 4)
      fill(tape, 1_000_000, after: x)
      let root = mg_exponential(tape, mg_multiply(tape, mg_add(tape, x, y), y))
      XCTAssertEqual(mg_tape_backward(tape, root, 1), 3)
      XCTAssertEqual(tape.grad(x), 4 * tape.value(root), accuracy: 1e-3)
    }
  }

  func testASumOfProductsAfterTheLastLeafIsSweptTwice() {
    withTape { tape in
      let x = mg_leaf(tape, 3)
      let y = mg_add(tape, x, mg_multiply(tape, x, x))
      mg_tape_backward(tape, y, 1)
      assertUnharmed(tape)
      mg_tape_backward(tape, y, 1)
      XCTAssertEqual(tape.grad(x), 14)
    }
  }

  func testSetGradientsAreClearedWithTheOthers() {
    withTape { tape in
      let x = mg_leaf(tape, 3), y = mg_square(tape, x)
      mg_set_gradient(tape, y, 100)
      mg_set_gradient(tape, x, 100)
      assertUnharmed(tape)
      mg_tape_backward(tape, y, 1)
      XCTAssertEqual([tape.grad(y), tape.grad(x)], [1, 106])
      mg_tape_zero_gradients(tape)
      XCTAssertEqual([tape.grad(y), tape.grad(x)], [0, 0])
    }
  }

  func testNodesOfANewScopeStartWithoutGradients() {
    withTape { tape in
      let x = mg_leaf(tape, 3)
      for _ in 0..<3 {
        XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
        let y = mg_leaf(tape, 4), z = mg_multiply(tape, x, y)
        XCTAssertEqual([tape.grad(y), tape.grad(z)], [0, 0])
        mg_tape_backward(tape, z, 1)
        mg_tape_end_scope(tape)
      }
      XCTAssertEqual(tape.grad(x), 12)
    }
  }

  func testForwardStartsWhereItIsTold() {
    withTape { tape in
      let x = mg_leaf(tape, 3), y = mg_square(tape, x), z = mg_negate(tape, y)
      tape.pointee.values[0] = 5
      mg_tape_forward(tape, z)
      XCTAssertEqual([tape.value(y), tape.value(z)], [9, -9])
      mg_tape_forward(tape, 0)
      XCTAssertEqual([tape.value(y), tape.value(z)], [25, -25])
    }
  }

  func testDescentStepsAgainstTheGradient() {
    for count in 0...67 {
      withTape { tape in
        let block = tape.allocateParameters((0..<count).map(Double.init))
        for node in block.nodes { mg_set_gradient(tape, node, 2) }
        mg_descend(tape, block.first, Int64(count), 0.25)
        XCTAssertEqual(block.nodes.map(tape.value), (0..<count).map { Double($0) - 0.5 })
        mg_zero_gradients(tape, block.first, Int64(count))
        XCTAssertTrue(block.nodes.allSatisfy { tape.grad($0) == 0 })
      }
    }
  }

  // MARK: - In a scope, without a trace outside

  func testASweepInScopeLeavesOuterGradientsAsTheyWere() {
    withTape { tape in
      let weights = tape.allocateParameters([5])
      let a = mg_leaf(tape, 2), inner = mg_multiply(tape, a, weights.first)
      mg_tape_backward(tape, inner, 1)
      let outer = [a, inner, weights.first], handles = outer.map { mg_tape_handle(tape, $0) }
      let before = outer.map(tape.grad)
      XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
      let x = mg_leaf(tape, 3)
      let used = handles.map { mg_tape_resolve(tape, $0) }
      let product = mg_multiply(tape, mg_multiply(tape, x, used[0]), mg_multiply(tape, used[1], used[2]))
      XCTAssertEqual(backwardInScope(tape, product), .ok)
      XCTAssertEqual(tape.grad(x), 2 * 10 * 5)
      XCTAssertEqual(outer.map(tape.grad), before)
      assertUnharmed(tape)
      mg_tape_end_scope(tape)
      XCTAssertEqual(outer.map(tape.grad), before)
    }
  }

  func testASweepInScopeStopsAtASumThatBeginsOutside() {
    withTape { tape in
      let a = mg_leaf(tape, 2), b = mg_leaf(tape, 3), inner = mg_square(tape, a)
      let handles = [b, inner].map { mg_tape_handle(tape, $0) }
      XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
      let used = handles.map { mg_tape_resolve(tape, $0) }
      let sum = mg_add(tape, used[1], mg_multiply(tape, used[0], used[0]))
      XCTAssertEqual(backwardInScope(tape, sum), .ok)
      XCTAssertEqual([a, b, inner].map(tape.grad), [0, 0, 0])
      mg_tape_end_scope(tape)
    }
  }

  func testARootOutsideOfTheScopeIsNotSwept() {
    withTape { tape in
      let a = mg_leaf(tape, 2), square = mg_square(tape, a)
      XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
      XCTAssertEqual(backwardInScope(tape, square), .ok)
      XCTAssertEqual([a, square].map(tape.grad), [0, 0])
      mg_tape_end_scope(tape)
    }
  }
}
