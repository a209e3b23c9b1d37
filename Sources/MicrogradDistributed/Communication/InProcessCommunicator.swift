import Foundation
import Micrograd

/// Ranks that are threads of one process: the same code as under MPI, without MPI.
///
/// ```swift
/// let sums = try InProcessCommunicator.run(ranks: 3) { communicator in
///   try communicator.allReduce(blocks: 5, width: 1) { block in [Double(block)] }
/// }
/// print(sums)  // prints: [[10.0], [10.0], [10.0]]
/// ```
///
/// Each rank makes its own model: a thread has its own tape.
public final class InProcessCommunicator: Communicator {
  /// The number of this rank.
  public let rank: Int
  /// The number of ranks.
  public var size: Int { mail.size }
  private let mail: Mailboxes

  private init(rank: Int, _ mail: Mailboxes) {
    self.rank = rank
    self.mail = mail
  }

  /// Runs a closure on some ranks, each on a thread of its own, and returns their results by rank.
  ///
  /// - Parameters:
  ///   - ranks: The number of ranks, at least 1.
  ///   - body: What each rank does.
  /// - Throws: The error of the rank that failed first. The other ranks end with ``CommunicationError`` when they next
  ///   communicate.
  public static func run<Result: Sendable>(
    ranks: Int, _ body: @escaping @Sendable (InProcessCommunicator) throws -> Result
  ) throws -> [Result] {
    require(ranks >= 1, "ranks is \(ranks): give 1 or more")
    let mail = Mailboxes(size: ranks)
    let results = Results<Result>(count: ranks)
    let done = DispatchGroup()
    for rank in 0..<ranks {
      done.enter()
      let thread = Thread {
        defer { done.leave() }
        do {
          results.set(try body(InProcessCommunicator(rank: rank, mail)), rank)
          mail.end(rank)
        } catch {
          mail.fail(rank, error)
        }
      }
      thread.stackSize = 8 << 20  // as the main thread's: recordings may recurse
      thread.start()
    }
    done.wait()
    if let failure = mail.failure { throw failure }
    return results.all
  }

  /// Sends elements to another rank. Does not wait.
  public func send<Element: BitwiseCopyable>(_ elements: [Element], to rank: Int) throws(CommunicationError) {
    require(rank != self.rank, "rank \(rank) sends to itself")
    mail.post(elements, from: self.rank, to: rank)
  }

  /// Waits for a message of another rank and returns its elements.
  public func receive<Element: BitwiseCopyable>(
    _ type: Element.Type, count: Int, from rank: Int
  ) throws(CommunicationError) -> [Element] {
    let elements = try take(Element.self, from: rank), size = MemoryLayout<Element>.stride
    if elements.count != count {
      throw .length(from: rank, expected: count * size, received: elements.count * size)
    }
    return elements
  }

  /// Replaces the elements on all ranks by those of one rank.
  public func broadcast<Element: BitwiseCopyable>(
    _ elements: inout [Element], from root: Int
  ) throws(CommunicationError) {
    if rank == root {
      for other in 0..<size where other != root { try send(elements, to: other) }
    } else {
      elements = try receive(Element.self, count: elements.count, from: root)
    }
  }

  /// Returns the elements of all ranks on one rank, by rank.
  public func gather<Element: BitwiseCopyable>(
    _ elements: [Element], at root: Int
  ) throws(CommunicationError) -> [[Element]] {
    guard rank == root else {
      try send(elements, to: root)
      return []
    }
    var all: [[Element]] = []
    for other in 0..<size {
      all.append(other == root ? elements : try take(Element.self, from: other))
    }
    return all
  }

  /// Waits until all ranks have called this.
  public func barrier() throws(CommunicationError) {
    var nothing: [UInt8] = []
    _ = try gather(nothing, at: 0)
    try broadcast(&nothing, from: 0)
  }

  private func take<Element>(_ type: Element.Type, from sender: Int) throws(CommunicationError) -> [Element] {
    let message = try mail.take(from: sender, to: rank)
    guard let elements = message as? [Element] else {
      trap("rank \(sender) sends \(Swift.type(of: message)) and rank \(rank) receives \([Element].self): give one type")
    }
    return elements
  }
}

/// The results of ranks.
private final class Results<Result: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var results: [Result?]

  init(count: Int) { results = Array(repeating: nil, count: count) }

  func set(_ result: Result, _ rank: Int) { lock.withLock { results[rank] = result } }

  /// The results of all ranks that have one.
  var all: [Result] { lock.withLock { results.compactMap(\.self) } }
}
