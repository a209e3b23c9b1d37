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

  private let bytes: UnsafeBufferPointer<UInt8>
  private let separator: [UInt8]
  /// The first byte of the separator.
  private let first: UInt8
  private let hasLongSeparator: Bool
  /// For each byte, true if it is part of an ordinary field: no separator, line ending, quotation mark or zero.
  private let isOrdinary: [Bool]

  /// - Parameter bytes: The whole file, which must outlive the scanner.
  init(_ bytes: UnsafeBufferPointer<UInt8>, separator: Character) {
    self.bytes = bytes
    self.separator = Array(separator.utf8)
    first = self.separator[0]
    hasLongSeparator = self.separator.count > 1
    var isOrdinary = Array(repeating: true, count: 256)
    for byte in [0, UInt8(ascii: "\n"), UInt8(ascii: "\r"), Self.quote, first] {
      isOrdinary[Int(byte)] = false
    }
    self.isOrdinary = isOrdinary
  }

  /// An upper bound of the number of fields in the text: counts separators and line endings, eight bytes at a time.
  var greatestFieldCount: Int {
    guard let start = bytes.baseAddress else { return 1 }
    let marks = [first, UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    let (low, ones): (UInt64, UInt64) = (0x7F7F_7F7F_7F7F_7F7F, 0x0101_0101_0101_0101)
    let (a, b, c) = (UInt64(marks[0]) * ones, UInt64(marks[1]) * ones, UInt64(marks[2]) * ones)
    /// Returns a word whose bytes are 1 where those of `word` are zero, and 0 elsewhere.
    @inline(__always)
    func zeroBytes(_ word: UInt64) -> UInt64 { ~((word & low &+ low) | word | low) >> 7 }
    var count = 1
    var index = 0
    while index + 8 <= bytes.count {
      // Each byte of a sum counts up to 255: 85 words, with at most three marks in each byte.
      var sum: UInt64 = 0
      let end = min(index + 85 * 8, bytes.count - 7)
      while index < end {
        let word = UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self)
        sum &+= zeroBytes(word ^ a) &+ zeroBytes(word ^ b) &+ zeroBytes(word ^ c)
        index += 8
      }
      while sum != 0 {
        count += Int(sum & 0xFF)
        sum >>= 8
      }
    }
    while index < bytes.count {
      if marks.contains(bytes[index]) { count += 1 }
      index += 1
    }
    return count
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

  @inline(__always)
  private func fieldEnd(from start: Int, row: Int, _ field: Int) throws(Fault) -> Int {
    let end = isOrdinary.withUnsafeBufferPointer { isOrdinary in
      var index = start
      while index < bytes.count, isOrdinary[Int(bytes[index])] { index += 1 }
      return index
    }
    // Most fields end here.
    if end == bytes.count || isEnd(end) { return end }
    return try unusualFieldEnd(from: start, row: row, field)
  }

  /// Returns the end of a field with quotation marks, zeros, or a part of a separator of several bytes.
  private func unusualFieldEnd(from start: Int, row: Int, _ field: Int) throws(Fault) -> Int {
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
  @inline(__always)
  private func isEnd(_ index: Int) -> Bool {
    bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r") || isSeparator(index)
  }

  @inline(__always)
  private func isSeparator(_ index: Int) -> Bool {
    bytes[index] == first && (!hasLongSeparator || bytes[index...].starts(with: separator))
  }
}
