import Foundation
import Micrograd
import MicrogradNN
import MicrogradTables

/// The training rows and the validation rows of a run.
struct TrainingData {
  /// The rows in the units of the tables.
  let training: Dataset
  let validation: Dataset?
  let target: String
  let loss: Loss
  let scaling: Scaling
  /// Notices about guesses in reading the tables.
  let notices: [String]
  /// A fingerprint of these rows in this order.
  let fingerprint: String

  /// Reads and splits the tables.
  ///
  /// - Parameters:
  ///   - arguments: The tables and columns.
  ///   - wanted: The loss; `nil` for the default of the target column.
  ///   - random: The random stream of the split.
  init(_ arguments: DataArguments, loss wanted: Loss?, using random: inout PythonRandom) throws {
    let table = try CSVTable(path: arguments.file, arguments.table)
    var notices = [table.headerNotice(arguments.table, of: arguments.file)]
    target = arguments.target ?? table.columns[table.columns.count - 1]
    let kind: CSVTable.TargetKind =
      arguments.takesClasses || wanted?.isForClasses == true ? .classes : wanted == nil ? .automatic : .numbers
    let (target, inputs) = (target, arguments.inputs?.names(among: table.columns))
    let data = try namingFlags { try table.dataset(target: target, inputs: inputs, kind: kind) }
    loss = try Self.loss(for: data.targets, wanted, column: "\(arguments.file), column “\(target)”")

    if let path = arguments.validationData {
      let names = data.targets.classNames
      let other = try CSVTable(path: path, arguments.table)
      notices.append(other.headerNotice(arguments.table, of: path))
      validation = try namingFlags {
        try other.dataset(
          target: target, inputs: data.inputNames, kind: names.map { .knownClasses($0) } ?? .numbers)
      }
      training = data
    } else if arguments.validationShare > 0 {
      guard data.count > 1 else {
        throw ExitMessage("\(arguments.file) has only one row, too few for validation: give --validation 0.")
      }
      let (training, validation) = try data.split(validation: arguments.validationShare, using: &random)
      (self.training, self.validation) = (training, validation)
    } else {
      (training, validation) = (data, nil)
    }
    scaling = arguments.standardize ? try .fitting(training, target: target) : Scaling()
    self.notices = notices.compactMap(\.self)
    fingerprint = Self.fingerprint(of: [training] + (validation.map { [$0] } ?? []))
  }

  var inputNames: [String] { training.inputNames ?? [] }
  var classNames: [String]? { training.targets.classNames }

  /// Returns the given loss, or the default for the targets.
  private static func loss(for targets: Dataset.Targets, _ wanted: Loss?, column: String) throws -> Loss {
    guard let names = targets.classNames else { return wanted ?? .meanSquared }
    guard names.count >= 2 else {
      throw ExitMessage("\(column): all rows have the class “\(names[0])”: add rows of another class.")
    }
    let loss = wanted ?? (names.count == 2 ? .binaryCrossEntropy : .crossEntropy)
    guard loss == .crossEntropy || names.count == 2 else {
      throw ExitMessage(
        "\(column): there are \(names.count) classes, but --loss \(loss.name) is for two: use cross-entropy.")
    }
    return loss
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
