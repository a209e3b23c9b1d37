import ArgumentParser
import MicrogradTables

/// The data arguments of `train`.
struct DataArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "CSV file, may be compressed with gzip, or a table that micrograd convert wrote; - is standard input.",
      valueName: "data.csv"))
  var file: String

  @OptionGroup var columns: ColumnArguments

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

  /// Throws if standard input is read, which is at hand in the first of several processes only.
  func checkFiles() throws {
    try refuse(
      InputFile.isStandardInput(file) || validationData.map(InputFile.isStandardInput) ?? false,
      "data from standard input reach one process only", "give files under mpirun")
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
  }

  /// Throws for flags that make no sense for a table that `micrograd convert` wrote.
  func checkForBinaryTable() throws {
    let table = columns.table
    let given = [
      (table.separator != nil, "--separator"), (table.missing != nil, "--missing"), (table.decimal != nil, "--decimal"),
      (table.header != nil, "--header"), (columns.dates, "--dates"),
    ]
    for (isGiven, flag) in given where isGiven {
      throw ExitMessage("\(file) was made by micrograd convert: give \(flag) to that command, and leave it out here.")
    }
    if validationData != nil {
      throw ExitMessage("\(file) was made by micrograd convert: give --validation instead of --validation-data.")
    }
  }
}
