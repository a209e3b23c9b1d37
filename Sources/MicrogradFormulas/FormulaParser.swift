import Micrograd

/// Parses a formula by precedence, with a stack of its own instead of recursion: it takes formulas nested to any depth, in
/// time proportional to their length.
internal struct FormulaParser {
  /// What waits for an operand on its right, or for its end.
  private struct Frame {
    enum Kind {
      case binary(BinaryOperator)
      case negate, not
      case group
      /// A call of a function, or of `if`, with the number of its arguments so far.
      case call(Callee, name: String, arguments: Int)
      /// Behind `?`, and behind `:`.
      case then, otherwise
    }
    enum Callee {
      case function(FormulaFunction)
      case choice
    }
    var kind: Kind
    var place: Int

    /// The precedence of an operator; nil for a frame that only its end closes.
    var precedence: Int? {
      switch kind {
      case .binary(let op): op.precedence
      case .negate: BinaryOperator.Precedence.negation
      case .not: BinaryOperator.Precedence.not
      case .group, .call, .then, .otherwise: nil
      }
    }
  }

  private var scanner: FormulaScanner
  private(set) var tree = FormulaTree()
  /// The inputs in the order in which they appear.
  private(set) var names: [String] = []
  private var inputs: [String: Int] = [:]
  private var variables: [String: Int] = [:]
  /// The statement of the response of a model; nil if there is no `~`.
  private(set) var response: Int?

  private var frames: [Frame] = []
  private var operands: [Int] = []
  /// The number of frames that a line break does not end: parentheses and calls.
  private var openCount = 0
  /// The token before, for messages.
  private var previous: (text: Range<Int>, isOperator: Bool)?

  init(_ text: [Unicode.Scalar]) { scanner = FormulaScanner(text) }

  private func error(_ problem: FormulaError.Problem, at place: Int? = nil) -> FormulaError {
    scanner.error(problem, at: place ?? scanner.start)
  }

  // MARK: - Statements

  mutating func parse() throws(FormulaError) {
    var token = try next()
    while true {
      while token == .newline || token == .semicolon { token = try next() }
      if token == .end { break }
      if let last = tree.statements.last, last.name == nil, response != tree.statements.count - 1 {
        throw error(.unusedStatement, at: lastStatement)
      }
      token = try statement(token)
    }
    if tree.statements.isEmpty { throw error(.empty) }
    if response == tree.statements.count - 1 { throw error(.missingOperand(after: "~")) }
  }

  private var lastStatement = 0

  /// Parses a statement whose first token was read. Returns the token that ends it.
  private mutating func statement(_ first: FormulaScanner.Token) throws(FormulaError) -> FormulaScanner.Token {
    var token = first
    lastStatement = scanner.start
    let place = scanner.start
    if let name = name(first), scanner.upcoming() == "=" {
      var ahead = scanner
      if try ahead.next() == .assign {
        scanner = ahead
        if case .word(let word) = first, isReserved(word) { throw error(.assignedName(word), at: place) }
        if inputs[name] != nil { throw error(.usedBeforeAssignment(name), at: place) }
        previous = (scanner.start..<scanner.position, true)
        token = try next()
        let (root, end) = try expression(token)
        if end == .tilde { throw error(.strayTilde) }
        tree.statements.append(FormulaStatement(name: name, root: root))
        variables[name] = tree.statements.count - 1
        return end
      }
    }
    let (root, end) = try expression(token)
    tree.statements.append(FormulaStatement(name: nil, root: root))
    if end == .tilde {
      if response != nil { throw error(.twoTildes) }
      response = tree.statements.count - 1
      previous = (scanner.start..<scanner.position, true)
      var token = try next()
      while token == .newline { token = try next() }
      if token == .end || token == .semicolon { throw error(.missingOperand(after: "~")) }
      let (model, end) = try expression(token)
      if end == .tilde { throw error(.twoTildes) }
      tree.statements.append(FormulaStatement(name: nil, root: model))
      return end
    }
    return end
  }

  private func name(_ token: FormulaScanner.Token) -> String? {
    switch token {
    case .word(let name), .quoted(let name): name
    default: nil
    }
  }

  /// Returns true for words that are not names of inputs.
  static func isReserved(_ word: String) -> Bool {
    if let function = FormulaFunction.named[word] { return !function.isAlsoName }
    return FormulaConstant(word: word) != nil || word == "if" || word == "where" || word == "and" || word == "or"
      || word == "not"
  }

  private func isReserved(_ word: String) -> Bool { Self.isReserved(word) }

  private mutating func next() throws(FormulaError) -> FormulaScanner.Token { try scanner.next() }

  // MARK: - Expressions

  /// Parses an expression whose first token was read. Returns its root and the token that ends it.
  private mutating func expression(
    _ first: FormulaScanner.Token
  ) throws(FormulaError) -> (root: Int, end: FormulaScanner.Token) {
    frames = []
    operands = []
    openCount = 0
    var token = first
    var wantsOperand = true
    while true {
      if token == .newline, openCount > 0 || wantsOperand {
        token = try next()
        continue
      }
      let place = scanner.start..<scanner.position
      let isOperator: Bool
      if wantsOperand {
        wantsOperand = try takeOperand(token)
        isOperator = wantsOperand
      } else {
        switch try takeOperator(token) {
        case .operand: wantsOperand = true
        case .operator: wantsOperand = false
        case .end:
          previous = nil
          return (operands[0], token)
        }
        isOperator = wantsOperand
      }
      previous = (place, isOperator)
      token = try next()
    }
  }

  /// What comes after a token.
  private enum Expectation { case operand, `operator`, end }

  /// Takes a token where an operand begins. Returns true if an operand is still wanted.
  private mutating func takeOperand(_ token: FormulaScanner.Token) throws(FormulaError) -> Bool {
    switch token {
    case .number(let number): push(.number(number))
    case .quoted(let name): pushName(name)
    case .word(let word): return try takeWord(word)
    case .leftParenthesis:
      frames.append(Frame(kind: .group, place: scanner.start))
      openCount += 1
      return true
    case .op(.subtract):
      frames.append(Frame(kind: .negate, place: scanner.start))
      return true
    case .plus: return true
    case .not:
      switch frames.last?.kind {
      case .negate: throw error(.notAfterOperator)
      case .binary(let op) where op.precedence > BinaryOperator.Precedence.not: throw error(.notAfterOperator)
      default: break
      }
      frames.append(Frame(kind: .not, place: scanner.start))
      return true
    case .rightParenthesis:
      switch frames.last?.kind {
      case .group: throw error(.emptyParentheses)
      case .call(let callee, let name, let count):
        if count == 0 { throw countError(callee, name, 0, at: frames[frames.count - 1].place) }
        throw error(.emptyArgument)
      default: throw missingOperand(scanner.start)
      }
    case .comma:
      if case .call = frames.last?.kind { throw error(.emptyArgument) }
      throw missingOperand(scanner.start)
    case .end, .semicolon, .newline, .tilde, .colon, .question, .assign:
      if token == .assign, previous?.isOperator != true { throw error(.strayAssignment) }
      if token == .end || token == .semicolon, let frame = frames.last(where: { $0.precedence == nil }) {
        switch frame.kind {
        case .group, .call: throw error(.openParenthesis, at: openingPlace(frame))
        default: break
        }
      }
      if token == .tilde, previous == nil { throw error(.nothingBefore("~")) }
      throw missingOperand(scanner.start)
    case .op, .superscript:
      if let previous, previous.isOperator { throw missingOperand(scanner.start) }
      throw error(.nothingBefore(scanner.tokenText))
    }
    return false
  }

  private func missingOperand(_ place: Int) -> FormulaError {
    guard let previous, previous.isOperator else { return error(.missingOperand(after: nil), at: place) }
    return error(.missingOperand(after: text(previous.text)), at: place)
  }

  private func text(_ range: Range<Int>) -> String { FormulaScanner.string(scanner.text[range]) }

  private mutating func takeWord(_ word: String) throws(FormulaError) -> Bool {
    let place = scanner.start
    guard scanner.upcoming() == "(" else {
      if let constant = FormulaConstant(word: word) {
        push(.constant(constant))
        return false
      }
      if isReserved(word) { throw error(.functionWithoutArguments(word)) }
      pushName(word)
      return false
    }
    let callee: Frame.Callee
    if word == "if" || word == "where" {
      callee = .choice
    } else if let function = FormulaFunction.named[word] {
      callee = .function(function)
    } else {
      if variables[word] != nil || inputs[word] != nil || FormulaConstant(word: word) != nil {
        throw error(.unknownFunction(word, closest: nil))
      }
      let known = FormulaFunction.named.keys.sorted() + ["if", "where"]
      throw error(.unknownFunction(word, closest: Spelling.closest(to: word, among: known)))
    }
    _ = try next()  // the parenthesis
    frames.append(Frame(kind: .call(callee, name: word, arguments: 0), place: place))
    openCount += 1
    return true
  }

  /// Takes a token where an operator is expected.
  private mutating func takeOperator(_ token: FormulaScanner.Token) throws(FormulaError) -> Expectation {
    switch token {
    case .op(let op): return try takeBinary(op)
    case .plus: return try takeBinary(.add)
    case .superscript(let number, let isNegative):
      push(.number(number))
      if isNegative { push(.negate(operands.removeLast())) }
      let exponent = operands.removeLast()
      push(.binary(.power, operands.removeLast(), exponent))
      return .operator
    case .question:
      reduce(downTo: BinaryOperator.Precedence.choice + 1)
      frames.append(Frame(kind: .then, place: scanner.start))
      return .operand
    case .colon:
      reduceChoices()
      guard case .then = frames.last?.kind else { throw error(.colonWithoutQuestion) }
      frames[frames.count - 1].kind = .otherwise
      return .operand
    case .comma:
      reduceChoices()
      guard case .call(let callee, let name, let count) = frames.last?.kind else {
        try refuseOpenChoice()
        throw error(.strayComma(decimal: decimal()))
      }
      frames[frames.count - 1].kind = .call(callee, name: name, arguments: count + 1)
      return .operand
    case .rightParenthesis:
      try close()
      return .operator
    case .end, .semicolon, .tilde, .newline:
      reduceChoices()
      try refuseOpenChoice()
      if let frame = frames.last { throw error(.openParenthesis, at: openingPlace(frame)) }
      return .end
    case .assign: throw error(.strayAssignment)
    case .number, .word, .quoted, .leftParenthesis, .not: throw impliedProduct(token)
    }
  }

  /// The place of the parenthesis of a group or a call.
  private func openingPlace(_ frame: Frame) -> Int {
    var place = frame.place
    while place < scanner.text.count, scanner.text[place] != "(" { place += 1 }
    return place
  }

  private func refuseOpenChoice() throws(FormulaError) {
    if let frame = frames.last, case .then = frame.kind { throw error(.questionWithoutColon, at: frame.place) }
  }

  private mutating func takeBinary(_ op: BinaryOperator) throws(FormulaError) -> Expectation {
    reduce(downTo: op.groupsRight ? op.precedence + 1 : op.precedence, except: op.isComparison ? op.precedence : nil)
    if op.isComparison, case .binary(let other) = frames.last?.kind, other.isComparison {
      throw error(.chainedComparison)
    }
    frames.append(Frame(kind: .binary(op), place: scanner.start))
    return .operand
  }

  private func impliedProduct(_ token: FormulaScanner.Token) -> FormulaError {
    let place = scanner.start
    let right = token == .leftParenthesis ? "(…)" : scanner.tokenText
    guard let previous, previous.text.count <= 20, right.unicodeScalars.count <= 20, token != .not else {
      return error(.missingOperator(shortened(scanner.tokenText)), at: place)
    }
    // Words and numbers side by side are a product; after a parenthesis the left factor is long.
    let last = text(previous.text)
    return error(.impliedProduct(left: last == ")" ? "(…)" : last, right: right), at: place)
  }

  private func shortened(_ text: String) -> String { text.count > 20 ? text.prefix(19) + "…" : text }

  /// The decimal number that `0,5` before and after the comma means; nil if the digits are not side by side.
  private func decimal() -> String? {
    let (text, comma) = (scanner.text, scanner.start)
    return Self.decimal(text, comma)
  }

  static func decimal(_ text: [Unicode.Scalar], _ comma: Int) -> String? {
    var (start, end) = (comma, comma + 1)
    while start > 0, comma - start < 12, FormulaScanner.isDigit(text[start - 1]) { start -= 1 }
    while end < text.count, end - comma < 12, FormulaScanner.isDigit(text[end]) { end += 1 }
    guard start < comma, end > comma + 1 else { return nil }
    return FormulaScanner.string(text[start..<comma]) + "." + FormulaScanner.string(text[(comma + 1)..<end])
  }

  // MARK: - Reducing

  /// Closes a parenthesis, or a call.
  private mutating func close() throws(FormulaError) {
    reduceChoices()
    try refuseOpenChoice()
    guard let frame = frames.popLast() else { throw error(.strayParenthesis) }
    openCount -= 1
    guard case .call(let callee, let name, let count) = frame.kind else { return }
    let arguments = operands.suffix(count + 1)
    switch callee {
    case .choice:
      if arguments.count != 3 { throw countError(callee, name, arguments.count, at: frame.place) }
      let list = Array(arguments)
      operands.removeLast(3)
      push(.choice(list[0], list[1], list[2]))
    case .function(let function):
      if !function.argumentCounts.contains(arguments.count) {
        throw countError(callee, name, arguments.count, at: frame.place)
      }
      if let whole = function.wholeArgument {
        let root = arguments[arguments.startIndex + whole]
        guard case .number(let number) = tree.nodes[root], function.takesWhole(number) else {
          throw error(.wholeNumber(name, order: whole == 0), at: frame.place)
        }
      }
      let start = tree.arguments.count
      tree.arguments += arguments
      operands.removeLast(count + 1)
      push(.call(function, start..<tree.arguments.count))
    }
  }

  private func countError(_ callee: Frame.Callee, _ name: String, _ found: Int, at place: Int) -> FormulaError {
    let expected =
      switch callee {
      case .choice: 3...3
      case .function(let function): function.argumentCounts
      }
    var decimal: String?
    if found > expected.upperBound {
      var k = place
      while k < scanner.start, decimal == nil {
        if scanner.text[k] == "," { decimal = Self.decimal(scanner.text, k) }
        k += 1
      }
    }
    return error(.argumentCount(name, found: found, expected: expected, decimal: decimal), at: place)
  }

  /// Applies operators that bind at least as tightly.
  private mutating func reduce(downTo precedence: Int, except: Int? = nil) {
    while let frame = frames.last, let found = frame.precedence, found >= precedence, found != except {
      frames.removeLast()
      apply(frame.kind)
    }
  }

  /// Applies all operators, and the choices whose second part ends here.
  private mutating func reduceChoices() {
    while true {
      reduce(downTo: 0)
      guard case .otherwise = frames.last?.kind else { return }
      frames.removeLast()
      let otherwise = operands.removeLast(), then = operands.removeLast()
      push(.choice(operands.removeLast(), then, otherwise))
    }
  }

  private mutating func apply(_ kind: Frame.Kind) {
    let last = operands.removeLast()
    switch kind {
    case .binary(let op): push(.binary(op, operands.removeLast(), last))
    case .not: push(.not(last))
    default: push(.negate(last))
    }
  }

  private mutating func push(_ node: FormulaNode) {
    operands.append(tree.nodes.count)
    tree.nodes.append(node)
  }

  private mutating func pushName(_ name: String) {
    if let statement = variables[name] {
      push(.variable(statement))
    } else {
      let place = inputs[name] ?? names.count
      if place == names.count {
        names.append(name)
        inputs[name] = place
      }
      push(.input(place))
    }
  }
}
