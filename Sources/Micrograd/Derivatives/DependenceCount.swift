import CMicrograd

extension RecordedFunction {
  /// The number of operands of all recorded nodes.
  package var operandCount: Int {
    (Int(first) + argumentCount..<Int(tape.pointee.count)).reduce(0) {
      $0 + Int(mg_node_operand_count(tape, mg_node($1)))
    }
  }

  /// The number of operands of the nodes that a result depends on, added up over results: the work of a reverse sweep for each.
  ///
  /// - Parameter limit: Counting stops beyond it.
  package func dependenceCount(limit: Int) -> Int {
    let count = Int(tape.pointee.count)
    var visits = [Int](repeating: -1, count: max(count - Int(first), 0))
    var (total, stack) = (0, [mg_node]())
    for (k, result) in results.enumerated() where total <= limit {
      guard result.pointer != nil else { continue }
      stack.append(result.node(on: tape))
      while let node = stack.popLast(), total <= limit {
        // Outside of the function, or an argument: no sweep goes on there.
        guard node >= first + mg_node(argumentCount), visits[Int(node - first)] != k else { continue }
        visits[Int(node - first)] = k
        let operands = Int(mg_node_operand_count(tape, node))
        total += operands
        for operand in 0..<operands { stack.append(mg_node_operand(tape, node, Int64(operand))) }
      }
      stack.removeAll(keepingCapacity: true)
    }
    return total
  }
}
