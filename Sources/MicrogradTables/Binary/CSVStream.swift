import Foundation
import Micrograd

/// The rows of a CSV file, a piece at a time, so that the file may be larger than memory.
///
/// A piece is a ``CSVTable`` with the header of the file and some of its rows. A file that is compressed with gzip is
/// unpacked in memory.
struct CSVStream {
  /// How the text is read, as in ``CSVTable``.
  struct Format {
    var separator: Character?
    var missing = CSVTable.missingWords
    var header = CSVTable.Header.automatic
    var decimal = CSVTable.DecimalMark.point
  }

  /// Rows that follow each other in the file.
  struct Piece {
    let table: CSVTable
    /// The number of rows of the file before those of the table.
    let rowsBefore: Int
    /// The number of lines of the file by which lines of the table are shifted.
    let linesBefore: Int
  }

  fileprivate enum Content {
    case mapped(MappedFile)
    case unpacked([UInt8])
  }

  /// The name of the file, for messages.
  let file: String
  /// The first piece has what is the same for all.
  let columns: [String]
  let hasHeader: Bool
  private(set) var hasDecimalComma: Bool
  private let separator: Character
  private let missing: Set<String>
  fileprivate let content: Content
  /// The bytes up to the first row of data.
  private let start: [UInt8]
  private let startLines: Int
  private let pieceSize: Int

  /// - Parameter pieceSize: The number of bytes of a piece; one with a longer row is larger.
  init(_ url: URL, _ format: Format, pieceSize: Int = 4 << 20) throws {
    file = url.lastPathComponent
    self.pieceSize = pieceSize
    let file = file
    let content = try Content(url)
    self.content = content
    let (first, record) = try content.withBytes { bytes in
      // The header and the kind of the first line are told from the rows that follow.
      let size = Self.pieceEnd(bytes, from: 0, size: max(pieceSize, 1 << 16))
      let piece = Array(bytes[..<size])
      let table = try CSVTable(
        bytes: piece, file: file, separator: format.separator, missing: format.missing, header: format.header,
        decimal: format.decimal)
      return (table, piece)
    }
    columns = first.columns
    hasHeader = first.hasHeader
    separator = first.records.separator
    missing = format.missing
    start = hasHeader ? Array(record[..<first.records.startOfRow(1)]) : []
    startLines = Self.lineCount(start)
    hasDecimalComma = first.hasDecimalComma
    if format.decimal == .automatic, separator != "," {
      hasDecimalComma = false
      var found: Bool?
      try forEachPiece { piece in
        if found != false { found = piece.table.records.decimalComma(isKnown: found == true) ?? found }
      }
      hasDecimalComma = found ?? false
    }
  }

  /// Calls `body` with all rows in order. Throws `CSVError` for a row that is not one of the table.
  func forEachPiece(_ body: (Piece) throws -> Void) throws {
    try content.withBytes { bytes in
      var place = start.count
      var lines = startLines
      var rows = 0
      while place < bytes.count {
        let end = Self.pieceEnd(bytes, from: place, size: pieceSize)
        let text = UnsafeRawBufferPointer(rebasing: bytes[place..<end])
        place = end
        defer {
          lines += Self.lineCount(text)
          content.releasePages()
        }
        if text.allSatisfy(\.isASCIISpace) { continue }
        let shift = lines - startLines
        let table: CSVTable
        do {
          table = try CSVTable(
            bytes: start + text, file: file, separator: separator, missing: missing,
            header: hasHeader ? .present : .absent, decimal: hasDecimalComma ? .comma : .point)
        } catch let error as CSVError {
          throw error.shifted(by: shift)
        }
        guard table.columns.count == columns.count else {
          throw CSVError(.fieldCount(table.columns.count, columns: columns.count), file: file, line: shift + 1)
        }
        try body(Piece(table: table, rowsBefore: rows, linesBefore: shift))
        rows += table.count
      }
    }
  }

  /// Returns the end of a piece: after the last row that ends within the size, or after the first row.
  private static func pieceEnd(_ bytes: UnsafeRawBufferPointer, from start: Int, size: Int) -> Int {
    var (isQuoted, end) = (false, start)
    for index in start..<bytes.count {
      if index - start >= size, end > start { return end }
      switch bytes[index] {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "\n") where !isQuoted: end = index + 1
      case UInt8(ascii: "\r") where !isQuoted:
        if index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: "\n") { end = index + 1 }
      default: break
      }
    }
    return bytes.count
  }

  private static func lineCount(_ bytes: some Sequence<UInt8>) -> Int {
    var (count, previous) = (0, UInt8(0))
    for byte in bytes {
      if byte == UInt8(ascii: "\r") || (byte == UInt8(ascii: "\n") && previous != UInt8(ascii: "\r")) { count += 1 }
      previous = byte
    }
    return count
  }
}

extension CSVStream.Content {
  fileprivate init(_ url: URL) throws {
    let map: MappedFile
    do throws(SystemFileError) {
      map = try MappedFile(url.path)
    } catch {
      throw BinaryTableError(.cannotReadCSV(error), file: url.path)
    }
    let isPacked = Gzip.isPacked(Array(map.bytes.prefix(2)))
    self = isPacked ? .unpacked(try Gzip.unpack(Array(map.bytes))) : .mapped(map)
  }

  fileprivate func releasePages() {
    if case .mapped(let map) = self { map.releasePages() }
  }

  fileprivate func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch self {
    case .mapped(let map): try body(map.bytes)
    case .unpacked(let bytes): try bytes.withUnsafeBytes(body)
    }
  }
}

extension CSVError {
  /// Returns the error with the line in the whole file.
  fileprivate func shifted(by lines: Int) -> CSVError {
    CSVError(problem, file: file, line: line.map { $0 + lines }, column: column)
  }
}

extension BinaryTableError.Problem {
  fileprivate static func cannotReadCSV(_ error: SystemFileError) -> BinaryTableError.Problem {
    switch error {
    case .cannotRead(let reason), .cannotWrite(let reason): .cannotRead(reason: reason)
    case .outOfMemory: .cannotRead(reason: "out of memory")
    }
  }
}
