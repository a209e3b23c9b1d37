extension CSVNumber {
  /// Returns why a text that a person would read as a number is not one here, and how to write it; nil for other texts.
  ///
  /// ```swift
  /// nearMiss("1,5")      // "has a decimal comma; write 1.5"
  /// nearMiss("250,500")  // "has a thousands separator or a decimal comma; write 250500 or 250.500"
  /// ```
  static func nearMiss(_ text: String) -> String? {
    guard !text.isEmpty, text.count <= 100 else { return nil }
    if isSpelled(text) { return "is too large; numbers end at 1.8e308" }
    let bare = text.drop { $0 == "-" || $0 == "+" }
    let word = bare.lowercased()
    if ["inf", "infinity", "∞"].contains(word) { return "is not finite; give a finite number, or delete the row" }
    if word == "nan" { return "is not a number; give one, or delete the row" }
    if word.hasPrefix("0x"), word.count > 2, word.dropFirst(2).allSatisfy({ $0.isHexDigit }) {
      return "is hexadecimal; write it in decimal digits"
    }
    if let signs = unitSigns(text) { return signs }
    if bare.contains(where: \.isNumber), bare.allSatisfy({ $0.isNumber || $0 == "." || $0 == "٫" }),
      bare.contains(where: { !$0.isASCII })
    {
      return "has digits of another script; write 0 to 9"
    }
    return grouped(text)
  }

  private static func unitSigns(_ text: String) -> String? {
    let signs: Set<Character> = ["$", "€", "£", "¥", "%", "‰"]
    guard text.contains(where: signs.contains) else { return nil }
    let rest = String(text.filter { !signs.contains($0) }).withoutSpaceAbout
    guard isSpelled(rest) || grouped(rest) != nil else { return nil }
    return "has a sign for its unit; leave the sign out"
  }

  /// Texts of digits, with one of `,.'_` or a space between thousands, and a decimal point or comma.
  private static func grouped(_ text: String) -> String? {
    let mantissa = text.prefix { $0 != "e" && $0 != "E" }
    let tail = text[mantissa.endIndex...]
    let sign = mantissa.hasPrefix("-") ? "-" : ""
    let digits = mantissa.drop { $0 == "-" || $0 == "+" }
    let marks: Set<Character> = [",", ".", "'", "’", "_", " ", "\u{A0}", "\u{202F}"]
    let parts = digits.split(omittingEmptySubsequences: false, whereSeparator: marks.contains)
    let used = digits.filter(marks.contains)
    guard !used.isEmpty, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
      isSpelled("1" + tail), parts.contains(where: { !$0.isEmpty })
    else { return nil }
    let isDecimal: (Character) -> Bool = { $0 == "," || $0 == "." }
    let last = used.last ?? ","
    func written(decimals: Bool) -> String {
      decimals
        ? sign + parts.dropLast().joined() + "." + (parts.last ?? "") + tail : sign + parts.joined() + tail
    }
    func areThousands(_ groups: ArraySlice<Substring>) -> Bool {
      groups.first.map { (1...3).contains($0.count) } ?? false && groups.dropFirst().allSatisfy { $0.count == 3 }
    }
    if used.count == 1, last == "," {
      return areThousands(parts[...]) && parts.first != "0"
        ? "has a thousands separator or a decimal comma; write \(written(decimals: false)) or \(written(decimals: true))"
        : "has a decimal comma; write \(written(decimals: true))"
    }
    if Set(used).count == 1, areThousands(parts[...]) {
      return "has thousands separators; write \(written(decimals: false))"
    }
    if isDecimal(last), Set(used.dropLast()).count == 1, used.first != last, areThousands(parts.dropLast()) {
      return "has thousands separators\(last == "," ? " and a decimal comma" : ""); write \(written(decimals: true))"
    }
    return nil
  }
}
