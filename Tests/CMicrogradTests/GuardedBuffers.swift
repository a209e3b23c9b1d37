#if canImport(Glibc)
  import CMicrograd
  import Glibc

  /// Memory whose blocks end where the process may read no further: what reads beyond one is stopped at once.
  ///
  /// A block starts so that it ends at the end of a page, after which comes one without access, and before it, too.
  final class GuardedBuffers {
    lazy var memory = mg_memory(
      resize: { context, old, oldBytes, bytes in
        Unmanaged<GuardedBuffers>.fromOpaque(context!).takeUnretainedValue().resize(old, oldBytes, bytes)
      }, context: Unmanaged.passUnretained(self).toOpaque())

    private let page = sysconf(Int32(_SC_PAGESIZE))

    private func resize(_ old: UnsafeMutableRawPointer?, _ oldBytes: Int, _ bytes: Int) -> UnsafeMutableRawPointer? {
      var block: UnsafeMutableRawPointer?
      if bytes > 0 {
        let whole = rounded(bytes)
        guard let start = mmap(nil, whole + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
          start != MAP_FAILED
        else { return nil }
        mprotect(start + page, whole, PROT_READ | PROT_WRITE)
        block = start + page + whole - bytes
      }
      guard let old else { return block }
      block?.copyMemory(from: old, byteCount: min(oldBytes, bytes))
      munmap(old + oldBytes - rounded(oldBytes) - page, rounded(oldBytes) + 2 * page)
      return block
    }

    private func rounded(_ bytes: Int) -> Int { (bytes + page - 1) / page * page }
  }
#endif
