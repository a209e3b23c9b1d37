import MicrogradFormulaFits
import MicrogradFormulas

/// Numbers with names from the command line, such as `a=-4 b=2*pi`, in their order.
struct NamedNumbers {
  private(set) var names: [String] = []
  private(set) var numbers: [String: Double] = [:]

  /// Reads `name=number`. A number may be a formula without names, such as `1/3` or `2*pi`.
  ///
  /// - Parameter flag: The flag that gave the words, for messages; nil for arguments.
  init(_ words: [String], flag: String? = nil) throws(ExitMessage) {
    for word in words {
      let (name, text) = try Self.parts(word, flag, example: "a=-4")
      if numbers.updateValue(try Self.number(text, of: word), forKey: name) != nil {
        throw ExitMessage("\(Self.place(flag))“\(name)” is given twice: give each name once.")
      }
      names.append(name)
    }
  }

  subscript(name: String) -> Double? { numbers[name] }

  /// Splits `name=value`. A name may stand in backticks.
  static func parts(_ word: String, _ flag: String?, example: String) throws(ExitMessage) -> (
    name: String, value: String
  ) {
    guard let equals = word.firstIndex(of: "=") else {
      throw ExitMessage("\(place(flag))“\(shortened(word))” has no “=”: write a name and a number, as in \(example).")
    }
    var name = trimmed(word[..<equals])
    if name.count > 2, name.first == "`", name.last == "`" {
      name = String(name.dropFirst().dropLast()).replacing("``", with: "`")
    }
    let value = trimmed(word[word.index(after: equals)...])
    if name.isEmpty {
      throw ExitMessage("\(place(flag))“\(shortened(word))” has no name before “=”: write \(example).")
    }
    if value.isEmpty {
      throw ExitMessage(
        "\(place(flag))“\(shortened(word))” has no number behind “=”: write \(example), without spaces.")
    }
    return (name, value)
  }

  static func number(_ text: String, of word: String) throws(ExitMessage) -> Double {
    if let number = Double(text), number.isFinite, !text.contains("x"), !text.contains("X") { return number }
    let formula: Formula
    do {
      formula = try Formula(text)
    } catch {
      throw ExitMessage("the number in \(shortened(word)):\n\(error)")
    }
    guard formula.names.isEmpty else {
      throw ExitMessage(
        "“\(shortened(word))” is not a number: write one, such as 2.5, -1e3 or 2*pi. Names have no value there.")
    }
    let number = formula([Double]())
    guard number.isFinite else { throw ExitMessage("“\(shortened(word))” is not a finite number: give one.") }
    return number
  }

  private static func place(_ flag: String?) -> String { flag.map { "\($0): " } ?? "" }

  static func shortened(_ text: String) -> String { FitText.shortened(text) }

  static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}

extension Formula {
  /// Reads the formula of a command. The message shows the place of an error.
  static func ofCommand(_ text: String) throws(ExitMessage) -> Formula {
    do {
      return try Formula(text)
    } catch {
      throw ExitMessage("the formula cannot be read\(error.line > 1 ? ", line \(error.line)" : ""):\n\(error)")
    }
  }
}
