import ArgumentParser

/// The names in `--inputs a,b`. A name with a comma is in double quotes, as in `--inputs '"a, b",c'`.
struct ColumnNames: ExpressibleByArgument, CustomStringConvertible {
  let description: String
  /// The names, separated by commas outside of quotation marks.
  let names: [String]

  init?(argument: String) {
    guard let names = Self.separated(argument) else { return nil }
    (description, self.names) = (argument, names)
  }

  /// Returns the names as columns of a table. A name with a comma needs no quotation marks if only one reading fits.
  func names(among columns: [String]) -> [String] {
    let columns = Set(columns)
    if names.allSatisfy(columns.contains) { return names }
    let pieces = description.split(separator: ",", omittingEmptySubsequences: false)
    var (found, start) = ([String](), 0)
    while start < pieces.count {
      let ends = stride(from: pieces.count, to: start, by: -1)
      let match = ends.lazy.map { end in (end, Self.trimmed(pieces[start..<end].joined(separator: ","))) }
        .first { columns.contains($0.1) }
      guard let (end, name) = match else { return names }
      found.append(name)
      start = end
    }
    return found
  }

  /// Returns nil if a quotation mark is not closed, or is inside a name and not doubled.
  private static func separated(_ text: String) -> [String]? {
    var (names, name, rest) = ([String](), "", text[...])
    var isQuoted = false
    while true {
      rest = rest.drop { $0 == " " }
      isQuoted = rest.first == "\""
      if isQuoted {
        rest.removeFirst()
        while let end = rest.firstIndex(of: "\"") {
          name += rest[..<end]
          rest = rest[rest.index(after: end)...]
          if rest.first != "\"" { isQuoted = false; break }
          name.append("\"")
          rest.removeFirst()
        }
        rest = rest.drop { $0 == " " }
        guard !isQuoted, rest.isEmpty || rest.first == "," else { return nil }
        names.append(name)
      } else {
        let end = rest.firstIndex(of: ",") ?? rest.endIndex
        names.append(trimmed(String(rest[..<end])))
        rest = rest[end...]
      }
      if rest.isEmpty { return names }
      rest.removeFirst()
      name = ""
    }
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
