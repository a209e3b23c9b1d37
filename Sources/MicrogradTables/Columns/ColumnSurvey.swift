/// Counts of what the cells of a column are.
struct ColumnSurvey {
  /// The number of missing cells.
  private(set) var missing = 0
  /// The numbers, in the order of the rows.
  private(set) var numbers: [Double] = []
  /// The other texts, with the number of their cells.
  private(set) var texts: [String: Int] = [:]
  /// The row of the first text that is not a number.
  private(set) var firstTextRow: Int?
  /// True if the numbers are consecutive integers from 0 or 1 in the order of the rows.
  private(set) var areRowNumbers = true

  /// The number of cells with a value.
  var count: Int { numbers.count + textCount }
  /// The number of cells that are neither missing nor numbers.
  private(set) var textCount = 0

  /// - Parameters:
  ///   - rows: The rows to survey.
  ///   - asText: True to count numbers as texts.
  init(_ table: CSVTable, column: Int, rows: [Int], asText: Bool) {
    numbers.reserveCapacity(asText ? 0 : rows.count)
    for row in rows {
      if !asText, let number = table.numberIfAny(row: row, column: column) {
        areRowNumbers = areRowNumbers && number == Double(row) + (numbers.first ?? number) - Double(rows[0])
        numbers.append(number)
        continue
      }
      let text = table.field(row: row, column: column)
      if table.isMissing(text) {
        missing += 1
        continue
      }
      textCount += 1
      texts[text, default: 0] += 1
      firstTextRow = firstTextRow ?? row
    }
    areRowNumbers = areRowNumbers && missing == 0 && texts.isEmpty && numbers.count > 1
  }

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
