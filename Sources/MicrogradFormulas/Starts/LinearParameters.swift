/// The parameters that enter a model linearly once the others are known: a least-squares problem gives them exactly.
///
/// A fraction N / D is multiplied out: its residual becomes y D - N, in which the parameters of both parts are linear.
internal struct LinearParameters {
  /// The right side as a fraction of two trees; the second is 1 for a model that is no fraction.
  let numerator: Formula
  let denominator: Formula
  /// True if a linear parameter is in the denominator.
  private(set) var isFraction = false
  /// The positions of linear parameters in the names of the formula.
  private(set) var linear: [Int] = []

  /// - Parameters:
  ///   - formula: The right side of a model.
  ///   - candidates: The positions of the parameters in its names.
  init(_ formula: Formula, candidates: [Int]) {
    let builder = FractionBuilder(formula)
    let (above, below) = builder.fraction
    let fraction = (
      Formula(builder.tree(above), names: formula.names), Formula(builder.tree(below), names: formula.names)
    )
    let plain = Self.largest(candidates) { set in Self.degree(formula, set) <= 1 }
    let multiplied = Self.largest(candidates) { set in
      Self.degree(fraction.0, set) <= 1 && Self.degree(fraction.1, set) <= 1
    }
    // A numerator alone would be zero if all its parameters were: a fraction needs a part without linear parameters.
    if multiplied.count > plain.count,
      Self.hasConstantPart(fraction.0, multiplied) || Self.hasConstantPart(fraction.1, multiplied)
    {
      (numerator, denominator) = fraction
      (linear, isFraction) = (multiplied, true)
    } else {
      (numerator, denominator) = (formula, Formula(FormulaTree.one, names: formula.names))
      linear = plain
    }
  }

  /// The largest set of parameters that a test allows, of those found by adding one after the other.
  private static func largest(_ candidates: [Int], _ isLinear: (Set<Int>) -> Bool) -> [Int] {
    let single = candidates.filter { isLinear([$0]) }
    var best: [Int] = []
    for first in single.prefix(30) {
      var set: Set<Int> = [first]
      for other in single where !set.contains(other) && isLinear(set.union([other])) { set.insert(other) }
      if set.count > best.count { best = set.sorted() }
    }
    return best
  }

  /// The degree of a formula in some of its inputs: 0, 1, or 2 for anything higher.
  private static func degree(_ formula: Formula, _ inputs: Set<Int>) -> Int {
    let tree = formula.tree
    var degrees: [Int] = []
    degrees.reserveCapacity(tree.nodes.count)
    for node in tree.nodes {
      let operands = tree.operands(node).map { degrees[$0] }
      let highest = operands.max() ?? 0
      let degree: Int
      switch node {
      case .input(let input): degree = inputs.contains(input) ? 1 : 0
      case .binary(.multiply, _, _): degree = min(2, operands[0] + operands[1])
      case .binary(.divide, _, _): degree = operands[1] == 0 ? operands[0] : 2
      case .choice: degree = operands[0] == 0 ? highest : 2
      case .number, .constant, .variable, .negate, .binary(.add, _, _), .binary(.subtract, _, _), .call(.sum, _):
        degree = highest
      default: degree = highest == 0 ? 0 : 2
      }
      degrees.append(degree)
    }
    return degrees[degrees.count - 1]
  }

  /// True if a linear formula is not zero where its linear parameters are.
  private static func hasConstantPart(_ formula: Formula, _ inputs: [Int]) -> Bool {
    var random = UInt64(1)
    let point = formula.names.indices.map { k -> Double in
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return inputs.contains(k) ? 0 : 0.3 + Double(random >> 40) / Double(1 << 24)
    }
    return formula(point) != 0
  }
}

extension FormulaTree {
  /// The number 1.
  static let one = FormulaTree(nodes: [.number(1)], arguments: [], statements: [FormulaStatement(name: nil, root: 0)])
}

/// Writes a formula as a fraction of two formulas, by the rules for sums, products and quotients.
private struct FractionBuilder {
  private let formula: Formula
  private var nodes: [FormulaNode]
  private(set) var fraction: (above: Int, below: Int) = (0, 0)

  init(_ formula: Formula) {
    self.formula = formula
    nodes = formula.tree.nodes
    let root = nodes.count - 1
    let one = add(.number(1))
    // The parts of each node; below is nil for 1.
    var parts: [(above: Int, below: Int?)] = []
    for (k, node) in formula.tree.nodes.enumerated() {
      switch node {
      case .variable(let statement): parts.append(parts[formula.tree.statements[statement].root])
      case .negate(let a):
        parts.append(parts[a].below == nil ? (k, nil) : (add(.negate(parts[a].above)), parts[a].below))
      case .binary(.multiply, let a, let b):
        let (p, q) = (parts[a], parts[b])
        if p.below == nil, q.below == nil {
          parts.append((k, nil))
        } else {
          parts.append((add(.binary(.multiply, p.above, q.above)), product(p.below, q.below)))
        }
      case .binary(.divide, let a, let b):
        let (p, q) = (parts[a], parts[b])
        // A quotient by a number is no fraction.
        if formula.constants[b] != nil, p.below == nil {
          parts.append((k, nil))
        } else {
          parts.append((product(p.above, q.below) ?? p.above, product(p.below, q.above)))
        }
      case .binary(let op, let a, let b) where op == .add || op == .subtract:
        let (p, q) = (parts[a], parts[b])
        if p.below == nil, q.below == nil {
          parts.append((k, nil))
        } else {
          let left = product(p.above, q.below) ?? p.above, right = product(q.above, p.below) ?? q.above
          parts.append((add(.binary(op, left, right)), product(p.below, q.below)))
        }
      default: parts.append((k, nil))
      }
      // Parts that grow and grow are given up.
      if nodes.count > 20 * formula.tree.nodes.count + 100 { parts = parts.indices.map { ($0, nil) } }
    }
    fraction = (parts[root].above, parts[root].below ?? one)
  }

  private mutating func add(_ node: FormulaNode) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  /// The product of two parts; nil counts as 1.
  private mutating func product(_ a: Int?, _ b: Int?) -> Int? {
    guard let a else { return b }
    guard let b else { return a }
    return add(.binary(.multiply, a, b))
  }

  /// The tree that ends at a node.
  func tree(_ root: Int) -> FormulaTree {
    let all = FormulaTree(nodes: nodes, arguments: formula.tree.arguments, statements: formula.tree.statements)
    return all.cut(at: root, inputCount: formula.names.count)
  }
}

extension FormulaTree {
  /// The nodes that a node needs, in an order in which operands come first; all inputs keep their numbers.
  fileprivate func cut(at root: Int, inputCount: Int) -> FormulaTree {
    var cut = FormulaTree(), places: [Int: Int] = [:], stack = [root]
    while let k = stack.last {
      if places[k] != nil {
        stack.removeLast()
        continue
      }
      let missing = operands(nodes[k]).filter { places[$0] == nil }
      if !missing.isEmpty {
        stack += missing
        continue
      }
      stack.removeLast()
      func place(_ k: Int) -> Int { places[k] ?? 0 }
      switch nodes[k] {
      case .number, .constant, .input: cut.nodes.append(nodes[k])
      case .variable(let statement):
        // A name stands for its root.
        places[k] = place(statements[statement].root)
        continue
      case .negate(let a): cut.nodes.append(.negate(place(a)))
      case .not(let a): cut.nodes.append(.not(place(a)))
      case .binary(let op, let a, let b): cut.nodes.append(.binary(op, place(a), place(b)))
      case .call(let f, let range):
        let start = cut.arguments.count
        cut.arguments += arguments[range].map { place($0) }
        cut.nodes.append(.call(f, start..<cut.arguments.count))
      case .choice(let condition, let a, let b): cut.nodes.append(.choice(place(condition), place(a), place(b)))
      }
      places[k] = cut.nodes.count - 1
    }
    // The root comes last, also where it is a name for an earlier node.
    if let place = places[root], place != cut.nodes.count - 1 {
      let zero = cut.zero()
      cut.nodes.append(.binary(.add, place, zero))
    }
    cut.statements = [FormulaStatement(name: nil, root: cut.nodes.count - 1)]
    return cut
  }

  private mutating func zero() -> Int {
    nodes.append(.number(0))
    return nodes.count - 1
  }
}
