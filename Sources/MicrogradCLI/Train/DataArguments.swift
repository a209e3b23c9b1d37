import ArgumentParser

/// What `train` learns from.
struct DataArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("CSV file, packed with gzip or not; - is standard input.", valueName: "data.csv"))
  var file: String

  @Option(help: ArgumentHelp("Column to predict. (default: the last)", valueName: "column"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      """
      Columns to predict it from, separated by commas; a name with a comma goes into double quotes. (default: all others)
      """, valueName: "columns"))
  var inputs: ColumnNames?

  @Flag(name: .customLong("classes"), help: "Take numbers in the target column as names of classes.")
  var takesClasses = false

  @OptionGroup var table: TableArguments

  @Option(
    help: """
      Share of the rows that is kept for validation, 0 up to but not including 1. (default: 0.2, or 0 with \
      --validation-data)
      """)
  var validation: Double?

  @Option(help: ArgumentHelp("CSV file with the rows for validation.", valueName: "file"))
  var validationData: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Bring inputs, and a target of numbers, to mean 0 and deviation 1, by the training part alone.")
  var standardize = true

  /// The share that is kept.
  var validationShare: Double { validation ?? (validationData == nil ? 0.2 : 0) }

  func validate() throws {
    try check(
      validationShare >= 0 && validationShare < 1, "--validation", validationShare,
      "give a share from 0 to 1, 1 excluded, such as 0.2")
    try refuse(
      validationData != nil && validationShare > 0,
      "--validation \(validationShare) and --validation-data \(validationData ?? "") both say what to validate by",
      "give one of them")
    try refuse(
      InputFile.isStandardInput(file) && validationData.map(InputFile.isStandardInput) ?? false,
      "the data and --validation-data are both standard input", "give a file for one of them")
    guard let inputs else { return }
    try check(Set(inputs.names).count == inputs.names.count, "--inputs", inputs, "name each column once")
    for name in inputs.names {
      try check(!name.isEmpty, "--inputs", "“\(inputs)”", "give names with commas between")
    }
    try check(
      target.map { !inputs.names.contains($0) } ?? true, "--inputs", inputs, "leave the target \(target ?? "") out")
  }
}
