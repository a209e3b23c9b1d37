import Foundation
import Micrograd
import MicrogradNN

/// Writes a binary table row by row, in constant memory.
///
/// The file gets its name in ``finish()``, in one step: whatever happens before, an existing file stays as it is.
///
/// ```swift
/// let writer = try BinaryTableWriter(
///   to: url, columns: [.init(name: "x", kind: .number), .init(name: "y", kind: .number)], target: "y", count: 2)
/// try writer.append([1, 10])
/// try writer.append([2, 20])
/// try writer.finish()
/// ```
public final class BinaryTableWriter {
  private let path: String
  private let replacement: FileReplacement
  private let count: Int
  private let columnCount: Int
  private let blockRows: Int
  private var written = 0
  private var block: [Double] = []
  private var checksums: [UInt8] = []

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - url: The file, which is replaced if it exists.
  ///   - columns: The columns, at least one, with different names. A column of texts has at least one text.
  ///   - target: The name of the column to predict, one of the columns.
  ///   - count: The number of rows that will be appended, at least 1.
  ///   - considered: See ``BinaryTable/consideredCount``; nil for all columns but the target.
  /// - Throws: ``BinaryTableError`` if the file cannot be written.
  public init(to url: URL, columns: [BinaryTable.Column], target: String, count: Int, considered: Int? = nil) throws {
    let description = BinaryTableHeader.Description(
      columns: columns, target: target, considered: considered ?? columns.count - 1)
    require(description.contradiction == nil, "\(description.contradiction ?? ""): give other columns.")
    require(count >= 1, "A table has \(count) rows: give at least one.")
    path = url.path
    self.count = count
    columnCount = columns.count
    blockRows = max(1, BinaryTableHeader.usualBlockSize / (8 * columnCount))
    do {
      replacement = try FileReplacement(of: path)
      try replacement.write(BinaryTableHeader.bytes(description, rowCount: count))
    } catch let error as SystemFileError {
      throw Self.failure(error, path)
    }
    block.reserveCapacity(blockRows * columnCount)
  }

  /// Appends a row, one number for each column: of a column of texts, the index of the text; NaN for a missing value.
  ///
  /// Throws ``BinaryTableError`` if the disk is full, and for more rows than were announced.
  public func append(_ row: some Collection<Double>) throws(BinaryTableError) {
    require(row.count == columnCount, "A row has \(row.count) numbers for \(columnCount) columns: give as many.")
    guard written < count else { throw BinaryTableError(.changed, file: path) }
    written += 1
    block += row
    if block.count == blockRows * columnCount { try writeBlock() }
  }

  /// Ends the file and gives it its name.
  ///
  /// Throws ``BinaryTableError`` if the disk is full, and for fewer rows than were announced.
  public func finish() throws(BinaryTableError) {
    guard written == count else { throw BinaryTableError(.changed, file: path) }
    if !block.isEmpty { try writeBlock() }
    var checksum = Checksum()
    checksums.withUnsafeBytes { checksum.addContent($0) }
    withUnsafeBytes(of: checksum.value.littleEndian) { checksums += $0 }
    do {
      try replacement.write(checksums)
      try replacement.commit()
    } catch {
      throw Self.failure(error, path)
    }
  }

  private func writeBlock() throws(BinaryTableError) {
    var checksum = Checksum()
    let bytes = block.withUnsafeBytes { bytes in
      checksum.addContent(bytes)
      return Array(bytes)
    }
    withUnsafeBytes(of: checksum.value.littleEndian) { checksums += $0 }
    block.removeAll(keepingCapacity: true)
    do {
      try replacement.write(bytes)
    } catch {
      throw Self.failure(error, path)
    }
  }

  private static func failure(_ error: SystemFileError, _ path: String) -> BinaryTableError {
    switch error {
    case .cannotRead(let reason), .cannotWrite(let reason): BinaryTableError(.cannotWrite(reason: reason), file: path)
    case .outOfMemory: BinaryTableError(.cannotWrite(reason: "out of memory"), file: path)
    }
  }
}
