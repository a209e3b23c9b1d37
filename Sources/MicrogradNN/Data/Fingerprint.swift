/// A 64-bit hash that tells different data apart: FNV-1a's steps over words of eight bytes, mixed at the end as by
/// MurmurHash3. It is the same in each process, unlike `Hasher`'s.
package struct Fingerprint {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  /// The hash of what was added.
  package var value: UInt64 {
    var hash = state
    hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ hash >> 33
  }

  package mutating func add(_ word: UInt64) {
    // The rotation brings high bits down: a product carries bits upwards only.
    state = (state ^ word) &* 0x0000_0100_0000_01b3
    state = state << 29 | state >> 35
  }

  package mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

  /// Adds the length and the bits of numbers.
  package mutating func add(_ numbers: [Double]) {
    add(numbers.count)
    for number in numbers { add(number.bitPattern) }
  }

  /// Adds the length and the bytes of a text.
  package mutating func add(_ text: String) {
    add(text.utf8.count)
    for byte in text.utf8 { add(UInt64(byte)) }
  }
}
