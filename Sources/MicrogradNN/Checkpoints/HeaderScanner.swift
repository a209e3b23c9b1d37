#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds errors in a header that JSONDecoder accepts: duplicate names, numbers that are not plain digits (`1.0`, `1e2`,
/// `-0`), and trailing commas.
internal struct HeaderScanner {
  private let text: UnsafeRawBufferPointer
  /// The offset of the text in the file.
  private let start: Int

  internal init(_ text: UnsafeRawBufferPointer, at start: Int) {
    self.text = text
    self.start = start
  }

  /// - Precondition: JSONDecoder has decoded the text. This limits the depth, and brackets and quotes match.
  internal func check() throws(CheckpointError) {
    /// The keys so far of each open object; `nil` for an array.
    var keys: [Set<String>?] = []
    var isKeyNext = false
    var previous: UInt8 = 0
    var k = 0
    while k < text.count {
      let byte = text[k]
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        isKeyNext = byte == UInt8(ascii: "{")
        keys.append(isKeyNext ? [] : nil)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if previous == UInt8(ascii: ",") { throw notJSON("there is a trailing comma", k) }
        _ = keys.popLast()
        isKeyNext = false
      case UInt8(ascii: ","): isKeyNext = (keys.last ?? nil) != nil
      case UInt8(ascii: ":"): isKeyNext = false
      case UInt8(ascii: "\""):
        let end = endOfString(from: k)
        if isKeyNext {
          let key = try string(in: k..<end)
          if keys[keys.count - 1]?.insert(key).inserted == false {
            throw CheckpointError(.duplicateName(key, offset: start + k))
          }
        }
        k = end - 1
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"):
        k = try endOfNumber(from: k) - 1
      default: break
      }
      if byte > UInt8(ascii: " ") { previous = byte }
      k += 1
    }
  }

  /// The position just after the closing quote.
  private func endOfString(from quote: Int) -> Int {
    var k = quote + 1
    while k < text.count && text[k] != UInt8(ascii: "\"") { k += text[k] == UInt8(ascii: "\\") ? 2 : 1 }
    return min(k + 1, text.count)
  }

  private func string(in range: Range<Int>) throws(CheckpointError) -> String {
    let token = UnsafeRawBufferPointer(rebasing: text[range])
    if !token.contains(UInt8(ascii: "\\")) { return String(decoding: token.dropFirst().dropLast(), as: UTF8.self) }
    do {
      return try JSONDecoder().decode(String.self, from: Data(token))
    } catch {
      throw notJSON("a name cannot be read", range.lowerBound)
    }
  }

  private func endOfNumber(from first: Int) throws(CheckpointError) -> Int {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let end = text[first...].firstIndex { !digits.contains($0) } ?? text.count
    if end < text.count && "-.eE".utf8.contains(text[end]) {
      throw notJSON("a number has other characters than digits", first)
    }
    return end
  }

  private func notJSON(_ reason: String, _ place: Int) -> CheckpointError {
    CheckpointError(.headerNotJSON(reason: "\(reason), at byte \(start + place)"))
  }
}
