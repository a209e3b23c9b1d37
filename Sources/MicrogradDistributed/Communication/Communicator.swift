/// A group of ranks that compute together and send each other messages. Each rank has its own object.
///
/// A rank is a process of an MPI job, or a thread of ``InProcessCommunicator/run(ranks:_:)``. All ranks run the same code on
/// the same data and must call ``broadcast(_:from:)``, ``gather(_:at:)``, ``barrier()`` and
/// ``allReduce(blocks:width:sumOf:)`` the same number of times, in the same order.
///
/// The elements of a message are plain numbers, such as `Double`, `Int` or `UInt8`.
public protocol Communicator: AnyObject, Sendable {
  /// The number of this rank, from 0 to ``size`` - 1.
  var rank: Int { get }
  /// The number of ranks, at least 1.
  var size: Int { get }

  /// Sends elements to another rank, which receives them by ``receive(_:count:from:)``. May wait until it does.
  ///
  /// - Throws: ``CommunicationError`` if the other rank has failed.
  func send<Element: BitwiseCopyable>(_ elements: [Element], to rank: Int) throws(CommunicationError)

  /// Waits for a message of another rank and returns its elements. Messages of a rank arrive in the order they were sent.
  ///
  /// - Parameters:
  ///   - type: The type of an element, the same as the sender's.
  ///   - count: The number of elements, the same as the sender's.
  ///   - rank: The sender, not this rank.
  /// - Throws: ``CommunicationError`` if the other rank has failed, or if the message has another length.
  func receive<Element: BitwiseCopyable>(
    _ type: Element.Type, count: Int, from rank: Int
  ) throws(CommunicationError) -> [Element]

  /// Replaces the elements on all ranks by those of one rank. All ranks give the same number of elements.
  ///
  /// - Throws: ``CommunicationError`` if another rank has failed.
  func broadcast<Element: BitwiseCopyable>(_ elements: inout [Element], from root: Int) throws(CommunicationError)

  /// Returns the elements of all ranks on one rank, by rank; an empty array on all others. Each rank may give another
  /// number of elements.
  ///
  /// - Throws: ``CommunicationError`` if another rank has failed.
  func gather<Element: BitwiseCopyable>(_ elements: [Element], at root: Int) throws(CommunicationError) -> [[Element]]

  /// Waits until all ranks have called this.
  ///
  /// - Throws: ``CommunicationError`` if another rank has failed.
  func barrier() throws(CommunicationError)
}

extension Communicator {
  /// True on rank 0, which alone prints and writes files.
  public var isFirst: Bool { rank == 0 }

  /// Returns the text of one rank on all ranks. The others' texts are not used.
  ///
  /// - Throws: ``CommunicationError`` if another rank has failed.
  public func broadcast(text: String, from root: Int = 0) throws(CommunicationError) -> String {
    var bytes = Array(text.utf8), count = [bytes.count]
    try broadcast(&count, from: root)
    if rank != root { bytes = [UInt8](repeating: 0, count: count[0]) }
    try broadcast(&bytes, from: root)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension [[Double]] {
  /// The elements of all ranks, one after the other.
  internal var concatenated: [Double] {
    var all: [Double] = []
    all.reserveCapacity(map(\.count).reduce(0, +))
    for part in self { all += part }
    return all
  }
}
