import Micrograd
import MicrogradFormulas
import MicrogradOptimization
import MicrogradTables

/// The numbers of a table that a fit needs.
struct FitTable {
  let file: String
  /// The columns of the model's right side.
  let inputs: [String]
  /// The numbers of each row, in the order of the inputs.
  let rows: [[Double]]
  /// The left side of the model for each row.
  let responses: [Double]
  let weighting: Weighting
  /// The standard deviation that all rows share, if a number was given.
  let noise: Double?
  let deviations: [Double]
  /// The line of the file of each row.
  let lines: [Int]
  let parameters: [String]
  let notes: [String]

  init(_ command: FitCommand, _ model: ModelFormula) throws {
    let table = try CSVTable(path: command.data, command.table)
    file = InputFile(command.data).shown
    parameters = model.parameters(columns: table.columns)
    inputs = model.prediction.names.filter(table.columns.contains)
    try Self.check(model, parameters, table, file)
    var notes = [
      table.headerNotice(command.table, of: command.data), table.decimalNotice(command.table),
    ].compactMap(\.self)
    notes += parameters.compactMap { name in
      guard name.count > 2, let column = Spelling.closest(to: name, among: table.columns) else { return nil }
      return "note: “\(name)” is taken as a parameter; if the column “\(column)” is meant, write it so"
    }
    if inputs.isEmpty {
      notes.append("note: “\(model.prediction)” has no column; the columns are \(Self.listed(table.columns))")
    }

    let sigma = command.sigma.flatMap { Double($0) }
    let named = [
      command.sigma.flatMap { sigma == nil ? ($0, "--sigma") : nil }, command.weights.map { ($0, "--weights") },
    ]
    for (name, flag) in named.compactMap(\.self) where !table.columns.contains(name) {
      throw ExitMessage("\(flag) is “\(name)”, which is no column of \(file)\(Self.meant(name, table.columns)).")
    }
    if let sigma, !(sigma > 0 && sigma.isFinite) {
      throw ExitMessage("--sigma is \(sigma): give a standard deviation above 0, or a column.")
    }
    let other = named.compactMap { $0?.0 }
    let columns = Self.unique(inputs + model.response.names + other)
    let (numbers, chosen, skippedRows) = try Self.read(table, columns, skips: command.skipMissing)
    if !skippedRows.isEmpty {
      let allLines = try table.lines(of: columns[0])
      let skipped = skippedRows.map { allLines[$0] }
      let lines = skipped.prefix(5).map(String.init).joined(separator: ", ") + (skipped.count > 5 ? ", …" : "")
      notes.append("\(count(skipped.count, "row")) with missing values left out (line \(lines))")
    }
    if chosen.isEmpty {
      throw ExitMessage("\(file): every row has a missing value in \(Self.listed(columns)): fill them in.")
    }
    func column(_ name: String) -> [Double] { numbers[columns.firstIndex(of: name) ?? 0] }
    let inputColumns = inputs.map(column), responseColumns = model.response.names.map(column)
    let place = columns.first ?? table.columns[0]
    let all = try table.lines(of: place)
    let lines = chosen.map { all[$0] }
    self.lines = lines
    rows = chosen.indices.map { row in inputColumns.map { $0[row] } }
    responses = try chosen.indices.map { row in
      let point = responseColumns.map { $0[row] }
      let number = model.response(point)
      if number.isFinite { return number }
      let (part, found) = model.response.firstNotFinite(at: point) ?? ("\(model.response)", number)
      let at = zip(model.response.names, point).map { "\($0) = \(AlignedNumbers.text($1))" }.joined(separator: ", ")
      throw ExitMessage(
        "\(InputFile(command.data).name), line \(lines[row]): \(part) is \(AlignedNumbers.text(found)) at \(at): remove the row."
      )
    }
    if let sigma {
      noise = sigma
      deviations = [Double](repeating: sigma, count: rows.count)
      weighting = .standardDeviations(deviations)
    } else if let name = command.sigma {
      noise = nil
      deviations = column(name)
      if let row = deviations.firstIndex(where: { $0 <= 0 }) {
        throw ExitMessage(
          "\(InputFile(command.data).name), line \(lines[row]), column “\(name)”: the standard deviation is \(AlignedNumbers.text(deviations[row])): give one above 0."
        )
      }
      weighting = .standardDeviations(deviations)
    } else if let name = command.weights {
      let weights = column(name)
      if let row = weights.firstIndex(where: { $0 < 0 }) {
        throw ExitMessage(
          "\(InputFile(command.data).name), line \(lines[row]), column “\(name)”: the weight is \(AlignedNumbers.text(weights[row])): give 0 or more."
        )
      }
      (noise, deviations, weighting) = (nil, [], .weights(weights))
    } else {
      (noise, deviations, weighting) = (nil, [], .equal)
    }
    self.notes = notes
  }

  /// Checks the names of the model against the columns.
  private static func check(_ model: ModelFormula, _ parameters: [String], _ table: CSVTable, _ file: String) throws {
    for name in model.response.names where !table.columns.contains(name) {
      throw ExitMessage(
        "“\(name)”, left of the tilde, is no column of \(file)\(meant(name, table.columns)). The columns are \(listed(table.columns))."
      )
    }
    if model.response.names.isEmpty {
      throw ExitMessage("the left side “\(model.response)” has no column: write the column that the model explains.")
    }
    if parameters.isEmpty {
      throw ExitMessage(
        "all names of “\(model.prediction)” are columns of \(file), so there is nothing to fit: add a parameter, such as a*(…)."
      )
    }
  }

  /// Returns the numbers of columns in rows without missing values, these rows, and the others.
  private static func read(
    _ table: CSVTable, _ columns: [String], skips: Bool
  ) throws -> (numbers: [[Double]], rows: [Int], skipped: [Int]) {
    let all = try namingFlags { try columns.map { try table.numbersOrGaps($0) } }
    var (rows, skipped): ([Int], [Int]) = ([], [])
    for row in 0..<table.count {
      guard let column = columns.indices.first(where: { all[$0][row] == nil }) else {
        rows.append(row)
        continue
      }
      if skips {
        skipped.append(row)
        continue
      }
      do {
        _ = try table.inputs([columns[column]])
      } catch {
        let hint = " To leave out all rows with missing values, give --skip-missing."
        throw ExitMessage(error.namingFlags.description.trimmingPeriod + "." + hint)
      }
    }
    return (all.map { column in rows.compactMap { column[$0] } }, rows, skipped)
  }

  static func meant(_ name: String, _ known: [String]) -> String {
    Spelling.closest(to: name, among: known).map { "; did you mean “\($0)”?" } ?? ""
  }

  static func listed(_ names: [String]) -> String {
    names.prefix(12).map { "“\(NamedNumbers.shortened($0))”" }.joined(separator: ", ")
      + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}

extension String {
  fileprivate var trimmingPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}
