import Foundation

/// An error in a table, or in its use as a data set, with its position.
public struct CSVError: Error, Equatable, Sendable {
  /// The problem.
  public enum Problem: Equatable, Sendable {
    /// The text has only blank lines.
    case empty
    /// No rows follow the header.
    case noRows
    /// The text is not valid UTF-8.
    case notUTF8
    /// The file is not text.
    case otherFormat(FileFormat)
    /// A quotation mark is in the middle of a field, and is not doubled.
    case strayQuote
    /// A quoted field is not closed.
    case openQuote
    /// Two columns have the same name.
    case repeatedColumn
    /// A row has more or fewer fields than the first row.
    case fieldCount(Int, columns: Int)
    /// No column has this name. `columns` are the existing names.
    case unknownColumn(existing: [String])
    /// There are no input columns.
    case noInputs
    /// The target is also an input.
    case targetIsInput
    /// A field is empty.
    case missingValue
    /// A field is a word for a missing value.
    case missingWord(String)
    /// There is not enough memory for the table.
    case outOfMemory(byteCount: Int)
    /// A byte of the text is zero.
    case zeroByte
    /// It is unclear whether the first row is a header or data. It has numbers, the first of which is given.
    case unclearHeader(String)
    /// Most fields of the target column are numbers, but not this one.
    case mostlyNumbers(String, numbers: Int, rows: Int)
    /// A field is not a finite number, but should be.
    case notANumber(String)
    /// A field is not a word for true or false, but should be.
    case notABoolean(String)
    /// A field is not a date, but should be.
    case notADate(String)
    /// An input column has numbers and a few other texts. The first of the texts is given.
    case mixedColumn(String, numbers: Int, rows: Int)
    /// An input column has more categories than fit a network.
    case tooManyCategories(Int, limit: Int)
    /// None of these columns can be an input.
    case noUsefulInputs([String])
    /// A label is not one of the given classes.
    case unknownClass(String, known: [String])
  }

  /// The problem.
  public let problem: Problem

  /// The name of the file, without its folder; nil if the text is not from a file.
  public let file: String?

  /// The line of the file, counted from 1, on which the field starts, or the row if the error is not in a field.
  ///
  /// Line breaks in quoted fields count.
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
  /// A message that says where, what is wrong, and what to do.
  public var description: String {
    let places = [file, line.map { "line \($0)" }, column.map { "column “\($0)”" }].compactMap { $0 }
    return (places.isEmpty ? "" : places.joined(separator: ", ") + ": ") + problem.description
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}

extension CSVError.Problem: CustomStringConvertible {
  /// What is wrong and what to do, without the position.
  public var description: String {
    switch self {
    case .empty:
      "the text is empty; give a row of column names and rows of data"
    case .noRows:
      "there are no rows below the header; add at least one"
    case .notUTF8:
      "the text is not valid UTF-8; save it in UTF-8"
    case .otherFormat(let format):
      format.description
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
      "there are no columns for inputs; choose at least one besides the target"
    case .targetIsInput:
      "the target cannot also be an input; leave it out of the inputs"
    case .missingValue:
      "the value is missing; fill it in, delete the row, or leave the column out"
    case .missingWord(let word):
      "“\(word)” stands for a missing value; fill it in, delete the row, or leave the column out"
    case .outOfMemory(let count):
      "\(count) bytes of memory are needed, but not available; close other programs, or split the file"
    case .zeroByte:
      "there is a zero byte; the file is damaged, or not UTF-8 text"
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
    case .notABoolean(let text):
      "“\(Self.shortened(text))” is neither yes nor no; write yes or no, true or false, or leave the cell empty"
    case .notADate(let text):
      "“\(Self.shortened(text))” is not a date; write it like 2024-03-01, 2024-03-01T12:30 or 01.03.2024"
    case .mixedColumn(let text, let numbers, let rows):
      """
      “\(Self.shortened(text))” \(CSVNumber.nearMiss(text) ?? "is not a number; correct it, or leave the cell empty"). \
      The column is read neither as numbers nor as text: \(numbers) of \(rows) cells are numbers
      """
    case .tooManyCategories(let count, let limit):
      "there are \(count) different texts, more than \(limit); group them, or leave the column out"
    case .noUsefulInputs(let names):
      """
      none of the columns \(Self.listed(names)) can be an input: they are empty, have dates, or look like identifiers; \
      name those to use
      """
    case .unknownClass(let text, let known):
      "“\(Self.shortened(text))” is not one of the classes \(Self.listed(known)); correct it, or train with it"
    }
  }

  private static func listed(_ names: [String]) -> String {
    names.prefix(20).map { "“\(shortened($0))”" }.joined(separator: ", ")
      + (names.count > 20 ? " and \(names.count - 20) more" : "")
  }

  /// Returns at most 40 characters of a text, on one line.
  private static func shortened(_ text: String) -> String {
    let short = text.count > 40 ? text.prefix(39) + "…" : text
    return short.unicodeScalars.contains { $0.properties.generalCategory == .control }
      ? String(short.debugDescription.dropFirst().dropLast()) : short
  }
}
