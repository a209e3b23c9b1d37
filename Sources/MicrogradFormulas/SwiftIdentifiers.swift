/// Chooses names of Swift variables for names of a formula.
struct SwiftIdentifiers {
  private var used: Set<String> = []

  /// Returns a name that was not returned before: that of the formula, if Swift takes it.
  mutating func unused(for name: String) -> String {
    let plain = Self.isIdentifier(name) ? name : "input"
    var candidate = plain, count = 1
    while Self.reserved.contains(candidate) || used.contains(candidate) {
      count += 1
      candidate = "\(plain)\(count)"
    }
    used.insert(candidate)
    return candidate
  }

  /// Letters that Swift surely takes: Latin and Greek ones, digits, an underscore.
  private static func isIdentifier(_ name: String) -> Bool {
    let scalars = name.unicodeScalars
    guard let first = scalars.first, name != "_", !isDigit(first) else { return false }
    return scalars.allSatisfy { isDigit($0) || $0 == "_" || isLetter($0) }
  }

  private static func isDigit(_ c: Unicode.Scalar) -> Bool { c >= "0" && c <= "9" }

  private static func isLetter(_ c: Unicode.Scalar) -> Bool {
    if c.isASCII { return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") }
    return c.properties.isAlphabetic && ((0xC0...0x2FF).contains(c.value) || (0x391...0x3C9).contains(c.value))
  }

  /// Keywords, and what a program uses: a variable of the same name would hide it.
  private static let reserved: Set<String> = {
    let keywords = [
      "Any", "Self", "actor", "as", "associatedtype", "async", "await", "break", "case", "catch", "class", "continue",
      "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
      "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "macro", "nil", "nonisolated",
      "operator", "open", "package", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return",
      "self", "some", "any", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
      "typealias", "var", "where", "while", "yield", "borrowing", "consuming", "consume", "copy", "discard", "each",
    ]
    let used = [
      "Double", "Int", "Micrograd", "Swift", "Value", "geluTanh", "leakyReLU", "logGamma", "logSumExp", "print",
      "select",
    ]
    return Set(keywords + used + FormulaFunction.allCases.map(\.rawValue))
  }()
}
