/// Returns the documents in a text, one per line, without surrounding white space and without empty ones.
public func documents(in text: String) -> [String] {
  text.split(whereSeparator: \.isNewline).map { line in
    let isSpace = \Unicode.Scalar.properties.isWhitespace
    let start = line.unicodeScalars.drop { $0[keyPath: isSpace] }
    guard let last = start.lastIndex(where: { !$0[keyPath: isSpace] }) else { return "" }
    return String(start[...last])
  }.filter { !$0.isEmpty }
}
