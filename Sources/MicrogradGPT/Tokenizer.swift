import Micrograd

/// A character-level tokenizer: one token per character, in the order of code points, and one token for the boundary of
/// documents.
///
/// ```swift
/// let tokenizer = Tokenizer(["ada", "bo"])
/// tokenizer.encode("boa")  // [4, 1, 3, 0, 4]
/// tokenizer.decode([1, 3])  // "bo"
/// ```
public struct Tokenizer: Sendable {
  /// The characters. The index of a character is its token. As in Python, a character is a code point.
  public let characters: [Unicode.Scalar]

  /// Creates a tokenizer for all characters that occur in documents.
  public init(_ documents: [String]) {
    characters = Set(documents.lazy.flatMap(\.unicodeScalars)).sorted()
  }

  /// The boundary token, before the first character and after the last.
  public var boundary: Int { characters.count }

  /// The number of tokens, including the boundary.
  public var count: Int { characters.count + 1 }

  /// Returns the tokens of a document between two boundary tokens.
  ///
  /// - Precondition: The tokenizer knows all its characters.
  public func encode(_ document: String) -> [Int] {
    var encoded = [boundary]
    encoded.reserveCapacity(document.utf8.count + 2)
    for character in document.unicodeScalars {
      guard let token = token(of: character) else {
        trap("the character \"\(character)\" is unknown to the tokenizer: create the tokenizer from all documents")
      }
      encoded.append(token)
    }
    encoded.append(boundary)
    return encoded
  }

  /// Uses binary search, which is faster than a dictionary for so few characters.
  private func token(of character: Unicode.Scalar) -> Int? {
    var (low, high) = (0, characters.count)
    while low < high {
      let middle = (low + high) / 2
      if characters[middle] < character { low = middle + 1 } else { high = middle }
    }
    return low < characters.count && characters[low] == character ? low : nil
  }

  /// Returns the text of tokens without boundary tokens.
  public func decode(_ tokens: [Int]) -> String {
    var text = String.UnicodeScalarView()
    for token in tokens {
      require(
        characters.indices.contains(token), "token \(token) is out of range: there are \(characters.count) characters")
      text.append(characters[token])
    }
    return String(text)
  }
}
