import FlyingFox
import Foundation
import MicrogradPlayground

/// One page's socket, and the session behind it.
final class PlayConnection: WSMessageHandler, WSHandler, @unchecked Sendable {
  private let lock = NSLock()
  private var onEnd: (@Sendable () -> Void)?

  init(onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }

  deinit { onEnd?() }

  func end() {
    let onEnd = lock.withLock {
      defer { self.onEnd = nil }
      return self.onEnd
    }
    onEnd?()
  }

  func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
    // One frame a message: TCP holds the second write back until the first is acknowledged, 40 ms later.
    try await MessageFrameWSHandler(handler: self, frameSize: 1 << 28).makeFrames(for: Self.limited(client))
  }

  /// The frames, up to the first one that makes a message longer than a session takes.
  private static func limited(
    _ client: AsyncThrowingStream<WSFrame, any Error>
  ) -> AsyncThrowingStream<WSFrame, any Error> {
    let length = Length()
    return AsyncThrowingStream {
      var iterator = client.makeAsyncIterator()
      guard let frame = try await iterator.next() else { return nil }
      return length.accepts(frame) ? frame : nil
    }
  }

  private final class Length: @unchecked Sendable {
    private var length = 0

    func accepts(_ frame: WSFrame) -> Bool {
      // Pings may come between the frames of a message.
      guard [.text, .binary, .continuation].contains(frame.opcode) else { return true }
      length = frame.opcode == .continuation ? length + frame.payload.count : frame.payload.count
      return length <= PlaygroundSession.longestMessage
    }
  }

  func makeMessages(for client: AsyncStream<WSMessage>) async throws -> AsyncStream<WSMessage> {
    let worker = SessionWorker()
    return AsyncStream { continuation in
      let task = Task {
        for await message in client {
          guard case .text(let text) = message else { break }
          for answer in await worker.receive(text) { continuation.yield(.text(answer)) }
        }
        continuation.finish()
        self.end()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }
}

/// Runs a session on a thread of its own: a formula with a million characters must not stop other pages.
private final class SessionWorker: @unchecked Sendable {
  private let queue = DispatchQueue(label: "micrograd.play.session")
  private let session = PlaygroundSession()

  func receive(_ text: String) async -> [String] {
    await withCheckedContinuation { continuation in
      queue.async { [self] in continuation.resume(returning: session.receive(text)) }
    }
  }
}
