import CMicrograd
import XCTest

/// Tapes that live at random, every invariant checked after every step.
final class RandomLifeTests: XCTestCase {
  func testInvariantsHoldWhateverHappens() {
    for seed in 1...60 as ClosedRange<UInt64> { withTape { live($0, seed: seed, steps: 250) } }
  }

  private func live(_ tape: TapePointer, seed: UInt64, steps: Int) {
    var state = seed
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var blocks = [tape.allocateParameters([0.5, -0.5])]
    _ = mg_leaf(tape, 1)
    func pick() -> mg_node {
      let parameters = blocks.flatMap(\.nodes), recorded = Int(tape.pointee.count)
      if recorded == 0 || !parameters.isEmpty && random(4) == 0 {
        return parameters.isEmpty ? mg_leaf(tape, 2) : parameters[random(parameters.count)]
      }
      return resolved(mg_node(random(3) == 0 ? random(recorded) : recorded - 1 - random(min(recorded, 4))))
    }
    // As from Swift, where every operand is a handle.
    func resolved(_ node: mg_node) -> mg_node { mg_tape_resolve(tape, mg_tape_handle(tape, node)) }
    var starts = [0]
    for step in 0..<steps {
      switch random(20) {
      case 0, 1: _ = mg_leaf(tape, Double(random(5)) - 2)
      case 2, 3: _ = mg_add(tape, pick(), pick())
      case 4, 5: _ = mg_multiply(tape, pick(), pick())
      case 6, 7, 8:
        let (s, x, y) = (pick(), pick(), pick())
        _ = mg_add(tape, s, mg_multiply(tape, x, y))
      case 9: _ = mg_hyperbolic_tangent(tape, pick())
      case 10: _ = mg_multiply_constant(tape, pick(), 0.5)
      case 11:
        let nodes = (0...random(5)).map { _ in pick() }
        _ = mg_sum(tape, nodes, Int64(nodes.count))
      case 12:
        let first = random(Int(max(tape.pointee.count, 1)))
        let run = (first..<min(first + 5, Int(tape.pointee.count))).map { resolved(mg_node($0)) }
        _ = mg_dot(tape, run, run, Int64(run.count))
      case 13: blocks.append(tape.allocateParameters((0...random(40)).map(Double.init)))
      case 14: if !blocks.isEmpty { mg_tape_free_parameters(tape, blocks.remove(at: random(blocks.count))) }
      case 15:
        XCTAssertEqual(mg_tape_begin_scope(tape), .ok)
        starts.append(Int(tape.pointee.count))
      case 16 where starts.count > 1:
        mg_tape_end_scope(tape)
        XCTAssertEqual(Int(tape.pointee.count), starts.removeLast())
      case 17: mg_set_gradient(tape, pick(), 1)
      case 18: random(4) == 0 ? mg_tape_zero_gradients(tape) : sweep(tape, pick())
      default:
        let root = pick(), older = blocks.flatMap(\.nodes) + (0..<starts.last!).map { mg_node($0) }
        let before = older.map(tape.grad)
        if root >= 0 { XCTAssertEqual(backwardInScope(tape, root), .ok) }
        XCTAssertTrue(
          zip(before, older).allSatisfy { $0.bitPattern == tape.grad($1).bitPattern },
          "seed \(seed), step \(step)")
      }
      assertUnharmed(tape, "seed \(seed), step \(step)")
    }
  }

  private func sweep(_ tape: TapePointer, _ root: mg_node) { mg_tape_backward(tape, root, 1) }
}
