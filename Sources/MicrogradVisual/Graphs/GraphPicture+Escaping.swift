import Foundation

extension GraphPicture {
  /// Escapes text for a DOT label, so that it is shown literally.
  ///
  /// Three parsers read a label: the DOT parser removes a backslash before a quotation mark; the label parser reads
  /// backslash sequences, and a record also needs one before each of `{ } | < >`; the last one reads HTML character
  /// references. A record merges spaces, and Graphviz 2.43 loses one after a non-ASCII letter, so spaces become
  /// non-breaking. Control characters are not allowed in SVG and become U+FFFD.
  static func escaped(_ text: String, inRecord: Bool = false) -> String {
    var result = ""
    for scalar in text.replacingOccurrences(of: "\r\n", with: "\n").unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n", "\r": result += "\\n"
      case "&": result += "&amp;"
      case " ", "\t": result += inRecord ? "&#160;" : " "
      case "{", "}", "|", "<", ">": result += (inRecord ? "\\" : "") + String(scalar)
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
