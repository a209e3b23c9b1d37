import Micrograd

/// A tree in flat lists, each node behind its operands.
internal struct FormulaTree: Hashable, Sendable {
  var nodes: [FormulaNode] = []
  /// The arguments of all calls, as positions of nodes.
  var arguments: [Int] = []
  var statements: [FormulaStatement] = []
}

extension FormulaTree {
  /// Returns the operands of a node.
  func operands(_ node: FormulaNode) -> [Int] {
    switch node {
    case .number, .constant, .input: []
    case .variable(let statement): [statements[statement].root]
    case .negate(let a), .not(let a): [a]
    case .binary(_, let a, let b): [a, b]
    case .call(_, let range): Array(arguments[range])
    case .choice(let condition, let a, let b): [condition, a, b]
    }
  }

  /// Computes all nodes from the inputs. Where a constant is given, it is the node's number.
  func values<T: DifferentiableNumber>(_ inputs: [T], constants: [Double?]) -> [T] {
    var values: [T] = []
    values.reserveCapacity(nodes.count)
    for (k, node) in nodes.enumerated() {
      if let number = constants[k] {
        values.append(T(constant: number))
      } else {
        values.append(value(node, inputs, values, constants))
      }
    }
    return values
  }

  /// Computes a node from its operands.
  func value<T: DifferentiableNumber>(_ node: FormulaNode, _ inputs: [T], _ values: [T], _ constants: [Double?]) -> T {
    switch node {
    case .number(let number): return T(constant: number)
    case .constant(let constant): return T(constant: constant.value)
    case .input(let k): return inputs[k]
    case .variable(let statement): return values[statements[statement].root]
    case .negate(let a): return -values[a]
    case .not(let a): return .select(values[a] == .zero, T(constant: 1), .zero)
    case .binary(let op, let a, let b): return binary(op, a, b, values, constants)
    case .call(.pow, let range):
      return binary(.power, arguments[range.lowerBound], arguments[range.lowerBound + 1], values, constants)
    case .call(let f, let range):
      return f(arguments[range].map { values[$0] }, constants: arguments[range].map { constants[$0] })
    case .choice(let condition, let a, let b): return .select(self.condition(condition, values), values[a], values[b])
    }
  }

  private func binary<T: DifferentiableNumber>(
    _ op: BinaryOperator, _ a: Int, _ b: Int, _ values: [T], _ constants: [Double?]
  ) -> T {
    let (x, y) = (values[a], values[b])
    // A constant beside a number records no node of its own.
    switch (op, constants[a], constants[b]) {
    case (.add, let c?, _): return c + y
    case (.add, _, let c?): return x + c
    case (.add, _, _): return x + y
    case (.subtract, let c?, _): return c - y
    case (.subtract, _, let c?): return x - c
    case (.subtract, _, _): return x - y
    case (.multiply, let c?, _): return c * y
    case (.multiply, _, let c?): return x * c
    case (.multiply, _, _): return x * y
    case (.divide, let c?, _): return c / y
    case (.divide, _, let c?): return x / c
    case (.divide, _, _): return x / y
    case (.power, let c?, _): return c ** y
    case (.power, _, let c?): return x ** c
    case (.power, _, _): return x ** y
    case (.and, _, _): return .select(x != .zero, T.select(y != .zero, T(constant: 1), .zero), .zero)
    case (.or, _, _): return .select(x != .zero, T(constant: 1), T.select(y != .zero, T(constant: 1), .zero))
    case (.less, _, _), (.atMost, _, _), (.equal, _, _), (.unequal, _, _), (.atLeast, _, _), (.greater, _, _):
      return .select(comparison(op, x, y), T(constant: 1), .zero)
    }
  }

  /// The condition that a node is not 0; of a comparison, the comparison.
  private func condition<T: DifferentiableNumber>(_ k: Int, _ values: [T]) -> Condition<T> {
    if case .binary(let op, let a, let b) = nodes[k], op.isComparison { return comparison(op, values[a], values[b]) }
    return values[k] != .zero
  }

  private func comparison<T: DifferentiableNumber>(_ op: BinaryOperator, _ x: T, _ y: T) -> Condition<T> {
    switch op {
    case .less: x < y
    case .atMost: x <= y
    case .equal: x == y
    case .atLeast: x >= y
    case .greater: x > y
    default: x != y
    }
  }

  /// The numbers of those nodes that depend on no input.
  func constants() -> [Double?] {
    var values: [Double] = [], constants: [Double?] = []
    values.reserveCapacity(nodes.count)
    constants.reserveCapacity(nodes.count)
    for node in nodes {
      var isConstant = true
      if case .input = node { isConstant = false }
      if !operands(node).allSatisfy({ constants[$0] != nil }) { isConstant = false }
      values.append(isConstant ? value(node, [], values, constants) : .nan)
      constants.append(isConstant ? values[values.count - 1] : nil)
    }
    return constants
  }

  /// The part of the tree that a statement needs, with the names of its inputs. The statement becomes the last one.
  func part(root: Int, names: [String]) -> (tree: FormulaTree, names: [String]) {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    isNeeded[root] = true
    for k in nodes.indices.reversed() where isNeeded[k] {
      for operand in operands(nodes[k]) { isNeeded[operand] = true }
    }
    var part = FormulaTree(), places = [Int](repeating: 0, count: nodes.count)
    var (inputs, newNames) = ([Int: Int](), [String]())
    var statementPlaces = [Int](repeating: 0, count: statements.count), next = 0
    for (k, node) in nodes.enumerated() {
      if isNeeded[k] {
        places[k] = part.nodes.count
        switch node {
        case .number, .constant: part.nodes.append(node)
        case .input(let input):
          let place = inputs[input] ?? newNames.count
          if place == newNames.count { newNames.append(names[input]) }
          inputs[input] = place
          part.nodes.append(.input(place))
        case .variable(let statement): part.nodes.append(.variable(statementPlaces[statement]))
        case .negate(let a): part.nodes.append(.negate(places[a]))
        case .not(let a): part.nodes.append(.not(places[a]))
        case .binary(let op, let a, let b): part.nodes.append(.binary(op, places[a], places[b]))
        case .call(let f, let range):
          let start = part.arguments.count
          part.arguments += arguments[range].map { places[$0] }
          part.nodes.append(.call(f, start..<part.arguments.count))
        case .choice(let condition, let a, let b):
          part.nodes.append(.choice(places[condition], places[a], places[b]))
        }
      }
      while next < statements.count, statements[next].root == k {
        if isNeeded[k], k != root {
          statementPlaces[next] = part.statements.count
          part.statements.append(FormulaStatement(name: statements[next].name, root: places[k]))
        }
        next += 1
      }
    }
    part.statements.append(FormulaStatement(name: nil, root: places[root]))
    return (part, newNames)
  }
}
