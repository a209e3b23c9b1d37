/// The lines above the first row of a table: a byte order mark, blank lines, a line that names the separator.
struct CSVStart {
  /// The offset of the first row in bytes; the end of the text if there is no row.
  private(set) var table: Int
  /// The separator in a line such as `sep=;`, which spreadsheet programs use.
  private(set) var separator: Character?

  init(_ bytes: [UInt8]) {
    table = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    skipBlankLines(bytes)
    let line = Self.line(bytes, from: table)
    var text = String(decoding: bytes[line], as: UTF8.self)
    if text.first == "\"", text.last == "\"", text.count > 2 { text = String(text.dropFirst().dropLast()) }
    guard text.lowercased().hasPrefix("sep="), text.count == 5, let last = text.last, last != "\"" else { return }
    separator = last
    table = Self.next(bytes, after: line)
    skipBlankLines(bytes)
  }

  private mutating func skipBlankLines(_ bytes: [UInt8]) {
    while table < bytes.count {
      let line = Self.line(bytes, from: table)
      if bytes[line].contains(where: { !$0.isASCIISpace }) { return }
      table = Self.next(bytes, after: line)
    }
  }

  private static func line(_ bytes: [UInt8], from start: Int) -> Range<Int> {
    start..<(bytes[start...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? bytes.count)
  }

  private static func next(_ bytes: [UInt8], after line: Range<Int>) -> Int {
    let rest = bytes[line.upperBound...]
    return line.upperBound + (rest.starts(with: [0x0D, 0x0A]) ? 2 : min(1, rest.count))
  }

  /// Detects the separator: the one with the most columns in the first row, and on a tie the one with the same number in
  /// the second row.
  static func guessedSeparator(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Character {
    var best = (separator: Character(","), columns: 0, isRegular: false)
    for separator in ",;\t|" {
      let scanner = CSVScanner(bytes, separator: separator)
      var (first, second) = ([Int](), [Int]())
      guard let next = try? scanner.row(from: start, into: &first) else { continue }
      if next < bytes.count { _ = try? scanner.row(from: next, into: &second) }
      let isRegular = first.count == second.count
      if first.count > best.columns || (first.count == best.columns && isRegular && !best.isRegular) {
        best = (separator, first.count, isRegular)
      }
    }
    return best.separator
  }
}
