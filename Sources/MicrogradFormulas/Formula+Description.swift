extension Formula: CustomStringConvertible {
  /// The formula as text that parses to the same formula, with as few parentheses as possible.
  ///
  /// ```swift
  /// try Formula("(a) * ((x ^ 2))+1").description  // "a*x**2 + 1"
  /// ```
  public var description: String { tree.text(names: names) }
}

extension FormulaTree {
  func text(names: [String]) -> String {
    statements.map { statement in
      (statement.name.map { Self.quoted($0) + " = " } ?? "") + expression(statement.root, names)
    }.joined(separator: "; ")
  }

  /// Prints an expression with a stack of its own, so that it may be nested to any depth.
  func expression(_ root: Int, _ names: [String]) -> String {
    typealias Precedence = BinaryOperator.Precedence
    enum Piece {
      case text(String)
      /// A node, in parentheses if it binds less tightly.
      case node(Int, Int)
    }
    var text = "", pieces: [Piece] = [.node(root, Precedence.choice)]
    while let piece = pieces.popLast() {
      guard case .node(let k, let least) = piece else {
        if case .text(let part) = piece { text += part }
        continue
      }
      let own = precedence(nodes[k])
      if own < least {
        text += "("
        pieces.append(.text(")"))
      }
      switch nodes[k] {
      case .number(let number): text += Self.text(number)
      case .constant(let constant): text += constant.rawValue
      case .input(let input): text += Self.quoted(names[input])
      case .variable(let statement): text += Self.quoted(statements[statement].name ?? "")
      case .negate(let a):
        text += "-"
        pieces.append(.node(a, own))
      case .not(let a):
        text += "not "
        pieces.append(.node(a, own))
      case .binary(let op, let a, let b):
        // A minus sign may stand in an exponent: a**-b.
        let right = op == .power ? Precedence.negation : own + 1
        let left = op == .power || op.isComparison ? own + 1 : own
        pieces += [.node(b, right), .text(op.text), .node(a, left)]
      case .call(let function, let range):
        text += function.rawValue + "("
        pieces.append(.text(")"))
        for k in range.reversed() {
          pieces.append(.node(arguments[k], Precedence.choice))
          if k > range.lowerBound { pieces.append(.text(", ")) }
        }
      case .choice(let condition, let a, let b):
        text += "if("
        pieces += [
          .text(")"), .node(b, Precedence.choice), .text(", "), .node(a, Precedence.choice), .text(", "),
          .node(condition, Precedence.choice),
        ]
      }
    }
    return text
  }

  private func precedence(_ node: FormulaNode) -> Int {
    switch node {
    case .negate: BinaryOperator.Precedence.negation
    case .not: BinaryOperator.Precedence.not
    case .binary(let op, _, _): op.precedence
    case .number, .constant, .input, .variable, .call, .choice: BinaryOperator.Precedence.primary
    }
  }

  /// The shortest text of a number that reads back as the number.
  static func text(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A name, in backticks if it could be read otherwise.
  static func quoted(_ name: String) -> String {
    let scalars = name.unicodeScalars
    let isPlain =
      scalars.first.map(FormulaScanner.startsName) == true && scalars.allSatisfy(FormulaScanner.continuesName)
      && !FormulaParser.isReserved(name)
    return isPlain
      ? name : "`" + name.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``") + "`"
  }
}
