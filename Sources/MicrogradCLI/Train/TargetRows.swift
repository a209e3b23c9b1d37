import Micrograd
import MicrogradNN
import MicrogradTables

/// Rows of a table that have a target, and their targets.
struct TargetRows {
  let rows: [Int]
  let targets: Dataset.Targets
  /// The lines of the rows without a target.
  let missing: [Int]
  /// The notice about rows without a target; nil if there are none.
  let notice: String?

  init(_ table: CSVTable, _ target: String, _ kind: CSVTable.TargetKind, path: String) throws {
    let rows = try table.rowsWithValue(in: target)
    guard !rows.isEmpty else {
      throw ExitMessage(
        "\(InputFile(path).shown), column “\(target)”: no row has a value to predict: give another column with --target."
      )
    }
    self.rows = rows
    targets = try table.targets(target, kind: kind, rows: rows)
    let present = Set(rows)
    missing =
      rows.count == table.count
      ? []
      : try (0..<table.count).filter { !present.contains($0) }.map {
        try table.line(row: $0, column: target)
      }
    notice =
      missing.isEmpty
      ? nil
      : "\(InputFile(path).shown): \(count(missing.count, "row")) without a value of \(target) left out "
        + "(\(missing.count == 1 ? "line" : "lines") \(missing.prefix(8).map(String.init).joined(separator: ", "))"
        + "\(missing.count > 8 ? ", …" : ""))"
  }

  private init(_ rows: [Int], _ targets: Dataset.Targets) {
    (self.rows, self.targets, missing, notice) = (rows, targets, [], nil)
  }

  /// Splits the rows at random as the arguments say. The second part is nil if no rows are held out.
  ///
  /// - Parameter columns: The number of columns that are considered, with the target.
  func split(_ arguments: DataArguments, columns: Int, using random: inout PythonRandom) throws -> (
    TargetRows, TargetRows?
  ) {
    guard arguments.validationData == nil, arguments.validationShare > 0 else { return (self, nil) }
    if rows.count == 1 { throw Self.tooFew(arguments.file) }
    let split = RowSplit(count: rows.count, columns: columns)
    let (training, held) = split.split(share: arguments.validationShare, using: &random)
    func part(_ indices: [Int]) -> TargetRows {
      TargetRows(indices.map { rows[$0] }, targets.subset(indices))
    }
    return (part(split.indices(training)), part(split.indices(held)))
  }

  static func tooFew(_ file: String) -> ExitMessage {
    ExitMessage("\(InputFile(file).shown) has only one row, too few for validation: give --validation 0.")
  }

  /// Returns the rows as a data set. Adds notices about cells that the training rows did not have.
  func dataset(
    _ encoder: TableEncoder, _ table: CSVTable, _ notices: inout [String?], _ place: String
  ) throws -> Dataset {
    let encoded = try encoder.encode(table, rows: rows)
    notices += encoded.surprises.notices(place: place).map { $0 }
    return try Dataset(
      inputs: encoded.inputs, inputCount: encoder.inputCount, targets: targets, inputNames: encoder.inputNames)
  }
}

extension [TableEncoder.Surprise] {
  /// Returns a line for each of the first surprises.
  ///
  /// - Parameter place: Words after the line, such as “ for validation”.
  func notices(place: String) -> [String] {
    let shown = prefix(8).map { surprise in
      let more = surprise.count > 1 ? " (\(surprise.count) rows)" : ""
      let what =
        surprise.category.map { "“\($0)” is not in the training rows, so none of its inputs is 1" }
        ?? "the value is missing, which it never was in the training rows; it is filled in"
      return "line \(surprise.line)\(place), column “\(surprise.column)”: \(what)\(more)"
    }
    return shown + (count > 8 ? ["… and \(count - 8) more of this kind"] : [])
  }
}
