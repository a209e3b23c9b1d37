extension CSVRecords {
  /// Returns true if numbers have a decimal comma: see ``CSVTable/DecimalMark/automatic``.
  var areDecimalsWithComma: Bool { decimalComma() ?? false }

  /// Returns true if some numbers have a decimal comma and none a point, false if one has a point; nil if that is open.
  ///
  /// - Parameter isKnown: True if earlier rows of the file have a decimal comma.
  func decimalComma(isKnown: Bool = false) -> Bool? {
    guard separator != "," else { return false }
    var isSure = isKnown
    for row in 0..<count {
      for column in 0..<columnCount {
        if isSure, number(row: row, column: column, point: UInt8(ascii: ",")) != nil { continue }
        let parts = field(row: row, column: column).split(separator: ",", omittingEmptySubsequences: false)
        if parts.count == 1, parts[0].contains("."), CSVNumber.isSpelled(parts[0]) { return false }
        guard parts.count == 2, CSVNumber.isSpelled(parts.joined(separator: ".")), !parts[0].contains(".") else {
          continue
        }
        let whole = parts[0].drop { $0 == "-" || $0 == "+" }
        let decimals = parts[1].prefix { $0.isNumber }
        isSure = isSure || decimals.count != 3 || whole.count > 3 || whole == "0"
      }
    }
    return isSure ? true : nil
  }
}
