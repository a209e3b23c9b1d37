import CMicrograd
import XCTest

@testable import Micrograd

/// Every op of the table, natively and interpreted. An op that is added to the table is tested without a change here.
final class NativeOperationsTests: XCTestCase {
  private let folder = NativeFolder()

  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private struct Operation: Sendable {
    let name: String
    let record: @Sendable (UnsafeMutablePointer<mg_tape>, mg_node, mg_node) -> mg_node
  }

  /// Ops that are no function of one or two numbers.
  private static let others: Set<OpCode> = [
    .leaf, .function, .sum, .sum_run, .dot, .dot_runs, .weighted_sum, .log_sum_exp, .select, .pick, .neuron, .block,
    .copy,
    .row_sum, .softmax, .log_softmax, .cross_entropy, .layer_norm, .rms_norm, .custom,
  ]

  private static let operations: [Operation] = {
    var all: [Operation] = []
    for op in (0..<OpCode.count.rawValue).compactMap({ OpCode(rawValue: $0) }) where !others.contains(op) {
      let name = String(cString: mg_op_name(op))
      if mg_op_is_binary(op) {
        all.append(Operation(name: name) { mg_record_binary($0, op, $1, $2) })
      } else if mg_op_has_target(op) {
        for target in [1, -1, 0.25] {
          all.append(
            Operation(name: "\(name) to \(target)") { tape, x, _ in mg_block_target(tape, op, 0.75, x, [target], 1, 1) }
          )
        }
      } else if mg_op_has_constant(op) {
        for c in [2, 2.5, 3, 0] {
          all.append(Operation(name: "\(name) with \(c)") { tape, x, _ in mg_record_constant(tape, op, x, c) })
        }
      } else {
        all.append(Operation(name: name) { tape, x, _ in mg_record_unary(tape, op, x) })
      }
    }
    for function in (0..<FunctionCode.count.rawValue).compactMap({ FunctionCode(rawValue: $0) }) {
      let name = String(cString: mg_function_name(function))
      all.append(Operation(name: name) { tape, x, _ in mg_record_function(tape, function, x) })
    }
    return all
  }()

  private static let numbers: [Double] = [
    0.3, -0.7, 1.5, -2.25, 0.999, 7, -30, 0, -0.0, 1, -1, 0.5, 2, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
    -.leastNormalMagnitude / 64, 1e-160,
    1e300,
    -1e300, 709.9, -745.2, 1e8, 171.7, -0.5, 4503599627370497.5,
  ]

  /// As many pairs of numbers as there are numbers, for each operation.
  private static func sample(_ round: Int, _ copies: Int) -> [Double] {
    (0..<copies * operations.count).flatMap { k -> [Double] in
      let x = numbers[(round + k / operations.count) % numbers.count]
      return [x, numbers[(3 * round + 5 * k + 2) % numbers.count]]
    }
  }

  private static func results(_ x: [Value], copies: Int) -> [Value] {
    let tape = currentTape()
    return (0..<copies * operations.count).map { k in
      let node = operations[k % operations.count].record(tape, x[2 * k].node(on: tape), x[2 * k + 1].node(on: tape))
      return Value(tape, node)
    }
  }

  private func assertEqualBits(_ found: Double, _ expected: Double, _ k: Int, _ sample: [Double], _ what: String) {
    if found.bitPattern == expected.bitPattern || (found.isNaN && expected.isNaN) { return }
    let operation = Self.operations[k % Self.operations.count].name
    XCTFail("\(what) of \(operation) at \(sample[2 * k]), \(sample[2 * k + 1]): \(found), not \(expected)")
  }

  private func check(copies: Int, rounds: some Sequence<Int>) throws {
    let start = Self.sample(0, copies).map { $0.isFinite ? $0 : 1 }
    let all = try compile(at: start) { x in Self.results(x, copies: copies) }
    let total = try compile(at: start) { x in sum(Self.results(x, copies: copies)) }
    let (nativeAll, nativeTotal) = (try all.native(folder: folder.path), try total.native(folder: folder.path))
    for round in rounds {
      let x = Self.sample(round, copies)
      let values = try nativeAll.results(at: Samples([x]))[0]
      for (k, expected) in try all.results(at: x).enumerated() {
        assertEqualBits(values[k], expected, k, x, "the value")
      }
      let gradient = try nativeTotal.valueWithGradient(at: x).gradient
      for (k, expected) in try total.valueWithGradient(at: x).gradient.enumerated() {
        assertEqualBits(gradient[k], expected, k / 2, x, "the derivative")
      }
    }
  }

  func testEveryOperationHasTheBitsOfTheInterpreterAtEveryPoint() throws {
    XCTAssertGreaterThan(Self.operations.count, 100)
    try check(copies: 1, rounds: Self.numbers.indices)
  }

  func testEveryOperationInListsHasTheBitsOfTheInterpreter() throws {
    try check(copies: 14, rounds: [0, 14])
  }
}
