import CMicrograd
import XCTest

final class TapeTests: XCTestCase {
  // MARK: - Growth

  func testGrowthKeepsValuesAndGradients() {
    withTape { tape in
      let weights = tape.allocateParameters([5, 6])
      let x = mg_leaf(tape, 3), y = mg_multiply(tape, x, weights.first)
      mg_tape_backward(tape, y, 1)
      XCTAssertEqual(mg_tape_reserve(tape, 10_000_000), .ok)
      XCTAssertEqual([tape.value(x), tape.value(y), tape.value(weights.first)], [3, 15, 5])
      XCTAssertEqual([tape.grad(x), tape.grad(y), tape.grad(weights.first)], [5, 1, 3])
    }
  }

  func testNodesGrowTheTapeAsTheyCome() {
    withTape { tape in
      var node = mg_leaf(tape, 0)
      for _ in 0..<100_000 { node = mg_add_constant(tape, node, 1) }
      XCTAssertEqual(tape.value(node), 100_000)
      mg_tape_backward(tape, node, 1)
      XCTAssertEqual(tape.grad(0), 1)
    }
  }

  func testParametersGrowTowardsNegativeIndices() {
    withTape { tape in
      let blocks = (1...40).map { tape.allocateParameters(Array(repeating: Double($0), count: 50)) }
      for (k, block) in blocks.enumerated() {
        XCTAssertEqual(block.nodes.map(tape.value), Array(repeating: Double(k + 1), count: 50))
      }
      XCTAssertEqual(mg_tape_parameter_count(tape), 2000)
    }
  }

  func testTooManyNodesAreRefused() {
    withTape { tape in
      let x = mg_leaf(tape, 3)
      XCTAssertEqual(mg_tape_reserve(tape, Int64(MG_NODE_LIMIT)), .tooManyNodes)
      var block = mg_parameters()
      XCTAssertEqual(mg_tape_allocate_parameters(tape, Int64(MG_NODE_LIMIT) + 1, &block), .tooManyNodes)
      XCTAssertEqual(mg_tape_reserve_lists(tape, Int64(MG_NODE_LIMIT) + 1, 0), .tooManyNodes)
      XCTAssertEqual(mg_tape_reserve_lists(tape, 0, Int64(MG_NODE_LIMIT)), .tooManyNodes)
      assertUnharmed(tape)
      XCTAssertEqual(tape.value(mg_square(tape, x)), 9)
    }
  }

  // MARK: - Scopes and handles

  func testHandlesAreGoodWhileTheirScopeIsOpen() {
    withTape { tape in
      let outer = mg_tape_handle(tape, mg_leaf(tape, 1))
      XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
      let inner = mg_tape_handle(tape, mg_leaf(tape, 2))
      XCTAssertEqual([outer, inner].map { mg_tape_resolve(tape, $0) }, [0, 1])
      mg_tape_end_scope(tape)
      XCTAssertEqual([outer, inner].map { mg_tape_resolve(tape, $0) }, [0, noNode])
      _ = mg_leaf(tape, 3)
      XCTAssertEqual(mg_tape_resolve(tape, inner), noNode)
    }
  }

  func testEveryScopeHasAnEpochOfItsOwn() {
    withTape { tape in
      var epochs = Set([tape.pointee.epoch])
      for _ in 0..<100 {
        XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
        XCTAssertTrue(epochs.insert(tape.pointee.epoch).inserted)
        if epochs.count % 3 == 0 { mg_tape_end_scope(tape) }
      }
      XCTAssertEqual(mg_tape_scope_depth(tape), 67)
      while mg_tape_scope_depth(tape) > 0 { mg_tape_end_scope(tape) }
      XCTAssertEqual(tape.pointee.count, 0)
    }
  }

  func testResetMakesHandlesStale() {
    withTape { tape in
      let handle = mg_tape_handle(tape, mg_leaf(tape, 1))
      mg_tape_reset(tape)
      _ = mg_leaf(tape, 2)
      XCTAssertEqual(mg_tape_resolve(tape, handle), noNode)
    }
  }

  func testHandlesAreStaleOnTheNextTapeInTheSameMemory() {
    let first = mg_tape_create(nil)!
    let weights = first.allocateParameters([1])
    let handles = [mg_tape_handle(first, mg_leaf(first, 1)), mg_tape_handle(first, weights.first)]
    mg_tape_release(first)
    withTape { next in
      XCTAssertEqual(next, first)
      _ = (mg_leaf(next, 2), next.allocateParameters([2]))
      XCTAssertEqual(handles.map { mg_tape_resolve(next, $0) }, [noNode, noNode])
    }
  }

  func testPausesRecordNothingAndNest() {
    withTape { tape in
      let x = mg_leaf(tape, 2)
      mg_tape_pause(tape)
      mg_tape_pause(tape)
      XCTAssertEqual(
        [mg_leaf(tape, 1), mg_square(tape, x), mg_exponential(tape, x)], [noNode, noNode, noNode])
      XCTAssertEqual(mg_tape_reserve(tape, 1), .paused)
      mg_tape_resume(tape)
      XCTAssertTrue(mg_tape_is_paused(tape))
      let pauses = mg_tape_suspend_pauses(tape)
      XCTAssertEqual(mg_square(tape, x), 1)
      mg_tape_restore_pauses(tape, pauses)
      XCTAssertEqual(mg_square(tape, x), noNode)
      mg_tape_resume(tape)
      XCTAssertEqual(mg_square(tape, x), 2)
    }
  }

  // MARK: - Parameters

  func testSlotsOfFreedParametersServeTheNext() {
    withTape { tape in
      let block = tape.allocateParameters([1, 2, 3])
      mg_tape_free_parameters(tape, block)
      assertUnharmed(tape)
      XCTAssertEqual(mg_tape_parameter_count(tape), 0)
      XCTAssertEqual(tape.allocateParameters([4, 5, 6]).first, block.first)
    }
  }

  func testSlotsServeNobodyWhileNodesMayNameThem() {
    withTape { tape in
      XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
      let block = tape.allocateParameters([1, 2])
      let handle = mg_tape_handle(tape, block.first)
      let y = mg_multiply(tape, mg_leaf(tape, 3), block.first)
      mg_tape_free_parameters(tape, block)
      XCTAssertEqual(mg_tape_resolve(tape, handle), block.first, "for the rest of an expression that uses it")
      let next = tape.allocateParameters([7, 8])
      XCTAssertEqual(mg_tape_resolve(tape, handle), noNode)
      mg_tape_backward(tape, y, 1)
      XCTAssertEqual(next.nodes.map(tape.grad), [0, 0])
      XCTAssertTrue(Set(block.nodes).isDisjoint(with: next.nodes))
      assertUnharmed(tape)
      mg_tape_end_scope(tape)
      XCTAssertEqual(Set(tape.allocateParameters([9, 9]).nodes), Set(block.nodes))
    }
  }

  func testParametersThatWereBornInAnEndedScopeAreQuarantinedToo() {
    withTape { tape in
      XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
      for _ in 0..<10 { _ = mg_leaf(tape, 0) }
      let block = tape.allocateParameters([5])
      mg_tape_end_scope(tape)
      let y = mg_square(tape, block.first)
      mg_tape_free_parameters(tape, block)
      let next = tape.allocateParameters([7])
      mg_tape_backward(tape, y, 1)
      XCTAssertEqual(tape.grad(next.first), 0)
    }
  }

  func testParametersFreedByAnotherThreadAreFreedWhenTheirThreadComesBack() {
    withTape { tape in
      var previous: TapePointer?
      XCTAssertEqual(mg_tape_enter(tape, &previous), .ok)
      let blocks = (0..<20).map { tape.allocateParameters([Double($0), 0]) }
      nonisolated(unsafe) let shared = tape
      DispatchQueue.concurrentPerform(iterations: 20) { mg_tape_free_parameters(shared, blocks[$0]) }
      mg_tape_leave(tape, previous)
      XCTAssertEqual(mg_tape_parameter_count(tape), 0)
    }
  }

  func testATapeIsBusyWhileAnotherThreadIsInside() {
    withTape { tape in
      var previous: TapePointer?
      XCTAssertEqual(mg_tape_enter(tape, &previous), .ok)
      nonisolated(unsafe) let shared = tape
      let isDone = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        var previous: TapePointer?
        XCTAssertEqual(mg_tape_enter(shared, &previous), .busy)
        isDone.signal()
      }
      isDone.wait()
      mg_tape_leave(tape, previous)
    }
  }

  func testThreadsThatAreNotInsideRecordOneAfterTheOtherOrAreRefused() {
    withTape { tape in
      let x = mg_leaf(tape, 1)
      nonisolated(unsafe) let shared = tape
      let recorded = Recorded()
      DispatchQueue.concurrentPerform(iterations: 8) { k in
        for _ in 0..<2_000 {
          let nodes = [
            mg_leaf(shared, 1), mg_add(shared, x, x), mg_add_constant(shared, x, 1), mg_negate(shared, x),
            mg_sine(shared, x), mg_sum(shared, [x, x, x], 3), mg_leaf_run(shared, [1, 2], 2),
            mg_block_leaves(shared, [1, 2], 1, 2, false),
          ]
          recorded.append(nodes.filter { $0 != noNode })
          _ = mg_tape_backward(shared, x, 1)
        }
      }
      XCTAssertEqual(Set(recorded.nodes).count, recorded.nodes.count)
      XCTAssertGreaterThan(recorded.nodes.count, 0)
      XCTAssertFalse(mg_tape_is_busy(tape))
    }
  }

  func testATapeIsClosedWhileARuleRuns() {
    withTape { tape in
      let x = mg_leaf(tape, 1)
      mg_tape_begin_rule(tape)
      mg_tape_begin_rule(tape)
      mg_tape_end_rule(tape)
      var previous: TapePointer?
      var parameters = mg_parameters()
      var directions = mg_directions(
        tangents: tape.pointee.values, adjoints: tape.pointee.values, adjoint_tangents: tape.pointee.values)
      XCTAssertTrue(mg_tape_is_in_rule(tape))
      XCTAssertEqual(mg_negate(tape, x), noNode)
      XCTAssertEqual(mg_sum(tape, [x, x], 2), noNode)
      XCTAssertEqual(mg_tape_reserve(tape, 1), .inRule)
      XCTAssertEqual(mg_tape_enter(tape, &previous), .inRule)
      XCTAssertEqual(mg_tape_begin_scope(tape), .inRule)
      XCTAssertEqual(mg_tape_allocate_parameters(tape, 1, &parameters), .inRule)
      XCTAssertEqual(mg_tape_directions(tape, 0, &directions), .inRule)
      XCTAssertEqual(backwardInScope(tape, x), .inRule)
      mg_tape_end_rule(tape)
      XCTAssertEqual(mg_negate(tape, x), x + 1)
    }
  }

  func testARuleRecordsOnAnEmptyTapeOfItsOwn() {
    let outside = mg_tape_current()
    for depth in 1...3 {
      let previous = mg_thread_begin_rule()
      let tape = mg_tape_current()!
      XCTAssertNotEqual(tape, outside)
      XCTAssertEqual(tape.pointee.count, 0)
      for _ in 0..<depth { _ = mg_leaf(tape, 1) }
      let inner = mg_thread_begin_rule()
      XCTAssertNotEqual(mg_tape_current(), tape)
      mg_thread_end_rule(inner)
      XCTAssertEqual(tape.pointee.count, Int64(depth))
      mg_thread_end_rule(previous)
    }
    XCTAssertEqual(mg_tape_current(), outside)
    XCTAssertFalse(mg_thread_is_in_rule())
  }
}

/// Nodes that several threads recorded.
private final class Recorded: @unchecked Sendable {
  private let lock = NSLock()
  private(set) var nodes: [mg_node] = []

  func append(_ more: [mg_node]) {
    lock.lock()
    nodes += more
    lock.unlock()
  }
}
