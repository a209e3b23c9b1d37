import Foundation
import Micrograd
import MicrogradNN

/// A table in a binary file, for data that are larger than memory. `micrograd convert` and ``TableConverter`` write it.
///
/// The file is mapped into memory, and read block by block. Only the pages in use take memory: 64 MB, however large the
/// file is; the whole file if it has at most 128 MB. The checksum of a block is verified when the block is first read. The file must not be changed meanwhile.
///
/// ```swift
/// let table = try BinaryTable(contentsOf: URL(fileURLWithPath: "data.mgt"))
/// table.count    // the number of rows
/// table.columns  // the names, kinds and texts of the columns
/// ```
public final class BinaryTable: @unchecked Sendable {
  /// A column of the table.
  public struct Column: Codable, Equatable, Sendable {
    /// The kind of the numbers that are stored.
    public enum Kind: String, Codable, Sendable {
      /// Numbers.
      case number
      /// Days since 1970-01-01.
      case date
      /// Indices into the texts of the column.
      case text
    }

    /// The name of the column.
    public let name: String
    /// The kind of the column.
    public let kind: Kind
    /// The different texts of a column of texts, by value if all are integers, else in the order of strings; else empty.
    public let texts: [String]

    /// Creates the description of a column. A column of texts has at least one text, all different; others have none.
    public init(name: String, kind: Kind, texts: [String] = []) {
      self.name = name
      self.kind = kind
      self.texts = texts
    }
  }

  /// The path of the file.
  public let file: String
  let header: BinaryTableHeader
  private let checksums: [UInt32]
  private let lock = NSLock()
  /// Guarded by the lock.
  private var pages: BlockPages

  /// Opens a file, and verifies its header and its size.
  ///
  /// Throws ``BinaryTableError`` if the file cannot be read, is not a binary table, or is damaged. Damaged rows are found when
  /// they are read.
  public init(contentsOf url: URL) throws(BinaryTableError) {
    file = url.path
    let map: MappedFile
    do {
      map = try MappedFile(url.path)
    } catch {
      switch error {
      case .cannotRead(let reason), .cannotWrite(let reason): throw .init(.cannotRead(reason: reason), file: url.path)
      case .outOfMemory: throw .init(.cannotRead(reason: "out of memory"), file: url.path)
      }
    }
    do {
      header = try BinaryTableHeader(map.bytes)
    } catch {
      throw .init(error.problem, file: url.path)
    }
    let list = UnsafeRawBufferPointer(rebasing: map.bytes[header.checksumStart...])
    var checksum = Checksum()
    checksum.addContent(UnsafeRawBufferPointer(rebasing: list.dropLast(4)))
    func word(_ index: Int) -> UInt32 {
      UInt32(littleEndian: list.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
    }
    guard checksum.value == word(header.blockCount) else { throw .init(.damagedChecksums, file: url.path) }
    checksums = (0..<header.blockCount).map(word)
    pages = BlockPages(file, header, map, checksums: checksums)
  }

  /// Returns true if a file begins with the signature of binary tables.
  ///
  /// ```swift
  /// BinaryTable.isBinaryTable(URL(fileURLWithPath: "data.csv"))  // false
  /// ```
  public static func isBinaryTable(_ url: URL) -> Bool {
    guard let map = try? MappedFile(url.path) else { return false }
    return map.bytes.prefix(8).elementsEqual(BinaryTableHeader.signature)
  }

  /// The number of rows, at least 1.
  public var count: Int { header.rowCount }
  /// The columns, at least one.
  public var columns: [Column] { header.description.columns }
  /// The name of the column to predict.
  public var target: String { header.description.target }

  /// The number of columns that the conversion considered as inputs, including those that it left out.
  public var consideredCount: Int { header.description.considered }

  /// A text that differs, in all likelihood, for tables with other rows, columns or texts.
  public var fingerprint: String {
    var checksum = Checksum()
    checksum.add(Int(header.checksum))
    for block in checksums { checksum.add(Int(block)) }
    return "\(count) rows, \(checksum.text)"
  }

  /// Returns a column. Throws ``BinaryTableError`` if no column has this name.
  public func column(_ name: String) throws(BinaryTableError) -> Column { columns[try index(of: name)] }

  /// Returns the index of a column. Throws if no column has this name.
  func index(of name: String) throws(BinaryTableError) -> Int {
    guard let index = columns.firstIndex(where: { $0.name == name }) else {
      throw error(.unknownColumn(name, existing: columns.map(\.name)))
    }
    return index
  }

  func error(_ problem: BinaryTableError.Problem) -> BinaryTableError { BinaryTableError(problem, file: file) }

  /// Calls `body` with the numbers of each of some rows, in this order: one for each column.
  ///
  /// Throws if a row is damaged. `rows` must be from 0 to `count` − 1.
  func forEachRow(_ rows: some Sequence<Int>, _ body: (_ row: Int, UnsafeBufferPointer<Double>) throws -> Void) throws {
    let width = header.columnCount
    try lock.withLock { try pages.forEach(rows) { try body($0, UnsafeBufferPointer(start: $1, count: width)) } }
  }

  /// Calls `body` with the places of the numbers of some rows, in this order.
  ///
  /// Throws if a row is damaged. `rows` must be from 0 to `count` − 1. There may be so many rows as the pages that are kept
  /// allow; more are read again.
  func withRows<Result>(
    _ rows: [Int], _ body: (UnsafeBufferPointer<UnsafePointer<Double>>) throws -> Result
  ) throws -> Result {
    try lock.withLock {
      let places = try [UnsafePointer<Double>](unsafeUninitializedCapacity: rows.count) { room, count in
        try pages.forEach(rows) { _, place in
          room.initializeElement(at: count, to: place)
          count += 1
        }
      }
      return try places.withUnsafeBufferPointer(body)
    }
  }
}
