import ArgumentParser
import MicrogradTables

/// How tables are read.
struct TableArguments: ParsableArguments {
  @Option(
    help: """
      Character between fields: comma, semicolon, tab, bar, space, or the character itself. (default: the one of comma, \
      semicolon, tab and bar that fits the first line, or that of a line such as sep=;)
      """)
  var separator: SeparatorChoice?

  @Option(
    help: ArgumentHelp(
      """
      Words that stand for a missing value, separated by commas; or none. An empty field always does. \
      (default: \(MissingWords.defaultText))
      """, valueName: "words"))
  var missing: MissingWords?

  @Flag(
    inversion: .prefixedNo,
    help: "Whether the first line names the columns. (default: unless it is all numbers)")
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

/// The words in `--missing "?,-"`; none in `--missing none`.
struct MissingWords: ExpressibleByArgument, Equatable {
  let words: Set<String>

  static let defaultText = CSVTable.missingWords.sorted().joined(separator: ",")

  init?(argument: String) {
    words =
      argument == "none" ? [] : Set(argument.split(separator: ",").map(String.init))
  }
}
