import ArgumentParser
import Foundation
import Micrograd
import MicrogradTables

/// `micrograd convert`: writes a CSV file as a binary table that may be larger than memory.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a CSV file to a binary table, from which micrograd train reads rows as it needs them.",
    discussion: """
      Neither file needs to fit into memory. The table has the cells as numbers, in blocks with checksums. It gets its name \
      when it is complete; until then, an existing file stays as it is.

      The columns are read as micrograd train reads them, and the same flags choose them; what train would leave out is left \
      out. A summary says what is in each column and what becomes of it. Training from the table gives the model that \
      training from the CSV file gives. Missing values are filled in, and texts become inputs, when a model is trained.

      Rows without a target are left out. So another target can be chosen later only if none of its values is missing.

      Errors in the data exit with status 1, errors in the command line with status 64.

      Examples:
        micrograd convert houses.csv houses.mgt --target price
        micrograd convert digits.csv.gz digits.mgt --target digit --classes
        micrograd convert sales.csv sales.mgt --target revenue --dates --text postcode --without note
        micrograd train houses.mgt
      """)

  @Argument(help: ArgumentHelp("CSV file, may be compressed with gzip.", valueName: "data.csv"))
  var file: String

  @Argument(help: ArgumentHelp("File to write.", valueName: "data.mgt"))
  var output: String

  @OptionGroup var columns: ColumnArguments

  @Flag(help: "Print errors only.")
  var quiet = false

  func validate() throws {
    try refuse(InputFile.isStandardInput(file), "the data are standard input, and are read twice", "give a file")
    try refuse(output == "-", "the table is standard output, and must be a file", "give a file")
    try check(
      !OutputFile.areSame(output, file), "the file to write", output, "it is the data's file; give another file")
  }

  func run() throws { try Talk.during(isQuiet: quiet, convert) }

  private func convert(_ talk: Talk) throws {
    let written = try OutputFile(output, flag: "the second argument")
    let arguments = columns.table
    let converter: TableConverter
    do {
      converter = try namingFlags(choosingInputs: true) {
        try TableConverter(
          URL(fileURLWithPath: file), separator: arguments.separator?.character,
          missing: arguments.missing?.words ?? CSVTable.commonMissingWords, header: arguments.kindOfHeader,
          decimal: arguments.decimal?.mark ?? .automatic)
      }
    } catch let error as GzipError {
      throw ExitMessage("\(file): \(error)")
    }
    let names = converter.columns
    if let notice = converter.notice(arguments, of: file) { talk.say(notice) }
    let target = columns.target ?? names[names.count - 1]
    let report = try namingFlags(choosingInputs: true) {
      let inputs = try columns.inputColumns(among: names, target: target) { try converter.checkColumn($0) }
      return try converter.convert(
        to: written.url, target: target, inputs: inputs, kind: columns.targetKind(loss: nil),
        options: columns.encoderOptions(among: names))
    }
    try describe(report, target, talk)
  }

  private func describe(_ report: TableConverter.Report, _ target: String, _ talk: Talk) throws {
    if quiet { return }
    let table = try BinaryTable(contentsOf: URL(fileURLWithPath: output))
    let inputs = table.columns.map(\.name).filter { $0 != target }
    let without = report.rowsWithoutTarget
    if without > 0 { talk.say("\(file): \(count(without, "row")) without a value of \(target) left out") }
    let reports = try table.survey(columns: inputs) + report.leftOut
    talk.say("\(file): target \(target), \(count(inputs.count, "input column"))")
    talk.say(ColumnTable.text(reports, isStandardized: true))
    talk.say("table: \(output), \(count(report.rows, "row")) of \(count(table.columns.count, "column"))")
  }
}

extension TableConverter {
  /// Returns a notice about guesses in reading the file; nil if there were none.
  fileprivate func notice(_ arguments: TableArguments, of path: String) -> String? {
    var notices: [String] = []
    if !hasHeader, arguments.kindOfHeader == .automatic {
      notices.append(CSVTable.headerNotice(columns, of: path))
    }
    if hasDecimalComma, arguments.decimal == nil { notices.append(CSVTable.commaNotice) }
    return notices.isEmpty ? nil : notices.joined(separator: "\n")
  }
}
