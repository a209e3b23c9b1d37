import Foundation
import Micrograd
import MicrogradNN

/// A table out of a file of comma-separated values: named columns of text, from which data sets are made.
///
/// The first line names the columns. Fields are parted by commas, semicolons or tabs; one in quotation marks may hold
/// separators, line breaks, and quotation marks that are doubled (RFC 4180). White space about a field is dropped.
/// Lines end in LF, CRLF or CR. Blank lines are skipped, and so is a lone `""`; but in a table of one column they are
/// missing values unless only such lines follow. Every row must have as many fields as the header. Text is UTF-8, with a byte order mark or
/// without. Numbers have a decimal point, whatever the separator.
///
/// Reading takes about a second for five megabytes, in a release build, and memory for every field.
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
  /// What stands for a missing value unless told otherwise; an empty field always does.
  ///
  /// ```swift
  /// CSVTable.missingWords.contains("NA")  // true
  /// ```
  public static let missingWords: Set<String> = ["NA", "N/A", "NaN", "nan", "null", "NULL"]

  /// The names of the columns, in the order of the file. One may be empty; all differ.
  public let columns: [String]

  /// The name of the file, for messages.
  let file: String?
  /// All fields, row after row, with the white space about them.
  private let fields: [String]
  /// The line on which each row starts.
  private let lines: [Int]
  private let missing: Set<String>

  /// Reads a file, compressed with gzip or not.
  ///
  /// Throws `CSVError` where it is no table, `GzipError` where what is compressed is damaged or unpacks to more than
  /// `Gzip.defaultLimit` bytes, and Foundation's error where the file cannot be read.
  ///
  /// ```swift
  /// let table = try CSVTable(contentsOf: URL(fileURLWithPath: "iris.csv"))
  /// ```
  ///
  /// - Parameters:
  ///   - url: Where the file is.
  ///   - separator: What parts fields: any character but a quotation mark or a line break. If it is nil, it is the one
  ///     of comma, semicolon and tab that parts the header into the most columns.
  ///   - missing: What stands for a missing value, beside an empty field.
  public init(contentsOf url: URL, separator: Character? = nil, missing: Set<String> = missingWords) throws {
    let name = url.lastPathComponent
    var bytes = try [UInt8](Data(contentsOf: url))
    if Gzip.isPacked(bytes) { bytes = try Gzip.unpack(bytes) }
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw CSVError(.notUTF8, file: name, line: CSVRecords.firstLineThatIsNotText(bytes))
    }
    try self.init(text: text, file: name, separator: separator, missing: missing)
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
  ///   - separator: What parts fields: any character but a quotation mark or a line break. If it is nil, it is the one
  ///     of comma, semicolon and tab that parts the header into the most columns.
  ///   - missing: What stands for a missing value, beside an empty field.
  public init(
    text: String, separator: Character? = nil, missing: Set<String> = missingWords
  ) throws(CSVError) {
    try self.init(text: text, file: nil, separator: separator, missing: missing)
  }

  private init(
    text: String, file: String?, separator: Character?, missing: Set<String>
  ) throws(CSVError) {
    let records = try CSVRecords(text, separator: separator, file: file)
    columns = records.header.map { $0.withoutSpaceAbout }
    var seen: Set<String> = []
    for column in columns where !seen.insert(column).inserted {
      throw CSVError(.repeatedColumn, file: file, line: records.headerLine, column: column)
    }
    guard !records.lines.isEmpty else { throw CSVError(.noRows, file: file) }
    fields = records.fields
    lines = records.lines
    self.file = file
    self.missing = missing
  }

  /// The number of rows, at least 1; the header is none.
  ///
  /// ```swift
  /// try CSVTable(text: "x\n1\n2").count  // 2
  /// ```
  public var count: Int { lines.count }

  /// The place of a column in a row; throws where there is none of this name.
  func index(of column: String) throws(CSVError) -> Int {
    guard let index = columns.firstIndex(of: column) else {
      throw CSVError(.unknownColumn(existing: columns), file: file, column: column)
    }
    return index
  }

  /// The text of a field, whatever it stands for.
  func field(row: Int, column: Int) -> String { fields[row * columns.count + column].withoutSpaceAbout }

  /// The text of a field; throws where the value is missing.
  func text(row: Int, column: Int) throws(CSVError) -> String {
    let text = field(row: row, column: column)
    if text.isEmpty || missing.contains(text) { throw error(.missingValue, row: row, column: column) }
    return text
  }

  /// The number in a field; throws where the value is missing or is not a finite number.
  func number(row: Int, column: Int) throws(CSVError) -> Double {
    let text = try text(row: row, column: column)
    guard let number = Double(text), number.isFinite else {
      throw error(.notANumber(text), row: row, column: column)
    }
    return number
  }

  /// An error at a field, on the line where the field starts.
  func error(_ problem: CSVError.Problem, row: Int, column: Int) -> CSVError {
    let before = fields[row * columns.count..<row * columns.count + column]
    let line = before.reduce(lines[row]) { $0 + $1.lineBreakCount }
    return CSVError(problem, file: file, line: line, column: columns[column])
  }
}
