import Micrograd

extension Communicator {
  /// Throws on all ranks if a rank has other facts than rank 0, and names the rank and the first fact that differs.
  ///
  /// ```swift
  /// try communicator.requireSame([("the number of samples", "\(samples.count)")])
  /// ```
  ///
  /// - Parameter facts: What must be the same on all ranks: what it is, and its value or a hash of it.
  /// - Throws: ``CommunicationError/differs(rank:what:)``, or if another rank has failed.
  public func requireSame(_ facts: [(what: String, value: String)]) throws(CommunicationError) {
    let bytes = facts.flatMap { Self.bytes($0.what) + Self.bytes($0.value) }
    var verdict = [-1, 0]
    for (other, found) in try gather(bytes, at: 0).enumerated() where found != bytes && verdict[0] < 0 {
      verdict = [other, Self.firstDifference(found, facts)]
    }
    try broadcast(&verdict, from: 0)
    guard verdict[0] >= 0 else { return }
    let what = verdict[1] < facts.count ? facts[verdict[1]].what : "the number of things to compare"
    throw .differs(rank: verdict[0], what: try broadcast(text: what))
  }

  /// Returns the first fact whose bytes are not the found ones.
  private static func firstDifference(_ found: [UInt8], _ facts: [(what: String, value: String)]) -> Int {
    var rest = found[...]
    for (index, fact) in facts.enumerated() {
      let expected = bytes(fact.what) + bytes(fact.value)
      if !rest.starts(with: expected) { return index }
      rest = rest.dropFirst(expected.count)
    }
    return facts.count
  }

  /// The bytes of a text with its length before it, so that no two lists of texts give the same bytes.
  private static func bytes(_ text: String) -> [UInt8] {
    withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Array($0) } + Array(text.utf8)
  }
}
