import CMicrograd
import Foundation
import TestSupport
import XCTest

/// Everything that is derived from the table of operations agrees with everything else.
final class OpTableTests: XCTestCase {
  private let binary: [OpCode] = [
    .add, .subtract, .multiply, .divide, .power, .maximum, .minimum, .hypotenuse, .angle, .remainder,
    .truncating_remainder,
  ]
  private let constant: [OpCode] = [
    .add_constant, .subtract_from_constant, .multiply_constant, .divide_by_constant, .divide_constant,
    .power_constant, .constant_power, .clamp_below, .clamp_above, .polygamma_function, .leaky_relu, .elu,
  ]
  private let unary: [OpCode] = [.negate, .relu, .square, .cube]
  private let nary: [OpCode] = [.sum, .sum_run, .dot, .dot_runs, .weighted_sum, .log_sum_exp, .select, .pick, .neuron]
  private let target: [OpCode] = [
    .scale, .hinge, .squared_hinge, .squared_error, .absolute_error, .huber, .binary_cross_entropy,
  ]
  private let row: [OpCode] = [
    .copy, .row_sum, .softmax, .log_softmax, .cross_entropy, .layer_norm, .rms_norm,
  ]
  private var functions: [FunctionCode] {
    (0..<FunctionCode.count.rawValue).map { FunctionCode(rawValue: $0)! }
  }

  func testTheTestsKnowAllOperations() {
    let all = [.leaf, .function, .block, .custom] + binary + constant + unary + nary + target + row
    XCTAssertEqual(Set(all.map(\.rawValue)), Set(0..<OpCode.count.rawValue))
  }

  func testEveryOperationHasANameAndASymbol() {
    let ops = [.function] + binary + constant + unary + nary + target + row
    XCTAssertEqual(Set(ops.map { String(cString: mg_op_name($0)) }).count, ops.count)
    XCTAssertTrue(ops.allSatisfy { !String(cString: mg_op_symbol($0)).isEmpty })
    XCTAssertEqual(Set(functions.map { String(cString: mg_function_name($0)) }).count, functions.count)
    XCTAssertEqual(Set(functions.map { String(cString: mg_function_symbol($0)) }).count, functions.count)
  }

  /// What the article does not list: a leaf has no operation, all functions share a code, no node of a block's end is seen,
  /// and the derivatives of a caller's own operation are the caller's.
  func testTheDocumentationNamesAllOperations() throws {
    let article = packageFolder.appendingPathComponent("Sources/Micrograd/Micrograd.docc/Operations.md")
    let rows = try String(contentsOf: article, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| ") }
    var named: Set<String> = []
    for row in rows {
      let cells = row.components(separatedBy: " | ")
      guard cells.count == 5, cells[3].hasPrefix("`") else { continue }
      for name in cells[3].components(separatedBy: ", ") { named.insert(String(name.dropFirst().dropLast())) }
    }
    let elsewhere: [OpCode] = [.leaf, .function, .block, .custom]
    let codes = (0..<OpCode.count.rawValue).map { OpCode(rawValue: $0)! }.filter { !elsewhere.contains($0) }
    let names = codes.map { String(cString: mg_op_name($0)) } + functions.map { String(cString: mg_function_name($0)) }
    XCTAssertEqual(Set(names).subtracting(named), [], "add a row to Tests/Fixtures/operations.py and run make_ops.py")
    XCTAssertEqual(named.subtracting(names), [], "no row of the table in mg_ops.h has this name")
  }

  func testEveryOperationComputesWhereverItIsAsked() {
    withTape { tape in
      let x = mg_leaf(tape, 0.7), y = mg_leaf(tape, 1.3)
      var nodes: [(mg_node, Double)] = []
      nodes += binary.map { (mg_record_binary(tape, $0, x, y), mg_op_value($0, 0.7, 1.3)) }
      nodes += constant.map { (mg_record_constant(tape, $0, x, 1.3), mg_op_value($0, 0.7, 1.3)) }
      nodes += unary.map { (mg_record_unary(tape, $0, x), mg_op_value($0, 0.7, 0)) }
      nodes += functions.map { (mg_record_function(tape, $0, x), mg_function_value($0, 0.7)) }
      for (node, value) in nodes { XCTAssertEqual(tape.value(node).bitPattern, value.bitPattern) }
      let recorded = nodes.map { tape.value($0.0).bitPattern }
      for (node, _) in nodes { tape.pointee.values[Int(node)] = 99 }
      mg_tape_forward(tape, 0)
      XCTAssertEqual(nodes.map { tape.value($0.0).bitPattern }, recorded)
    }
  }

  func testEveryNodeRemembersItsOperation() {
    withTape { tape in
      let x = mg_leaf(tape, 0.7)
      for op in binary { XCTAssertEqual(mg_node_op(tape, mg_record_binary(tape, op, x, x)), op) }
      for op in unary { XCTAssertEqual(mg_node_op(tape, mg_record_unary(tape, op, x)), op) }
      for op in constant {
        let node = mg_record_constant(tape, op, x, 2.5)
        XCTAssertEqual(mg_node_op(tape, node), op)
        XCTAssertTrue(mg_op_has_constant(op))
        XCTAssertEqual(mg_node_constant(tape, node, 0), 2.5)
      }
      for function in functions {
        XCTAssertEqual(mg_node_function(tape, mg_record_function(tape, function, x)), function)
      }
      XCTAssertTrue(mg_node_constant(tape, x, 0).isNaN)
    }
  }

  func testOperationsAreRecordedByTheirOwnShapeOnly() {
    withTape { tape in
      let x = mg_leaf(tape, 0.7)
      XCTAssertEqual(mg_record_binary(tape, .negate, x, x), noNode)
      XCTAssertEqual(mg_record_constant(tape, .add, x, 1), noNode)
      XCTAssertEqual(mg_record_unary(tape, .function, x), noNode)
      XCTAssertEqual(mg_record_function(tape, .count, x), noNode)
      XCTAssertTrue(mg_op_value(.sum, 1, 2).isNaN && mg_function_value(.count, 1).isNaN)
    }
  }

  func testDerivativesAreThoseOfCentralDifferences() {
    let step = 1e-6
    withTape { tape in
      for op in constant {
        let x = mg_leaf(tape, 0.7)
        mg_tape_backward(tape, mg_record_constant(tape, op, x, 1.3), 1)
        let slope = (mg_op_value(op, 0.7 + step, 1.3) - mg_op_value(op, 0.7 - step, 1.3)) / (2 * step)
        XCTAssertEqual(tape.grad(x), slope, accuracy: 1e-8)
      }
      // Of detach the derivative is meant to be another.
      for function in functions where function != .detach {
        let at = function == .area_cosine ? 1.7 : 0.7
        let x = mg_leaf(tape, at)
        mg_tape_backward(tape, mg_record_function(tape, function, x), 1)
        let slope =
          (mg_function_value(function, at + step) - mg_function_value(function, at - step)) / (2 * step)
        XCTAssertEqual(tape.grad(x), slope, accuracy: 1e-8, String(cString: mg_function_name(function)))
      }
    }
  }
}
