extension CSVTable {
  /// Returns the numbers of a column, nil for missing values.
  ///
  /// Throws `CSVError` for the first field that is neither a number nor missing, and for a column that does not exist.
  ///
  /// ```swift
  /// try CSVTable(text: "a,b\n1,NA\n,2\n").numbersOrGaps("b")  // [nil, 2.0]
  /// ```
  public func numbersOrGaps(_ column: String) throws(CSVError) -> [Double?] {
    let place = try index(of: column)
    var numbers: [Double?] = []
    numbers.reserveCapacity(count)
    for row in 0..<count {
      if let number = numberIfAny(row: row, column: place) {
        numbers.append(number)
        continue
      }
      do {
        numbers.append(try number(row: row, column: place))
      } catch {
        switch error.problem {
        case .missingValue, .missingWord: numbers.append(nil)
        default: throw error
        }
      }
    }
    return numbers
  }

  /// Returns the lines of the file, counted from 1, on which the fields of a column start, without the header's.
  ///
  /// Throws `CSVError` for a column that does not exist.
  ///
  /// ```swift
  /// try CSVTable(text: "a,b\n1,2\n\n3,4\n").lines(of: "a")  // [2, 4]
  /// ```
  public func lines(of column: String) throws(CSVError) -> [Int] {
    Array(records.lines(column: try index(of: column)).dropFirst(hasHeader ? 1 : 0))
  }
}
