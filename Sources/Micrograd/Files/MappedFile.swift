#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file whose bytes are mapped into memory. Pages are read when they are touched.
///
/// The file must not be changed while it is mapped: if another program makes it shorter, touching the missing pages ends
/// the program (SIGBUS).
package final class MappedFile: @unchecked Sendable {
  /// The bytes. They live as long as this object.
  package let bytes: UnsafeRawBufferPointer

  /// Maps a regular file.
  package init(_ path: String) throws(SystemFileError) {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if file < 0 { throw SystemFileError.cannotRead(reason: SystemFile.reason()) }
    defer { _ = close(file) }
    var info = stat()
    if fstat(file, &info) != 0 { throw SystemFileError.cannotRead(reason: SystemFile.reason()) }
    guard SystemFile.isRegular(info) else { throw SystemFileError.cannotRead(reason: "it is not a regular file") }
    let size = Int(info.st_size)
    if size == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let pages = mmap(nil, size, PROT_READ, MAP_SHARED, file, 0), pages != MAP_FAILED else {
      throw SystemFileError.cannotRead(reason: SystemFile.reason())
    }
    bytes = UnsafeRawBufferPointer(start: pages, count: size)
  }

  deinit { if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) } }

  /// Gives the pages back to the system, which may keep them in its cache. They are read again when they are touched.
  package func releasePages() {
    if let start = bytes.baseAddress {
      _ = madvise(UnsafeMutableRawPointer(mutating: start), bytes.count, MADV_DONTNEED)
    }
  }
}
