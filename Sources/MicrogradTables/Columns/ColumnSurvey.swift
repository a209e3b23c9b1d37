/// Counts of what the cells of a column are.
struct ColumnSurvey {
  /// The number of missing cells.
  private(set) var missing = 0
  /// The number of cells with numbers.
  private(set) var numberCount = 0
  /// The smallest and the largest number; nil if there are none.
  private(set) var range: ClosedRange<Double>?
  /// The other texts, with the number of their cells. Of a bounded survey, at most ``textLimit`` different ones.
  private(set) var texts: [String: Int] = [:]
  /// The first text that is not a number, and its line in the file.
  private(set) var firstText: (text: String, line: Int)?
  /// The number of cells that are neither missing nor numbers.
  private(set) var textCount = 0
  /// True if a bounded survey found more than ``textLimit`` different texts.
  private(set) var hasMoreTexts = false
  /// True if all texts of a bounded survey are dates.
  private(set) var areDates = true
  /// True if the numbers so far are consecutive integers from 0 or 1 in the order of the rows.
  private var areConsecutive = true
  /// The difference between the first number and its row, and so of all if they count the rows.
  private var firstDifference: Double?
  /// The numbers; empty if the survey is bounded.
  private var numbers: [Double] = []
  /// The median, if another than that of ``numbers`` is known.
  var knownMedian: Double?
  private let isBounded: Bool

  /// The largest number of different texts that a bounded survey counts: more are never categories.
  static let textLimit = TableEncoder.Options.greatestCategoryCount

  /// The number of cells with a value.
  var count: Int { numberCount + textCount }
  /// True if the numbers count the rows.
  var areRowNumbers: Bool { areConsecutive && missing == 0 && texts.isEmpty && numberCount > 1 }
  /// The median of the numbers; see ``median(_:)``.
  var median: Double { knownMedian ?? Self.median(numbers) }

  /// - Parameter isBounded: True to take constant memory: the numbers are not kept, and only some texts.
  init(isBounded: Bool) { self.isBounded = isBounded }

  /// - Parameters:
  ///   - rows: The rows to survey.
  ///   - asText: True to count numbers as texts.
  init(_ table: CSVTable, column: Int, rows: [Int], asText: Bool) {
    self.init(isBounded: false)
    numbers.reserveCapacity(asText ? 0 : rows.count)
    add(table, column: column, rows: rows, asText: asText)
  }

  /// Counts the cells of more rows.
  ///
  /// - Parameters:
  ///   - rowsBefore: The number of rows of the file before the table's.
  ///   - linesBefore: The number of lines of the file before the table's.
  mutating func add(
    _ table: CSVTable, column: Int, rows: some Sequence<Int>, asText: Bool, rowsBefore: Int = 0, linesBefore: Int = 0
  ) {
    for row in rows {
      if !asText, let number = table.numberIfAny(row: row, column: column) {
        add(number, row: rowsBefore + row)
        continue
      }
      let text = table.field(row: row, column: column)
      if table.isMissing(text) {
        missing += 1
        continue
      }
      if firstText == nil { firstText = (text, linesBefore + table.line(row: row, column: column)) }
      add(text, count: 1)
    }
  }

  /// Counts a number.
  mutating func add(_ number: Double, row: Int) {
    let difference = number - Double(row)
    let expected = firstDifference ?? difference
    firstDifference = expected
    areConsecutive = areConsecutive && number == Double(row) + expected
    numberCount += 1
    range = range.map { Swift.min($0.lowerBound, number)...Swift.max($0.upperBound, number) } ?? number...number
    if !isBounded { numbers.append(number) }
  }

  /// Counts cells with a text.
  mutating func add(_ text: String, count: Int) {
    textCount += count
    if texts[text] != nil {
      texts[text, default: 0] += count
    } else if !isBounded || texts.count < Self.textLimit {
      texts[text] = count
      if isBounded { areDates = areDates && CalendarDate.days(text) != nil }
    } else {
      hasMoreTexts = true
      areDates = areDates && CalendarDate.days(text) != nil
    }
  }

  /// Counts missing cells.
  mutating func addMissing(_ count: Int) { missing += count }

  /// The number of cells with texts that a person would read as numbers.
  var misspelled: Int { texts.reduce(0) { $0 + (CSVNumber.nearMiss($1.key) == nil ? 0 : $1.value) } }

  /// Returns the texts in order: by value if all are integers, else as strings.
  var orderedTexts: [String] { CSVTable.inOrder(Set(texts.keys)) }

  /// Returns the lower median if the count is odd, and the mean of the two middle numbers if it is even; 0 without numbers.
  static func median(_ numbers: [Double]) -> Double {
    guard !numbers.isEmpty else { return 0 }
    let sorted = numbers.sorted()
    let middle = sorted.count / 2
    // Halves are added, since the sum of two large numbers may overflow.
    return sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
  }
}
