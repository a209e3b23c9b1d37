/// A type that can be the value of an SVG attribute.
protocol SVGAttributeValue {
  var attributeText: String { get }
}

extension String: SVGAttributeValue { var attributeText: String { self } }
extension Int: SVGAttributeValue { var attributeText: String { String(self) } }
extension Double: SVGAttributeValue { var attributeText: String { NumberText.compact(self) } }

/// Writes SVG as text, element by element. The text is well-formed once every element is closed.
struct SVGWriter {
  typealias Attributes = KeyValuePairs<String, any SVGAttributeValue>

  private(set) var text = ""
  private var openElements: [String] = []

  /// Writes an element without children.
  mutating func element(_ name: String, _ attributes: Attributes) {
    begin(name, attributes)
    text += "/>\n"
  }

  /// Writes an element with text.
  mutating func element(_ name: String, _ attributes: Attributes, content: String) {
    begin(name, attributes)
    text += ">\(Self.escaped(content))</\(name)>\n"
  }

  /// Writes an element with children.
  mutating func element(_ name: String, _ attributes: Attributes, children: (inout SVGWriter) -> Void) {
    begin(name, attributes)
    text += ">\n"
    openElements.append(name)
    children(&self)
    openElements.removeLast()
    text += indentation + "</\(name)>\n"
  }

  private var indentation: String { String(repeating: " ", count: openElements.count) }

  private mutating func begin(_ name: String, _ attributes: Attributes) {
    text += indentation + "<" + name
    for (key, value) in attributes {
      text += " \(key)=\"\(Self.escaped(value.attributeText))\""
    }
  }

  /// Returns `text` with XML's reserved characters escaped.
  ///
  /// Control characters, which XML 1.0 does not allow even as references, become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += "&#\(scalar.value);"
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
