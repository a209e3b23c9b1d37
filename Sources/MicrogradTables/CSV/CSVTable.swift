import Foundation
import Micrograd
import MicrogradNN

/// A table out of a file of comma-separated values: named columns of text, from which data sets are made.
///
/// The first row names the columns unless it is all numbers (see ``Header``). Fields are separated by commas, semicolons,
/// tabs or bars; one in quotation marks may hold separators, line breaks, and quotation marks that are doubled (RFC 4180).
/// A line such as `sep=;` above the header names the separator. White space around a field is dropped.
/// Lines end in LF, CRLF or CR. Blank lines are skipped, and so is a lone `""`; but in a table of one column they are
/// missing values unless only such lines follow. Every row must have as many fields as the first. Text is UTF-8, with a
/// byte order mark or without. Numbers have a decimal point, whatever the separator.
///
/// Reading takes time in proportion to the text, whatever the number of columns. Memory is that of the text and eight
/// bytes a field.
///
/// ```swift
/// let table = try CSVTable(text: "width;length;kind\n0.2;1.4;setosa\n1.3;4.0;versicolor\n")
/// table.columns                      // ["width", "length", "kind"]
/// let irises = try table.dataset(target: "kind")
/// irises.inputs                      // [0.2, 1.4, 1.3, 4.0]
/// irises.targets                     // .classes([0, 1], names: ["setosa", "versicolor"])
/// try table.inputs(["length"])       // [1.4, 4.0]
/// ```
public struct CSVTable: Sendable {
  /// Whether the first row names the columns.
  public enum Header: Sendable, Equatable {
    /// The first row is data if all its fields are numbers, and an error if it has numbers in the very columns in which
    /// the second row has them; else it names the columns.
    case automatic
    /// The first row names the columns, even if the names are numbers.
    case present
    /// The first row is data. Columns are called `column1`, `column2` and so on.
    case absent
  }

  /// What stands for a missing value unless told otherwise; an empty field always does.
  ///
  /// ```swift
  /// CSVTable.missingWords.contains("NA")  // true
  /// ```
  public static let missingWords: Set<String> = ["NA", "N/A", "NaN", "nan", "null", "NULL"]

  /// The names of the columns, in the order of the file. One may be empty; all differ.
  public let columns: [String]

  /// Returns true if the first row names the columns, false if it is data.
  ///
  /// ```swift
  /// try CSVTable(text: "1,2\n3,4\n").hasHeader  // false
  /// ```
  public let hasHeader: Bool

  /// The name of the file, for messages.
  let file: String?
  private let records: CSVRecords
  private let places: [String: Int]
  private let missing: Set<String>
  /// Whether a number, such as -1 or 9999, stands for a missing value.
  private let missesNumbers: Bool

  /// Reads a file, compressed with gzip or not.
  ///
  /// Throws `CSVError` if it is not a table, `GzipError` if it is compressed and damaged or unpacks to more than
  /// `Gzip.defaultLimit` bytes, and Foundation's error if the file cannot be read.
  ///
  /// ```swift
  /// let table = try CSVTable(contentsOf: URL(fileURLWithPath: "iris.csv"))
  /// ```
  ///
  /// - Parameters:
  ///   - url: Where the file is.
  ///   - separator: The character between fields: any but a quotation mark or a line break. If it is nil, it is the one
  ///     of comma, semicolon, tab and bar that gives the first row the most columns.
  ///   - missing: What stands for a missing value, beside an empty field.
  ///   - header: Whether the first row names the columns.
  public init(
    contentsOf url: URL, separator: Character? = nil, missing: Set<String> = missingWords, header: Header = .automatic
  ) throws {
    try self.init(
      bytes: [UInt8](Data(contentsOf: url)), file: url.lastPathComponent, separator: separator, missing: missing,
      header: header)
  }

  /// Reads the bytes of a file, compressed with gzip or not.
  ///
  /// Throws as `init(contentsOf:separator:missing:header:)` does.
  ///
  /// ```swift
  /// let table = try CSVTable(bytes: Array("x,y\n1,2\n".utf8), file: "standard input")
  /// table.count  // 1
  /// ```
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - file: The name for messages.
  ///   - separator: The character between fields, or nil to find it.
  ///   - missing: What stands for a missing value, beside an empty field.
  ///   - header: Whether the first row names the columns.
  public init(
    bytes: [UInt8], file: String? = nil, separator: Character? = nil, missing: Set<String> = missingWords,
    header: Header = .automatic
  ) throws {
    let text = Gzip.isPacked(bytes) ? try Gzip.unpack(bytes) : bytes
    try self.init(text, file, separator, missing, header)
  }

  /// Reads text.
  ///
  /// ```swift
  /// let table = try CSVTable(text: "x,y\n1,2\n3,4\n")
  /// table.count  // 2
  /// ```
  ///
  /// - Parameters:
  ///   - text: The header and all rows.
  ///   - separator: The character between fields: any but a quotation mark or a line break. If it is nil, it is the one
  ///     of comma, semicolon, tab and bar that gives the first row the most columns.
  ///   - missing: What stands for a missing value, beside an empty field.
  ///   - header: Whether the first row names the columns.
  public init(
    text: String, separator: Character? = nil, missing: Set<String> = missingWords, header: Header = .automatic
  ) throws(CSVError) {
    try self.init(Array(text.utf8), nil, separator, missing, header)
  }

  private init(
    _ bytes: [UInt8], _ file: String?, _ separator: Character?, _ missing: Set<String>, _ header: Header
  ) throws(CSVError) {
    require(
      separator != "\"" && !(separator?.isNewline ?? false),
      "Fields cannot be separated by a quotation mark or a line break: give a comma, semicolon or tab.")
    records = try CSVRecords(bytes, separator: separator, file: file)
    self.file = file
    self.missing = missing
    missesNumbers = missing.contains { CSVNumber.isSpelled($0) }
    hasHeader = try records.hasHeader(header, missing: missing, file: file)
    let count = records.columnCount
    columns = hasHeader ? (0..<count).map { [records] in records.field(row: 0, column: $0) } : Self.names(count)
    var places: [String: Int] = [:]
    places.reserveCapacity(count)
    for (place, column) in columns.enumerated() {
      guard places.updateValue(place, forKey: column) == nil else {
        throw CSVError(.repeatedColumn, file: file, line: records.line(row: 0, column: 0), column: column)
      }
    }
    self.places = places
    guard records.count > (hasHeader ? 1 : 0) else { throw CSVError(.noRows, file: file) }
  }

  private static func names(_ count: Int) -> [String] { (1...count).map { "column\($0)" } }

  /// The number of rows, at least 1, without the header.
  ///
  /// ```swift
  /// try CSVTable(text: "x\n1\n2").count  // 2
  /// ```
  public var count: Int { records.count - (hasHeader ? 1 : 0) }

  /// The place of a column in a row; throws if no column has this name.
  func index(of column: String) throws(CSVError) -> Int {
    guard let index = places[column] else {
      throw CSVError(.unknownColumn(existing: columns), file: file, column: column)
    }
    return index
  }

  private func record(_ row: Int) -> Int { hasHeader ? row + 1 : row }

  /// The text of a field, whatever it stands for.
  func field(row: Int, column: Int) -> String { records.field(row: record(row), column: column) }

  /// The text of a field; throws if the value is missing.
  func text(row: Int, column: Int) throws(CSVError) -> String {
    let text = field(row: row, column: column)
    if text.isEmpty { throw error(.missingValue, row: row, column: column) }
    if missing.contains(text) { throw error(.missingWord(text), row: row, column: column) }
    return text
  }

  /// The number in a field; nil if it is not a finite number, or a word that stands for a missing value.
  func numberIfAny(row: Int, column: Int) -> Double? {
    guard let number = records.number(row: record(row), column: column) else { return nil }
    return missesNumbers && missing.contains(field(row: row, column: column)) ? nil : number
  }

  /// The number in a field; throws if the value is missing or is not a finite number.
  func number(row: Int, column: Int) throws(CSVError) -> Double {
    if let number = numberIfAny(row: row, column: column) { return number }
    throw error(.notANumber(try text(row: row, column: column)), row: row, column: column)
  }

  /// An error at a field, on the line where the field starts.
  func error(_ problem: CSVError.Problem, row: Int, column: Int) -> CSVError {
    CSVError(problem, file: file, line: records.line(row: record(row), column: column), column: columns[column])
  }
}
