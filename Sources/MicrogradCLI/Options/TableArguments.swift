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

  @Option(
    help: """
      Decimal mark of numbers: point or comma. (default: a comma if another character separates fields and numbers such \
      as 1,5 show it; else a point)
      """)
  var decimal: DecimalChoice?

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

/// The mark in `--decimal comma`.
enum DecimalChoice: String, CaseIterable, ExpressibleByArgument {
  case point, comma

  var mark: CSVTable.DecimalMark { self == .comma ? .comma : .point }
}

/// The words in `--missing "?,-"`; empty for `--missing none`.
struct MissingWords: ExpressibleByArgument, Equatable {
  let words: Set<String>

  static let defaultText = CSVTable.commonMissingWords.sorted().joined(separator: ",")

  init?(argument: String) {
    words =
      argument == "none" ? [] : Set(argument.split(separator: ",").map(String.init))
  }
}
