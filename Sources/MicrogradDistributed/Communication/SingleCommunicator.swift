import Micrograd

/// A group of one rank. Distributed code runs in it without another thread or process.
public final class SingleCommunicator: Communicator {
  /// 0.
  public let rank = 0
  /// 1.
  public let size = 1

  /// Creates a group of one rank.
  public init() {}

  /// Traps: there is no other rank.
  public func send<Element: BitwiseCopyable>(_ elements: [Element], to rank: Int) {
    trap("rank 0 of 1 cannot send to rank \(rank): there is no other rank")
  }

  /// Traps: there is no other rank.
  public func receive<Element: BitwiseCopyable>(_ type: Element.Type, count: Int, from rank: Int) -> [Element] {
    trap("rank 0 of 1 cannot receive from rank \(rank): there is no other rank")
  }

  /// Does nothing.
  public func broadcast<Element: BitwiseCopyable>(_ elements: inout [Element], from root: Int) {}

  /// Returns the elements as those of rank 0.
  public func gather<Element: BitwiseCopyable>(_ elements: [Element], at root: Int) -> [[Element]] { [elements] }

  /// Returns at once.
  public func barrier() {}
}
