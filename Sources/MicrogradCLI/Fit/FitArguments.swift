import ArgumentParser
import Micrograd
import MicrogradFormulaFits
import MicrogradFormulas
import MicrogradTables

/// The table and the parameters of a fit, as the arguments of the command give them.
struct FitArguments {
  let problem: FitProblem
  /// Notes about the table, and about the names of the model.
  let notes: (table: [String], names: String)

  init(_ command: FitCommand, _ model: ModelFormula) throws {
    let table = try CSVTable(path: command.data, command.table)
    let data = try FitMessage.namingFlags { try Self.data(command, table, model) }
    let starts = try NamedNumbers(command.start, flag: "--start")
    let fixed = try NamedNumbers(command.fix, flag: "--fix")
    let bounds = try Self.bounds(command.bounds)
    for (names, flag) in [(starts.names, "--start"), (fixed.names, "--fix"), (bounds.keys.sorted(), "--bounds")] {
      for name in names where !data.parameters.contains(name) {
        let what = data.inputs.contains(name) ? "a column of the table" : "no parameter of the model"
        throw ExitMessage(
          "\(flag): “\(name)” is \(what)\(FitText.meant(name, data.parameters)). The parameters are \(FitText.listed(data.parameters))."
        )
      }
    }
    for name in fixed.names where starts[name] != nil || bounds[name] != nil {
      throw ExitMessage("“\(name)” is fixed by --fix, and has a start or bounds too: give one of them.")
    }
    let problem = try FitMessage.namingFlags {
      try FitProblem(model, data, starts: starts.numbers, fixed: fixed.numbers, bounds: bounds)
    }
    let notices = [
      table.headerNotice(command.table, of: command.data), table.decimalNotice(command.table),
    ].compactMap(\.self)
    self.problem = problem
    notes = (notices + data.notes, problem.summary)
  }

  private static func data(_ command: FitCommand, _ table: CSVTable, _ model: ModelFormula) throws -> FitTable {
    let file = InputFile(command.data)
    let scatter: FitTable.Scatter =
      if let sigma = command.sigma {
        Double(sigma).map { .deviation($0) } ?? .deviations(sigma)
      } else {
        command.weights.map { .weights($0) } ?? .unknown
      }
    return try namingFlags {
      try FitTable(
        table, source: .init(file: file.name, shown: file.shown), model: model, scatter: scatter,
        skipsMissing: command.skipMissing)
    }
  }

  /// Reads `a=0:10`, `a=0:` and `a=:10`.
  private static func bounds(_ words: [String]) throws(ExitMessage) -> [String: ClosedRange<Double>] {
    var bounds: [String: ClosedRange<Double>] = [:]
    for word in words {
      let (name, text) = try NamedNumbers.parts(word, "--bounds", example: "a=0:10")
      let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { NamedNumbers.trimmed($0) }
      guard ends.count == 2, ends != ["", ""] else {
        throw ExitMessage("--bounds: “\(FitText.shortened(word))” is no range: write it as a=0:10, a=0: or a=:10.")
      }
      let lower = ends[0].isEmpty ? -.infinity : try NamedNumbers.number(ends[0], of: word)
      let upper = ends[1].isEmpty ? .infinity : try NamedNumbers.number(ends[1], of: word)
      guard lower <= upper else {
        throw ExitMessage("--bounds: the lower bound of “\(name)” is above the upper one: write the lower one first.")
      }
      if bounds.updateValue(lower...upper, forKey: name) != nil {
        throw ExitMessage("--bounds: “\(name)” is given twice: give each name once.")
      }
    }
    return bounds
  }
}

extension FitMessage {
  /// Runs `body`. Errors name the flags that help.
  static func namingFlags<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FitMessage {
      throw error.namingFlags
    }
  }

  private var namingFlags: ExitMessage {
    let start: String =
      switch subject {
      case .sigma where line == nil: "--sigma is "
      case .weights where line == nil: "--weights is "
      default: ""
      }
    let end: String =
      switch remedy {
      case .none: ""
      case .otherStarts: ": give other starts with --start."
      case .rowsOrFixedParameters: ": add rows, or fix parameters with --fix."
      case .freeParameter: ": leave one out of --fix."
      case .skippedRows(let isWord):
        (isWord
          ? ". If it is an ordinary value, give --missing none, or the words that stand for missing values" : "")
          + ". To leave out all rows with missing values, give --skip-missing."
      }
    return ExitMessage(start + message + end)
  }
}

extension RobustChoice: ExpressibleByArgument {
  /// Reads `huber` or `huber:0.5`.
  public init?(argument: String) { self.init(text: argument) }

  /// The names of the losses.
  public static var allValueStrings: [String] { Kind.allCases.map(\.rawValue) }
}
