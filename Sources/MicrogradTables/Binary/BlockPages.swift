import Micrograd
import MicrogradNN

/// The pages of a binary table: which blocks of rows are verified, and which take memory.
struct BlockPages {
  private let file: String
  private let header: BinaryTableHeader
  private let map: MappedFile
  /// The first byte of the rows.
  private let rows: UnsafeRawPointer
  private let checksums: [UInt32]
  /// The number of bytes of pages that are kept.
  private let window: Int

  /// For each block, true if its checksum is verified.
  private var areVerified: [Bool]
  /// For each block, the round in which it was last read. A round ends when the pages are given back.
  private var rounds: [UInt32]
  private var round: UInt32 = 1
  /// The number of blocks read in this round.
  private var readCount = 0

  /// - Parameters:
  ///   - file: The path of the file.
  ///   - header: Its header.
  ///   - map: Its bytes, as many as the header says.
  ///   - checksums: The checksum of each block.
  init(_ file: String, _ header: BinaryTableHeader, _ map: MappedFile, checksums: [UInt32]) {
    (self.file, self.header, self.map, self.checksums) = (file, header, map, checksums)
    guard let start = map.bytes.baseAddress else { trap("a table has a header: its file was checked") }
    rows = start + header.dataStart
    // A small file is kept, so that its rows can be read in any order.
    window = header.fileSize <= 128 << 20 ? .max : 64 << 20
    areVerified = Array(repeating: false, count: header.blockCount)
    rounds = Array(repeating: 0, count: header.blockCount)
  }

  /// Calls `body` with the number and the place of each of some rows, in this order.
  ///
  /// Throws if a row is damaged. Rows must be from 0 to `header.rowCount` − 1.
  mutating func forEach(
    _ indices: some Sequence<Int>, _ body: (_ row: Int, UnsafePointer<Double>) throws -> Void
  ) throws {
    let count = header.rowCount, size = header.rowSize, blockRows = header.blockRows
    var known = 0..<0
    for row in indices {
      if !known.contains(row) {
        require(row >= 0 && row < count, "There is no row \(row) among \(count): count rows from 0.")
        let block = row / blockRows
        if rounds[block] != round || !areVerified[block] { try prepare(block) }
        known = block * blockRows..<min((block + 1) * blockRows, count)
      }
      // Rows begin at multiples of eight bytes.
      try body(row, (rows + row * size).assumingMemoryBound(to: Double.self))
    }
  }

  /// Verifies a block that is read for the first time. Gives pages back if many are in use.
  private mutating func prepare(_ block: Int) throws(BinaryTableError) {
    if rounds[block] != round {
      readCount += 1
      if readCount * header.blockRows * header.rowSize > window {
        map.releasePages()
        (readCount, round) = (1, round &+ 1)
      }
      rounds[block] = round
    }
    if areVerified[block] { return }
    let found = header.rows(ofBlock: block)
    var checksum = Checksum()
    checksum.addContent(
      UnsafeRawBufferPointer(start: rows + found.lowerBound * header.rowSize, count: found.count * header.rowSize))
    guard checksum.value == checksums[block] else { throw .init(.damagedRows(found), file: file) }
    areVerified[block] = true
  }
}
