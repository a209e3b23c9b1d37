import CMicrograd

extension Value {
  /// The first node of Values that are consecutive nodes of one tape, as the leaves of a list, parameters, and what was
  /// computed for one element after the other are; `nil` of others, of constants and of no Values.
  ///
  /// Consecutive nodes have consecutive handles, and those of one scope or one block of parameters are valid together. So
  /// this looks at each Value once, and asks the tape about the first alone.
  @inline(__always)
  internal static func run(_ values: [Value]) -> (tape: UnsafeMutablePointer<mg_tape>, first: mg_node)? {
    values.withUnsafeBufferPointer { values in
      guard let first = values.first, let tape = first.pointer else { return nil }
      var difference: UInt64 = 0
      var handle = first.bits
      for value in values {
        difference |= (value.bits ^ handle) | UInt64(UInt(bitPattern: value.base) ^ UInt(bitPattern: tape))
        handle &+= 1
      }
      return difference == 0 ? (tape, first.node(on: tape)) : nil
    }
  }
}
