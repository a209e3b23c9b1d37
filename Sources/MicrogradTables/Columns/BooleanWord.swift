/// Words for true and false.
enum BooleanWord {
  private static let pairs: [(no: String, yes: String)] = [
    ("no", "yes"), ("false", "true"), ("n", "y"), ("f", "t"), ("off", "on"),
  ]
  private static let values: [String: Bool] = Dictionary(
    uniqueKeysWithValues: pairs.flatMap { [($0.no, false), ($0.yes, true)] } + [("0", false), ("1", true)])

  /// Returns the truth value of a word such as `Yes`, `false` or `1`; nil for other texts.
  static func value(_ text: String) -> Bool? { text.utf8.count <= 5 ? values[text.lowercased()] : nil }

  /// Returns true if both words, such as `yes` and `no`, are among the texts, in any case, and no other text.
  static func arePair(_ texts: some Collection<String>) -> Bool {
    guard (2...8).contains(texts.count) else { return false }
    let words = Set(texts.map { $0.lowercased() })
    return pairs.contains { words == [$0.no, $0.yes] }
  }
}
