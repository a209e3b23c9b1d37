import MicrogradNN

/// A few bytes changed, inserted, removed, repeated or moved, mostly to characters that mean something in the header.
func damaged(_ bytes: [UInt8], using random: inout MersenneTwister) -> [UInt8] {
  var bytes = bytes
  let marks = Array("{}[]\",:\\ 0123456789-.eu\n".utf8)
  for _ in 0...Int.random(in: 0...3, using: &random) {
    guard !bytes.isEmpty else { break }
    let k = Int.random(in: 0..<bytes.count, using: &random)
    let end = min(bytes.count, k + Int.random(in: 1...40, using: &random))
    let byte =
      Bool.random(using: &random) ? marks.randomElement(using: &random)! : .random(in: 0...255, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[k] = byte
    case 1: bytes.insert(byte, at: k)
    case 2: bytes.removeSubrange(k..<end)
    case 3: bytes.insert(contentsOf: bytes[k..<end], at: k)
    default: bytes.insert(contentsOf: bytes[k..<end], at: Int.random(in: 0..<bytes.count, using: &random))
    }
    // Half of the time, the length is made to fit again, so that the damage reaches the header's reader.
    if bytes.count > 8, Bool.random(using: &random) { fitLength(of: &bytes) }
  }
  return bytes
}

private func fitLength(of bytes: inout [UInt8]) {
  guard let brace = bytes[8...].lastIndex(of: UInt8(ascii: "}")) else { return }
  let length = withUnsafeBytes(of: UInt64(brace - 7).littleEndian) { Array($0) }
  bytes.replaceSubrange(0..<8, with: length)
}
