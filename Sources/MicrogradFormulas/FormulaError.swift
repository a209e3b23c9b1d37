/// An error in a formula, with its place.
///
/// `print(error)` shows the line of the formula, a caret under the place, and what to do:
///
/// ```
/// a*sine(b)
///   ^
/// there is no function “sine”; did you mean “sin”?
/// ```
public struct FormulaError: Error, Equatable, Sendable {
  internal let problem: Problem
  /// What is wrong, and what to do.
  public var message: String { problem.description }
  /// The place of the error: how many Unicode scalars of the text are before it.
  public let position: Int
  /// The line of the error, from 1.
  public let line: Int
  /// The line of the formula around the place, and below it a caret under the place. Of a long line, the part around the place.
  public let excerpt: String

  internal init(_ problem: Problem, in text: [Unicode.Scalar], at position: Int) {
    self.problem = problem
    self.position = position
    line = text[..<min(position, text.count)].reduce(1) { $1 == "\n" ? $0 + 1 : $0 }
    excerpt = Self.excerpt(text, position)
  }

  /// The most columns before and behind the place.
  private static let reach = 36

  private static func excerpt(_ text: [Unicode.Scalar], _ position: Int) -> String {
    func isBreak(_ c: Unicode.Scalar) -> Bool { c == "\n" || c == "\r" }
    let place = min(position, text.count)
    var (start, end) = (place, place)
    while start > 0, place - start < reach, !isBreak(text[start - 1]) { start -= 1 }
    while end < text.count, end - place < reach, !isBreak(text[end]) { end += 1 }
    let isCutBefore = start > 0 && !isBreak(text[start - 1])
    if !isCutBefore { while start < place, text[start].properties.isWhitespace { start += 1 } }
    let isCutBehind = end < text.count && !isBreak(text[end])
    func shown(_ part: ArraySlice<Unicode.Scalar>) -> String {
      FormulaScanner.string(part.map { $0.properties.isWhitespace ? " " : isVisible($0) ? $0 : "\u{FFFD}" })
    }
    let before = (isCutBefore ? "…" : "") + shown(text[start..<place])
    let behind = shown(text[place..<end]) + (isCutBehind ? "…" : "")
    return before + behind + "\n" + String(repeating: " ", count: before.reduce(0) { $0 + width($1) }) + "^"
  }

  private static func isVisible(_ c: Unicode.Scalar) -> Bool {
    switch c.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }

  /// The columns that a character takes in a terminal.
  private static func width(_ character: Character) -> Int {
    guard let c = character.unicodeScalars.first?.value else { return 0 }
    let wide: [ClosedRange<UInt32>] = [
      0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0x1F300...0x1FAFF, 0x20000...0x3FFFD,
    ]
    return wide.contains { $0.contains(c) } ? 2 : 1
  }
}

extension FormulaError: CustomStringConvertible {
  /// The line of the formula, a caret under the place, and the message.
  public var description: String { excerpt + "\n" + message }
}

extension FormulaError {
  /// What is wrong.
  internal enum Problem: Equatable, Sendable {
    case empty
    case missingOperand(after: String?)
    case nothingBefore(String)
    case emptyParentheses
    case emptyArgument
    case impliedProduct(left: String, right: String)
    case missingOperator(String)
    case openParenthesis
    case strayParenthesis
    case strayComma(decimal: String?)
    case argumentCount(String, found: Int, expected: ClosedRange<Int>, decimal: String?)
    case unknownFunction(String, closest: String?)
    case functionWithoutArguments(String)
    case wholeNumber(String, order: Bool)
    case chainedComparison
    case notAfterOperator
    case colonWithoutQuestion
    case questionWithoutColon
    case strayAssignment
    case assignedName(String)
    case usedBeforeAssignment(String)
    case unusedStatement
    case strayTilde
    case missingTilde
    case twoTildes
    case emptyName
    case openBacktick
    case twoPoints
    case exponentWithoutDigits
    case numberTooLarge
    case floorDivision
    case exclamationMark
    case singleAnd(String, String)
    case bracket(Unicode.Scalar)
    case percent
    case quotationMark(Unicode.Scalar)
    case rootSign
    case infinity
    case unknownCharacter(Unicode.Scalar)
  }
}

extension FormulaError.Problem: CustomStringConvertible {
  /// What is wrong, and what to do.
  var description: String {
    switch self {
    case .empty: "the formula is empty; write one such as a*exp(-b*x) + c"
    case .missingOperand(let op?): "after “\(op)” a number, a name or a parenthesis is missing; add one"
    case .missingOperand(nil): "a number, a name or a parenthesis is missing; add one"
    case .nothingBefore(let op): "“\(op)” has nothing on its left; write a number or a name before it"
    case .emptyParentheses: "there is nothing between the parentheses; write something, or remove them"
    case .emptyArgument: "an argument is missing before this; add it, or remove the comma"
    case .impliedProduct(let left, let right): "an operator is missing; for a product, write \(left)*\(right)"
    case .missingOperator(let token): "an operator is missing before “\(token)”; for a product, write *"
    case .openParenthesis: "this parenthesis is never closed; add “)”"
    case .strayParenthesis: "this parenthesis closes nothing; remove it, or add “(” before"
    case .strayComma(let decimal?): "a comma separates arguments; as a decimal number, write \(decimal)"
    case .strayComma(nil): "a comma separates arguments of a function; decimal numbers have a point, such as 0.5"
    case .argumentCount(let name, let found, let expected, let decimal):
      "\(name) takes \(Self.text(expected)), but has \(found) here"
        + (decimal.map { "; as a decimal number, write \($0)" } ?? Self.hint(name, found))
    case .unknownFunction(let name, let closest?): "there is no function “\(name)”; did you mean “\(closest)”?"
    case .unknownFunction(let name, nil): "there is no function “\(name)”; for a product, write \(name)*(…)"
    case .functionWithoutArguments(let name):
      "\(name) is a function; write \(name)(…), or `\(name)` in backticks for an input of that name"
    case .wholeNumber(let name, let isOrder):
      isOrder
        ? "the order of \(name) must be a whole number from 0 to 100; write one"
        : "the degree of \(name) must be a whole number from 1 to 1000; write one, or use ** (1/n)"
    case .chainedComparison: "comparisons cannot be chained; write a < b and b < c"
    case .notAfterOperator: "“not” cannot follow an operator; put it into parentheses: (not …)"
    case .colonWithoutQuestion: "“:” without “?” has no meaning here; write condition ? a : b"
    case .questionWithoutColon: "“?” has no “:”; write condition ? a : b, or if(condition, a, b)"
    case .strayAssignment: "“=” assigns a name at the beginning of a statement; to compare, write =="
    case .assignedName(let name): "“\(name)” cannot be assigned; give the result another name"
    case .usedBeforeAssignment(let name): "“\(name)” was used above, before it is assigned here; assign it first"
    case .unusedStatement: "the result of this statement is not used; assign it, as in name = …, or remove it"
    case .strayTilde: "“~” separates a response from its model, which only a fit has; write a formula without it"
    case .missingTilde: "a model needs a response: write response ~ formula, such as y ~ a*x + b"
    case .twoTildes: "there is a second “~”; write one, between the response and its model"
    case .emptyName: "there is no name between the backticks; write one"
    case .openBacktick: "this backtick is not closed in its line; close the name with “`”"
    case .twoPoints: "the number has a second point; write one"
    case .exponentWithoutDigits: "the exponent of the number has no digits; write it like 1e-3, or a product with *"
    case .numberTooLarge: "the number is too large; the largest is about 1.8e308"
    case .floorDivision: "“//” is not an operator here; write / or floor(a / b)"
    case .exclamationMark: "“!” is not an operator here; write not, or gamma(n + 1) for a factorial"
    case .singleAnd(let found, let word): "“\(found)” is not an operator here; write \(word)"
    case .bracket(let c): "“\(c)” has no meaning here; use parentheses ( )"
    case .percent: "“%” is not an operator here; write fmod(a, b), or a/100 for per cent"
    case .quotationMark(let c):
      "“\(c)” has no meaning here; remove it, or write a name with odd characters in `backticks`"
    case .rootSign: "write sqrt(…) for a root"
    case .infinity: "infinity is not a number of a formula; write a large number"
    case .unknownCharacter(let c): "the character “\(Self.shown(c))” has no meaning here; remove it"
    }
  }

  private static func shown(_ c: Unicode.Scalar) -> String {
    c.isASCII && c.value > 0x20 && c.value < 0x7f || c.value > 0xa0
      ? String(c)
      : "U+" + String(repeating: "0", count: max(0, 4 - String(c.value, radix: 16).count))
        + String(c.value, radix: 16, uppercase: true)
  }

  private static func text(_ range: ClosedRange<Int>) -> String {
    if range.upperBound == .max { return "at least \(range.lowerBound) argument" }
    if range.lowerBound == range.upperBound {
      return "\(range.lowerBound) argument" + (range.lowerBound == 1 ? "" : "s")
    }
    return "\(range.lowerBound) or \(range.upperBound) arguments"
  }

  private static func hint(_ name: String, _ found: Int) -> String {
    switch (name, found) {
    case ("log", 2), ("ln", 2): "; for base b, write log(x)/log(b)"
    case ("round", 2): "; round to a step with round(x/step)*step"
    case ("atan", 2): "; write atan2(y, x)"
    case ("if", _), ("where", _): "; write \(name)(condition, a, b)"
    default: ""
    }
  }
}
