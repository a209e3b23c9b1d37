extension CSVRecords {
  /// Returns true if the first row names the columns, false if it is data. Throws if that is unclear.
  func hasHeader(
    _ header: CSVTable.Header, missing: Set<String>, point: UInt8, file: String?
  ) throws(CSVError) -> Bool {
    switch header {
    case .present: return true
    case .absent: return false
    case .automatic: break
    }
    let columns = 0..<columnCount
    let isMissing = columns.map { column in
      let text = field(row: 0, column: column)
      return text.isEmpty || missing.contains(text)
    }
    let areNumbers = columns.map { isNumberOfData(column: $0, point) }
    guard areNumbers.contains(true) else { return true }
    let areNumbersOrMissing = zip(areNumbers, isMissing).allSatisfy { $0 || $1 }
    if areNumbersOrMissing {
      if !isMissing.contains(true) { return false }
      if isNumbered { return true }
    } else if !columns.allSatisfy({ areNumbers[$0] == isNumber(row: 1, column: $0, point) }) {
      return true
    }
    let first = areNumbers.firstIndex(of: true) ?? 0
    throw CSVError(
      .unclearHeader(field(row: 0, column: first)), file: file, line: line(row: 0, column: first))
  }

  private func isNumber(row: Int, column: Int, _ point: UInt8) -> Bool {
    row < count && number(row: row, column: column, point: point) != nil
  }

  /// Returns true for a number in the first row, except a quoted one above an unquoted one: programs write names like that.
  private func isNumberOfData(column: Int, _ point: UInt8) -> Bool {
    guard isNumber(row: 0, column: column, point) else { return false }
    return !isQuoted(row: 0, column: column) || count < 2 || isQuoted(row: 1, column: column)
  }

  /// Returns true if the first row is empty, 0, 1, 2 and so on, as data frames without names write it.
  private var isNumbered: Bool {
    field(row: 0, column: 0).isEmpty
      && (1..<columnCount).allSatisfy { field(row: 0, column: $0) == "\($0 - 1)" }
  }
}
