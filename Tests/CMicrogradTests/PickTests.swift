import CMicrograd
import XCTest

final class PickTests: XCTestCase {
  func testAPickIsTheNodeAtTheNumberOfItsIndex() {
    withTape { tape in
      let weights = tape.allocateParameters([7, 11, 13]).nodes
      let x = [2.0, 3, 5, 17].map { mg_leaf(tape, $0) }, index = mg_leaf(tape, 0)
      let tables = [
        [x[0], x[1], x[2], x[3]], [x[3], x[1], x[0]], [x[2]], weights, [weights[0], weights[2]], [weights[2], x[0]],
        [x[1], x[1], x[1]], [x[3], x[2], x[1], x[0]],
      ]
      for (table, isRun) in zip(tables, [true, false, true, true, true, true, true, true]) {
        let node = mg_pick(tape, index, table, Int64(table.count))
        var first: mg_node = 0, stride: Int64 = 0
        XCTAssertEqual(mg_pick_is_run(tape, Int64(node), &first, &stride), isRun, "\(table)")
        if isRun { XCTAssertEqual((0..<table.count).map { first + Int32($0) * Int32(stride) }, table) }
        XCTAssertEqual(mg_node_op(tape, node), .pick)
        XCTAssertEqual((0..<mg_node_operand_count(tape, node)).map { mg_node_operand(tape, node, $0) }, [index] + table)
        for (place, expected) in table.enumerated() {
          tape.pointee.values[Int(index)] = Double(place)
          mg_tape_forward(tape, 0)
          XCTAssertEqual(tape.value(node), tape.value(expected))
          XCTAssertEqual(mg_picked_operand(tape, Int64(node)), Int64(place) + 1)
          mg_tape_zero_gradients(tape)
          mg_tape_backward(tape, node, 3)
          for other in Set(x + weights + [index]) { XCTAssertEqual(tape.grad(other), other == expected ? 3 : 0) }
        }
        tape.pointee.values[Int(index)] = 0
      }
    }
  }

  func testAnInvalidIndexGivesNaNWithoutDerivatives() {
    withTape { tape in
      let index = mg_leaf(tape, 1), x = mg_leaf(tape, 2), y = mg_leaf(tape, 3)
      let node = mg_pick(tape, index, [x, y], 2)
      for number in [-1, -1e-9, 0.5, 2, 1e300, .infinity, -.infinity, .nan] {
        tape.pointee.values[Int(index)] = number
        mg_tape_forward(tape, 0)
        XCTAssertTrue(tape.value(node).isNaN)
        XCTAssertEqual(mg_picked_operand(tape, Int64(node)), 0)
        mg_tape_zero_gradients(tape)
        mg_tape_backward(tape, node, 1)
        XCTAssertEqual([index, x, y].map(tape.grad), [0, 0, 0])
      }
      tape.pointee.values[Int(index)] = -0.0
      mg_tape_forward(tape, 0)
      XCTAssertEqual(tape.value(node), 2)
    }
  }

  func testASelectSaysWhichRelationItAsksFor() {
    withTape { tape in
      let x = mg_leaf(tape, 1), y = mg_leaf(tape, 2)
      for relation in [Relation.less, .atMost, .equal, .unequal, .atLeast, .greater] {
        XCTAssertEqual(mg_select_relation(tape, Int64(mg_select(tape, x, relation, y, x, y))), relation)
      }
    }
  }
}
