import Micrograd

/// Numbers for the characters of a text, in the order of their code points, and one more for where a document begins
/// and ends.
///
/// ```swift
/// let tokenizer = Tokenizer(["ada", "bo"])
/// tokenizer.encode("boa")  // [4, 1, 3, 0, 4]
/// tokenizer.decode([1, 3])  // "bo"
/// ```
public struct Tokenizer: Sendable {
  /// The characters, each at the position that is its token. As in Python, a character is a code point.
  public let characters: [Unicode.Scalar]

  /// Numbers all characters that occur in some documents.
  public init(_ documents: [String]) {
    characters = Set(documents.lazy.flatMap(\.unicodeScalars)).sorted()
  }

  /// The token before the first character and after the last.
  public var boundary: Int { characters.count }

  /// How many tokens there are, the boundary among them.
  public var count: Int { characters.count + 1 }

  /// The tokens of a document, between two boundaries.
  ///
  /// - Precondition: Its characters are all known.
  public func encode(_ document: String) -> [Int] {
    var encoded = [boundary]
    encoded.reserveCapacity(document.utf8.count + 2)
    for character in document.unicodeScalars {
      guard let token = token(of: character) else {
        trap("the character \"\(character)\" is not in the text of the tokenizer")
      }
      encoded.append(token)
    }
    encoded.append(boundary)
    return encoded
  }

  /// By bisection, which takes less time than a dictionary of so few.
  private func token(of character: Unicode.Scalar) -> Int? {
    var (low, high) = (0, characters.count)
    while low < high {
      let middle = (low + high) / 2
      if characters[middle] < character { low = middle + 1 } else { high = middle }
    }
    return low < characters.count && characters[low] == character ? low : nil
  }

  /// The text of tokens, none of which is the boundary.
  public func decode(_ tokens: [Int]) -> String {
    var text = String.UnicodeScalarView()
    for token in tokens {
      require(characters.indices.contains(token), "token \(token) stands for none of \(characters.count) characters")
      text.append(characters[token])
    }
    return String(text)
  }
}
