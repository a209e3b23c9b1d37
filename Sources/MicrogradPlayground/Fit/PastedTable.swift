import Micrograd
import MicrogradTables

/// A table as text: from a file, a spreadsheet, or typed.
struct PastedTable {
  static let mostRows = 200_000
  static let mostColumns = 500

  let table: CSVTable
  /// The text as it was pasted.
  private let text: String
  private let hasSpaces: Bool

  /// Reads a table.
  ///
  /// - Throws: A ``PlaygroundError`` with the place of the line.
  init(_ request: FitRequest.Table) throws {
    text = request.text
    hasSpaces = Self.hasSpaces(text)
    let header: CSVTable.Header =
      switch request.header {
      case "names": .present
      case "data": .absent
      default: .automatic
      }
    do {
      table = try CSVTable(
        text: hasSpaces ? Self.withTabs(text) : text, missing: CSVTable.commonMissingWords, header: header,
        decimal: .automatic)
    } catch {
      throw Self.problem(error, text)
    }
    guard table.count <= Self.mostRows else {
      throw PlaygroundError(
        "the table has \(table.count) rows, and the most are \(Self.mostRows): paste fewer, or run “micrograd fit”",
        field: "table")
    }
    guard table.columns.count <= Self.mostColumns else {
      throw PlaygroundError(
        "the table has \(table.columns.count) columns, and the most are \(Self.mostColumns): paste fewer",
        field: "table")
    }
  }

  var answer: FitAnswer.Table {
    var notes: [String] = []
    if hasSpaces { notes.append("columns are separated by spaces") }
    if table.hasDecimalComma { notes.append("numbers are read with a decimal comma") }
    if !table.hasHeader {
      notes.append("the first line is all numbers, so it is data; the columns are named column1, column2, …")
    }
    return FitAnswer.Table(columns: table.columns, rows: table.count, hasHeader: table.hasHeader, notes: notes)
  }

  /// An error of a cell, at its line.
  func problem(_ error: CSVError) -> PlaygroundError { Self.problem(error, text) }

  /// The place where a line begins.
  func place(ofLine line: Int) -> Int? { Self.place(ofLine: line, in: text) }

  private static func problem(_ error: CSVError, _ text: String) -> PlaygroundError {
    var message = error.description
    if case .unclearHeader = error.problem { message += ": choose it beside “first line”" }
    var place = error.line.flatMap { Self.place(ofLine: $0, in: text) }
    if case .notANumber(let cell) = error.problem, let start = place {
      place = Self.place(of: cell, from: start, in: text)
    }
    return PlaygroundError(message, field: "table", place: place)
  }

  private static func place(ofLine line: Int, in text: String) -> Int? {
    var (place, at) = (0, 1)
    let units = Array(text.utf16)
    while at < line {
      guard place < units.count else { return nil }
      let isReturn = units[place] == 0x0D
      if isReturn, place + 1 < units.count, units[place + 1] == 0x0A { place += 1 }
      if units[place] == 0x0A || isReturn { at += 1 }
      place += 1
    }
    return place
  }

  /// The place of a cell in its line; the start of the line if it cannot be found.
  private static func place(of cell: String, from start: Int, in text: String) -> Int {
    let (units, wanted) = (Array(text.utf16.dropFirst(start).prefix { $0 != 0x0A && $0 != 0x0D }), Array(cell.utf16))
    guard !wanted.isEmpty, units.count >= wanted.count else { return start }
    let found = (0...(units.count - wanted.count)).first { Array(units[$0..<($0 + wanted.count)]) == wanted }
    return start + (found ?? 0)
  }

  // MARK: - Spaces

  /// Returns true if spaces separate the columns: the first line has no other separator, or only numbers with a decimal
  /// comma between spaces.
  private static func hasSpaces(_ text: String) -> Bool {
    guard let first = text.split(whereSeparator: \.isNewline).first(where: { !$0.allSatisfy(\.isWhitespace) }),
      first.contains(where: \.isWhitespace), !first.contains(where: { ";\t|\"".contains($0) })
    else { return false }
    let words = first.split(whereSeparator: \.isWhitespace)
    guard words.count > 1 else { return false }
    return !first.contains(",") || words.allSatisfy(isDecimalWithComma)
  }

  private static func isDecimalWithComma(_ word: Substring) -> Bool {
    let parts = word.split(separator: ",", omittingEmptySubsequences: false)
    return parts.count <= 2 && Double(parts.joined(separator: ".")) != nil && parts.last?.isEmpty == false
  }

  /// The text with a tab in place of each run of spaces between words.
  private static func withTabs(_ text: String) -> String {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
      line.split(whereSeparator: \.isWhitespace).joined(separator: "\t")
    }.joined(separator: "\n")
  }
}
