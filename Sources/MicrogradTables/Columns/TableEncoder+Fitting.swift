import Foundation

extension TableEncoder {
  /// The choices in fitting the preparation of a table.
  public struct Options: Sendable, Equatable {
    /// Columns to read as text, such as postcodes, even if all cells are numbers.
    public var textColumns: Set<String> = []
    /// True to read dates as numbers; false to leave columns of dates out.
    public var readsDates = false
    /// Columns that the user named: they are used even if they look like identifiers.
    public var wantedColumns: Set<String> = []
    /// The largest number of categories of a column that looks like an identifier otherwise.
    public var categoryLimit = 100
    /// The largest number of categories of a column that the user named.
    public static let greatestCategoryCount = 10_000

    /// Creates the default options.
    public init() {}
  }

  /// Fits the preparation to rows of a table.
  ///
  /// A column of numbers stays as it is. Words such as `yes` and `no` become 0 and 1. Other texts become one input for each
  /// category, in the order of the categories: by value if all are integers, else as strings. A column is left out if it has
  /// no values, if its texts hardly repeat (more than `categoryLimit` different ones, or more than ten and more than half as
  /// many as rows), if it counts the rows and is named like an identifier, or if it has dates and `readsDates` is false.
  /// ``survey(_:columns:rows:options:)`` says which and why.
  ///
  /// Throws `CSVError` if a column has numbers and a few texts, if most of its texts are numbers in another spelling, such as
  /// `12%`, if a wanted column has too many categories, and if no column is left.
  ///
  /// ```swift
  /// let table = try CSVTable(text: "size,new\n2,yes\n3,no\n")
  /// try TableEncoder(fitting: table, columns: ["new"]).columns[0].kind  // .boolean
  /// ```
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - columns: The columns to consider, in order.
  ///   - rows: The training rows, counted from 0, at least one; nil for all rows.
  ///   - options: The choices.
  public init(
    fitting table: CSVTable, columns: [String], rows: [Int]? = nil, options: Options = Options()
  ) throws(CSVError) {
    self.init(try Self.survey(table, columns: columns, rows: rows, options: options))
  }

  /// Creates the preparation from reports: it has the columns that are not left out.
  ///
  /// ```swift
  /// let table = try CSVTable(text: "a,b\n1,\n2,\n")
  /// let reports = try TableEncoder.survey(table, columns: ["a", "b"])
  /// reports[1].outcome                // .leftOut(.empty)
  /// TableEncoder(reports).inputNames  // ["a"]
  /// ```
  public init(_ reports: [ColumnReport]) {
    self.init(reports.compactMap { if case .inputs(let encoder) = $0.outcome { encoder } else { nil } })
  }

  /// Returns what is in each column and what becomes of it.
  ///
  /// Throws as ``init(fitting:columns:rows:options:)`` does.
  ///
  /// ```swift
  /// let table = try CSVTable(text: "a,b\n1,x\n,y\n")
  /// try TableEncoder.survey(table, columns: ["a"])[0].missing  // 1
  /// ```
  public static func survey(
    _ table: CSVTable, columns: [String], rows: [Int]? = nil, options: Options = Options()
  ) throws(CSVError) -> [ColumnReport] {
    guard !columns.isEmpty else { throw CSVError(.noInputs, file: table.file) }
    let rows = rows ?? Array(0..<table.count)
    var reports: [ColumnReport] = []
    for column in columns {
      let place = try table.index(of: column)
      let surveyed = SurveyedColumn(name: column, rows: rows.count, file: table.file) { asText in
        ColumnSurvey(table, column: place, rows: rows, asText: asText)
      }
      reports.append(try report(on: surveyed, options))
    }
    return try checked(reports, file: table.file)
  }

  /// Throws if no column is left.
  static func checked(_ reports: [ColumnReport], file: String?) throws(CSVError) -> [ColumnReport] {
    if TableEncoder(reports).columns.isEmpty { throw CSVError(.noUsefulInputs(reports.map(\.name)), file: file) }
    return reports
  }

  /// A column and its surveys.
  struct SurveyedColumn {
    let name: String
    /// The number of rows.
    let rows: Int
    /// The name of the file, for messages.
    let file: String?
    /// Returns the survey of the column; with numbers counted as texts if the argument is true.
    let survey: (_ asText: Bool) -> ColumnSurvey

    func error(_ problem: CSVError.Problem, line: Int? = nil) -> CSVError {
      CSVError(problem, file: file, line: line, column: name)
    }
  }

  static func report(on column: SurveyedColumn, _ options: Options) throws(CSVError) -> ColumnReport {
    let name = column.name
    var isText = options.textColumns.contains(name)
    let isWanted = isText || options.wantedColumns.contains(name)
    var survey = column.survey(isText)
    if try hasNumbersAsText(survey, column) {
      isText = true
      survey = column.survey(true)
    }
    var range = survey.range
    let outcome: ColumnReport.Outcome
    if survey.count == 0 {
      outcome = .leftOut(.empty)
    } else if survey.numberCount > 0 {
      outcome =
        survey.areRowNumbers && column.rows >= 10 && isIdentifierName(name) && !options.wantedColumns.contains(name)
        ? .leftOut(.rowNumbers)
        : .inputs(
          ColumnEncoder(name: name, kind: .number, fill: survey.median, hasIndicator: survey.missing > 0))
    } else {
      let dates: [Double]
      (outcome, dates) = try ofTexts(survey, column, isText: isText, isWanted: isWanted, options)
      range = dates.min().flatMap { least in dates.max().map { least...$0 } }
    }
    let isConstant =
      range.map { $0.lowerBound == $0.upperBound } ?? (survey.numberCount == 0 && survey.texts.count == 1)
    return ColumnReport(
      name: name, rows: column.rows, missing: survey.missing, range: range, outcome: outcome, isConstant: isConstant)
  }

  /// Returns what becomes of a column of texts, and its dates as numbers.
  private static func ofTexts(
    _ survey: ColumnSurvey, _ column: SurveyedColumn, isText: Bool, isWanted: Bool, _ options: Options
  ) throws(CSVError) -> (ColumnReport.Outcome, [Double]) {
    let name = column.name
    if !isText, BooleanWord.arePair(survey.texts.keys) {
      let yes = survey.texts.reduce(0) { $0 + (BooleanWord.value($1.key) == true ? $1.value : 0) }
      return (
        .inputs(
          ColumnEncoder(
            name: name, kind: .boolean, fill: 2 * yes >= survey.count ? 1 : 0, hasIndicator: survey.missing > 0)), []
      )
    }
    if !isText {
      if let dates = dates(of: survey) {
        guard options.readsDates else { return (.leftOut(.dates), []) }
        return (
          .inputs(
            ColumnEncoder(
              name: name, kind: .date, fill: ColumnSurvey.median(dates), hasIndicator: survey.missing > 0)), dates
        )
      }
      let misspelled = survey.misspelled
      if 2 * misspelled > survey.count, let first = survey.firstText {
        throw column.error(.notANumber(first.text), line: first.line)
      }
    }
    let different = survey.texts.count + (survey.hasMoreTexts ? 1 : 0)
    let looksLikeIdentifier = different > options.categoryLimit || (different > 10 && 2 * different > survey.count)
    if looksLikeIdentifier, !isWanted { return (.leftOut(.identifier(different: different)), []) }
    guard different <= Options.greatestCategoryCount else {
      throw column.error(.tooManyCategories(different, limit: Options.greatestCategoryCount))
    }
    return (
      .inputs(
        ColumnEncoder(
          name: name, kind: .category, categories: survey.orderedTexts, hasIndicator: survey.missing > 0)), []
    )
  }

  /// Returns the dates of the cells if all texts are dates.
  private static func dates(of survey: ColumnSurvey) -> [Double]? {
    if survey.hasMoreTexts { return survey.areDates ? [] : nil }
    var dates: [Double] = []
    for (text, count) in survey.texts {
      guard let days = CalendarDate.days(text) else { return nil }
      dates += Array(repeating: days, count: count)
    }
    return dates
  }

  /// Returns true if a column has numbers and texts, and its numbers are texts too, such as codes. Throws if it has a few
  /// texts, which are probably typing errors. Many different texts are codes, such as the numbers of tickets.
  static func hasNumbersAsText(_ survey: ColumnSurvey, _ column: SurveyedColumn) throws(CSVError) -> Bool {
    guard survey.numberCount > 0, let first = survey.firstText else { return false }
    let misspelled = survey.misspelled
    let areCodes = survey.texts.count >= 20 && 20 * survey.textCount >= survey.count
    guard survey.numberCount + misspelled >= survey.textCount - misspelled,
      !areCodes || misspelled * 2 > survey.textCount
    else { return true }
    throw column.error(
      .mixedColumn(first.text, numbers: survey.numberCount, rows: survey.count), line: first.line)
  }

  /// Returns true for names such as `id`, `PassengerId`, `index`, `row` and the empty name.
  private static func isIdentifierName(_ name: String) -> Bool {
    let lower = name.lowercased()
    return lower.isEmpty || lower.hasPrefix("unnamed")
      || ["id", "index", "row", "rownames", "no", "nr", "#"].contains(lower)
      || name.hasSuffix("Id") || name.hasSuffix("ID") || lower.hasSuffix("_id") || lower.hasSuffix(" id")
  }
}
