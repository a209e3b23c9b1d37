import ArgumentParser

/// The names in `--inputs a,b`; one that has a comma in it is in double quotes, as in `--inputs '"a, b",c'`.
struct ColumnNames: ExpressibleByArgument, CustomStringConvertible {
  let description: String
  /// As commas and quotation marks separate them.
  let names: [String]

  init?(argument: String) {
    guard let names = Self.separated(argument) else { return nil }
    (description, self.names) = (argument, names)
  }

  /// The names as columns of a table, where commas within a name may stand without quotation marks if no other reading
  /// fits.
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

  /// Nil if a quotation mark is not closed, or stands within a name where it is not doubled.
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
