/// Writes rows as comma-separated values that read back field by field (RFC 4180).
package enum CSVText {
  /// Returns a line with its line break.
  package static func line(_ fields: [String]) -> String {
    // A reader would skip an empty line.
    (fields == [""] ? "\"\"" : self.fields(fields)) + "\n"
  }

  /// Returns the fields with commas between them.
  package static func fields(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") }

  /// Returns the field in quotation marks if a reader would misread it without.
  private static func quoted(_ field: String) -> String {
    let isPlain =
      !field.unicodeScalars.contains { ",;\t\"\r\n".unicodeScalars.contains($0) }
      && field.first?.isWhitespace != true && field.last?.isWhitespace != true
    return isPlain ? field : "\"\(field.replacing("\"", with: "\"\""))\""
  }
}
