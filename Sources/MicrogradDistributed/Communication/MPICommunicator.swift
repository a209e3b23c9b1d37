#if MPI
  import CMPI
  import Foundation
  import Micrograd

  /// The ranks of an MPI job: `mpirun -n 4 program` starts four processes, each a rank. Needs the trait `MPI`.
  ///
  /// ```swift
  /// MPICommunicator.run { communicator in
  ///   let sums = try communicator.allReduce(blocks: 100, width: 1) { block in [Double(block)] }
  ///   if communicator.isFirst { print(sums) }
  /// }
  /// ```
  ///
  /// All calls are made from the thread that called ``run(_:)``.
  public final class MPICommunicator: Communicator {
    /// The number of this rank.
    public let rank: Int
    /// The number of ranks.
    public let size: Int

    private init() throws(CommunicationError) {
      var (rank, size): (Int32, Int32) = (0, 1)
      try check("MPI_Init_thread", mg_mpi_start(&rank, &size))
      (self.rank, self.size) = (Int(rank), Int(size))
    }

    /// Starts MPI, runs a closure as this process's rank, and ends MPI. A process can call this once.
    ///
    /// If the closure throws, the error and the number of the rank are written to standard error, and `MPI_Abort` ends all
    /// ranks with exit status 1. Rank 0 does so at once. The others wait a second first: if all ranks have the same error,
    /// only rank 0 writes it.
    ///
    /// - Parameter body: What this rank does.
    /// - Returns: The result of the closure.
    public static func run<Result>(_ body: (MPICommunicator) throws -> Result) -> Result {
      let launched = Launcher(ProcessInfo.processInfo.environment)
      do {
        let communicator = try MPICommunicator()
        try communicator.checkSize(launched)
        let result = try body(communicator)
        try check("MPI_Finalize", mg_mpi_end())
        return result
      } catch {
        abort("\(error)", rank: launched?.rank ?? 0)
      }
    }

    /// The name and version of the MPI library.
    public static var libraryName: String {
      text { mg_mpi_library_text($0) }
    }

    /// Writes an error with the number of its rank, and ends all ranks with status 1.
    public static func abort(_ message: String, rank: Int) -> Never {
      if rank > 0 { Thread.sleep(forTimeInterval: 1) }
      FileHandle.standardError.write(Data("rank \(rank): \(message)\n".utf8))
      Thread.sleep(forTimeInterval: 0.2)  // MPICH's launcher drops what it has not passed on when the job is aborted
      mg_mpi_abort(1)
      exit(1)
    }

    /// Throws if the launcher started several processes, and each is alone: it belongs to another MPI library.
    private func checkSize(_ launcher: Launcher?) throws(CommunicationError) {
      guard let launcher, launcher.size != size else { return }
      throw .launcher(name: launcher.name, started: launcher.size, library: Self.libraryName, found: size)
    }

    /// Sends elements to another rank. May wait until it receives them.
    public func send<Element: BitwiseCopyable>(_ elements: [Element], to rank: Int) throws(CommunicationError) {
      let code = elements.withUnsafeBytes { mg_mpi_send($0.baseAddress, Int64($0.count), Int32(rank)) }
      try check("MPI_Send", code)
    }

    /// Waits for a message of another rank and returns its elements.
    public func receive<Element: BitwiseCopyable>(
      _ type: Element.Type, count: Int, from rank: Int
    ) throws(CommunicationError) -> [Element] {
      let expected = count * MemoryLayout<Element>.stride
      var (received, code): (Int64, Int32) = (0, 0)
      let elements = [Element](unsafeUninitializedCapacity: count) { room, filled in
        code = mg_mpi_receive(room.baseAddress, Int64(expected), Int32(rank), &received)
        filled = code == 0 && received == expected ? count : 0
      }
      try check("MPI_Recv", code)
      if received != expected { throw .length(from: rank, expected: expected, received: Int(received)) }
      return elements
    }

    /// Replaces the elements on all ranks by those of one rank.
    public func broadcast<Element: BitwiseCopyable>(
      _ elements: inout [Element], from root: Int
    ) throws(CommunicationError) {
      let code = elements.withUnsafeMutableBytes {
        mg_mpi_broadcast($0.baseAddress, Int64($0.count), Int32(root))
      }
      try check("MPI_Bcast", code)
    }

    /// Returns the elements of all ranks on one rank, by rank.
    public func gather<Element: BitwiseCopyable>(
      _ elements: [Element], at root: Int
    ) throws(CommunicationError) -> [[Element]] {
      guard rank == root else {
        try send([elements.count], to: root)
        if !elements.isEmpty { try send(elements, to: root) }
        return []
      }
      var all: [[Element]] = []
      for other in 0..<size {
        if other == root {
          all.append(elements)
          continue
        }
        let count = try receive(Int.self, count: 1, from: other)[0]
        all.append(count == 0 ? [] : try receive(Element.self, count: count, from: other))
      }
      return all
    }

    /// Waits until all ranks have called this.
    public func barrier() throws(CommunicationError) { try check("MPI_Barrier", mg_mpi_barrier()) }
  }

  private func check(_ function: String, _ code: Int32) throws(CommunicationError) {
    if code != 0 { throw .mpi(function: function, reason: text { mg_mpi_error_text(code, $0) }) }
  }

  private func text(_ write: (UnsafeMutablePointer<CChar>) -> Void) -> String {
    let room = [CChar](unsafeUninitializedCapacity: Int(MG_MPI_TEXT_SIZE)) { room, count in
      room.initialize(repeating: 0)
      if let start = room.baseAddress { write(start) }
      count = room.count
    }
    return String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
#endif
