import ArgumentParser

/// What `train` learns from.
struct DataArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("CSV file with a header, packed with gzip or not.", valueName: "data.csv"))
  var file: String

  @Option(help: ArgumentHelp("Column to predict. (default: the last)", valueName: "column"))
  var target: String?

  @Option(
    help: ArgumentHelp("Columns to predict it from, separated by commas. (default: all others)", valueName: "columns"))
  var inputs: ColumnNames?

  @Flag(name: .customLong("classes"), help: "Take numbers in the target column as names of classes.")
  var takesClasses = false

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
    guard let inputs else { return }
    for name in inputs.names {
      try check(inputs.names.count { $0 == name } == 1, "--inputs", inputs, "name each column once")
      try check(!name.isEmpty, "--inputs", "“\(inputs)”", "give names with commas between")
    }
    try check(
      target.map { !inputs.names.contains($0) } ?? true, "--inputs", inputs, "leave the target \(target ?? "") out")
  }
}

/// The names in `--inputs a,b`.
struct ColumnNames: ExpressibleByArgument, CustomStringConvertible {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  var description: String { names.joined(separator: ",") }
}
