import Foundation

/// Why text is no table, or a table no data set, and where.
public struct CSVError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Problem: Equatable, Sendable {
    /// The text has no line that is not blank.
    case empty
    /// The header is followed by no rows.
    case noRows
    /// The bytes are not text in UTF-8.
    case notUTF8
    /// A quotation mark stands within a field where it neither opens, closes nor is doubled.
    case strayQuote
    /// A quotation mark opens a field that none closes.
    case openQuote
    /// The header names two columns alike.
    case repeatedColumn
    /// A row has more or fewer fields than the first.
    case fieldCount(Int, columns: Int)
    /// No column has this name; those that exist are given.
    case unknownColumn(existing: [String])
    /// No columns are left or chosen to be inputs.
    case noInputs
    /// The target is among the columns chosen to be inputs.
    case targetIsInput
    /// A field is empty.
    case missingValue
    /// A field has one of the words that stand for a missing value.
    case missingWord(String)
    /// There is not as much memory as the table takes.
    case outOfMemory(byteCount: Int)
    /// A byte of the text is zero.
    case zeroByte
    /// The first row may name the columns or be data: it has numbers, of which the first is given.
    case unclearHeader(String)
    /// Most fields of the target column are numbers, and this one is not.
    case mostlyNumbers(String, numbers: Int, rows: Int)
    /// A field should be a number and is not, or is none that is finite.
    case notANumber(String)
    /// A label is none of the classes that were given.
    case unknownClass(String, known: [String])
  }

  /// What is wrong.
  public let problem: Problem

  /// The name of the file, without its folder; nil where the text came from elsewhere.
  public let file: String?

  /// The line of the file, counted from 1, on which the field starts, or the row where no field is to blame.
  ///
  /// Line breaks within quotation marks count as everywhere else.
  public let line: Int?

  /// The name of the column.
  public let column: String?

  init(_ problem: Problem, file: String?, line: Int? = nil, column: String? = nil) {
    self.problem = problem
    self.file = file
    self.line = line
    self.column = column
  }
}

extension CSVError: LocalizedError, CustomStringConvertible {
  /// Where something is wrong, what, and what to do about it.
  public var description: String {
    let places = [file, line.map { "line \($0)" }, column.map { "column “\($0)”" }].compactMap { $0 }
    return (places.isEmpty ? "" : places.joined(separator: ", ") + ": ") + problem.description
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}

extension CSVError.Problem: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .empty:
      "there is no table; give a row of column names and rows of data"
    case .noRows:
      "there are no rows below the header; add some"
    case .notUTF8:
      "this is not text in UTF-8; save it in that encoding"
    case .strayQuote:
      """
      a quotation mark stands alone in the row that starts here; put the field into quotation marks and double those \
      within
      """
    case .openQuote:
      "the quotation mark that opens this field is never closed; close it"
    case .repeatedColumn:
      "two columns have this name; give each a name of its own"
    case .fieldCount(let count, let columns):
      """
      the row has \(count) fields where the first row has \(columns); add or remove separators, or put fields with \
      separators into quotation marks
      """
    case .unknownColumn(let existing):
      "there is no such column; choose from \(Self.listed(existing))"
    case .noInputs:
      "there are no columns for inputs; choose at least one beside the target"
    case .targetIsInput:
      "the target cannot be an input as well; leave it out of the inputs"
    case .missingValue:
      "the value is missing; fill it in, delete the row, or leave the column out"
    case .missingWord(let word):
      "“\(word)” stands for a missing value; fill it in, delete the row, or leave the column out"
    case .outOfMemory(let count):
      "\(count) bytes of memory are needed, which are not there; close other programs, or split the file"
    case .zeroByte:
      "there is a zero byte; the file is damaged, or not text in UTF-8"
    case .unclearHeader(let text):
      """
      the first row has numbers, such as “\(Self.shortened(text))”, where the second has them too, so it may be data; \
      say whether it names the columns
      """
    case .mostlyNumbers(let text, let numbers, let rows):
      """
      “\(Self.shortened(text))” \(CSVNumber.nearMiss(text) ?? "is not a number; correct it, or delete the row"). \
      The column is taken neither as numbers nor as classes: \(numbers) of \(rows) rows have numbers there
      """
    case .notANumber(let text):
      """
      “\(Self.shortened(text))” \(CSVNumber.nearMiss(text)
        ?? "is not a finite number; write it like -12.5 or 3e-4, or leave the column out")
      """
    case .unknownClass(let text, let known):
      "“\(Self.shortened(text))” is none of the classes \(Self.listed(known)); correct it, or train with it"
    }
  }

  private static func listed(_ names: [String]) -> String {
    names.prefix(20).map { "“\(shortened($0))”" }.joined(separator: ", ")
      + (names.count > 20 ? " and \(names.count - 20) more" : "")
  }

  /// At most 40 characters, on one line.
  private static func shortened(_ text: String) -> String {
    let short = text.count > 40 ? text.prefix(39) + "…" : text
    return short.unicodeScalars.contains { $0.properties.generalCategory == .control }
      ? String(short.debugDescription.dropFirst().dropLast()) : short
  }
}
