import Micrograd
import MicrogradFormulas
import MicrogradOptimization
import MicrogradTables

/// The numbers of a table that a fit needs.
package struct FitTable {
  /// How messages name the table.
  package struct Source: Sendable {
    /// The name before a line, as in `data.csv, line 3`; nil to begin with the line.
    package var file: String?
    /// The name in a sentence, as in “no column of data.csv”.
    package var shown: String

    package init(file: String?, shown: String) { (self.file, self.shown) = (file, shown) }

    func line(_ line: Int) -> String { (file.map { $0 + ", " } ?? "") + "line \(line)" }
  }

  /// Where the scatter of the responses comes from.
  package enum Scatter: Sendable, Equatable {
    case unknown
    /// The standard deviation of all responses.
    case deviation(Double)
    /// A column of standard deviations.
    case deviations(String)
    /// A column of weights.
    case weights(String)

    /// The column, and what it is.
    fileprivate var column: (name: String, subject: FitMessage.Subject)? {
      switch self {
      case .unknown, .deviation: nil
      case .deviations(let name): (name, .sigma)
      case .weights(let name): (name, .weights)
      }
    }
  }

  package let source: Source
  /// The columns of the model's right side.
  package let inputs: [String]
  /// The numbers of each row, in the order of the inputs.
  package let rows: [[Double]]
  /// The left side of the model for each row.
  package let responses: [Double]
  package let weighting: Weighting
  /// The standard deviation that all rows share, if a number was given.
  package let noise: Double?
  package let deviations: [Double]
  /// The row of the table, from 0, of each row.
  package let places: [Int]
  /// The line of the file of each row.
  package let lines: [Int]
  package let parameters: [String]
  package let notes: [String]

  /// Reads the columns that a model needs.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - source: How messages name it.
  ///   - model: The model.
  ///   - scatter: The standard deviations or weights.
  ///   - skipsMissing: True to leave out rows with a missing value in one of the columns.
  ///   - leftOut: Rows of the table, from 0, that are left out.
  /// - Throws: ``FitMessage``, or a `CSVError` for a cell that is not a number.
  package init(
    _ table: CSVTable, source: Source, model: ModelFormula, scatter: Scatter = .unknown, skipsMissing: Bool = false,
    leavingOut leftOut: Set<Int> = []
  ) throws {
    self.source = source
    parameters = model.parameters(columns: table.columns)
    inputs = model.prediction.names.filter(table.columns.contains)
    try Self.check(model, parameters, table, source.shown)
    var notes: [String] = parameters.compactMap { name in
      guard name.count > 2, let column = Spelling.closest(to: name, among: table.columns) else { return nil }
      return "note: “\(name)” is taken as a parameter; if the column “\(column)” is meant, write it so"
    }
    if inputs.isEmpty {
      notes.append("note: “\(model.prediction)” has no column; the columns are \(FitText.listed(table.columns))")
    }
    try Self.check(scatter, table, source.shown)

    let columns = Self.unique(inputs + model.response.names + (scatter.column.map { [$0.name] } ?? []))
    let read = try Self.read(table, columns, source, skips: skipsMissing, leftOut)
    let (numbers, chosen) = (read.numbers, read.rows)
    let allLines = try table.lines(of: columns.first ?? table.columns[0])
    if !read.skipped.isEmpty {
      let skipped = read.skipped.map { allLines[$0] }
      let shown = skipped.prefix(5).map(String.init).joined(separator: ", ") + (skipped.count > 5 ? ", …" : "")
      notes.append("\(FitText.count(skipped.count, "row")) with missing values left out (line \(shown))")
    }
    if chosen.isEmpty {
      throw FitMessage(
        .table,
        leftOut.isEmpty
          ? "\(source.shown): every row has a missing value in \(FitText.listed(columns)): fill them in."
          : "no row of \(source.shown) is left: put some back.")
    }
    func column(_ name: String) -> [Double] { numbers[columns.firstIndex(of: name) ?? 0] }
    let inputColumns = inputs.map(column), responseColumns = model.response.names.map(column)
    let lines = chosen.map { allLines[$0] }
    (self.lines, places) = (lines, chosen)
    rows = chosen.indices.map { row in inputColumns.map { $0[row] } }
    responses = try chosen.indices.map { row in
      try Self.response(model, responseColumns.map { $0[row] }, source, lines[row])
    }
    switch scatter {
    case .unknown: (noise, deviations, weighting) = (nil, [], .equal)
    case .deviation(let sigma):
      noise = sigma
      deviations = [Double](repeating: sigma, count: rows.count)
      weighting = .standardDeviations(deviations)
    case .deviations(let name):
      noise = nil
      deviations = column(name)
      if let row = deviations.firstIndex(where: { $0 <= 0 }) {
        throw FitMessage(
          .sigma,
          "\(source.line(lines[row])), column “\(name)”: the standard deviation is \(FitText.number(deviations[row])): give one above 0.",
          line: lines[row])
      }
      weighting = .standardDeviations(deviations)
    case .weights(let name):
      let weights = column(name)
      if let row = weights.firstIndex(where: { $0 < 0 }) {
        throw FitMessage(
          .weights,
          "\(source.line(lines[row])), column “\(name)”: the weight is \(FitText.number(weights[row])): give 0 or more.",
          line: lines[row])
      }
      (noise, deviations, weighting) = (nil, [], .weights(weights))
    }
    self.notes = notes
  }

  /// Checks the names of the model against the columns.
  private static func check(_ model: ModelFormula, _ parameters: [String], _ table: CSVTable, _ shown: String) throws {
    for name in model.response.names where !table.columns.contains(name) {
      throw FitMessage(
        .formula,
        "“\(name)”, left of the tilde, is no column of \(shown)\(FitText.meant(name, table.columns)). The columns are \(FitText.listed(table.columns))."
      )
    }
    if model.response.names.isEmpty {
      throw FitMessage(
        .formula, "the left side “\(model.response)” has no column: write the column that the model explains.")
    }
    if parameters.isEmpty {
      throw FitMessage(
        .formula,
        "all names of “\(model.prediction)” are columns of \(shown), so there is nothing to fit: add a parameter, such as a*(…)."
      )
    }
  }

  private static func check(_ scatter: Scatter, _ table: CSVTable, _ shown: String) throws {
    if let (name, subject) = scatter.column, !table.columns.contains(name) {
      throw FitMessage(subject, "“\(name)”, which is no column of \(shown)\(FitText.meant(name, table.columns)).")
    }
    if case .deviation(let sigma) = scatter, !(sigma > 0 && sigma.isFinite) {
      throw FitMessage(.sigma, "\(sigma): give a standard deviation above 0, or a column.")
    }
  }

  private static func response(
    _ model: ModelFormula, _ point: [Double], _ source: Source, _ line: Int
  ) throws(FitMessage) -> Double {
    let number = model.response(point)
    if number.isFinite { return number }
    let (part, found) = model.response.firstNotFinite(at: point) ?? ("\(model.response)", number)
    let at = zip(model.response.names, point).map { "\($0) = \(FitText.number($1))" }.joined(separator: ", ")
    throw FitMessage(
      .table, "\(source.line(line)): \(part) is \(FitText.number(found)) at \(at): remove the row.", line: line)
  }

  /// Returns the numbers of columns in rows without missing values, these rows, and the others.
  private static func read(
    _ table: CSVTable, _ columns: [String], _ source: Source, skips: Bool, _ leftOut: Set<Int>
  ) throws -> (numbers: [[Double]], rows: [Int], skipped: [Int]) {
    let all = try columns.map { try table.numbersOrGaps($0) }
    var (rows, skipped): ([Int], [Int]) = ([], [])
    for row in 0..<table.count where !leftOut.contains(row) {
      guard let column = columns.indices.first(where: { all[$0][row] == nil }) else {
        rows.append(row)
        continue
      }
      if skips {
        skipped.append(row)
        continue
      }
      throw try missing(table, row, columns[column], source)
    }
    return (all.map { column in rows.compactMap { column[$0] } }, rows, skipped)
  }

  /// The error of a missing cell.
  private static func missing(_ table: CSVTable, _ row: Int, _ column: String, _ source: Source) throws -> FitMessage {
    let word = try table.fields(column)[row], line = try table.line(row: row, column: column)
    let problem = word.isEmpty ? CSVError.Problem.missingValue : .missingWord(word)
    return FitMessage(
      .table, "\(source.line(line)), column “\(column)”: \(problem)", remedy: .skippedRows(isWord: !word.isEmpty),
      line: line)
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
