import Foundation

extension GraphPicture {
  /// Text as it has to stand between the quotation marks of a DOT label, to be shown as it is.
  ///
  /// Three readers take their share: the DOT parser a backslash before a quotation mark; the label parser
  /// backslash sequences, of which a record also needs one before each of `{ } | < >`; and a last one HTML's
  /// character references. A record merges spaces, and Graphviz 2.43 loses one that follows a letter outside
  /// ASCII, so they become non-breaking. Control characters cannot stand in an SVG and become U+FFFD.
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

  /// One digit before the point, four behind it, and an exponent: `1.2346e-09`.
  static func scientific(_ value: Double) -> String { String(format: "%.4e", value) }
}
