import CZlib
import Micrograd
import MicrogradNN

/// A stream that decompresses bytes piece by piece.
final class GzipStream {
  private let bytes: [UInt8]
  /// The offset in `bytes` at which zlib continues.
  private var position = 0
  /// True if all data are decompressed and verified, and no other bytes follow.
  private var isAtEnd = false
  /// zlib keeps the address of its state, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  init(_ bytes: [UInt8]) throws(GzipError) {
    guard Gzip.isPacked(bytes) else { throw .otherFormat }
    self.bytes = bytes
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 16 more than the largest window means: expect gzip's header and checksum.
    let code = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw .outOfMemory }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Appends decompressed data until `output` has `count` bytes or all is read.
  func read(into output: inout [UInt8], upTo count: Int) throws(GzipError) {
    let expected = min(count, expectedSize)
    guard SystemFile.hasMemory(expected) else { throw .outOfMemory }
    output.reserveCapacity(expected)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while output.count < count, !isAtEnd {
      let unpacked = try inflate(into: &piece, atMost: count - output.count)
      output += piece[..<unpacked]
    }
  }

  /// The size that the last member claims, limited to what its compressed bytes can contain.
  private var expectedSize: Int {
    guard bytes.count >= 18 else { return 0 }
    let named = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    // Deflate compresses at most by a factor of 1032.
    return min(named + 1, bytes.count * 1032)
  }

  /// Decompresses to the start of `piece`. Returns the number of bytes, which may be 0 at the end of a member.
  private func inflate(into piece: inout [UInt8], atMost count: Int) throws(GzipError) -> Int {
    let room = min(count, piece.count)
    let given = min(bytes.count - position, 1 << 30)
    let code = bytes.withUnsafeBufferPointer { input in
      piece.withUnsafeMutableBufferPointer { output in
        // zlib declares its input as writable, but does not write to it.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.advanced(by: position))
        stream.pointee.avail_in = UInt32(given)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(room)
        return CZlib.inflate(stream, Z_NO_FLUSH)
      }
    }
    position += given - Int(stream.pointee.avail_in)
    switch code {
    case Z_OK: break
    case Z_STREAM_END: try goOnAfterMember()
    case Z_BUF_ERROR: throw .truncated
    case Z_MEM_ERROR: throw .outOfMemory
    default: throw .corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "zlib's code \(code)")
    }
    return room - Int(stream.pointee.avail_out)
  }

  private func goOnAfterMember() throws(GzipError) {
    if position == bytes.count {
      isAtEnd = true
    } else if bytes[position] == 0x1F {
      inflateReset(stream)
    } else {
      throw .trailingBytes(bytes.count - position)
    }
  }
}
