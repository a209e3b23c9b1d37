import CMicrograd
import XCTest

final class WatchTests: XCTestCase {
  private func withWatch(_ body: (UnsafeMutablePointer<mg_tape>, UnsafeMutablePointer<mg_watch>) -> Void) {
    withTape { tape in
      var watch = mg_watch_make()
      withUnsafeMutablePointer(to: &watch) { watch in
        mg_tape_set_watch(tape, watch)
        body(tape, watch)
        mg_tape_set_watch(tape, nil)
        mg_watch_free_lists(watch)
      }
    }
  }

  func testAllNotesAreKeptInOrder() {
    withWatch { _, watch in
      for k in 0..<1000 {
        mg_watch_read(watch, mg_node(k))
        mg_watch_comparison(
          watch,
          mg_comparison(
            left: mg_node(k), right: .min, left_number: 1, right_number: Double(k), relation: .less, holds: k > 1))
      }
      mg_watch_read_run(watch, -5, 3)
      XCTAssertEqual((0..<1003).map { watch.pointee.reads![$0] }, Array(0..<1000) + [-5, -4, -3])
      XCTAssertEqual((0..<1000).map { watch.pointee.comparisons![$0].right_number }, (0..<1000).map(Double.init))
      XCTAssertEqual([watch.pointee.read_count, watch.pointee.comparison_count], [1003, 1000])
      XCTAssertFalse(watch.pointee.out_of_memory)
    }
  }

  func testSweepsPausesAndWritesAreNoted() {
    withWatch { tape, watch in
      let x = mg_leaf(tape, 2), y = mg_square(tape, x)
      XCTAssertFalse(watch.pointee.swept || watch.pointee.written || watch.pointee.paused)
      mg_tape_backward(tape, y, 1)
      XCTAssertTrue(watch.pointee.swept && !watch.pointee.written)
      mg_zero_gradients(tape, x, 1)
      XCTAssertTrue(watch.pointee.written && !watch.pointee.paused)
      mg_tape_pause(tape)
      mg_tape_resume(tape)
      XCTAssertTrue(watch.pointee.paused)
    }
  }

  func testDirectionalSweepsAreNoted() {
    withWatch { tape, watch in
      let x = mg_leaf(tape, 2)
      let start = UnsafeMutablePointer<Double>(bitPattern: 8)!
      var all = mg_directions(tangents: start, adjoints: start, adjoint_tangents: start)
      XCTAssertEqual(mg_tape_directions(tape, 0, &all), .ok)
      mg_tape_clear_directions(tape, x, x)
      XCTAssertTrue(watch.pointee.swept)
    }
  }

  func testNotedNodesThatAScopeReclaimsAreTold() {
    withWatch { tape, watch in
      let x = mg_leaf(tape, 2)
      mg_watch_read(watch, x)
      for isInside in [false, true] {
        XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
        let y = mg_square(tape, x)
        if isInside { mg_watch_read(watch, y) }
        mg_tape_end_scope(tape)
        XCTAssertEqual(watch.pointee.reclaimed, isInside)
      }
    }
  }

  func testATapeThatIsReleasedAndTakenAgainHasNoWatch() {
    var watch = mg_watch_make()
    withUnsafeMutablePointer(to: &watch) { watch in
      let tape = mg_tape_create(nil)!
      mg_tape_set_watch(tape, watch)
      mg_tape_release(tape)
      withTape { XCTAssertNil($0.pointee.watch) }
    }
  }
}
