import Foundation

/// The messages between the threads of an ``InProcessCommunicator``.
internal final class Mailboxes: @unchecked Sendable {
  /// How often a rank looks for a message before it sleeps. Most come within microseconds, and to be woken takes longer.
  private static let polls = 100

  let size: Int
  /// Guards everything below; signalled when a message arrives or a rank fails.
  private let condition = NSCondition()
  /// Messages that were not taken yet, by receiver and sender: arrays of elements, which are not copied.
  private var boxes: [[Any]]
  /// The rank that failed first, and its error.
  private var first: (rank: Int, error: any Error)?
  private var errors: [Int: any Error] = [:]
  /// The ranks that have ended without an error.
  private var ended: Set<Int> = []

  init(size: Int) {
    self.size = size
    boxes = Array(repeating: [], count: size * size)
  }

  /// The error of the rank that failed first; if it failed because another did, that one's error.
  var failure: (any Error)? {
    condition.withLock {
      var error = first?.error
      // At most as many steps as ranks, as two ranks might name each other.
      for _ in 0..<size {
        guard case .rankFailed(let culprit, _) = error as? CommunicationError, let cause = errors[culprit] else {
          break
        }
        error = cause
      }
      return error
    }
  }

  func fail(_ rank: Int, _ error: any Error) {
    condition.withLock {
      if first == nil { first = (rank, error) }
      errors[rank] = error
      condition.broadcast()
    }
  }

  func end(_ rank: Int) {
    condition.withLock {
      ended.insert(rank)
      condition.broadcast()
    }
  }

  /// What a rank throws that waits for others; called with the lock.
  private var othersFailure: CommunicationError? {
    guard let first else { return nil }
    if case .rankFailed = first.error as? CommunicationError { return first.error as? CommunicationError }
    return .rankFailed(rank: first.rank, reason: "\(first.error)")
  }

  /// Leaves a message, even if a rank has failed: the sender may be about to throw a better error.
  func post(_ message: Any, from sender: Int, to receiver: Int) {
    condition.withLock {
      boxes[receiver * size + sender].append(message)
      condition.broadcast()
    }
  }

  func take(from sender: Int, to receiver: Int) throws(CommunicationError) -> Any {
    let box = receiver * size + sender
    var polls = 0
    condition.lock()
    defer { condition.unlock() }
    while boxes[box].isEmpty {
      if let failure = othersFailure { throw failure }
      if ended.contains(sender) {
        throw .rankFailed(rank: sender, reason: "it has ended: all ranks must make the same calls of the communicator")
      }
      if polls == Self.polls {
        condition.wait()
      } else {
        polls += 1
        condition.unlock()
        sched_yield()
        condition.lock()
      }
    }
    return boxes[box].removeFirst()
  }
}
