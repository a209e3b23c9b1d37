import ArgumentParser
import MicrogradNN
import MicrogradTables

/// The arguments that choose the columns of a table and say how they are read.
struct ColumnArguments: ParsableArguments {
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

  /// Returns the columns to consider as inputs. Throws for names of columns that do not exist.
  ///
  /// - Parameters:
  ///   - columns: The columns of the table.
  ///   - target: The column to predict.
  ///   - check: Throws if there is no column of a name.
  func inputColumns(
    among columns: [String], target: String, check: (String) throws -> Void
  ) throws -> [String] {
    func names(_ given: ColumnNames?) throws -> [String] {
      let names = given?.names(among: columns) ?? []
      for name in names { try check(name) }
      return names
    }
    try check(target)
    let left = try Set(names(without))
    _ = try names(text)
    let wanted = inputs == nil ? columns.filter { $0 != target && !left.contains($0) } : try names(inputs)
    if wanted.contains(target) { throw ExitMessage("--inputs has the target “\(target)”: leave it out.") }
    return wanted
  }

  /// The choices for preparing the columns.
  func encoderOptions(among columns: [String]) -> TableEncoder.Options {
    var options = TableEncoder.Options()
    options.textColumns = Set(text?.names(among: columns) ?? [])
    options.readsDates = dates
    options.wantedColumns = Set(inputs?.names(among: columns) ?? [])
    return options
  }

  /// The kind of the target column.
  func targetKind(loss: Loss?) -> CSVTable.TargetKind {
    takesClasses || loss?.isForClasses == true ? .classes : loss == nil ? .automatic : .numbers
  }

  func validate() throws {
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
