import CMicrograd
import XCTest

extension TwinTapes {
  /// Moves leaves and parameters along a direction on both tapes, follows the derivatives of one number, and says where the
  /// tapes differ. Nodes below `first` and the derivatives at leaves are compared too; afterwards all is at rest again.
  func difference(along direction: [(mg_node, Double)], from first: mg_node, to root: mg_node, seed: Double) -> String?
  {
    let compared = nodes.filter { $0 < first || mg_node_op(blocks, $0) == .leaf }
    let swept = nodes.filter { $0 >= first && $0 <= root }
    let ofBlocks = sweep(blocks, direction, first, root, seed, tangentsAt: swept, derivativesAt: compared)
    let ofScalars = sweep(
      scalars, direction.map { (scalar($0), $1) }, first < count ? start(first) : first, scalar(root), seed,
      tangentsAt: swept.map(scalar), derivativesAt: compared.map(scalar))
    for tape in [blocks, scalars] {
      if let broken = mg_tape_check(tape) { return "not so: \(String(cString: broken))" }
    }
    for (name, nodes, left, right) in [
      ("tangent", swept, ofBlocks.tangents, ofScalars.tangents),
      ("adjoint", compared, ofBlocks.adjoints, ofScalars.adjoints),
      ("adjoint tangent", compared, ofBlocks.adjointTangents, ofScalars.adjointTangents),
    ] {
      let largest = right.reduce(1) { max($0, abs($1)) }
      for (node, (a, b)) in Swift.zip(nodes, Swift.zip(left, right))
      where !(abs(a - b) <= 1e-10 * abs(b) + 1e-12 * largest) {
        return "node \(node), \(mg_node_op(blocks, node)), has \(name) \(a), not \(b)"
      }
    }
    return nil
  }

  private func sweep(
    _ tape: TapePointer, _ direction: [(mg_node, Double)], _ first: mg_node, _ root: mg_node, _ seed: Double,
    tangentsAt swept: [mg_node], derivativesAt compared: [mg_node]
  ) -> (tangents: [Double], adjoints: [Double], adjointTangents: [Double]) {
    var numbers = mg_directions(
      tangents: tape.pointee.values, adjoints: tape.pointee.values,
      adjoint_tangents: tape.pointee.values)
    XCTAssertEqual(mg_tape_directions(tape, 0, &numbers), .ok)
    for (node, tangent) in direction { numbers.tangents[Int(node)] = tangent }
    mg_tape_push_tangents(tape, first, root)
    numbers.adjoints[Int(root)] = seed
    mg_tape_pull_adjoints(tape, first, root)
    defer { mg_tape_clear_directions(tape, first, root) }
    return (
      swept.map { numbers.tangents[Int($0)] }, compared.map { numbers.adjoints[Int($0)] },
      compared.map { numbers.adjoint_tangents[Int($0)] }
    )
  }
}
