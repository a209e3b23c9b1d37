import ArgumentParser
import MicrogradTables

/// The data arguments of `train`.
struct DataArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("CSV file, may be compressed with gzip; - is standard input.", valueName: "data.csv"))
  var file: String

  @Option(help: ArgumentHelp("Column to predict. (default: the last)", valueName: "column"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      """
      Input columns, separated by commas; put a name with a comma in double quotes. (default: all other columns \
      except identifiers and dates)
      """, valueName: "columns"))
  var inputs: ColumnNames?

  @Option(help: ArgumentHelp("Columns to leave out, separated by commas.", valueName: "columns"))
  var without: ColumnNames?

  @Option(
    help: ArgumentHelp(
      "Columns to read as text even if they are numbers, such as postcodes, separated by commas.", valueName: "columns")
  )
  var text: ColumnNames?

  @Flag(help: "Read dates as days since 1970-01-01; without it, columns of dates are left out.")
  var dates = false

  @Flag(name: .customLong("classes"), help: "Treat numbers in the target column as class names.")
  var takesClasses = false

  @OptionGroup var table: TableArguments

  @Option(
    help: """
      Fraction of the rows to keep for validation, at least 0 and below 1. (default: 0.2, or 0 with --validation-data)
      """)
  var validation: Double?

  @Option(help: ArgumentHelp("CSV file with the rows for validation.", valueName: "file"))
  var validationData: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Standardise inputs and a numeric target: mean 0 and standard deviation 1 over the training rows.")
  var standardize = true

  /// The fraction of the rows for validation.
  var validationShare: Double { validation ?? (validationData == nil ? 0.2 : 0) }

  /// Returns the columns to consider as inputs. Throws for names of columns that do not exist.
  func inputColumns(of table: CSVTable, target: String) throws -> [String] {
    func names(_ given: ColumnNames?) throws -> [String] {
      let names = given?.names(among: table.columns) ?? []
      for name in names { try table.checkColumn(name) }
      return names
    }
    try table.checkColumn(target)
    let left = try Set(names(without))
    _ = try names(text)
    let wanted = inputs == nil ? table.columns.filter { $0 != target && !left.contains($0) } : try names(inputs)
    if wanted.contains(target) { throw ExitMessage("--inputs has the target “\(target)”: leave it out.") }
    return wanted
  }

  /// The choices for preparing the columns.
  func encoderOptions(for table: CSVTable) -> TableEncoder.Options {
    var options = TableEncoder.Options()
    options.textColumns = Set(text?.names(among: table.columns) ?? [])
    options.readsDates = dates
    options.wantedColumns = Set(inputs?.names(among: table.columns) ?? [])
    return options
  }

  func validate() throws {
    try check(
      validationShare >= 0 && validationShare < 1, "--validation", validationShare,
      "give a fraction of at least 0 and below 1, such as 0.2")
    try refuse(
      validationData != nil && validationShare > 0,
      "--validation \(validationShare) and --validation-data \(validationData ?? "") both choose the validation rows",
      "give one of them")
    try refuse(
      InputFile.isStandardInput(file) && validationData.map(InputFile.isStandardInput) ?? false,
      "the data and --validation-data are both standard input", "give a file for one of them")
    try refuse(
      inputs != nil && without != nil, "--inputs and --without both choose the input columns", "give one of them")
    guard let inputs else { return }
    try check(Set(inputs.names).count == inputs.names.count, "--inputs", inputs, "name each column once")
    for name in inputs.names {
      try check(!name.isEmpty, "--inputs", "“\(inputs)”", "separate names by commas")
    }
    try check(
      target.map { !inputs.names.contains($0) } ?? true, "--inputs", inputs, "leave the target \(target ?? "") out")
  }
}
