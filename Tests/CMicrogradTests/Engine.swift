import CMicrograd
import XCTest

/// What the importer leaves of `MG_NO_NODE`.
let noNode = Int32.min

typealias TapePointer = UnsafeMutablePointer<mg_tape>

/// A tape for one test, whose invariants hold at its end.
func withTape(
  memory: UnsafePointer<mg_memory>? = nil, file: StaticString = #filePath, line: UInt = #line,
  _ body: (TapePointer) throws -> Void
) rethrows {
  let tape = mg_tape_create(memory)!
  defer { mg_tape_release(tape) }
  try body(tape)
  assertUnharmed(tape, file: file, line: line)
}

/// Asserts every invariant of a tape.
func assertUnharmed(
  _ tape: TapePointer, _ message: @autoclosure () -> String = "", file: StaticString = #filePath,
  line: UInt = #line
) {
  if let broken = mg_tape_check(tape) {
    XCTFail("not so: \(String(cString: broken)). \(message())", file: file, line: line)
  }
}

extension UnsafeMutablePointer<mg_tape> {
  func value(_ node: mg_node) -> Double { pointee.values[Int(node)] }
  func grad(_ node: mg_node) -> Double { pointee.grads[Int(node)] }

  func allocateParameters(_ data: [Double]) -> mg_parameters {
    var block = mg_parameters()
    XCTAssertEqual(mg_tape_allocate_parameters(self, Int64(data.count), &block), .ok)
    for (k, number) in data.enumerated() { pointee.values[Int(block.first) + k] = number }
    return block
  }
}

extension mg_parameters {
  var nodes: [mg_node] { (0..<Int32(count)).map { first + $0 } }
}

/// The gradient of one node of the innermost scope.
func backwardInScope(_ tape: TapePointer, _ root: mg_node) -> EngineStatus {
  mg_tape_backward_in_scope(tape, [root], [1], 1)
}
