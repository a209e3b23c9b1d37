import Foundation

/// The messages between the threads of an ``InProcessCommunicator``.
internal final class Mailboxes: @unchecked Sendable {
  let size: Int
  /// Guards everything below; signalled when a message arrives or a rank fails.
  private let condition = NSCondition()
  /// Messages that were not taken yet, by receiver and sender.
  private var boxes: [[[UInt8]]]
  /// The rank that failed first, and its error.
  private var first: (rank: Int, error: any Error)?
  private var errors: [Int: any Error] = [:]

  init(size: Int) {
    self.size = size
    boxes = Array(repeating: [], count: size * size)
  }

  /// The error of the rank that failed first; if it failed because another did, that one's error.
  var failure: (any Error)? {
    condition.withLock {
      guard let first else { return nil }
      guard case .rankFailed(let culprit, _) = first.error as? CommunicationError else { return first.error }
      return errors[culprit] ?? first.error
    }
  }

  func fail(_ rank: Int, _ error: any Error) {
    condition.withLock {
      if first == nil { first = (rank, error) }
      errors[rank] = error
      condition.broadcast()
    }
  }

  func post(_ message: [UInt8], from sender: Int, to receiver: Int) throws(CommunicationError) {
    condition.lock()
    defer { condition.unlock() }
    if let first { throw .rankFailed(rank: first.rank, reason: "\(first.error)") }
    boxes[receiver * size + sender].append(message)
    condition.broadcast()
  }

  func take(from sender: Int, to receiver: Int) throws(CommunicationError) -> [UInt8] {
    let box = receiver * size + sender
    condition.lock()
    defer { condition.unlock() }
    while boxes[box].isEmpty {
      if let first { throw .rankFailed(rank: first.rank, reason: "\(first.error)") }
      condition.wait()
    }
    return boxes[box].removeFirst()
  }
}
