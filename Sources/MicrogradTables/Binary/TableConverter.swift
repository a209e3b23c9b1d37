import Foundation
import Micrograd
import MicrogradNN

/// Converts a CSV file to a ``BinaryTable``, in constant memory.
///
/// The table has the cells of the CSV file as numbers: those of a column of numbers, the days of a date, or the index of a
/// text. So a model that is trained from it is bit for bit the model that is trained from the CSV file with the same choice
/// of columns and the same order of rows. Columns that ``TableEncoder/survey(_:columns:rows:options:)`` leaves out are left
/// out, and so are rows without a target.
///
/// The CSV file is read at least twice: to find out what is in its columns, and to write the table.
///
/// ```swift
/// let converter = try TableConverter(URL(fileURLWithPath: "data.csv"))
/// let report = try converter.convert(to: URL(fileURLWithPath: "data.mgt"), target: "price")
/// report.rows  // the number of rows of the table
/// ```
public struct TableConverter {
  /// The result of a conversion.
  public struct Report: Sendable {
    /// The number of rows of the table.
    public let rows: Int
    /// The number of rows of the CSV file that have no target.
    public let rowsWithoutTarget: Int
    /// The columns that are left out, and why.
    public let leftOut: [ColumnReport]
  }

  private let stream: CSVStream

  /// Opens a CSV file, which may be compressed with gzip.
  ///
  /// Throws `CSVError` if it is not a table, `GzipError` if it is compressed and damaged, and ``BinaryTableError`` if it cannot
  /// be read.
  ///
  /// - Parameters:
  ///   - url: The file.
  ///   - separator: The character between fields, or nil to detect it.
  ///   - missing: The words for missing values.
  ///   - header: The role of the first row.
  ///   - decimal: The decimal mark of numbers.
  public init(
    _ url: URL, separator: Character? = nil, missing: Set<String> = CSVTable.missingWords,
    header: CSVTable.Header = .automatic, decimal: CSVTable.DecimalMark = .point
  ) throws {
    stream = try CSVStream(
      url, .init(separator: separator, missing: missing, header: header, decimal: decimal))
  }

  init(_ stream: CSVStream) { self.stream = stream }

  /// The names of the columns in the order of the file.
  public var columns: [String] { stream.columns }
  /// Returns true if the first row names the columns, false if it is data.
  public var hasHeader: Bool { stream.hasHeader }
  /// Returns true if numbers have a decimal comma.
  public var hasDecimalComma: Bool { stream.hasDecimalComma }

  /// Throws `CSVError` if no column has this name.
  public func checkColumn(_ column: String) throws(CSVError) { _ = try place(of: column) }

  private func place(of name: String) throws(CSVError) -> Int {
    guard let place = columns.firstIndex(of: name) else {
      throw CSVError(.unknownColumn(existing: columns), file: stream.file, column: name)
    }
    return place
  }

  /// Writes the binary table.
  ///
  /// Throws as ``TableEncoder/survey(_:columns:rows:options:)`` does, `CSVError` for a column that does not exist or a row that
  /// is not one of the table, and ``BinaryTableError`` if the table cannot be written. Then an existing file is unchanged.
  ///
  /// - Parameters:
  ///   - url: The file to write.
  ///   - target: The column to predict.
  ///   - inputs: The columns to consider as inputs; nil for all others.
  ///   - kind: The kind of the target: `.automatic`, `.numbers` or `.classes`.
  ///   - options: The choices for preparing the columns.
  public func convert(
    to url: URL, target: String, inputs: [String]? = nil, kind: CSVTable.TargetKind = .automatic,
    options: TableEncoder.Options = .init()
  ) throws -> Report {
    let inputs = inputs ?? columns.filter { $0 != target }
    let places = try ([target] + inputs).map(place(of:))
    if inputs.contains(target) { throw CSVError(.targetIsInput, file: stream.file, column: target) }
    if inputs.isEmpty { throw CSVError(.noInputs, file: stream.file) }
    let surveys = try survey(places, kind, options)
    let targetColumn = try columnOfTarget(surveys, target, kind)
    let reports = try zip(inputs, surveys.columns.dropFirst()).map { name, survey in
      try TableEncoder.report(
        on: .init(name: name, rows: surveys.rows, file: stream.file) { _ in survey }, surveys.options)
    }
    _ = try TableEncoder.checked(reports, file: stream.file)

    var kept = [(place: places[0], column: targetColumn)]
    for (index, report) in reports.enumerated() {
      guard case .inputs(let encoder) = report.outcome else { continue }
      let texts = surveys.columns[index + 1].orderedTexts
      kept.append((places[index + 1], Self.column(report.name, encoder.kind, texts)))
    }
    try write(to: url, kept, target: target, count: surveys.rows, considered: inputs.count)
    return Report(
      rows: surveys.rows, rowsWithoutTarget: surveys.rowsWithoutTarget,
      leftOut: reports.filter { if case .leftOut = $0.outcome { true } else { false } })
  }

  private static func column(_ name: String, _ kind: ColumnEncoder.Kind, _ texts: [String]) -> BinaryTable.Column {
    switch kind {
    case .number: .init(name: name, kind: .number)
    case .date: .init(name: name, kind: .date)
    case .boolean, .category: .init(name: name, kind: .text, texts: texts)
    }
  }

  // MARK: - The first passes

  /// What is in the rows that have a target.
  private struct Surveys {
    var rows = 0
    var rowsWithoutTarget = 0
    /// Of the target, then of each input.
    var columns: [ColumnSurvey] = []
    var options: TableEncoder.Options
  }

  /// Surveys the columns; again if there are columns whose numbers turn out to be texts.
  private func survey(
    _ places: [Int], _ kind: CSVTable.TargetKind, _ options: TableEncoder.Options
  ) throws -> Surveys {
    var options = options
    var isTargetText = kind == .classes
    while true {
      var surveys = Surveys(options: options)
      surveys.columns = places.map { _ in ColumnSurvey(isBounded: true) }
      let areTexts = places.enumerated().map { index, place in
        index == 0 ? isTargetText : options.textColumns.contains(columns[place])
      }
      try stream.forEachPiece { piece in
        let rows = try piece.table.rowsWithValue(in: columns[places[0]])
        surveys.rowsWithoutTarget += piece.table.count - rows.count
        for (index, place) in places.enumerated() {
          surveys.columns[index].add(
            piece.table, column: place, rows: rows, asText: areTexts[index], rowsBefore: piece.rowsBefore,
            linesBefore: piece.linesBefore)
        }
        surveys.rows += rows.count
      }
      let mixed = try zip(places, surveys.columns).dropFirst().filter { place, survey in
        try TableEncoder.hasNumbersAsText(
          survey, .init(name: columns[place], rows: surveys.rows, file: stream.file) { _ in survey })
      }
      let target = surveys.columns[0]
      // Class names; a few of them are numbers.
      let areClasses =
        kind == .automatic && target.numberCount > 0
        && target.numberCount + target.misspelled <= target
          .textCount - target.misspelled
      if mixed.isEmpty, !areClasses { return surveys }
      isTargetText = isTargetText || areClasses
      options.textColumns.formUnion(mixed.map { columns[$0.0] })
    }
  }

  /// Returns the column of the target. Throws if it mixes numbers and texts.
  private func columnOfTarget(
    _ surveys: Surveys, _ name: String, _ kind: CSVTable.TargetKind
  ) throws -> BinaryTable.Column {
    let survey = surveys.columns[0]
    func failure(_ problem: CSVError.Problem, line: Int? = nil) -> CSVError {
      CSVError(problem, file: stream.file, line: line, column: name)
    }
    if surveys.rows == 0 { throw failure(.missingValue) }
    if let first = survey.firstText, survey.numberCount > 0 || kind == .numbers {
      throw kind == .numbers
        ? failure(.notANumber(first.text), line: first.line)
        : failure(.mostlyNumbers(first.text, numbers: survey.numberCount, rows: survey.count), line: first.line)
    }
    if survey.hasMoreTexts { throw failure(.tooManyCategories(survey.texts.count + 1, limit: ColumnSurvey.textLimit)) }
    return survey.numberCount > 0
      ? .init(name: name, kind: .number) : .init(name: name, kind: .text, texts: survey.orderedTexts)
  }

  // MARK: - The last pass

  private func write(
    to url: URL, _ kept: [(place: Int, column: BinaryTable.Column)], target: String, count: Int, considered: Int
  ) throws {
    let writer = try BinaryTableWriter(
      to: url, columns: kept.map(\.column), target: target, count: count, considered: considered)
    let codes = kept.map { _, column in
      Dictionary(uniqueKeysWithValues: zip(column.texts, column.texts.indices.map(Double.init)))
    }
    var row = [Double](repeating: 0, count: kept.count)
    try stream.forEachPiece { piece in
      let table = piece.table
      for index in try table.rowsWithValue(in: target) {
        for (column, cell) in kept.enumerated() {
          row[column] = try number(table, index, cell.place, cell.column.kind, codes[column])
        }
        try writer.append(row)
      }
    }
    try writer.finish()
  }

  /// Returns the number for a cell.
  private func number(
    _ table: CSVTable, _ row: Int, _ place: Int, _ kind: BinaryTable.Column.Kind, _ codes: [String: Double]
  ) throws -> Double {
    if kind == .number, let number = table.numberIfAny(row: row, column: place) { return number }
    let text = table.field(row: row, column: place)
    if table.isMissing(text) { return .nan }
    let number = kind == .date ? CalendarDate.days(text) : codes[text]
    guard let number else { throw BinaryTableError(.changed, file: stream.file) }
    return number
  }
}
