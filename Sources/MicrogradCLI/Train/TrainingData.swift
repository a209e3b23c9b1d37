import Foundation
import Micrograd
import MicrogradNN
import MicrogradTables

/// The training rows and the validation rows of a run, prepared for the network.
struct TrainingData {
  /// The rows with one number for each input of the network, in the units of the tables.
  let training: any RowSource
  let validation: (any RowSource)?
  /// The names of the classes; nil for a numeric target.
  let classNames: [String]?
  let target: String
  let loss: Loss
  let scaling: Scaling
  /// The number of neighbouring rows that a shuffle reads together; nil to shuffle all alike.
  let shuffleBlock: Int?
  /// How the columns become the inputs of the network.
  let encoder: TableEncoder
  /// What is in each column that was considered.
  let reports: [ColumnReport]
  /// Notices about guesses in reading the tables.
  let notices: [String]
  /// A fingerprint of these rows in this order.
  let fingerprint: String

  /// Reads, splits and prepares the tables: of a file that `micrograd convert` wrote, only what is needed.
  ///
  /// - Parameters:
  ///   - arguments: The tables and columns.
  ///   - wanted: The loss; `nil` for the default of the target column.
  ///   - random: The random stream of the split.
  init(_ arguments: DataArguments, loss wanted: Loss?, using random: inout PythonRandom) throws {
    if !InputFile.isStandardInput(arguments.file),
      BinaryTable.isBinaryTable(URL(fileURLWithPath: arguments.file))
    {
      try self.init(binary: arguments, loss: wanted, using: &random)
    } else {
      try self.init(csv: arguments, loss: wanted, using: &random)
    }
  }

  private init(csv arguments: DataArguments, loss wanted: Loss?, using random: inout PythonRandom) throws {
    let choice = arguments.columns
    let table = try CSVTable(path: arguments.file, choice.table)
    let target = choice.target ?? table.columns[table.columns.count - 1]
    let kind = choice.targetKind(loss: wanted)
    let columns = try namingFlags(choosingInputs: true) {
      try choice.inputColumns(among: table.columns, target: target, check: table.checkColumn)
    }
    let main = try namingFlags { try TargetRows(table, target, kind, path: arguments.file) }
    var notices = [
      table.headerNotice(choice.table, of: arguments.file), table.decimalNotice(choice.table), main.notice,
    ]
    classNames = main.targets.classNames
    loss = try Self.loss(
      for: classNames, wanted, column: "\(arguments.file), column “\(target)”", rowsWithoutTarget: main.missing.count)
    self.target = target

    let (trainingPart, heldPart) = try main.split(arguments, columns: columns.count + 1, using: &random)
    shuffleBlock = RowSplit(count: main.rows.count, columns: columns.count + 1).block
    reports = try namingFlags(choosingInputs: true) {
      try TableEncoder.survey(
        table, columns: columns, rows: trainingPart.rows, options: choice.encoderOptions(among: table.columns))
    }
    encoder = TableEncoder(reports)
    let training = try namingFlags(choosingInputs: true) { [encoder] in
      try trainingPart.dataset(encoder, table, &notices, "")
    }
    let validation: Dataset?
    if let path = arguments.validationData {
      let other = try CSVTable(path: path, choice.table)
      let rows = try namingFlags {
        let known = main.targets.classNames.map { CSVTable.TargetKind.knownClasses($0) }
        return try TargetRows(other, target, known ?? .numbers, path: path)
      }
      notices += [other.headerNotice(choice.table, of: path), rows.notice]
      validation = try namingFlags(choosingInputs: true) { [encoder] in
        try rows.dataset(encoder, other, &notices, " of \(path)")
      }
    } else {
      validation = try namingFlags(choosingInputs: true) { [encoder] in
        try heldPart?.dataset(encoder, table, &notices, " for validation")
      }
    }
    (self.training, self.validation) = (training, validation)
    scaling =
      arguments.standardize
      ? try .fitting(training, target: target, names: encoder.inputNames, areMeasured: encoder.areMeasured) : Scaling()
    self.notices = notices.compactMap(\.self)
    fingerprint = Self.fingerprint(of: [training] + (validation.map { [$0] } ?? []))
  }

  /// The number of outputs that the network needs.
  var outputCount: Int { loss == .crossEntropy ? classNames?.count ?? 1 : 1 }

  /// The names of the columns that are used.
  var inputNames: [String] { encoder.columns.map(\.name) }

  /// The largest number of rows of a table that is not in memory for scores and pictures.
  static let greatestSample = 100_000

  /// Returns rows for scores and pictures: all of a data set in memory, the first of others.
  func sample(of rows: any RowSource) throws -> Dataset {
    if let data = rows as? Dataset { return data }
    return try rows.rows(at: Array(0..<min(rows.count, Self.greatestSample)))
  }

  /// Returns the given loss, or the default for the targets.
  private static func loss(
    for names: [String]?, _ wanted: Loss?, column: String, rowsWithoutTarget: Int
  ) throws -> Loss {
    guard let names else { return wanted ?? .meanSquared }
    guard names.count >= 2 else {
      let hint =
        rowsWithoutTarget == 0
        ? ""
        : " In \(count(rowsWithoutTarget, "row")) the class is missing; if that word is a class, give --missing none."
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

  /// Splits and prepares the rows of a table that `micrograd convert` wrote.
  private init(binary arguments: DataArguments, loss wanted: Loss?, using random: inout PythonRandom) throws {
    let choice = arguments.columns
    try arguments.checkForBinaryTable()
    let table = try BinaryTable(contentsOf: URL(fileURLWithPath: arguments.file))
    let target = choice.target ?? table.target
    let names = table.columns.map(\.name)
    let columns = try choice.inputColumns(among: names, target: target) { _ = try table.column($0) }
    if columns.isEmpty { throw ExitMessage("\(arguments.file): there are no columns for inputs besides the target.") }
    let about = try table.column(target)
    if about.kind != .text, choice.targetKind(loss: wanted) == .classes {
      throw ExitMessage(
        "\(arguments.file), column “\(target)”: the table has numbers there, not class names: give --classes to "
          + "micrograd convert.")
    }
    classNames = about.kind == .text ? about.texts : nil
    if let wanted, classNames != nil, !wanted.isForClasses {
      throw ExitMessage(
        "\(arguments.file), column “\(target)”: it has class names, but --loss \(wanted.name) is for numbers: use "
          + "cross-entropy.")
    }
    loss = try Self.loss(
      for: classNames, wanted, column: "\(arguments.file), column “\(target)”", rowsWithoutTarget: 0)
    self.target = target

    let isChosen = choice.inputs != nil || choice.without != nil || target != table.target
    let split = RowSplit(
      count: table.count, columns: 1 + (isChosen ? columns.count : table.consideredCount))
    shuffleBlock = split.block
    var (part, held) = (BinaryTable.Selection.all, BinaryTable.Selection?.none)
    if arguments.validationShare > 0 {
      if table.count == 1 { throw TargetRows.tooFew(arguments.file) }
      (part, held) = split.split(share: arguments.validationShare, using: &random)
    }
    reports = try namingFlags(choosingInputs: true) {
      try table.survey(columns: columns, of: part, options: choice.encoderOptions(among: names))
    }
    encoder = TableEncoder(reports)
    let rows = try BinaryTableRows(table, encoder, target: target, part)
    (training, validation) = (rows, held.map(rows.selecting))
    scaling =
      arguments.standardize
      ? try .fitting(rows, target: target, names: encoder.inputNames, areMeasured: encoder.areMeasured) : Scaling()
    notices = []
    fingerprint = "\(table.fingerprint), \(rows.count) for training"
  }

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
