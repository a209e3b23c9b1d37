import ArgumentParser
import MicrogradTables

/// The arguments for reading tables.
struct TableArguments: ParsableArguments {
  @Option(
    help: """
      Field separator: comma, semicolon, tab, bar, space, or the character itself. (default: found from the first line, \
      or given by a line such as sep=;)
      """)
  var separator: SeparatorChoice?

  @Option(
    help: ArgumentHelp(
      """
      Words that mean a missing value, separated by commas; or none. An empty field is always missing. \
      (default: \(MissingWords.defaultText))
      """, valueName: "words"))
  var missing: MissingWords?

  @Flag(
    inversion: .prefixedNo,
    help: "Read the first line as column names, or as data. (default: names, unless all fields are numbers)")
  var header: Bool?

  var kindOfHeader: CSVTable.Header { header.map { $0 ? .present : .absent } ?? .automatic }
}

/// The character in `--separator ";"` or `--separator semicolon`.
struct SeparatorChoice: ExpressibleByArgument, Equatable {
  let character: Character

  private static let named: [String: Character] = [
    "comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "bar": "|", "pipe": "|", "space": " ",
  ]

  init?(argument: String) {
    guard let character = Self.named[argument] ?? (argument.count == 1 ? argument.first : nil),
      character != "\"", !character.isNewline
    else { return nil }
    self.character = character
  }
}

/// The words in `--missing "?,-"`; empty for `--missing none`.
struct MissingWords: ExpressibleByArgument, Equatable {
  let words: Set<String>

  static let defaultText = CSVTable.missingWords.sorted().joined(separator: ",")

  init?(argument: String) {
    words =
      argument == "none" ? [] : Set(argument.split(separator: ",").map(String.init))
  }
}
