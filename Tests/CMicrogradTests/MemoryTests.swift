import CMicrograd
import XCTest

/// What a tape does when there is no memory, at every allocation that it makes.
final class MemoryTests: XCTestCase {
  func testCreationFailsWithoutALeak() {
    let ration = Ration()
    for allocations in 0..<100 {
      ration.left = allocations
      let tape = mg_tape_create(&ration.memory)
      if let tape { mg_tape_release(tape) }
      XCTAssertEqual(ration.blocks, 0, "with \(allocations) allocations")
      if tape != nil { return XCTAssertGreaterThan(allocations, 0) }
    }
    XCTFail("never enough")
  }

  func testNodesThatDoNotFitLeaveTheTapeUnharmed() {
    starve { tape, _ in mg_tape_reserve(tape, 10_000) == .ok }
  }

  func testRecordingThatDoesNotFitLeavesTheTapeUnharmed() {
    starve { tape, _ in
      for _ in 0..<3000 where mg_multiply(tape, 0, 1) == noNode { return false }
      return true
    }
  }

  func testListsThatDoNotFitLeaveTheTapeUnharmed() {
    starve { tape, parameters in
      let nodes = [1, 0, parameters.first] + Array(repeating: 0, count: 3000)
      let weights = Array(repeating: 0.5, count: nodes.count)
      return mg_sum(tape, nodes, 3003) != noNode && mg_dot(tape, nodes, nodes, 3003) != noNode
        && mg_weighted_sum(tape, weights, nodes, 3003) != noNode
    }
  }

  func testParametersThatDoNotFitLeaveTheTapeUnharmed() {
    starve { tape, _ in
      var block = mg_parameters()
      return mg_tape_allocate_parameters(tape, 5000, &block) == .ok
    }
  }

  func testLayersThatDoNotFitLeaveTheTapeUnharmed() {
    for recording in [LayerRecording.scalar, .fused] {
      starve { tape, parameters in
        let neuron = mg_layer(
          weights: parameters.first, biases: parameters.first, input_count: 2, output_count: 1, relu: true)
        var output = noNode
        return (0..<600).allSatisfy { _ in mg_record_layer(tape, [neuron], recording, [1, 0], &output) == .ok }
      }
    }
  }

  func testWeightedSumsThatDoNotFitLeaveTheTapeUnharmed() {
    starve { tape, parameters in
      var sum = noNode
      return (0..<1000).allSatisfy { _ in
        mg_record_weighted_sums(tape, parameters.first, 1, [1, 0], 2, &sum) == .ok
      }
    }
  }

  func testBlocksThatDoNotFitLeaveTheTapeUnharmed() {
    let classes = [Int32](repeating: 0, count: 600), targets = [Double](repeating: 1, count: 1800)
    starve { tape, parameters in
      let layer = mg_layer(
        weights: parameters.first, biases: noNode, input_count: 1, output_count: 2, relu: true)
      let x = mg_block_leaves(tape, targets, 600, 1, false)
      guard x != noNode else { return false }
      let y = mg_block_layer(tape, layer, x, 600)
      guard y != noNode else { return false }
      return mg_block_cross_entropy(tape, y, classes, 600, 2) != noNode
        && mg_block_target(tape, .hinge, 0, y, targets, 600, 2) != noNode
        && mg_block_copy(tape, classes, 1, 600, 1) != noNode
    }
  }

  func testDirectionsThatDoNotFitLeaveTheTapeUnharmed() {
    starve { tape, parameters in
      var all = mg_directions(
        tangents: tape.pointee.values, adjoints: tape.pointee.values, adjoint_tangents: tape.pointee.values)
      guard mg_tape_directions(tape, 0, &all) == .ok else { return false }
      // Again, with more of both, for which the buffers have to move.
      guard mg_tape_reserve(tape, 3000) == .ok else { return false }
      var block = mg_parameters()
      guard mg_tape_allocate_parameters(tape, 2000, &block) == .ok else { return false }
      return mg_tape_directions(tape, 0, &all) == .ok
    }
  }

  /// Calls `action` on a small tape with memory for no allocation, for one, and so on until it succeeds. After each
  /// failure the tape has to be as it was, and to go on when there is memory again.
  private func starve(
    line: UInt = #line, _ action: (_ tape: TapePointer, _ parameters: mg_parameters) -> Bool
  ) {
    for allocations in 0..<100 {
      let ration = Ration()
      let tape = mg_tape_create(&ration.memory)!
      let x = mg_leaf(tape, 3), y = mg_leaf(tape, 5)
      let parameters = tape.allocateParameters([7, 11])
      mg_tape_backward(tape, mg_multiply(tape, x, parameters.first), 1)
      func assertAsItWas(_ moment: String) {
        let nodes = [x, y] + parameters.nodes
        XCTAssertEqual(nodes.map(tape.value), [3, 5, 7, 11], moment, line: line)
        XCTAssertEqual(nodes.map(tape.grad), [7, 0, 3, 0], moment, line: line)
        assertUnharmed(tape, moment, line: line)
      }
      ration.left = allocations
      let isDone = action(tape, parameters)
      assertAsItWas("with \(allocations) allocations")
      ration.left = .max
      let more = tape.allocateParameters(Array(repeating: 13, count: 300))
      XCTAssertEqual(mg_tape_reserve(tape, 3000), .ok)
      XCTAssertEqual(mg_tape_reserve_lists(tape, 3000, 3000), .ok)
      assertAsItWas("after \(allocations) allocations")
      XCTAssertTrue(more.nodes.allSatisfy { tape.value($0) == 13 && tape.grad($0) == 0 }, line: line)
      mg_tape_release(tape)
      XCTAssertEqual(ration.blocks, 0, "blocks leaked", line: line)
      XCTAssertFalse(
        ration.isTornOpen, "wrote outside of a block, after \(allocations) allocations", line: line)
      if isDone { return }
    }
    XCTFail("never enough", line: line)
  }
}

/// Memory for as many allocations as are left, with a margin around each block that nobody may write to.
private final class Ration {
  var left = Int.max
  var blocks = 0
  var isTornOpen = false
  lazy var memory = mg_memory(
    resize: { context, old, oldBytes, bytes in
      Unmanaged<Ration>.fromOpaque(context!).takeUnretainedValue().resize(old, oldBytes, bytes)
    }, context: Unmanaged.passUnretained(self).toOpaque())

  private static let margin = 1 << 16
  private static let pattern = [UInt8](repeating: 0xa5, count: margin)

  private func resize(_ old: UnsafeMutableRawPointer?, _ oldBytes: Int, _ bytes: Int)
    -> UnsafeMutableRawPointer?
  {
    if bytes > 0 {
      if left == 0 { return nil }
      left -= 1
    }
    let block = bytes > 0 ? allocate(bytes) : nil
    if let block, let old { block.copyMemory(from: old, byteCount: min(oldBytes, bytes)) }
    if let old { free(old, oldBytes) }
    return block
  }

  private func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    let start = UnsafeMutableRawPointer.allocate(byteCount: bytes + 2 * Ration.margin, alignment: 16)
    for margin in [start, start + Ration.margin + bytes] { memcpy(margin, Ration.pattern, Ration.margin) }
    memset(start + Ration.margin, 0, bytes)
    blocks += 1
    return start + Ration.margin
  }

  private func free(_ block: UnsafeMutableRawPointer, _ bytes: Int) {
    for margin in [block - Ration.margin, block + bytes]
    where memcmp(margin, Ration.pattern, Ration.margin) != 0 {
      isTornOpen = true
    }
    (block - Ration.margin).deallocate()
    blocks -= 1
  }
}
