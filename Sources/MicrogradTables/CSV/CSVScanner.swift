/// Finds the ends of the fields of a row.
struct CSVScanner {
  /// An error in a row, and its position.
  struct Fault: Error {
    let problem: CSVError.Problem
    /// The offset whose line is reported.
    let offset: Int
    /// The index of the field in its row; nil if only the row is known.
    let field: Int?
  }

  private let bytes: [UInt8]
  private let separator: [UInt8]

  init(_ bytes: [UInt8], separator: Character) {
    self.bytes = bytes
    self.separator = Array(separator.utf8)
  }

  /// An upper bound of the number of fields in the text.
  var greatestFieldCount: Int {
    bytes.withUnsafeBufferPointer { bytes in
      1 + bytes.count { $0 == separator[0] || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    }
  }

  /// Appends the ends of a row's fields to `ends`. Returns the start of the next row.
  func row(from start: Int, into ends: inout [Int]) throws(Fault) -> Int {
    var index = start
    var field = 0
    while true {
      let end = try fieldEnd(from: index, row: start, field)
      ends.append(end)
      if end == bytes.count { return end }
      guard isSeparator(end) else {
        let isPair = bytes[end] == UInt8(ascii: "\r") && end + 1 < bytes.count && bytes[end + 1] == UInt8(ascii: "\n")
        return end + (isPair ? 2 : 1)
      }
      index = end + separator.count
      field += 1
    }
  }

  private func fieldEnd(from start: Int, row: Int, _ field: Int) throws(Fault) -> Int {
    var index = start
    while index < bytes.count, bytes[index].isASCIISpace, !isEnd(index) { index += 1 }
    if index < bytes.count, bytes[index] == Self.quote {
      index = try afterQuotes(from: index, field)
      while index < bytes.count, bytes[index].isASCIISpace, !isEnd(index) { index += 1 }
      if index < bytes.count, !isEnd(index) {
        if bytes[index] == 0 { throw Fault(problem: .zeroByte, offset: index, field: field) }
        throw Fault(problem: .strayQuote, offset: row, field: nil)
      }
      return index
    }
    while index < bytes.count, !isEnd(index) {
      if bytes[index] == 0 { throw Fault(problem: .zeroByte, offset: index, field: field) }
      if bytes[index] == Self.quote {
        guard index + 1 < bytes.count, bytes[index + 1] == Self.quote else {
          throw Fault(problem: .strayQuote, offset: row, field: nil)
        }
        index += 1
      }
      index += 1
    }
    return index
  }

  /// Returns the offset after the quotation mark that closes the one at `start`.
  private func afterQuotes(from start: Int, _ field: Int) throws(Fault) -> Int {
    var index = start + 1
    while index < bytes.count {
      if bytes[index] == 0 { throw Fault(problem: .zeroByte, offset: index, field: field) }
      if bytes[index] == Self.quote {
        guard index + 1 < bytes.count, bytes[index + 1] == Self.quote else { return index + 1 }
        index += 1
      }
      index += 1
    }
    throw Fault(problem: .openQuote, offset: start, field: nil)
  }

  private static let quote = UInt8(ascii: "\"")

  /// Returns true if a field ends at this offset.
  private func isEnd(_ index: Int) -> Bool {
    bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r") || isSeparator(index)
  }

  private func isSeparator(_ index: Int) -> Bool {
    guard bytes[index] == separator[0] else { return false }
    return separator.count == 1 || bytes[index...].starts(with: separator)
  }
}
