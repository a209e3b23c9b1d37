import Micrograd
import MicrogradNN

/// The rows of a CSV text and the positions of their fields (RFC 4180).
///
/// The text is kept unchanged, with one offset per field, so memory is in proportion to the text. Fields are decoded when
/// they are read.
struct CSVRecords {
  /// The whole file.
  private let bytes: [UInt8]
  /// The character between fields.
  let separator: Character
  private let separatorLength: Int
  /// The offset of each row in bytes.
  private var starts: [Int] = []
  /// The offset of the end of each field, row by row. The next field starts after a separator.
  private var ends: [Int] = []
  /// The number of fields of every row.
  let columnCount: Int

  /// The number of rows, including the header.
  var count: Int { starts.count }

  /// - Parameters:
  ///   - bytes: The whole file, in UTF-8.
  ///   - separator: The character between fields; nil to detect it.
  ///   - file: The name for messages.
  init(_ bytes: [UInt8], separator: Character?, file: String?) throws(CSVError) {
    self = try bytes.withUnsafeBufferPointer { buffer throws(CSVError) in
      try CSVRecords(bytes, buffer, separator: separator, file: file)
    }
  }

  /// - Parameter buffer: The same bytes, read without checks of their bounds.
  private init(
    _ bytes: [UInt8], _ buffer: UnsafeBufferPointer<UInt8>, separator: Character?, file: String?
  ) throws(CSVError) {
    let lineThatIsNotText = Self.firstLineThatIsNotText(bytes)
    if lineThatIsNotText != nil || bytes.prefix(64).contains(0), let format = FileFormat(bytes) {
      throw CSVError(.otherFormat(format), file: file)
    }
    if let lineThatIsNotText { throw CSVError(.notUTF8, file: file, line: lineThatIsNotText) }
    let start = CSVStart(bytes)
    let separator = separator ?? start.separator ?? CSVStart.guessedSeparator(buffer, from: start.table)
    let scanner = CSVScanner(buffer, separator: separator)
    self.bytes = bytes
    self.separator = separator
    separatorLength = separator.utf8.count
    guard start.table < bytes.count else { throw CSVError(.empty, file: file) }

    func located(_ fault: CSVScanner.Fault, names: [String]) -> CSVError {
      let column = fault.field.flatMap { names.indices.contains($0) ? names[$0] : nil }
      return CSVError(fault.problem, file: file, line: Self.line(of: fault.offset, in: bytes), column: column)
    }
    var header: [Int] = []
    let afterHeader: Int
    do {
      afterHeader = try scanner.row(from: start.table, into: &header)
    } catch {
      throw located(error, names: [])
    }
    columnCount = header.count
    starts = [start.table]
    // Reserves memory, to avoid reallocating hundreds of megabytes.
    let byteCount = MemoryLayout<Int>.stride * scanner.greatestFieldCount
    guard SystemFile.hasMemory(byteCount) else { throw CSVError(.outOfMemory(byteCount: byteCount), file: file) }
    ends.reserveCapacity(scanner.greatestFieldCount)
    ends += header
    let names = (0..<header.count).map { field(row: 0, column: $0) }

    var next = afterHeader
    var blankRows = 0
    while next < bytes.count {
      let (start, before) = (next, ends.count)
      do {
        next = try scanner.row(from: start, into: &ends)
      } catch {
        throw located(error, names: names)
      }
      let fields = ends.count - before
      let isBlank = fields == 1 && decoded(start..<ends[before]).isEmpty
      if isBlank, columnCount > 1 {
        ends.removeLast()
        continue
      }
      guard fields == columnCount else {
        throw CSVError(
          .fieldCount(fields, columns: columnCount), file: file, line: Self.line(of: start, in: bytes))
      }
      starts.append(start)
      blankRows = isBlank ? blankRows + 1 : 0
    }
    starts.removeLast(blankRows)
    ends.removeLast(blankRows)
  }

  /// Returns the text of a field without surrounding white space.
  func field(row: Int, column: Int) -> String { decoded(range(row: row, column: column)) }

  /// Returns the number in a field; nil if it is not a finite number.
  ///
  /// - Parameter point: The byte of the decimal mark.
  @inline(__always)
  func number(row: Int, column: Int, point: UInt8) -> Double? {
    let range = range(row: row, column: column)
    return bytes.withUnsafeBufferPointer { bytes in
      var (low, high) = (range.lowerBound, range.upperBound)
      while low < high, bytes[low].isASCIISpace { low += 1 }
      while low < high, bytes[high - 1].isASCIISpace { high -= 1 }
      if low < high, bytes[low] == Self.quote || bytes[low] >= 0x80 {
        return Array(decoded(low..<high).utf8).withUnsafeBufferPointer { CSVNumber.value($0, point: point) }
      }
      return CSVNumber.value(UnsafeBufferPointer(rebasing: bytes[low..<high]), point: point)
    }
  }

  /// Reads the numbers of fields, row by row, up to the first field that is not plainly a number.
  ///
  /// - Parameters:
  ///   - columns: The columns, in the order of their numbers in a row.
  ///   - start: The index of the first field to read, row · `columns.count` + column.
  ///   - firstRow: The row of the field 0.
  ///   - point: The byte of the decimal mark.
  ///   - numbers: A place for each field.
  /// - Returns: The index of the first field that was not read; the number of fields if all were.
  func readNumbers(
    _ columns: [Int], from start: Int, firstRow: Int, point: UInt8, into numbers: UnsafeMutableBufferPointer<Double>
  ) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      ends.withUnsafeBufferPointer { ends in
        starts.withUnsafeBufferPointer { starts in
          columns.withUnsafeBufferPointer { columns in
            var index = start
            var (row, place) = (firstRow + start / columns.count, start % columns.count)
            while index < numbers.count {
              let field = row * columnCount + columns[place]
              var low = columns[place] == 0 ? starts[row] : ends[field - 1] + separatorLength
              var high = ends[field]
              while low < high, bytes[low].isASCIISpace { low += 1 }
              while low < high, bytes[high - 1].isASCIISpace { high -= 1 }
              guard let number = CSVNumber.value(UnsafeBufferPointer(rebasing: bytes[low..<high]), point: point) else {
                return index
              }
              numbers[index] = number
              index += 1
              place += 1
              if place == columns.count { (row, place) = (row + 1, 0) }
            }
            return index
          }
        }
      }
    }
  }

  /// Returns the offset of a row in bytes; at the end of the text, its size.
  func startOfRow(_ row: Int) -> Int { row < count ? starts[row] : bytes.count }

  /// Returns true if the field is in quotation marks.
  func isQuoted(row: Int, column: Int) -> Bool {
    trimmed(range(row: row, column: column)).first.map { bytes[$0] == Self.quote } ?? false
  }

  /// Returns the line of the file, counted from 1, on which a field starts.
  func line(row: Int, column: Int) -> Int { Self.line(of: range(row: row, column: column).lowerBound, in: bytes) }

  /// Returns the lines of the file, counted from 1, on which the fields of a column start, in one pass.
  func lines(column: Int) -> [Int] {
    var (line, previous, place) = (1, UInt8(0), 0)
    return (0..<count).map { row in
      let start = range(row: row, column: column).lowerBound
      for byte in bytes[place..<start] {
        if byte == UInt8(ascii: "\r") || (byte == UInt8(ascii: "\n") && previous != UInt8(ascii: "\r")) { line += 1 }
        previous = byte
      }
      place = start
      return line
    }
  }

  // MARK: - Bytes

  private static let quote = UInt8(ascii: "\"")

  private func range(row: Int, column: Int) -> Range<Int> {
    let index = row * columnCount + column
    return (column == 0 ? starts[row] : ends[index - 1] + separatorLength)..<ends[index]
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, bytes[low].isASCIISpace { low += 1 }
    while low < high, bytes[high - 1].isASCIISpace { high -= 1 }
    return low..<high
  }

  private func decoded(_ range: Range<Int>) -> String {
    var range = trimmed(range)
    guard let first = range.first else { return "" }
    if bytes[first] == Self.quote { range = first + 1..<range.upperBound - 1 }
    var field: [UInt8] = []
    field.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      field.append(bytes[index])
      // A doubled mark stands for one.
      index += bytes[index] == Self.quote ? 2 : 1
    }
    return String(decoding: field, as: UTF8.self).withoutSpaceAbout
  }

  private static func line(of offset: Int, in bytes: [UInt8]) -> Int {
    var (line, previous) = (1, UInt8(0))
    for byte in bytes[..<offset] {
      if byte == UInt8(ascii: "\r") || (byte == UInt8(ascii: "\n") && previous != UInt8(ascii: "\r")) { line += 1 }
      previous = byte
    }
    return line
  }

  /// The line of the first invalid UTF-8; nil if all is valid.
  static func firstLineThatIsNotText(_ bytes: [UInt8]) -> Int? {
    let fault = bytes.withUnsafeBufferPointer { buffer -> Int? in
      var parser = Unicode.UTF8.ForwardParser()
      var index = 0
      guard let start = buffer.baseAddress else { return nil }
      while index < buffer.count {
        // Eight ASCII bytes at a time.
        while index + 8 <= buffer.count,
          UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
          index += 8
        }
        if index == buffer.count { break }
        if buffer[index] < 0x80 {
          index += 1
          continue
        }
        var rest = buffer[index...].makeIterator()
        guard case .valid(let scalar) = parser.parseScalar(from: &rest) else { return index }
        index += scalar.count
        parser = Unicode.UTF8.ForwardParser()
      }
      return nil
    }
    return fault.map { line(of: $0, in: bytes) }
  }
}

extension UInt8 {
  /// Returns true for a space, a tab or a line ending.
  var isASCIISpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }
  /// Returns true for an ASCII character that is visible.
  fileprivate var isVisibleASCII: Bool { self > 0x20 && self < 0x7F }
}

extension String {
  /// Returns the text without surrounding white space.
  var withoutSpaceAbout: String {
    if let first = utf8.first, let last = utf8.last, first.isVisibleASCII, last.isVisibleASCII { return self }
    guard first?.isWhitespace ?? false || last?.isWhitespace ?? false else { return self }
    guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[start...end])
  }
}
