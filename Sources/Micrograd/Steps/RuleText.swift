import CMicrograd

extension BackwardSteps.Step {
  /// Puts a recorded step into words.
  internal init(_ step: RecordedStep, of graph: Graph) {
    let text = RuleText(step, of: graph)
    nodes = step.nodes
    operation = step.operation
    expression = text.expression
    name = text.name(step.nodes[0])
    gradients = step.gradients
    operands = step.terms.indices.map { k in
      let term = step.terms[k]
      return BackwardSteps.Operand(
        node: term.operand, index: term.index, name: graph.name(of: term.operand), rule: text.rule(k),
        localDerivative: term.localDerivative,
        contribution: term.contribution, gradientBefore: term.before, gradientAfter: term.after,
        sum: text.sum(of: term, gradient: step.gradients[0]))
    }
  }
}

/// The text of a step: the engine's table says its rules in letters, which are replaced by names and numbers.
internal struct RuleText {
  private let step: RecordedStep
  private let graph: Graph

  init(_ step: RecordedStep, of graph: Graph) { (self.step, self.graph) = (step, graph) }

  /// The name of a node inside a formula: in parentheses if it is a formula itself.
  func name(_ position: Int) -> String {
    let name = graph.name(of: position)
    let isWord = name.allSatisfy { $0.isLetter || $0.isNumber || "#_'.".contains($0) }
    return isWord ? name : "(\(name))"
  }

  /// The operation as people write it, with the first few of many operands.
  var expression: String { expression { position, _ in name(position) } }

  /// The operation in numbers: `2 * (−3)`.
  var arithmetic: String {
    let operation = step.operation, isPower = operation.symbol == "**" || operation.notation == .postfix
    return expression { position, place in
      let number = numberText(graph.nodes[position].data).replacingMinus
      let isPlain = operation.notation.isCall || (place == 0 && !isPower && operation.notation == .infix)
      return number.hasPrefix("−") && !isPlain ? "(\(number))" : number
    }
  }

  /// The operation on operands that are written by their positions in the graph and in the operation.
  private func expression(_ text: (Int, Int) -> String) -> String {
    let operation = step.operation, operands = graph.nodes[step.nodes[0]].operands
    let texts = operands.prefix(4).enumerated().map { text($1, $0) }
    let shown = operands.count > 4 ? texts.prefix(3) + ["…"] : texts[...]
    guard operands.count <= 2, let first = shown.first, step.terms.first?.words != "" else {
      return "\(operation.symbol)(\(shown.joined(separator: ", ")))"
    }
    let target = step.target.isNaN ? nil : numberText(step.target)
    let constant = step.constant.isNaN ? nil : numberText(step.constant)
    let other = shown.count > 1 ? shown[1] : operation.notation == .callTargetConstant ? constant : target ?? constant
    return operation.notation.text(operation.symbol, first, other, target: target ?? "")
  }

  /// The rule of the k-th term: `d(a * b)/da = b`.
  func rule(_ k: Int) -> String {
    let term = step.terms[k], derivative = "d(\(expression))/d\(name(term.operand))"
    guard !term.words.isEmpty else {
      let number = term.localDerivative.map(numberText) ?? "?"
      return "\(derivative) = \(number) by the rule of \(step.operation.name)"
    }
    guard step.isNeuronWithReLU else { return "\(derivative) = \(replaced(term))" }
    // ReLU's rule is `1 if …`: for 1 there is what would be without it.
    let gate = String(cString: mg_op_rule(.relu, .absolute, .first)).dropFirst()
    return "\(derivative) = \(replaced(term))\(replaced(String(gate), term))"
  }

  private func replaced(_ term: RecordedTerm) -> String { replaced(term.words, term) }

  /// The letters of the table, where they stand alone, replaced by what they mean in this step.
  private func replaced(_ words: String, _ term: RecordedTerm) -> String {
    // A constant that is one more or less is a number, too: `4 * x ** 3`.
    let c = step.constant, less = c < 1 ? "(\(numberText(c - 1)))" : numberText(c - 1)
    let words = c.isNaN ? words : words.replacing("(c - 1)", with: less).replacing("c + 1", with: numberText(c + 1))
    var result = "", word = ""
    func end() {
      result += meaning(of: word, term, isAlone: word == words)
      word = ""
    }
    for character in words {
      if character.isLetter || character.isNumber || character == "." {
        word.append(character)
      } else {
        end()
        result.append(character)
      }
    }
    end()
    return result
  }

  private func meaning(of word: String, _ term: RecordedTerm, isAlone: Bool) -> String {
    func number(_ x: Double) -> String { x < 0 && !isAlone ? "(\(numberText(x)))" : numberText(x) }
    switch word {
    case "x": return name(term.x)
    case "y": return term.y.map(name) ?? "1"
    case "v": return name(step.nodes[0])
    case "c": return number(step.constant.isNaN ? term.localDerivative ?? .nan : step.constant)
    case "t": return number(step.target)
    default: return word
    }
  }

  /// The addition in numbers: `0 + 5 · −3 = −15`.
  func sum(of term: RecordedTerm, gradient: Double) -> String {
    func factor(_ x: Double) -> String { numberText(x).replacingMinus }
    let added = term.localDerivative.map { "\(factor(gradient)) · \(factor($0))" } ?? factor(term.contribution)
    return "\(factor(term.before)) + \(added) = \(factor(term.after))"
  }
}
