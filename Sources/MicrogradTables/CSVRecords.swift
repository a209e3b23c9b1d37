import Foundation
import Micrograd

#if MICROGRAD_TABLES
  import SwiftCSV
#endif

/// The fields of a text and the lines they are on, as SwiftCSV parts them.
///
/// SwiftCSV fills up short rows, drops what follows the last column, says of no error where it is, and takes an open
/// quotation mark for closed at the end. So its rows are taken as they are parsed, before that, and counted here.
struct CSVRecords {
  let header: [String]
  let headerLine: Int
  /// The fields of all rows but the header, row after row; every row has as many as the header.
  private(set) var fields: [String] = []
  /// The line on which each of these rows starts.
  private(set) var lines: [Int] = []

  init(_ text: String, separator: Character?, file: String?) throws(CSVError) {
    require(
      separator != "\"" && !(separator?.isNewline ?? false),
      "Fields cannot be parted by a quotation mark or a line break: give a comma, semicolon or tab.")
    let (table, firstLine) = Self.withoutBlankStart(text)
    guard !table.isEmpty else { throw CSVError(.empty, file: file) }
    let delimiter = separator.map(CSVDelimiter.init(unicodeScalarLiteral:)) ?? Self.guessedDelimiter(table)
    var rows = try Self.rows(table, delimiter, firstLine, file)
    header = rows.removeFirst().fields
    headerLine = firstLine

    while let last = rows.last, last.isBlank { rows.removeLast() }
    for row in rows where !row.isBlank || header.count == 1 {
      guard row.fields.count == header.count else {
        throw CSVError(.fieldCount(row.fields.count, columns: header.count), file: file, line: row.line)
      }
      fields += row.fields
      lines.append(row.line)
    }
  }

  /// The line of the first bytes that are not UTF-8; nil if all are.
  static func firstLineThatIsNotText(_ bytes: [UInt8]) -> Int? {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var valid = ""
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar): valid.unicodeScalars.append(Unicode.UTF8.decode(scalar))
      case .emptyInput: return nil
      case .error: return 1 + valid.lineBreakCount
      }
    }
  }

  private struct Row {
    let fields: [String]
    let line: Int
    var isBlank: Bool { fields == [""] }
  }

  /// Returns at least one row: what is parsed is not blank.
  private static func rows(
    _ table: String, _ delimiter: CSVDelimiter, _ firstLine: Int, _ file: String?
  ) throws(CSVError) -> [Row] {
    // A row that is known, at the very end: without a line break SwiftCSV loses an empty last field, and unless the
    // row comes back as it was put there, a quotation mark was open.
    let end = "end"
    var rows: [Row] = []
    var line = firstLine
    do {
      // The first pass, for the header, is cut short; rows come from the second.
      let csv = try EnumeratedCSV(string: table + "\n" + end, delimiter: delimiter, loadColumns: false, rowLimit: 0)
      try csv.enumerateAsArray(startAt: 0, rowLimit: nil) { fields in
        rows.append(Row(fields: fields, line: line))
        line += fields.reduce(1) { $0 + $1.lineBreakCount }
      }
    } catch {
      throw CSVError(.strayQuote, file: file, line: line)
    }
    let last = rows.removeLast()
    guard last.fields == [end] else {
      // The open field is the last one.
      let line = last.fields.dropLast().reduce(last.line) { $0 + $1.lineBreakCount }
      throw CSVError(.openQuote, file: file, line: line)
    }
    return rows
  }

  /// The text from its first line that is not blank on, without a byte order mark, and the number of that line.
  private static func withoutBlankStart(_ text: String) -> (table: String, line: Int) {
    var rest = text[...]
    if rest.unicodeScalars.first == "\u{FEFF}" { rest.unicodeScalars.removeFirst() }
    var line = 1
    while !rest.isEmpty {
      let end = rest.firstIndex(where: \.isLineBreak) ?? rest.endIndex
      if rest[..<end].contains(where: { !$0.isWhitespace }) { break }
      rest = end == rest.endIndex ? rest[end...] : rest[rest.index(after: end)...]
      line += 1
    }
    return (String(rest), line)
  }

  /// The delimiter that parts the header into the most columns; SwiftCSV's own guess, which takes the first one it
  /// meets, where two give as many.
  private static func guessedDelimiter(_ table: String) -> CSVDelimiter {
    func columns(_ delimiter: CSVDelimiter) -> Int {
      let csv = try? EnumeratedCSV(string: table, delimiter: delimiter, loadColumns: false, rowLimit: 0)
      return csv?.header.count ?? 0
    }
    let guess = CSVDelimiter.guessed(string: table)
    return CSVDelimiter.recognized.reduce(guess) { columns($1) > columns($0) ? $1 : $0 }
  }
}

extension Character {
  /// Whether this ends a line of a file: LF, CR or both, and no other of Unicode's.
  fileprivate var isLineBreak: Bool { self == "\n" || self == "\r\n" || self == "\r" }
}

extension String {
  /// How many lines end within the text; CRLF ends one.
  var lineBreakCount: Int {
    var count = 0
    var previous: UInt8 = 0
    for byte in utf8 {
      if byte == UInt8(ascii: "\r") || (byte == UInt8(ascii: "\n") && previous != UInt8(ascii: "\r")) { count += 1 }
      previous = byte
    }
    return count
  }

  /// The text without white space at its ends.
  var withoutSpaceAbout: String {
    guard first?.isWhitespace ?? false || last?.isWhitespace ?? false else { return self }
    guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[start...end])
  }
}
