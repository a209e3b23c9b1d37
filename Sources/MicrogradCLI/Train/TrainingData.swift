import Foundation
import Micrograd
import MicrogradNN
import MicrogradTables

/// The training rows and the validation rows of a run, prepared for the network.
struct TrainingData {
  /// The rows with one number for each input of the network, in the units of the tables.
  let training: Dataset
  let validation: Dataset?
  let target: String
  let loss: Loss
  let scaling: Scaling
  /// How the columns become the inputs of the network.
  let encoder: TableEncoder
  /// What is in each column that was considered.
  let reports: [ColumnReport]
  /// Notices about guesses in reading the tables.
  let notices: [String]
  /// A fingerprint of these rows in this order.
  let fingerprint: String

  /// Reads, splits and prepares the tables.
  ///
  /// - Parameters:
  ///   - arguments: The tables and columns.
  ///   - wanted: The loss; `nil` for the default of the target column.
  ///   - random: The random stream of the split.
  init(_ arguments: DataArguments, loss wanted: Loss?, using random: inout PythonRandom) throws {
    let table = try CSVTable(path: arguments.file, arguments.table)
    let target = arguments.target ?? table.columns[table.columns.count - 1]
    let kind: CSVTable.TargetKind =
      arguments.takesClasses || wanted?.isForClasses == true ? .classes : wanted == nil ? .automatic : .numbers
    let columns = try namingFlags(choosingInputs: true) { try arguments.inputColumns(of: table, target: target) }
    let main = try namingFlags { try TargetRows(table, target, kind, path: arguments.file) }
    var notices = [
      table.headerNotice(arguments.table, of: arguments.file), table.decimalNotice(arguments.table), main.notice,
    ]
    loss = try Self.loss(for: main.targets, wanted, column: "\(arguments.file), column “\(target)”", main)
    self.target = target

    let (trainingPart, heldPart) = try main.split(arguments, using: &random)
    reports = try namingFlags(choosingInputs: true) {
      try TableEncoder.survey(
        table, columns: columns, rows: trainingPart.rows, options: arguments.encoderOptions(for: table))
    }
    encoder = TableEncoder(reports)
    training = try namingFlags(choosingInputs: true) { [encoder] in
      try trainingPart.dataset(encoder, table, &notices, "")
    }
    if let path = arguments.validationData {
      let other = try CSVTable(path: path, arguments.table)
      let rows = try namingFlags {
        let known = main.targets.classNames.map { CSVTable.TargetKind.knownClasses($0) }
        return try TargetRows(other, target, known ?? .numbers, path: path)
      }
      notices += [other.headerNotice(arguments.table, of: path), rows.notice]
      validation = try namingFlags(choosingInputs: true) { [encoder] in
        try rows.dataset(encoder, other, &notices, " of \(path)")
      }
    } else {
      validation = try namingFlags(choosingInputs: true) { [encoder] in
        try heldPart?.dataset(encoder, table, &notices, " for validation")
      }
    }
    scaling =
      arguments.standardize ? try .fitting(training, target: target, areMeasured: encoder.areMeasured) : Scaling()
    self.notices = notices.compactMap(\.self)
    fingerprint = Self.fingerprint(of: [training] + (validation.map { [$0] } ?? []))
  }

  /// The names of the columns that are used.
  var inputNames: [String] { encoder.columns.map(\.name) }
  var classNames: [String]? { training.targets.classNames }

  /// Returns the given loss, or the default for the targets.
  private static func loss(
    for targets: Dataset.Targets, _ wanted: Loss?, column: String, _ rows: TargetRows
  ) throws -> Loss {
    guard let names = targets.classNames else { return wanted ?? .meanSquared }
    guard names.count >= 2 else {
      let hint =
        rows.missing.isEmpty
        ? ""
        : " In \(count(rows.missing.count, "row")) the class is missing; if that word is a class, give --missing none."
      throw ExitMessage("\(column): all rows have the class “\(names[0])”: add rows of another class.\(hint)")
    }
    let loss = wanted ?? (names.count == 2 ? .binaryCrossEntropy : .crossEntropy)
    guard loss == .crossEntropy || names.count == 2 else {
      throw ExitMessage(
        "\(column): there are \(names.count) classes, but --loss \(loss.name) is for two: use cross-entropy.")
    }
    guard names.count <= greatestClassCount else {
      throw ExitMessage(
        "\(column): there are \(names.count) classes, more than \(greatestClassCount): group them, or give another target."
      )
    }
    return loss
  }

  private static let greatestClassCount = 1000

  /// The 64-bit FNV-1a hash of all numbers and classes.
  private static func fingerprint(of parts: [Dataset]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ word: UInt64) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        hash = (hash ^ (word >> shift & 0xff)) &* 0x100_0000_01b3
      }
    }
    for part in parts {
      add(UInt64(part.count))
      for number in part.inputs { add(number.bitPattern) }
      switch part.targets {
      case .numbers(let numbers, _): for number in numbers { add(number.bitPattern) }
      case .classes(let classes, _): for index in classes { add(UInt64(index)) }
      }
    }
    return String(hash, radix: 16)
  }
}

extension Dataset.Targets {
  /// The names of the classes; `nil` for numeric targets.
  var classNames: [String]? { if case .classes(_, let names) = self { names } else { nil } }
}
