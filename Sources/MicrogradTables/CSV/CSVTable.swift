import Foundation
import Micrograd
import MicrogradNN

/// A table from a CSV file: named columns of text. ``dataset(target:inputs:kind:)`` makes data sets from it.
///
/// The first row names the columns unless all its fields are numbers (see ``Header``). Fields are separated by commas,
/// semicolons, tabs or bars. A quoted field may contain separators, line breaks, and doubled quotation marks (RFC 4180). A
/// line such as `sep=;` above the header names the separator. White space around a field is dropped. Lines end in LF, CRLF
/// or CR. Blank lines are skipped, and so is a lone `""`; but in a table of one column they are missing values, except at
/// the end. Every row must have as many fields as the first. Text is UTF-8, with or without a byte order mark. Numbers have
/// a decimal point, whatever the separator, unless a ``DecimalMark`` is given.
///
/// Reading takes time in proportion to the text. Memory is the text and eight bytes per field.
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
  /// The role of the first row.
  public enum Header: Sendable, Equatable {
    /// The first row is data if all its fields are numbers. It is an error if it has numbers in exactly the columns in
    /// which the second row has them. Otherwise it names the columns.
    case automatic
    /// The first row names the columns, even if the names are numbers.
    case present
    /// The first row is data. Columns are called `column1`, `column2` and so on.
    case absent
  }

  /// The mark between the whole digits and the decimals of numbers.
  public enum DecimalMark: Sendable, Equatable {
    /// A point, as in 1.5.
    case point
    /// A comma, as in 1,5. Points may separate thousands, as in 1.234,5.
    case comma
    /// A comma if another character separates the fields, some fields are numbers with a decimal comma that cannot be a
    /// separator of thousands, such as 1,5, and no field is a number with a decimal point. Else a point.
    case automatic
  }

  /// The default words for missing values. An empty field is always missing.
  ///
  /// ```swift
  /// CSVTable.missingWords.contains("NA")  // true
  /// ```
  public static let missingWords: Set<String> = ["NA", "N/A", "NaN", "nan", "null", "NULL"]

  /// The words for missing values that ``missingWords`` has, and others that people use: `?`, `-`, `n/a`, `#N/A` and `<NA>`.
  ///
  /// ```swift
  /// CSVTable.commonMissingWords.contains("?")  // true
  /// ```
  public static let commonMissingWords = missingWords.union(["?", "-", "n/a", "#N/A", "<NA>"])

  /// The names of the columns in the order of the file. One name may be empty; all are different.
  public let columns: [String]

  /// Returns true if the first row names the columns, false if it is data.
  ///
  /// ```swift
  /// try CSVTable(text: "1,2\n3,4\n").hasHeader  // false
  /// ```
  public let hasHeader: Bool

  /// The name of the file, for messages.
  let file: String?
  /// True if numbers have a decimal comma.
  ///
  /// ```swift
  /// try CSVTable(text: "a;b\n1,5;2\n", decimal: .automatic).hasDecimalComma  // true
  /// ```
  public let hasDecimalComma: Bool
  let records: CSVRecords
  private let places: [String: Int]
  private let missing: Set<String>
  /// The byte of the decimal mark.
  private let point: UInt8
  /// True if a number, such as -1 or 9999, is among the words for missing values.
  private let missesNumbers: Bool

  /// Reads a file, which may be compressed with gzip.
  ///
  /// Throws `CSVError` if it is not a table, `GzipError` if it is compressed and damaged or unpacks to more than
  /// `Gzip.defaultLimit` bytes, and Foundation's error if the file cannot be read.
  ///
  /// ```swift
  /// let table = try CSVTable(contentsOf: URL(fileURLWithPath: "iris.csv"))
  /// ```
  ///
  /// - Parameters:
  ///   - url: The file.
  ///   - separator: Any character except a quotation mark or a line break. If it is nil, the one of comma, semicolon, tab
  ///     and bar that gives the first row the most columns.
  ///   - missing: The words for missing values. An empty field is always missing.
  ///   - header: The role of the first row.
  ///   - decimal: The decimal mark of numbers.
  public init(
    contentsOf url: URL, separator: Character? = nil, missing: Set<String> = missingWords, header: Header = .automatic,
    decimal: DecimalMark = .point
  ) throws {
    try self.init(
      bytes: [UInt8](Data(contentsOf: url)), file: url.lastPathComponent, separator: separator, missing: missing,
      header: header, decimal: decimal)
  }

  /// Reads the bytes of a file, which may be compressed with gzip.
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
  ///   - separator: The character between fields, or nil to detect it.
  ///   - missing: The words for missing values. An empty field is always missing.
  ///   - header: The role of the first row.
  ///   - decimal: The decimal mark of numbers.
  public init(
    bytes: [UInt8], file: String? = nil, separator: Character? = nil, missing: Set<String> = missingWords,
    header: Header = .automatic, decimal: DecimalMark = .point
  ) throws {
    let text = Gzip.isPacked(bytes) ? try Gzip.unpack(bytes) : bytes
    try self.init(text, file, separator, missing, header, decimal)
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
  ///   - separator: Any character except a quotation mark or a line break. If it is nil, the one of comma, semicolon, tab
  ///     and bar that gives the first row the most columns.
  ///   - missing: The words for missing values. An empty field is always missing.
  ///   - header: The role of the first row.
  ///   - decimal: The decimal mark of numbers.
  public init(
    text: String, separator: Character? = nil, missing: Set<String> = missingWords, header: Header = .automatic,
    decimal: DecimalMark = .point
  ) throws(CSVError) {
    try self.init(Array(text.utf8), nil, separator, missing, header, decimal)
  }

  private init(
    _ bytes: [UInt8], _ file: String?, _ separator: Character?, _ missing: Set<String>, _ header: Header,
    _ decimal: DecimalMark
  ) throws(CSVError) {
    require(
      separator != "\"" && !(separator?.isNewline ?? false),
      "Fields cannot be separated by a quotation mark or a line break: give a comma, semicolon or tab.")
    records = try CSVRecords(bytes, separator: separator, file: file)
    self.file = file
    self.missing = missing
    missesNumbers = missing.contains { CSVNumber.isSpelled($0) }
    hasDecimalComma = decimal == .comma || decimal == .automatic && records.areDecimalsWithComma
    point = UInt8(ascii: hasDecimalComma ? "," : ".")
    hasHeader = try records.hasHeader(header, missing: missing, point: point, file: file)
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

  /// Returns the index of a column. Throws if no column has this name.
  func index(of column: String) throws(CSVError) -> Int {
    guard let index = places[column] else {
      throw CSVError(.unknownColumn(existing: columns), file: file, column: column)
    }
    return index
  }

  /// Throws `CSVError` if no column has this name.
  ///
  /// ```swift
  /// try CSVTable(text: "a,b\n1,2\n").checkColumn("b")
  /// ```
  public func checkColumn(_ column: String) throws(CSVError) { _ = try index(of: column) }

  /// Returns the line of the file, counted from 1, on which a field starts.
  ///
  /// Throws `CSVError` if no column has this name. `row` must be from 0 to `count` − 1. Takes time in proportion to the text
  /// before the field.
  ///
  /// ```swift
  /// try CSVTable(text: "a,b\n1,2\n\n3,4\n").line(row: 1, column: "a")  // 4
  /// ```
  public func line(row: Int, column: String) throws(CSVError) -> Int { line(row: row, column: try index(of: column)) }

  private func record(_ row: Int) -> Int { hasHeader ? row + 1 : row }

  /// Returns the text of a field, even for a missing value.
  func field(row: Int, column: Int) -> String { records.field(row: record(row), column: column) }

  /// Returns true if a text stands for a missing value.
  func isMissing(_ text: String) -> Bool { text.isEmpty || missing.contains(text) }

  /// Returns the line of the file, counted from 1, on which a field starts.
  func line(row: Int, column: Int) -> Int { records.line(row: record(row), column: column) }

  /// Returns the text of a field. Throws if the value is missing.
  func text(row: Int, column: Int) throws(CSVError) -> String {
    let text = field(row: row, column: column)
    if text.isEmpty { throw error(.missingValue, row: row, column: column) }
    if missing.contains(text) { throw error(.missingWord(text), row: row, column: column) }
    return text
  }

  /// Returns the number in a field; nil if it is not a finite number, or a word for a missing value.
  func numberIfAny(row: Int, column: Int) -> Double? {
    guard let number = records.number(row: record(row), column: column, point: point) else { return nil }
    return missesNumbers && missing.contains(field(row: row, column: column)) ? nil : number
  }

  /// Reads plain numbers, row by row, from the field `start`. Returns the index of the first field that was not read.
  func readNumbers(_ columns: [Int], from start: Int, into numbers: inout [Double]) -> Int {
    if missesNumbers { return start }
    return numbers.withUnsafeMutableBufferPointer {
      records.readNumbers(columns, from: start, firstRow: record(0), point: point, into: $0)
    }
  }

  /// Returns the number in a field. Throws if the value is missing or is not a finite number.
  func number(row: Int, column: Int) throws(CSVError) -> Double {
    if let number = numberIfAny(row: row, column: column) { return number }
    throw error(.notANumber(try text(row: row, column: column)), row: row, column: column)
  }

  /// Returns an error at a field, with the line on which the field starts.
  func error(_ problem: CSVError.Problem, row: Int, column: Int) -> CSVError {
    CSVError(problem, file: file, line: line(row: row, column: column), column: columns[column])
  }
}
