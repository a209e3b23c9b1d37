import Micrograd

/// Numbers for the characters of a text, in the order of their code points, and one more for where a document begins
/// and ends.
///
///     let tokenizer = Tokenizer(["ada", "bo"])
///     tokenizer.encode("boa")  // [4, 1, 3, 0, 4]
///     tokenizer.decode([1, 3])  // "bo"
public struct Tokenizer: Sendable {
  /// The characters, each at the position that is its token. As in Python, a character is a code point.
  public let characters: [Unicode.Scalar]
  private let tokens: [Unicode.Scalar: Int]

  /// Numbers all characters that occur in some documents.
  public init(_ documents: [String]) {
    characters = Set(documents.lazy.flatMap(\.unicodeScalars)).sorted()
    tokens = Dictionary(uniqueKeysWithValues: characters.enumerated().map { ($1, $0) })
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
      guard let token = tokens[character] else {
        trap("the character \"\(character)\" is not in the text of the tokenizer")
      }
      encoded.append(token)
    }
    encoded.append(boundary)
    return encoded
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
