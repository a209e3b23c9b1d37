#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension SystemFile {
  /// Replaces a file, or creates it, in one atomic step.
  ///
  /// The order makes it safe against a crash of the machine: the bytes are on the disk before the file gets its name, and
  /// the name is on the disk before this returns. Before that, only a temporary file changes.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(SystemFileError) {
    let replacement = try FileReplacement(of: path)
    try replacement.write(bytes)
    try replacement.commit()
  }

  // MARK: - Steps

  /// Creates a temporary file and locks it while it is open, so that ``removeLeftovers(in:)`` knows that it is in use.
  fileprivate static func makeTemporary(in folder: String) throws(SystemFileError) -> (file: Int32, path: String) {
    var lastCode: Int32 = 0
    for _ in 0..<100 {
      let path = "\(folder)/\(prefix)\(String(UInt64.random(in: 0 ... .max), radix: 36))\(suffix)"
      let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if file >= 0 {
        // If the file system has no locks, leftovers are not deleted.
        _ = flock(file, LOCK_EX | LOCK_NB)
        var info = stat()
        if fstat(file, &info) == 0, info.st_nlink > 0 { return (file, path) }
        // Another process deleted it as a leftover before it was locked.
        _ = close(file)
        continue
      }
      lastCode = errno
      if lastCode != EEXIST && lastCode != EINTR { break }
    }
    throw cannotWrite("no file can be created in the folder \(folder)", lastCode)
  }

  private static let prefix = ".micrograd-"
  private static let suffix = ".tmp"

  /// Deletes temporary files beside a file, which killed processes left behind.
  package static func removeLeftovers(beside path: String) {
    guard let target = try? followingLinks(path) else { return }
    removeLeftovers(in: folder(of: target))
  }

  /// Deletes temporary files in a folder that no process has open. Files that cannot be deleted are kept.
  package static func removeLeftovers(in folder: String) {
    guard let entries = opendir(folder) else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { continue }
      let path = "\(folder)/\(name)"
      let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      if file < 0 { continue }
      defer { _ = close(file) }
      var info = stat()
      if fstat(file, &info) == 0, isRegular(info), flock(file, LOCK_EX | LOCK_NB) == 0 { _ = unlink(path) }
    }
  }

  /// Throws if no file can be created and written in a folder. Permissions alone do not tell: a disk may be full or
  /// read-only.
  package static func tryWriting(in folder: String) throws(SystemFileError) {
    let (file, temporary) = try makeTemporary(in: folder)
    defer { _ = unlink(temporary) }
    defer { _ = close(file) }
    if let failure = [UInt8(0)].withUnsafeBytes({ write($0, to: file, after: 0) }) { throw failure }
    try finish(file)
  }

  /// Writes all bytes. Returns an error or nil. `count` bytes were written before, for the error.
  fileprivate static func write(
    _ bytes: UnsafeRawBufferPointer, to file: Int32, after count: Int
  ) -> SystemFileError? {
    var written = 0
    while written < bytes.count {
      let sent = systemWrite(file, UnsafeRawBufferPointer(rebasing: bytes[written...]))
      if sent >= 0 { written += sent } else if errno != EINTR { return cannotWrite("after \(count + written) bytes") }
    }
    return nil
  }

  /// Waits until the bytes of a file are on the disk.
  fileprivate static func finish(_ file: Int32) throws(SystemFileError) {
    while flush(file) != 0 { if errno != EINTR { throw cannotWrite("the bytes cannot be flushed to the disk") } }
  }

  private static func flush(_ file: Int32) -> Int32 {
    #if canImport(Darwin)
      // On Darwin, fsync leaves the bytes in the drive's cache; F_FULLFSYNC does not, but some file systems lack it.
      if fcntl(file, F_FULLFSYNC) == 0 { return 0 }
    #endif
    return fsync(file)
  }

  /// Flushes the new name to the disk. A folder that cannot be opened or flushed is ignored.
  fileprivate static func flush(_ folder: String) throws(SystemFileError) {
    let file = open(folder, O_RDONLY | O_CLOEXEC)
    if file < 0 { return }
    defer { _ = close(file) }
    if fsync(file) != 0 && errno == EIO { throw cannotWrite("its name may not have reached the disk") }
  }

  // MARK: - What is there

  /// Returns the file that a chain of symbolic links leads to, even if it does not exist.
  fileprivate static func followingLinks(_ path: String) throws(SystemFileError) -> String {
    var path = path
    for _ in 0..<40 {
      var info = stat()
      guard lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFLNK else { return path }
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &buffer, buffer.count)
      if count < 0 { throw cannotWrite("the link \(path) cannot be followed") }
      let next = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
      path = next.hasPrefix("/") ? next : "\(folder(of: path))/\(next)"
    }
    throw cannotWrite("there are too many symbolic links", ELOOP)
  }

  /// Returns the permissions of the file to replace; `nil` if it does not exist.
  fileprivate static func permissionsToKeep(of path: String) throws(SystemFileError) -> mode_t? {
    var info = stat()
    if stat(path, &info) != 0 {
      if errno == ENOENT { return nil }
      throw cannotWrite("the existing file cannot be examined")
    }
    guard isRegular(info) else {
      throw SystemFileError.cannotWrite(reason: "the existing file is not a regular file")
    }
    // Replacing needs only permissions for the folder. A read-only file is refused, because it is not meant to be written.
    if access(path, W_OK) != 0 { throw cannotWrite("the existing file is read-only") }
    return info.st_mode & 0o7777
  }

  fileprivate static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  fileprivate static func cannotWrite(_ what: String, _ code: Int32 = errno) -> SystemFileError {
    .cannotWrite(reason: "\(what): \(reason(code))")
  }

  private static func systemWrite(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, bytes.baseAddress, bytes.count)
    #elseif canImport(Musl)
      Musl.write(file, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(file, bytes.baseAddress, bytes.count)
    #endif
  }
}

/// A file that is written piece by piece and replaces another, or gets its name, in one atomic step at the end.
///
/// Until ``commit()``, only a temporary file in the same folder changes. It is deleted if the replacement ends without a
/// commit.
package final class FileReplacement {
  private let target: String
  private let temporary: String
  private let permissions: mode_t?
  private let file: Int32
  private var isOpen = true
  private var isNamed = false
  /// The number of bytes written so far.
  package private(set) var byteCount = 0

  /// Creates the temporary file. `path` may be a symbolic link, which is followed.
  package init(of path: String) throws(SystemFileError) {
    target = try SystemFile.followingLinks(path)
    permissions = try SystemFile.permissionsToKeep(of: target)
    (file, temporary) = try SystemFile.makeTemporary(in: SystemFile.folder(of: target))
  }

  deinit {
    if isOpen { _ = close(file) }
    if !isNamed { _ = unlink(temporary) }
  }

  /// Appends bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemFileError) {
    if let failure = SystemFile.write(bytes, to: file, after: byteCount) { throw failure }
    byteCount += bytes.count
  }

  /// Appends bytes.
  package func write(_ bytes: [UInt8]) throws(SystemFileError) {
    if let failure = bytes.withUnsafeBytes({ SystemFile.write($0, to: file, after: byteCount) }) { throw failure }
    byteCount += bytes.count
  }

  /// Flushes the bytes to the disk and gives the file its name. Nothing can be written afterwards.
  package func commit() throws(SystemFileError) {
    if let permissions, fchmod(file, permissions) != 0 {
      throw SystemFile.cannotWrite("its permissions cannot be kept")
    }
    try SystemFile.finish(file)
    isOpen = false
    if close(file) != 0 && errno != EINTR { throw SystemFile.cannotWrite("it cannot be closed") }
    if rename(temporary, target) != 0 { throw SystemFile.cannotWrite("the temporary file cannot be renamed") }
    isNamed = true
    try SystemFile.flush(SystemFile.folder(of: target))
  }
}
