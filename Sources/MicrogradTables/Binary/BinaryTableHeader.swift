import Foundation
import Micrograd
import MicrogradNN

/// The layout of a binary table, version 1. Numbers are little-endian.
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 8 | the signature: 89 4D 47 54 0D 0A 1A 0A |
/// | 8 | 4 | the version |
/// | 12 | 4 | CRC-32 of the header from offset 16 on |
/// | 16 | 8 | h, the size of the header in bytes, counted from offset 0 |
/// | 24 | 8 | r, the number of rows |
/// | 32 | 8 | c, the number of columns |
/// | 40 | 8 | b, the number of rows of a block |
/// | 48 | h − 48 | JSON: `columns`, each with `name`, `kind` and `texts`; `target`; `considered` |
/// | d | 8·c·r | doubles, row by row; d is h rounded up to a multiple of 4096, the bytes between are 0 |
/// | d + 8·c·r | 4·n | CRC-32 of each of the n = ⌈r/b⌉ blocks |
/// | | 4 | CRC-32 of these n checksums |
///
/// A block is b consecutive rows, and so a contiguous piece of the file; the last may be shorter. In a column of texts, a
/// cell is the index of its text. A missing cell is NaN.
struct BinaryTableHeader: Equatable {
  static let signature: [UInt8] = [0x89, 0x4D, 0x47, 0x54, 0x0D, 0x0A, 0x1A, 0x0A]
  static let version: UInt32 = 1
  static let fixedSize = 48
  static let page = 4096
  /// Blocks have about as many bytes.
  static let usualBlockSize = 1 << 16

  /// What is in the JSON text.
  struct Description: Codable, Equatable {
    var columns: [BinaryTable.Column]
    var target: String
    /// The number of columns that were considered as inputs.
    var considered: Int
  }

  let description: Description
  let rowCount: Int
  let blockRows: Int
  /// The offset of the first row.
  let dataStart: Int
  /// The CRC-32 of the header.
  let checksum: UInt32

  var columnCount: Int { description.columns.count }
  var rowSize: Int { 8 * columnCount }
  var blockCount: Int { (rowCount - 1) / blockRows + 1 }
  /// The offset of the list of checksums.
  var checksumStart: Int { dataStart + rowCount * rowSize }
  var fileSize: Int { checksumStart + 4 * blockCount + 4 }

  func rows(ofBlock block: Int) -> Range<Int> { block * blockRows..<min((block + 1) * blockRows, rowCount) }

  /// The bytes of a new header, up to the first row.
  static func bytes(_ description: Description, rowCount: Int) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = try encoder.encode(description)
    let rowSize = 8 * description.columns.count
    let size = fixedSize + text.count
    var content: [UInt8] = []
    for number in [size, rowCount, description.columns.count, max(1, usualBlockSize / rowSize)] {
      withUnsafeBytes(of: UInt64(number).littleEndian) { content += $0 }
    }
    content += text
    var checksum = Checksum()
    content.withUnsafeBytes { checksum.addContent($0) }
    var bytes = signature
    for number in [version, checksum.value] { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    bytes += content
    return bytes + [UInt8](repeating: 0, count: (page - bytes.count % page) % page)
  }

  /// Reads the header of a file. Nothing is allocated by a number that is not checked against the size of the file.
  init(_ file: UnsafeRawBufferPointer) throws(BinaryTableProblem) {
    guard file.count >= Self.fixedSize else {
      throw file.prefix(Self.signature.count).elementsEqual(Self.signature)
        ? .init(.wrongSize(byteCount: file.count, expected: Self.fixedSize)) : .init(.otherFormat)
    }
    guard file.prefix(Self.signature.count).elementsEqual(Self.signature) else { throw .init(.otherFormat) }
    func word(_ offset: Int) -> UInt32 {
      UInt32(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    func number(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    guard word(8) == Self.version else { throw .init(.unknownVersion(Int(word(8)))) }
    let size = number(16)
    guard size >= UInt64(Self.fixedSize), size <= UInt64(file.count) else {
      throw .init(.wrongSize(byteCount: file.count, expected: Int(clamping: size)))
    }
    var checksum = Checksum()
    checksum.addContent(UnsafeRawBufferPointer(rebasing: file[16..<Int(size)]))
    guard checksum.value == word(12) else { throw .init(.damagedHeader) }
    self.checksum = checksum.value

    let text = Data(file[Self.fixedSize..<Int(size)])
    guard let description = try? JSONDecoder().decode(Description.self, from: text) else {
      throw .init(.contradiction("the description of its columns cannot be read"))
    }
    if let reason = description.contradiction { throw .init(.contradiction(reason)) }
    self.description = description
    let columns = description.columns.count
    guard number(32) == UInt64(columns) else { throw .init(.contradiction("it has \(columns) columns")) }
    let rows = number(24), blockRows = number(40)
    guard rows >= 1, rows <= UInt64(file.count / (8 * columns)) else {
      throw .init(.contradiction("\(rows) rows do not fit into the file"))
    }
    guard blockRows >= 1, blockRows <= UInt64(Int32.max) else {
      throw .init(.contradiction("a block has \(blockRows) rows"))
    }
    (rowCount, self.blockRows) = (Int(rows), Int(blockRows))
    dataStart = (Int(size) + Self.page - 1) / Self.page * Self.page
    guard file.count == fileSize else { throw .init(.wrongSize(byteCount: file.count, expected: fileSize)) }
  }
}

/// A problem whose file is not known yet.
struct BinaryTableProblem: Error {
  let problem: BinaryTableError.Problem
  init(_ problem: BinaryTableError.Problem) { self.problem = problem }
}

extension BinaryTableHeader.Description {
  /// Returns why this describes no table; nil if it does.
  var contradiction: String? {
    if considered < 0 || considered > 1 << 32 { return "it considered \(considered) columns" }
    if columns.isEmpty { return "it has no columns" }
    if Set(columns.map(\.name)).count != columns.count { return "two columns have the same name" }
    for column in columns {
      if (column.kind == .text) == column.texts.isEmpty { return "column “\(column.name)” has texts of another kind" }
      if Set(column.texts).count != column.texts.count { return "column “\(column.name)” has a text twice" }
    }
    return columns.contains { $0.name == target } ? nil : "its target “\(target)” is not a column"
  }
}
