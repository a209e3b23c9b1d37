/// Splits a formula into tokens.
internal struct FormulaScanner {
  /// A token, without its place.
  enum Token: Equatable {
    case number(Double)
    /// A name without quotes.
    case word(String)
    /// A name in backticks.
    case quoted(String)
    case op(BinaryOperator)
    case not, plus
    /// A whole power, such as that of x².
    case superscript(Double, isNegative: Bool)
    case leftParenthesis, rightParenthesis, comma, question, colon, assign, tilde
    /// A semicolon, or a line break.
    case semicolon, newline
    case end
  }

  let text: [Unicode.Scalar]
  /// The start of the token that was read last.
  private(set) var start = 0
  /// The end of the token that was read last.
  private(set) var position = 0

  init(_ text: [Unicode.Scalar]) { self.text = text }

  /// The text of the token that was read last.
  var tokenText: String { Self.string(text[start..<position]) }

  static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var string = String.UnicodeScalarView()
    string.append(contentsOf: scalars)
    return String(string)
  }

  /// The scalar at a distance from the position; nil beyond the end.
  private func scalar(_ distance: Int = 0) -> Unicode.Scalar? {
    position + distance < text.count ? text[position + distance] : nil
  }

  /// Returns the first scalar behind the token that is not a space.
  func upcoming() -> Unicode.Scalar? {
    var k = position
    while k < text.count, text[k] == " " || text[k] == "\t" { k += 1 }
    return k < text.count ? text[k] : nil
  }

  mutating func next() throws(FormulaError) -> Token {
    skipSpace()
    start = position
    guard let c = scalar() else { return .end }
    if Self.isDigit(c) || (c == "." && scalar(1).map(Self.isDigit) == true) { return .number(try number()) }
    if Self.startsName(c) { return word() }
    if c == "`" { return .quoted(try quotedName()) }
    if let power = superscript() { return power }
    return try symbol(c)
  }

  private mutating func skipSpace() {
    while let c = scalar() {
      if c == "#" {
        while let c = scalar(), c != "\n", c != "\r" { position += 1 }
      } else if c == "\n" || c == "\r" || !c.properties.isWhitespace {
        return
      } else {
        position += 1
      }
    }
  }

  // MARK: - Names

  static func startsName(_ c: Unicode.Scalar) -> Bool {
    if c.isASCII { return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c == "_" }
    return c.properties.isAlphabetic
  }

  static func continuesName(_ c: Unicode.Scalar) -> Bool {
    if c.isASCII { return startsName(c) || isDigit(c) }
    switch c.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .decimalNumber: return true
    // Subscripts, such as that of x₀.
    case .otherNumber: return c >= "\u{2080}" && c <= "\u{2089}"
    default: return c.properties.isAlphabetic
    }
  }

  private mutating func word() -> Token {
    while let c = scalar(), Self.continuesName(c) { position += 1 }
    switch tokenText {
    case "and": return .op(.and)
    case "or": return .op(.or)
    case "not": return .not
    case let word: return .word(word)
    }
  }

  /// Reads a name in backticks, in which a backtick is doubled.
  private mutating func quotedName() throws(FormulaError) -> String {
    position += 1
    var name: [Unicode.Scalar] = []
    while let c = scalar() {
      position += 1
      if c == "`" {
        guard scalar() == "`" else {
          if name.isEmpty { throw error(.emptyName, at: start) }
          return Self.string(name)
        }
        position += 1
      }
      if c == "\n" || c == "\r" { break }
      name.append(c)
    }
    throw error(.openBacktick, at: start)
  }

  // MARK: - Numbers

  static func isDigit(_ c: Unicode.Scalar) -> Bool { c >= "0" && c <= "9" }

  private mutating func number() throws(FormulaError) -> Double {
    var digits = ""
    /// Reads digits. An underscore may stand between two of them.
    func takeDigits(_ scanner: inout FormulaScanner) {
      while let c = scanner.scalar() {
        if Self.isDigit(c) {
          digits.unicodeScalars.append(c)
        } else if c != "_" || digits.isEmpty || scanner.scalar(1).map(Self.isDigit) != true {
          return
        }
        scanner.position += 1
      }
    }
    takeDigits(&self)
    if scalar() == "." {
      position += 1
      digits += digits.isEmpty ? "0." : "."
      takeDigits(&self)
      if digits.last == "." { digits += "0" }
      if scalar() == ".", scalar(1).map(Self.isDigit) == true { throw error(.twoPoints, at: position) }
    }
    if let c = scalar(), c == "e" || c == "E" {
      let sign = scalar(1) == "+" || scalar(1) == "-" ? 1 : 0
      if scalar(1 + sign).map(Self.isDigit) == true {
        digits += "e" + (scalar(1) == "-" ? "-" : "")
        position += 1 + sign
        let before = digits
        takeDigits(&self)
        if digits == before { throw error(.exponentWithoutDigits, at: start) }
      } else if sign == 1 || scalar(1).map(Self.continuesName) != true {
        position += 1
        throw error(.exponentWithoutDigits, at: start)
      }
    }
    guard let number = Double(digits), number.isFinite else { throw error(.numberTooLarge, at: start) }
    return number
  }

  private static let superscripts: [Unicode.Scalar: Int] = [
    "⁰": 0, "¹": 1, "²": 2, "³": 3, "⁴": 4, "⁵": 5, "⁶": 6, "⁷": 7, "⁸": 8, "⁹": 9,
  ]

  private mutating func superscript() -> Token? {
    var isNegative = false, end = position, number = 0.0, count = 0
    if scalar() == "⁻" {
      isNegative = true
      end += 1
    }
    while end < text.count, let digit = Self.superscripts[text[end]] {
      number = number * 10 + Double(digit)
      count += 1
      end += 1
    }
    guard count > 0, count <= 15 else { return nil }
    position = end
    return .superscript(number, isNegative: isNegative)
  }

  // MARK: - Symbols

  private mutating func symbol(_ c: Unicode.Scalar) throws(FormulaError) -> Token {
    position += 1
    /// True if the scalar follows, which is then passed.
    func takes(_ scanner: inout FormulaScanner, _ next: Unicode.Scalar) -> Bool {
      guard scanner.scalar() == next else { return false }
      scanner.position += 1
      return true
    }
    switch c {
    case "+": return .plus
    case "-", "−", "–", "－": return .op(.subtract)
    case "*": return takes(&self, "*") ? .op(.power) : .op(.multiply)
    case "×", "·", "⋅", "∗", "∙": return .op(.multiply)
    case "^": return .op(.power)
    case "/":
      if scalar() == "/" { throw error(.floorDivision, at: start) }
      return .op(.divide)
    case "÷", "∕", "⁄": return .op(.divide)
    case "<": return takes(&self, "=") ? .op(.atMost) : takes(&self, ">") ? .op(.unequal) : .op(.less)
    case ">": return takes(&self, "=") ? .op(.atLeast) : .op(.greater)
    case "≤": return .op(.atMost)
    case "≥": return .op(.atLeast)
    case "≠": return .op(.unequal)
    case "=": return takes(&self, "=") ? .op(.equal) : .assign
    case "!":
      if takes(&self, "=") { return .op(.unequal) }
      throw error(.exclamationMark, at: start)
    case "&":
      if takes(&self, "&") { return .op(.and) }
      throw error(.singleAnd("&", "and"), at: start)
    case "|":
      if takes(&self, "|") { return .op(.or) }
      throw error(.singleAnd("|", "or"), at: start)
    case "(": return .leftParenthesis
    case ")": return .rightParenthesis
    case ",": return .comma
    case "?": return .question
    case ":": return .colon
    case "~": return .tilde
    case ";": return .semicolon
    case "\n": return .newline
    case "\r":
      _ = takes(&self, "\n")
      return .newline
    case "[", "]", "{", "}": throw error(.bracket(c), at: start)
    case "%": throw error(.percent, at: start)
    case "\"", "'", "“", "”", "„", "‘", "’", "«", "»", "´": throw error(.quotationMark(c), at: start)
    case "√": throw error(.rootSign, at: start)
    case "∞": throw error(.infinity, at: start)
    default: throw error(.unknownCharacter(c), at: start)
    }
  }

  func error(_ problem: FormulaError.Problem, at position: Int) -> FormulaError {
    FormulaError(problem, in: text, at: position)
  }
}
