#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The reason why a file cannot be read or written.
package enum SystemFileError: Error, Equatable {
  /// The system's message says why.
  case cannotRead(reason: String)
  /// The system's message says why. An existing file is unchanged.
  case cannotWrite(reason: String)
  /// There is not enough memory for the file's content.
  case outOfMemory(byteCount: Int)
}

/// Files by system calls, so that errors can say what failed and why.
package enum SystemFile {
  /// Returns all bytes of a regular file.
  package static func read(_ path: String) throws(SystemFileError) -> [UInt8] {
    // Without O_NONBLOCK, opening a pipe without a writer would block.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if file < 0 { throw SystemFileError.cannotRead(reason: reason()) }
    defer { _ = close(file) }
    var info = stat()
    if fstat(file, &info) != 0 { throw SystemFileError.cannotRead(reason: reason()) }
    guard isRegular(info) else { throw SystemFileError.cannotRead(reason: "it is not a regular file") }

    let size = Int(info.st_size)
    guard hasMemory(size) else { throw SystemFileError.outOfMemory(byteCount: size) }
    var failure: String?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = systemRead(file, buffer.baseAddress.map { $0 + count }, size - count)
        if got == 0 { break }  // somebody made it shorter
        if got > 0 { count += got } else if errno != EINTR { failure = reason() }
        if failure != nil { break }
      }
    }
    if let failure { throw SystemFileError.cannotRead(reason: failure) }
    return bytes
  }

  /// Returns true if this much memory can be allocated. An array that cannot be allocated would crash the program.
  package static func hasMemory(_ byteCount: Int) -> Bool {
    if byteCount == 0 { return true }
    guard let pages = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0),
      pages != MAP_FAILED
    else { return false }
    return munmap(pages, byteCount) == 0
  }

  internal static func isRegular(_ info: stat) -> Bool { info.st_mode & S_IFMT == S_IFREG }

  /// The message of the last system error.
  internal static func reason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }

  private static func systemRead(_ file: Int32, _ place: UnsafeMutablePointer<UInt8>?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.read(file, place, count)
    #elseif canImport(Musl)
      Musl.read(file, place, count)
    #else
      Darwin.read(file, place, count)
    #endif
  }
}
